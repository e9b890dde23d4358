#include "services/gateway/design_preview.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/gateway/picture/picture.h"

/* It stands beside our own program. */
static bool find_program(char path[PATH_MAX])
{
    static const char name[] = "sampan-picture";
    ssize_t size = readlink("/proc/self/exe", path, PATH_MAX - sizeof name);
    if (size <= 0)
        return false;
    path[size] = '\0';
    char *file = strrchr(path, '/') + 1;
    memcpy(file, name, sizeof name);
    return true;
}

/* With the two files as its input and output, our log as its own, and no word of our settings. */
static int start(pid_t *child, const char *path, int from, int to)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    char name[] = "sampan-picture", *arguments[] = {name, NULL}, *environment[] = {NULL};
    (void)sigemptyset(&none);
    SP_ASSERT(posix_spawn_file_actions_init(&files) == 0);
    SP_ASSERT(posix_spawn_file_actions_adddup2(&files, from, STDIN_FILENO) == 0);
    SP_ASSERT(posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO) == 0);
    SP_ASSERT(posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1) == 0);
    SP_ASSERT(posix_spawnattr_init(&attributes) == 0);
    SP_ASSERT(posix_spawnattr_setsigmask(&attributes, &none) == 0);
    SP_ASSERT(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0);
    int wrong = posix_spawn(child, path, &files, &attributes, arguments, environment);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&files);
    return wrong;
}

/* It waits for nothing, and its time on the processor is bounded. */
static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

#define TOO_HARD "PREVIEW_TOO_HARD"

/* By how the program ends; the first, by how it did not. */
static const char *const reasons[] = {[PICTURE_MADE] = TOO_HARD,
                                      [PICTURE_BROKEN] = "PREVIEW_BROKEN",
                                      [PICTURE_TOO_LARGE] = "PREVIEW_TOO_LARGE",
                                      [PICTURE_UNKNOWN] = "PREVIEW_NONE"};

/* By a person, a stop, or for want of memory: that says nothing of the file. */
static bool was_ended_by_others(int status)
{
    static const int others[] = {SIGKILL, SIGTERM, SIGINT, SIGHUP};
    for (size_t i = 0; i < SP_COUNT(others); i++) {
        if (WIFSIGNALED(status) && WTERMSIG(status) == others[i])
            return true;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 127; /* a library is not there */
}

/* SP_REJECT: there will never be one, and why.  SP_RETRY: the program could not do its work. */
static enum sp_result make(int from, int to, const char **reason, struct sp_error *err)
{
    char path[PATH_MAX];
    pid_t child;
    int wrong = find_program(path) ? start(&child, path, from, to) : ENOENT;
    if (wrong != 0)
        return sp_fail(err, SP_RETRY, "sampan-picture: %s", strerror(wrong));
    int status = wait_for(child);
    if (was_ended_by_others(status))
        return sp_fail(err, SP_RETRY, "sampan-picture was ended or cannot be run");
    size_t code = WIFEXITED(status) ? (size_t)WEXITSTATUS(status) : SP_COUNT(reasons);
    if (code == PICTURE_MADE)
        return SP_OK;
    *reason = code < SP_COUNT(reasons) && reasons[code] != NULL ? reasons[code] : TOO_HARD;
    return sp_fail(err, SP_REJECT, "%s", *reason);
}

/* ---- kept
 * ---------------------------------------------------------------------------------------- */

static bool write_reason(int to, const char *reason)
{
    size_t size = strlen(reason);
    return ftruncate(to, 0) == 0 && pwrite(to, reason, size, 0) == (ssize_t)size;
}

const char *design_read_reason(int fd)
{
    char kept[32];
    ssize_t size = pread(fd, kept, sizeof kept, 0);
    for (size_t i = 0; size > 0 && i < SP_COUNT(reasons); i++) {
        if (reasons[i] != NULL && sp_text_is((struct sp_text){kept, (size_t)size}, reasons[i]))
            return reasons[i];
    }
    return reasons[PICTURE_BROKEN];
}

static enum sp_result put(const struct design_store *store, const struct design_file *file,
                          const char *suffix, struct design_file *made, struct sp_error *err)
{
    char path[DESIGN_PATH_BYTES];
    design_path(file->account_id, sp_text_of(file->id), suffix, path);
    enum sp_result result = design_measure(made, err);
    const struct design_object object = {path, made->fd, made->bytes, made->digest};
    return result == SP_OK ? store->kind->put(store, &object, err) : SP_RETRY;
}

enum sp_result design_keep_preview(const struct design_store *store, const struct design_file *file,
                                   struct sp_error *err)
{
    const char *reason = NULL, *suffix = DESIGN_PREVIEW;
    struct design_file made = {.fd = open(store->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0444)};
    if (made.fd < 0)
        return sp_fail(err, SP_RETRY, "%s: %s", store->folder, strerror(errno));
    enum sp_result result = make(file->fd, made.fd, &reason, err);
    if (result == SP_REJECT) {
        suffix = DESIGN_NO_PREVIEW;
        result = write_reason(made.fd, reason) ? SP_OK : sp_fail(err, SP_RETRY, "no room");
    }
    if (result == SP_OK)
        result = put(store, file, suffix, &made, err);
    close(made.fd);
    return result;
}
