#include "services/sandbox/truth.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

enum { FILE_BUFFER = 1024 * 1024 };

struct truth {
    pthread_mutex_t lock; /* notices are noted from the sender's thread */
    FILE *file;
    struct sp_buffer line;
    uint64_t lines;
    bool failed;
};

enum sp_result truth_open(struct truth **truth, const char *path, struct sp_error *err)
{
    FILE *file = NULL;
    if (path[0] != '\0') {
        file = fopen(path, "ae");
        if (file == NULL)
            return sp_fail(err, SP_REJECT, "cannot append to the truth log %s: %s", path,
                           strerror(errno));
        (void)setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
    }
    *truth = sp_alloc(sizeof **truth);
    (*truth)->file = file;
    SP_ASSERT(pthread_mutex_init(&(*truth)->lock, NULL) == 0);
    return SP_OK;
}

void truth_close(struct truth **truth)
{
    if (*truth == NULL)
        return;
    truth_flush(*truth);
    if ((*truth)->file != NULL)
        (void)fclose((*truth)->file);
    sp_buffer_free(&(*truth)->line);
    (void)pthread_mutex_destroy(&(*truth)->lock);
    free(*truth);
    *truth = NULL;
}

static void write_line(struct truth *truth, const char *what, truth_members *members,
                       const void *about)
{
    sp_buffer_reset(&truth->line);
    struct sp_json_writer json = sp_json_writer(&truth->line);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "at", sp_now_us());
    sp_json_put_cstring(&json, "what", what);
    if (members != NULL)
        members(&json, about);
    sp_json_close_object(&json);
    sp_buffer_put_string(&truth->line, "\n");
    if (fwrite(truth->line.data, 1, truth->line.size, truth->file) != truth->line.size)
        truth->failed = true;
}

void truth_note(struct truth *truth, const char *what, truth_members *members, const void *about)
{
    (void)pthread_mutex_lock(&truth->lock);
    truth->lines++;
    if (truth->file != NULL && !truth->failed)
        write_line(truth, what, members, about);
    (void)pthread_mutex_unlock(&truth->lock);
}

void truth_flush(struct truth *truth)
{
    (void)pthread_mutex_lock(&truth->lock);
    bool failed_before = truth->failed;
    if (truth->file != NULL && fflush(truth->file) != 0)
        truth->failed = true;
    if (truth->failed && !failed_before)
        sp_log(SP_ERROR, "truth-log-failed", "why", strerror(errno), NULL);
    (void)pthread_mutex_unlock(&truth->lock);
}

uint64_t truth_lines(struct truth *truth)
{
    (void)pthread_mutex_lock(&truth->lock);
    uint64_t lines = truth->lines;
    (void)pthread_mutex_unlock(&truth->lock);
    return lines;
}
