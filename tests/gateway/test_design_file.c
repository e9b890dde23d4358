/* Print files that have arrived: what they are, and how they are called. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/crypto.h"
#include "services/gateway/design_file.h"

#define PDF "%PDF-1.7\nstartxref\n9\n%%EOF\n"

static struct design_file arrived(const void *bytes, size_t size)
{
    struct design_file file = {.account_id = 7, .fd = memfd_create("arrived", MFD_CLOEXEC)};
    cr_assert_geq(file.fd, 0);
    cr_assert_eq(write(file.fd, bytes, size), (ssize_t)size);
    return file;
}

TestSuite(design_file, .init = sp_crypto_setup);

Test(design_file, is_known_by_what_it_holds)
{
    struct design_file file = arrived(PDF, strlen(PDF));
    struct sp_error err;
    cr_assert_eq(design_read(&file, &err), SP_OK, "%s", err.text);
    cr_assert_str_eq(file.content.kind, "PDF");
    cr_assert_eq(file.bytes, (int64_t)strlen(PDF));
    cr_assert_str_eq(file.digest,
                     "defadafc1511da3b11042dc52ec69914545518b11c5c9a8e97fd3cab858fd442");
    close(file.fd);
}

Test(design_file, is_refused_when_it_is_no_print_file)
{
    struct design_file page = arrived("<html>", 6), empty = arrived("", 0);
    struct sp_error err;
    cr_assert_eq(design_read(&page, &err), SP_REJECT);
    cr_assert_eq(design_read(&empty, &err), SP_REJECT);
    close(page.fd);
    close(empty.fd);
}

Test(design_file, is_measured_whatever_it_is)
{
    struct design_file page = arrived("<html>", 6);
    struct sp_error err;
    cr_assert_eq(design_measure(&page, &err), SP_OK, "%s", err.text);
    cr_assert(page.bytes == 6 && strlen(page.digest) == DESIGN_ID_LETTERS);
    close(page.fd);
}

Test(design_file, names_are_digests)
{
    char id[DESIGN_ID_LETTERS + 2];
    memset(id, 'f', sizeof id);
    cr_assert(design_is_id((struct sp_text){id, DESIGN_ID_LETTERS}));
    cr_assert(!design_is_id((struct sp_text){id, DESIGN_ID_LETTERS + 1}));
    id[3] = '/';
    cr_assert(!design_is_id((struct sp_text){id, DESIGN_ID_LETTERS}));
    id[3] = 'F';
    cr_assert(!design_is_id((struct sp_text){id, DESIGN_ID_LETTERS}));
}

Test(design_file, a_path_begins_with_the_account_and_a_share)
{
    char path[DESIGN_PATH_BYTES], id[DESIGN_ID_LETTERS + 1], wanted[DESIGN_PATH_BYTES];
    memset(id, 'a', sizeof id);
    id[1] = '7';
    id[DESIGN_ID_LETTERS] = '\0';
    (void)snprintf(wanted, sizeof wanted, "12/a7/%s.preview.png", id);
    design_path(12, sp_text_of(id), ".preview.png", path);
    cr_assert_str_eq(path, wanted);
    cr_assert_str_eq(design_type(".preview.png"), "image/png");
    cr_assert_str_eq(design_type(".jpg"), "image/jpeg");
    cr_assert_str_eq(design_type(".pdf"), "application/pdf");
}
