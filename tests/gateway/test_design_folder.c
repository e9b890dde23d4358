/* Print files in a folder: whole or not at all, once for each content, listed in pages. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "services/gateway/design_store.h"

#define BYTES "what it holds"

static char folder[64];
static struct design_store store;
static struct sp_error err;

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

static const char *whole_path(const char *path)
{
    static char whole[sizeof folder + DESIGN_PATH_BYTES];
    (void)snprintf(whole, sizeof whole, "%s/%s", folder, path);
    return whole;
}

static bool was_synced(const char *path)
{
    struct stat stat_of;
    cr_assert_eq(stat(whole_path(path), &stat_of), 0, "%s", path);
    for (size_t i = 0; i < synced_count; i++) {
        if (synced[i] == stat_of.st_ino)
            return true;
    }
    return false;
}

static void begin(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/sampan-designs-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    store = (struct design_store){.kind = &design_folder, .folder = folder};
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

TestSuite(design_folder, .init = begin, .fini = end);

/* A name of 64 digits that begins so; kept until the next but three. */
static struct sp_text id_of(const char *digits)
{
    static char ids[4][DESIGN_ID_LETTERS + 1];
    static size_t used;
    char *id = ids[used++ % SP_COUNT(ids)];
    memset(id, '0', DESIGN_ID_LETTERS);
    memcpy(id, digits, strlen(digits));
    return (struct sp_text){id, DESIGN_ID_LETTERS};
}

static const char *path_of(const char *digits, const char *suffix)
{
    static char path[DESIGN_PATH_BYTES];
    design_path(7, id_of(digits), suffix, path);
    return path;
}

static enum sp_result put(const char *path, const char *bytes)
{
    int fd = open(folder, O_TMPFILE | O_RDWR, 0444);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    const struct design_object object = {path, fd, (int64_t)strlen(bytes), "unused"};
    enum sp_result result = store.kind->put(&store, &object, &err);
    close(fd);
    return result;
}

static void put_old(const char *digits, const char *suffix)
{
    const struct timespec then[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    const char *path = path_of(digits, suffix);
    cr_assert_eq(put(path, BYTES), SP_OK, "%s", err.text);
    cr_assert_eq(utimensat(AT_FDCWD, whole_path(path), then, 0), 0);
}

Test(design_folder, gives_back_what_was_put)
{
    char bytes[sizeof BYTES] = "";
    struct design_found found;
    const struct sp_http_range range = {2, 3};
    const char *path = path_of("ab", ".pdf");
    cr_assert_eq(store.kind->get(&store, path, NULL, &found, &err), SP_REJECT);
    cr_assert_eq(put(path, BYTES), SP_OK, "%s", err.text);
    cr_assert_eq(store.kind->get(&store, path, &range, &found, &err), SP_OK);
    cr_assert_eq(read(found.fd, bytes, sizeof bytes), (ssize_t)strlen(BYTES));
    cr_assert_str_eq(bytes, BYTES);
    cr_assert(found.first == 0 && found.bytes == found.whole && found.whole == strlen(BYTES));
    close(found.fd);
}

Test(design_folder, and_all_that_leads_to_it_is_synced_also_behind_one_who_died)
{
    const char *path = path_of("ab", ".pdf");
    cr_assert(mkdir(whole_path("7"), 0755) == 0 && mkdir(whole_path("7/ab"), 0755) == 0);
    synced_count = 0;
    cr_assert_eq(put(path, BYTES), SP_OK, "%s", err.text);
    cr_assert(was_synced("") && was_synced("7") && was_synced("7/ab") && was_synced(path));
}

Test(design_folder, keeps_what_has_the_name)
{
    struct stat first, second;
    const char *path = path_of("ab", ".pdf");
    cr_assert_eq(put(path, BYTES), SP_OK);
    cr_assert_eq(stat(whole_path(path), &first), 0);
    cr_assert_eq(put(path, BYTES), SP_OK);
    cr_assert_eq(stat(whole_path(path), &second), 0);
    cr_assert_eq(first.st_ino, second.st_ino);
}

Test(design_folder, says_when_it_is_away)
{
    struct design_found found;
    struct design_list list = {.account_id = 7};
    cr_assert_eq(store.kind->check(&store, &err), SP_OK);
    store.folder = "/proc/self/comm";
    cr_assert_eq(store.kind->check(&store, &err), SP_RETRY);
    cr_assert_eq(put(path_of("ab", ".pdf"), BYTES), SP_RETRY);
    cr_assert_eq(store.kind->get(&store, path_of("ab", ".pdf"), NULL, &found, &err), SP_RETRY);
    cr_assert_eq(store.kind->list(&store, &list, &err), SP_RETRY);
    cr_assert_eq(store.kind->remove(&store, path_of("ab", ".pdf"), &err), SP_RETRY);
}

Test(design_folder, removes_what_is_there_and_minds_nothing_else)
{
    const char *path = path_of("ab", ".pdf");
    cr_assert_eq(put(path, BYTES), SP_OK);
    cr_assert_eq(store.kind->remove(&store, path, &err), SP_OK);
    cr_assert_neq(access(whole_path(path), F_OK), 0);
    cr_assert_eq(store.kind->remove(&store, path, &err), SP_OK);
}

static struct design_list list_of(unsigned share, char (*ids)[DESIGN_ID_LETTERS + 1], size_t most)
{
    return (struct design_list){.account_id = 7, .share = share, .ids = ids, .most = most};
}

static void expect_page(struct design_list *list, const char *const digits[], bool more)
{
    size_t count = 0;
    cr_assert_eq(store.kind->list(&store, list, &err), SP_OK, "%s", err.text);
    while (digits[count] != NULL)
        count++;
    cr_assert_eq(list->count, count, "%zu", list->count);
    for (size_t i = 0; i < count; i++)
        cr_assert(sp_text_is(id_of(digits[i]), list->ids[i]), "%s", list->ids[i]);
    cr_assert_eq(list->more, more);
}

Test(design_folder, lists_old_names_once_in_order_page_by_page)
{
    char ids[2][DESIGN_ID_LETTERS + 1];
    struct design_list list = list_of(0xAB, ids, 2), nothing = list_of(0xCD, ids, 2);
    put_old("ab3", ".png");
    put_old("ab1", ".pdf");
    put_old("ab2", ".jpg");
    put_old("ab2", ".preview.png");
    put_old("ab5", ".preview.png");
    cr_assert_eq(put(path_of("ab4", ".png"), BYTES), SP_OK, "too young");
    expect_page(&list, (const char *const[]){"ab1", "ab2", NULL}, true);
    expect_page(&list, (const char *const[]){"ab3", "ab5", NULL}, false);
    expect_page(&list, (const char *const[]){NULL}, false);
    expect_page(&nothing, (const char *const[]){NULL}, false);
}
