#include "services/gateway/design_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/text.h"

enum { OLD_S = 24 * 60 * 60, PREVIEW_PIXELS = 512 };

static const char *const suffixes[] = {".png", ".jpg", ".pdf", ".preview.png", ".preview.jpg"};

bool design_is_id(struct sp_text id)
{
    for (size_t i = 0; i < id.size; i++) {
        if (strchr("0123456789abcdef", id.data[i]) == NULL || id.data[i] == '\0')
            return false;
    }
    return id.size == DESIGN_ID_LETTERS;
}

struct sp_text design_path(int64_t account_id, struct sp_text id, const char *suffix, char path[])
{
    int size = snprintf(path, DESIGN_PATH_BYTES, "%lld/%.2s/%.*s%s", (long long)account_id, id.data,
                        SP_FMT(id), suffix);
    SP_ASSERT(size > 0 && size < DESIGN_PATH_BYTES);
    return (struct sp_text){path, (size_t)size};
}

/* ---- keeping
 * -------------------------------------------------------------------------------------- */

static int open_folder(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Made when it is not there.  Its name is synced each time: who made it may have died before. */
static int make_folder(int at, const char *name)
{
    int folder = mkdirat(at, name, 0755) == 0 || errno == EEXIST ? open_folder(at, name) : -1;
    if (folder < 0 || fsync(at) == 0)
        return folder;
    close(folder);
    return -1;
}

/* The folder of the id's first two digits, locked: who removes old files takes turns with us. */
static int open_shelf(const struct design_file *file)
{
    char account[24];
    const char share[] = {file->id[0], file->id[1], '\0'};
    (void)snprintf(account, sizeof account, "%lld", (long long)file->account_id);
    int root = open_folder(AT_FDCWD, file->folder);
    int own = root < 0 ? -1 : make_folder(root, account);
    int shelf = own < 0 ? -1 : make_folder(own, share);
    if (root >= 0)
        close(root);
    if (own >= 0)
        close(own);
    if (shelf >= 0 && flock(shelf, LOCK_EX) != 0) {
        close(shelf);
        return -1;
    }
    return shelf;
}

static bool give_name(int shelf, int fd, const char *name)
{
    char self[40];
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    if (linkat(AT_FDCWD, self, shelf, name, AT_SYMLINK_FOLLOW) == 0)
        return true;
    return errno == EEXIST && utimensat(shelf, name, NULL, 0) == 0;
}

static enum sp_result put_on_shelf(const struct design_file *file, int shelf, const char *suffix,
                                   struct sp_error *err)
{
    char name[DESIGN_PATH_BYTES];
    (void)snprintf(name, sizeof name, "%s%s", file->id, suffix);
    if (fsync(file->fd) != 0 || !give_name(shelf, file->fd, name) || fsync(shelf) != 0)
        return sp_fail(err, SP_RETRY, "%s: %s", name, strerror(errno));
    return SP_OK;
}

/* Pages of a file, not memory of ours. */
static enum sp_result look_into(struct design_file *file, bool name_it, struct sp_error *err)
{
    struct stat stat;
    if (fstat(file->fd, &stat) != 0 || stat.st_size == 0)
        return sp_fail(err, SP_REJECT, "the file is empty");
    file->bytes = stat.st_size;
    size_t size = (size_t)stat.st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, file->fd, 0);
    if (bytes == MAP_FAILED)
        return sp_fail(err, SP_RETRY, "mmap: %s", strerror(errno));
    struct sp_text text = {bytes, size};
    file->content = design_read_content(text);
    uint8_t digest[SP_SHA256_BYTES];
    if (file->content.kind != NULL && name_it) {
        sp_sha256(text, digest);
        for (size_t i = 0; i < sizeof digest; i++)
            (void)snprintf(file->id + 2 * i, 3, "%02x", digest[i]);
    }
    munmap(bytes, size);
    if (file->content.kind == NULL)
        return sp_fail(err, SP_REJECT, "it is no whole PNG, JPEG or PDF");
    return SP_OK;
}

