/* Print files on disk: whole or not at all, once for each content, gone when nobody knows them. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/crypto.h"
#include "services/gateway/design_file.h"

#define PDF "%PDF-1.7\nstartxref\n9\n%%EOF\n"

static char folder[64];

/* In place of the library's: which folders were synced. */
static ino_t synced[16];
static size_t synced_count;

int fsync(int fd)
{
    struct stat stat;
    if (synced_count < SP_COUNT(synced) && fstat(fd, &stat) == 0)
        synced[synced_count++] = stat.st_ino;
    return (int)syscall(SYS_fsync, fd);
}

static bool was_synced(const char *path)
{
    struct stat stat_of;
    cr_assert_eq(stat(path, &stat_of), 0, "%s", path);
    for (size_t i = 0; i < synced_count; i++) {
        if (synced[i] == stat_of.st_ino)
            return true;
    }
    return false;
}

static void begin(void)
{
    sp_crypto_setup();
    (void)snprintf(folder, sizeof folder, "/tmp/sampan-designs-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)stat, (void)kind, (void)where;
    return remove(path);
}

static void end(void)
{
    cr_assert_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

TestSuite(design_file, .init = begin, .fini = end);

static struct design_file arrived(const char *content)
{
    struct design_file file = {.folder = folder, .account_id = 7};
    file.fd = open(folder, O_TMPFILE | O_RDWR, 0444);
    cr_assert_geq(file.fd, 0);
    cr_assert_eq(write(file.fd, content, strlen(content)), (ssize_t)strlen(content));
    return file;
}

static const char *whole_path(const struct design_file *file, const char *suffix)
{
    static char whole[sizeof folder + DESIGN_PATH_BYTES];
    char path[DESIGN_PATH_BYTES];
    struct sp_text name = design_path(7, sp_text_of(file->id), suffix, path);
    (void)snprintf(whole, sizeof whole, "%s/%.*s", folder, SP_FMT(name));
    return whole;
}

static void age(const char *path)
{
    const struct timespec then[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    cr_assert_eq(utimensat(AT_FDCWD, path, then, 0), 0);
}

static struct design_file kept(void)
{
    struct design_file file = arrived(PDF);
    struct sp_error err;
    cr_assert_eq(design_keep(&file, &err), SP_OK, "%s", err.text);
    close(file.fd);
    return file;
}

Test(design_file, and_all_that_leads_to_it_is_synced_also_behind_one_who_died)
{
    struct design_file file = arrived(PDF);
    struct sp_error err;
    char account[sizeof folder + 8], shelf[sizeof folder + 16];
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(SP_TEXT(PDF), digest);
    (void)snprintf(account, sizeof account, "%s/7", folder);
    (void)snprintf(shelf, sizeof shelf, "%s/7/%02x", folder, digest[0]);
    cr_assert(mkdir(account, 0755) == 0 && mkdir(shelf, 0755) == 0);
    synced_count = 0;
    cr_assert_eq(design_keep(&file, &err), SP_OK, "%s", err.text);
    close(file.fd);
    cr_assert(was_synced(folder) && was_synced(account) && was_synced(shelf));
    cr_assert(was_synced(whole_path(&file, ".pdf")));
}

Test(design_file, is_named_by_its_content_and_stored_once)
{
    struct design_file file = kept();
    struct stat stat_of, again;
    cr_assert_str_eq(file.content.kind, "PDF");
    cr_assert(design_is_id(sp_text_of(file.id)));
    cr_assert_eq(stat(whole_path(&file, ".pdf"), &stat_of), 0);
    cr_assert_eq(stat_of.st_size, (off_t)strlen(PDF));
    age(whole_path(&file, ".pdf"));
    (void)kept();
    cr_assert_eq(stat(whole_path(&file, ".pdf"), &again), 0);
    cr_assert_eq(again.st_ino, stat_of.st_ino);
    cr_assert_gt(again.st_mtime, 1000000000, "it counts as new");
}

Test(design_file, leaves_nothing_of_what_is_no_print_file)
{
    struct design_file file = arrived("<html>");
    struct sp_error err;
    cr_assert_eq(design_keep(&file, &err), SP_REJECT);
    struct design_file empty = arrived("");
    cr_assert_eq(design_keep(&empty, &err), SP_REJECT);
    close(file.fd);
    close(empty.fd);
    cr_assert_neq(rmdir(folder), -1, "the folder is empty");
    cr_assert_eq(mkdir(folder, 0700), 0);
}

Test(design_file, says_when_the_folder_is_away)
{
    struct design_file file = arrived(PDF);
    struct sp_error err;
    file.folder = "/nowhere/at/all";
    cr_assert_eq(design_keep(&file, &err), SP_RETRY);
    close(file.fd);
}

Test(design_file, takes_a_small_picture_of_what_is_there)
{
    static const char png[] =
        "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40\x08\x06\0\0\0\0\0\0\0"
        "\0\0\0\x02IDAT12\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82";
    struct design_file design = kept(), picture = arrived("");
    struct sp_error err;
    cr_assert_eq(write(picture.fd, png, sizeof png - 1), (ssize_t)sizeof png - 1);
    memset(picture.id, 'a', DESIGN_ID_LETTERS);
    cr_assert_eq(design_keep_preview(&picture, &err), SP_REJECT, "of nothing");
    memcpy(picture.id, design.id, sizeof picture.id);
    cr_assert_eq(design_keep_preview(&picture, &err), SP_OK, "%s", err.text);
    cr_assert_eq(access(whole_path(&design, ".preview.png"), F_OK), 0);
    struct design_file text = arrived(PDF);
    memcpy(text.id, design.id, sizeof text.id);
    cr_assert_eq(design_keep_preview(&text, &err), SP_REJECT, "a PDF is no picture");
    close(picture.fd);
    close(text.fd);
}

Test(design_file, finds_and_removes_old_ones_alone)
{
    struct design_file file = kept();
    char ids[4][DESIGN_ID_LETTERS + 1];
    struct design_sweep sweep = {.folder = folder, .ids = ids, .most = 4};
    sweep.share = (unsigned)strtoul((const char[]){file.id[0], file.id[1], '\0'}, NULL, 16);
    design_list_old(&sweep);
    cr_assert(sweep.account_id == 7 && sweep.count == 0, "too young");
    design_remove(folder, 7, sp_text_of(file.id));
    cr_assert_eq(access(whole_path(&file, ".pdf"), F_OK), 0, "too young");
    age(whole_path(&file, ".pdf"));
    sweep.account_id = 0;
    design_list_old(&sweep);
    cr_assert(sweep.count == 1 && strcmp(ids[0], file.id) == 0);
    design_remove(folder, 7, sp_text_of(file.id));
    cr_assert_neq(access(whole_path(&file, ".pdf"), F_OK), 0);
    design_list_old(&sweep);
    cr_assert_eq(sweep.account_id, 0, "no account behind it");
}

Test(design_file, knows_names)
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
