/* What the files of the running process share with each other; nobody else includes it. */
#ifndef SAMPAN_APP_INTERNAL_H
#define SAMPAN_APP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "common/admin.h"
#include "common/app.h"
#include "common/bus.h"
#include "common/worker.h"

enum {
    SP_APP_WORKERS = 16, /* of each kind */
    SP_APP_ROUTES = 32,  /* message types of a service */
    SP_APP_ASKS = 64,    /* different asks of a service */
    SP_APP_LINES = SP_APP_ROUTES + SP_APP_ASKS + 2,
    SP_APP_JOBS = 32,
    SP_APP_ACKED = 4096,     /* acknowledged parcels whose rows are still there */
    SP_APP_ACKED_BATCH = 64, /* rows deleted in one statement */
};

struct sp_thread;

/* One thing for a worker to do. */
struct sp_task {
    struct sp_task *next;
    struct sp_thread *by; /* who did it */
    enum { SP_TASK_PARCELS, SP_TASK_ASKS, SP_TASK_JOB, SP_TASK_CALL, SP_TASK_DELETE } kind;
    enum sp_result result;
    struct sp_inbound *inbound[SP_PARCEL_MESSAGES]; /* parcels or asks */
    size_t count;
    struct sp_ask asks[SP_PARCEL_MESSAGES];
    struct sp_answer answers[SP_PARCEL_MESSAGES];
    size_t job; /* place in app->jobs */
    enum sp_result (*call)(struct sp_ctx *ctx, void *context);
    void (*called)(void *context, enum sp_result result);
    void *context;
    char problem[512];  /* why the call ended otherwise than well */
    uint8_t (*ids)[16]; /* acked, then died */
    size_t acked, died;
    size_t route; /* place of the waiting line the parcels came from */
};

struct sp_queue {
    struct sp_task *first, *last;
};

/* A thread with a worker; takes one task at a time. */
struct sp_thread {
    struct sp_app *app;
    pthread_t thread;
    struct sp_worker *worker;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct sp_task *task; /* guarded by lock */
    bool ending;
    bool busy, started;      /* the loop's */
    struct sp_task *in_hand; /* the loop's: valid while busy */
    bool for_jobs;
};

/* Inbound things of one kind that wait for a worker: a message type, or an ask. */
struct sp_line {
    char name[64]; /* empty: all that this service does not know */
    bool is_ask, many;
    struct sp_inbound *first, *last;
    size_t waiting; /* messages (estimated) or asks */
    size_t running; /* workers busy with it */
};

struct sp_job_state {
    const struct sp_job *job;
    int64_t due_us;
    int64_t pause_ms; /* after failures */
    bool running;
    bool again; /* woken while running */
};

struct sp_app {
    const struct sp_service *service;
    const struct sp_config *config;
    struct sp_loop *loop;
    struct sp_bus *bus;
    struct sp_admin *admin;
    struct sp_host host;
    void *own;
    struct sp_thread threads[2 * SP_APP_WORKERS];
    size_t thread_count;
    struct sp_line lines[SP_APP_LINES];
    size_t line_count, next_line;
    struct sp_queue calls, long_calls;
    size_t long_running;
    struct sp_job_state jobs[SP_APP_JOBS];
    size_t job_count;
    uint8_t acked[SP_APP_ACKED][16], died[SP_APP_ACKED][16];
    size_t acked_count, died_count;
    int64_t acked_since_us;
    bool deleting;
    _Atomic bool stopping;
    int64_t stop_deadline_us;
    int64_t gave_back_at_us;
    /* What the last look at the database said; nothing is taken in hand before the first good one.
     */
    _Atomic bool database_good;
    _Atomic bool database_seen_good; /* workers look */
    bool database_asked;
    int64_t database_at_us;
    char database_problem[512];
    const char *call_problem; /* of the call whose `called` is running */
    int timer;
    int exit_code;
};

/* app_thread.c */
void sp_thread_start(struct sp_app *app, bool for_jobs);
void sp_thread_give(struct sp_thread *thread, struct sp_task *task);
void sp_threads_end(struct sp_app *app); /* all are idle: nothing is waited for but their end */
/* Logs what each busy thread has in hand; returns how many there are. */
size_t sp_threads_busy(const struct sp_app *app);

/* app_call.c */
struct sp_task *sp_app_next_call(struct sp_app *app, bool for_jobs); /* or NULL */

/* app_dispatch.c */
void sp_app_take(void *app, struct sp_inbound *inbound);
void sp_app_dispatch(struct sp_app *app);
void sp_app_task_done(void *task_of_app);
void sp_app_acked(void *app, const uint8_t id[16]);
void sp_app_died(void *app, const uint8_t id[16]);
void sp_app_wake_job(struct sp_app *app, const char *name);
bool sp_app_idle(const struct sp_app *app);
void sp_app_drop_waiting(struct sp_app *app);

#endif
