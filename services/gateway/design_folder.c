/* Print files in a folder of this machine, shared by all replicas of the gateway. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "services/gateway/design_store.h"

static enum sp_result fail(struct sp_error *err, const char *what)
{
    return sp_fail(err, SP_RETRY, "%s: %s", what, strerror(errno));
}

static int open_folder(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum sp_result check(const struct design_store *store, struct sp_error *err)
{
    return faccessat(AT_FDCWD, store->folder, W_OK | X_OK, AT_EACCESS) == 0
               ? SP_OK
               : fail(err, store->folder);
}

/* ---- in
 * ------------------------------------------------------------------------------------------- */

/* Made when it is not there.  Its name is synced each time: who made it may have died before. */
static int make_folder(int at, const char *name)
{
    int folder = mkdirat(at, name, 0755) == 0 || errno == EEXIST ? open_folder(at, name) : -1;
    if (folder < 0 || fsync(at) == 0)
        return folder;
    close(folder);
    return -1;
}

/* The folder that a path's last part goes to; `*name` is that part. */
static int make_shelf(const struct design_store *store, const char *path, const char **name)
{
    char step[32];
    int at = open_folder(AT_FDCWD, store->folder);
    *name = path;
    for (const char *slash; at >= 0 && (slash = strchr(*name, '/')) != NULL; *name = slash + 1) {
        (void)snprintf(step, sizeof step, "%.*s", (int)(slash - *name), *name);
        int next = make_folder(at, step);
        close(at);
        at = next;
    }
    return at;
}

static bool give_name(int shelf, int fd, const char *name)
{
    char self[40];
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, shelf, name, AT_SYMLINK_FOLLOW) == 0 || errno == EEXIST;
}

static enum sp_result put(const struct design_store *store, const struct design_object *object,
                          struct sp_error *err)
{
    const char *name;
    if (fsync(object->fd) != 0)
        return fail(err, "fsync");
    int shelf = make_shelf(store, object->path, &name);
    if (shelf < 0)
        return fail(err, store->folder);
    enum sp_result result =
        give_name(shelf, object->fd, name) && fsync(shelf) == 0 ? SP_OK : fail(err, object->path);
    close(shelf);
    return result;
}

/* ---- out
 * ------------------------------------------------------------------------------------------ */

static int whole_path(const struct design_store *store, const char *path, char whole[4096])
{
    return snprintf(whole, 4096, "%s/%s", store->folder, path);
}

static enum sp_result missing(struct sp_error *err, const char *path)
{
    return errno == ENOENT ? sp_fail(err, SP_REJECT, "there is none") : fail(err, path);
}

static enum sp_result get(const struct design_store *store, const char *path,
                          const struct sp_http_range *range, struct design_found *found,
                          struct sp_error *err)
{
    char whole[4096];
    struct stat stat;
    (void)range; /* all of it is here */
    (void)whole_path(store, path, whole);
    int fd = open(whole, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return missing(err, path);
    if (fstat(fd, &stat) != 0) {
        close(fd);
        return fail(err, path);
    }
    *found = (struct design_found){.fd = fd, .bytes = stat.st_size, .whole = stat.st_size};
    return SP_OK;
}

/* ---- what nobody knows
 * ----------------------------------------------------------------------------- */

static bool is_old(int shelf, const char *name)
{
    struct stat stat;
    return fstatat(shelf, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
           stat.st_mtime < time(NULL) - DESIGN_OLD_S;
}

/* Into its place among the least so far. */
static void insert(struct design_list *list, const char *id)
{
    size_t at = list->count;
    while (at > 0 && strncmp(list->ids[at - 1], id, DESIGN_ID_LETTERS) > 0)
        at--;
    if (at > 0 && strncmp(list->ids[at - 1], id, DESIGN_ID_LETTERS) == 0)
        return;
    list->more = list->more || list->count == list->most;
    if (at == list->most)
        return;
    size_t behind = list->count - at - (list->count == list->most);
    memmove(list->ids[at + 1], list->ids[at], behind * sizeof *list->ids);
    memcpy(list->ids[at], id, DESIGN_ID_LETTERS);
    list->ids[at][DESIGN_ID_LETTERS] = '\0';
    list->count += list->count < list->most;
}

static enum sp_result list_old(const struct design_store *store, struct design_list *list,
                               struct sp_error *err)
{
    char path[4096];
    list->count = 0;
    list->more = false;
    (void)snprintf(path, sizeof path, "%s/%lld/%02x", store->folder, (long long)list->account_id,
                   list->share);
    DIR *shelf = opendir(path);
    if (shelf == NULL)
        return errno == ENOENT ? SP_OK : fail(err, path);
    for (struct dirent *entry; (entry = readdir(shelf)) != NULL;) {
        struct sp_text id = {entry->d_name, strcspn(entry->d_name, ".")};
        if (design_is_id(id) && strncmp(id.data, list->after, DESIGN_ID_LETTERS) > 0 &&
            is_old(dirfd(shelf), entry->d_name))
            insert(list, entry->d_name);
    }
    closedir(shelf);
    if (list->count > 0)
        memcpy(list->after, list->ids[list->count - 1], sizeof list->after);
    return SP_OK;
}

static enum sp_result take_away(const struct design_store *store, const char *path,
                                struct sp_error *err)
{
    char whole[4096];
    (void)whole_path(store, path, whole);
    return unlink(whole) == 0 || errno == ENOENT ? SP_OK : fail(err, path);
}

const struct design_store_kind design_folder = {
    .check = check, .put = put, .get = get, .list = list_old, .remove = take_away};
