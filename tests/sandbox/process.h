/* The real sandbox as a process, spoken to over sockets, and an ear for its webhooks. */
#ifndef SANDBOX_TEST_PROCESS_H
#define SANDBOX_TEST_PROCESS_H

#include <pthread.h>
#include <sys/types.h>

#include "common/arena.h"
#include "common/json.h"

struct process {
    pid_t pid;
    int port;
    struct sp_arena *arena;
    const char *app_key, *app_secret;
    const char *token_header; /* how its name is written */
    struct sp_text access_token, refresh_token, cipher;
};

/* Starts the program with these settings ("NAME=value", NULL-terminated) and waits until it
 * answers. */
struct process *process_start(const char *const settings[]);
/* SIGTERM; its exit code. */
int process_stop(struct process *process);
/* Runs the program with one argument until it ends by itself; its exit code. */
int process_run(const char *argument, const char *const settings[]);

struct reply {
    int status; /* 0: the connection was closed without an answer */
    struct sp_text headers, body;
    struct sp_json json; /* of kind NONE when the body is none */
};

/* One request on a connection of its own.  `headers` are complete lines, may be NULL. */
struct reply process_call(struct process *process, const char *method, const char *target,
                          const char *headers, const char *body);
/* … that needs none, and one with a body of JSON. */
struct reply process_get(struct process *process, const char *target);
struct reply process_post(struct process *process, const char *target, const char *body);
struct sp_text reply_header(const struct reply *reply, const char *name);

/* The seller agrees; code to tokens; the first shop's cipher. */
void process_authorize(struct process *process);
/* A signed call; `query` encoded, may be "". */
struct reply process_signed(struct process *process, const char *method, const char *path,
                            const char *query, const char *body);
/* The code that the consent page's redirect carries. */
struct sp_text process_consent(struct process *process);

/* ---- an ear
 * ---------------------------------------------------------------------------------------- */

enum { EAR_HEARD = 256, EAR_BODY = 1024 };

struct heard {
    char authorization[80], body[EAR_BODY];
};

struct ear {
    int port, socket;
    pthread_t thread;
    pthread_mutex_t lock;
    size_t count;
    int refuse; /* how many of the next it answers with 500 */
    struct heard heard[EAR_HEARD];
};

struct ear *ear_open(int refuse);
/* Waits until `count` were heard, five seconds at most; how many there are. */
size_t ear_wait(struct ear *ear, size_t count);
/* How many there are when half a second has passed. */
size_t ear_count_later(struct ear *ear);

#endif
