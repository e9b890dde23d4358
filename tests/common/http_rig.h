/* An HTTP server in a thread of the test, and a client that says exactly the bytes it is told to.
 */
#ifndef SAMPAN_TEST_HTTP_RIG_H
#define SAMPAN_TEST_HTTP_RIG_H

#include <pthread.h>

#include "common/http_server.h"

struct rig {
    struct sp_http_options options; /* bind is filled in */
    struct sp_loop *loop;
    struct sp_http_server *server;
    pthread_t thread;
    uint16_t port;
};

/* Runs a loop with a server of these routes until rig_stop; `context` goes to the handlers. */
void rig_start(struct rig *rig, const struct sp_http_route *routes, void *context);
/* Runs `call(context)` on the loop's thread and waits for it. */
void rig_call(struct rig *rig, void (*call)(void *context), void *context);
void rig_quiesce(struct rig *rig);
size_t rig_open_requests(struct rig *rig);
void rig_stop(struct rig *rig);

/* Connects; asserts.  Reads give up after 5 s. */
int rig_connect(const struct rig *rig);
void rig_say(int fd, const char *text);
/* Reads until the other side closes, or until `wanted` has appeared (NULL: only closing ends it);
 * terminated, the caller frees. */
char *rig_hear(int fd, const char *wanted);
/* Connect, say, hear until closed, close. */
char *rig_talk(const struct rig *rig, const char *text);
/* POST /body of `size` bytes, all 'b'; the caller frees. */
char *rig_post(size_t size);
/* GET of a path with "Connection: close"; the whole answer. */
char *rig_get(const struct rig *rig, const char *path);
/* Asserts on an answer's status line, and that a text stands in it. */
void rig_assert_status(const char *heard, int status);
void rig_assert_has(const char *heard, const char *wanted);
/* rig_talk with both asserts; `wanted` may be NULL. */
void rig_expect(const struct rig *rig, const char *text, int status, const char *wanted);
/* Waits up to 5 s for it to become true. */
bool rig_wait(bool (*truth)(void *context), void *context);

#endif