enum sp_result design_keep(struct design_file *file, struct sp_error *err)
{
    char suffix[8];
    enum sp_result result = look_into(file, true, err);
    if (result != SP_OK)
        return result;
    int shelf = open_shelf(file);
    if (shelf < 0)
        return sp_fail(err, SP_RETRY, "%s: %s", file->folder, strerror(errno));
    (void)snprintf(suffix, sizeof suffix, ".%s", file->content.extension);
    result = put_on_shelf(file, shelf, suffix, err);
    close(shelf);
    return result;
}

static bool has_design(int shelf, const char *id)
{
    char name[DESIGN_PATH_BYTES];
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", id, suffixes[i]);
        if (faccessat(shelf, name, F_OK, 0) == 0)
            return true;
    }
    return false;
}

enum sp_result design_keep_preview(struct design_file *file, struct sp_error *err)
{
    char suffix[16];
    enum sp_result result = look_into(file, false, err);
    if (result != SP_OK)
        return result;
    const struct design_content *content = &file->content;
    if (content->width == 0 || content->width > PREVIEW_PIXELS || content->height > PREVIEW_PIXELS)
        return sp_fail(err, SP_REJECT, "it is no picture of at most %d pixels each way",
                       PREVIEW_PIXELS);
    int shelf = open_shelf(file);
    if (shelf < 0)
        return sp_fail(err, SP_RETRY, "%s: %s", file->folder, strerror(errno));
    (void)snprintf(suffix, sizeof suffix, ".preview.%s", content->extension);
    result = has_design(shelf, file->id) ? put_on_shelf(file, shelf, suffix, err)
                                         : sp_fail(err, SP_REJECT, "there is no such design");
    close(shelf);
    return result;
}

/* ---- what nobody knows
 * ----------------------------------------------------------------------------- */

static bool is_old(int shelf, const char *name)
{
    struct stat stat;
    return fstatat(shelf, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
           stat.st_mtime < time(NULL) - OLD_S;
}

static void list_shelf(struct design_sweep *sweep, DIR *shelf)
{
    for (struct dirent *entry; sweep->count < sweep->most && (entry = readdir(shelf)) != NULL;) {
        struct sp_text id = {entry->d_name, strcspn(entry->d_name, ".")};
        bool picture = strstr(entry->d_name, ".preview.") != NULL;
        if (!design_is_id(id) || picture || !is_old(dirfd(shelf), entry->d_name))
            continue;
        memcpy(sweep->ids[sweep->count], id.data, id.size);
        sweep->ids[sweep->count++][id.size] = '\0';
    }
}

/* The lowest account behind the one that was asked for. */
static int64_t next_account(const char *folder, int64_t behind)
{
    int64_t next = 0, number;
    DIR *root = opendir(folder);
    for (struct dirent *entry; root != NULL && (entry = readdir(root)) != NULL;) {
        if (sp_text_to_int(sp_text_of(entry->d_name), &number) && number > behind &&
            (next == 0 || number < next))
            next = number;
    }
    if (root != NULL)
        closedir(root);
    return next;
}

void design_list_old(struct design_sweep *sweep)
{
    char path[4096];
    sweep->count = 0;
    sweep->account_id = next_account(sweep->folder, sweep->account_id);
    if (sweep->account_id == 0)
        return;
    (void)snprintf(path, sizeof path, "%s/%lld/%02x", sweep->folder, (long long)sweep->account_id,
                   sweep->share & 0xFF);
    DIR *shelf = opendir(path);
    if (shelf == NULL)
        return;
    list_shelf(sweep, shelf);
    closedir(shelf);
}

void design_remove(const char *folder, int64_t account_id, struct sp_text id)
{
    struct design_file file = {.folder = folder, .account_id = account_id};
    char name[DESIGN_PATH_BYTES];
    memcpy(file.id, id.data, DESIGN_ID_LETTERS);
    int shelf = open_shelf(&file);
    if (shelf < 0)
        return;
    bool old = true;
    for (size_t i = 0; i < 3 && old; i++) {
        (void)snprintf(name, sizeof name, "%s%s", file.id, suffixes[i]);
        old = faccessat(shelf, name, F_OK, 0) != 0 || is_old(shelf, name);
    }
    for (size_t i = 0; i < SP_COUNT(suffixes) && old; i++) {
        (void)snprintf(name, sizeof name, "%s%s", file.id, suffixes[i]);
        (void)unlinkat(shelf, name, 0);
    }
    close(shelf);
}
