/* The threads of a process: each has one worker and takes one task at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/app_internal.h"
#include "common/ctx.h"
#include "common/log.h"
#include "proto/messages.h"

static const struct sp_statement delete_acked = {"DELETE FROM outbox WHERE id = ANY ($1::uuid[])"};

/* A replica died with these in flight: the receiver opens them carefully from the third time on.
 * The pause before the next try doubles with each death, from 0.2 to 12.8 s. */
static const struct sp_statement raise_tries = {
    "UPDATE outbox SET tries = tries + 1, due = now() + 2 ^ least(tries, 6) * interval "
    "'0.2 second' WHERE id = ANY ($1::uuid[])"};

/* Losing this after a crash costs nothing: the parcels are sent again and acknowledged again. */
static const struct sp_statement lazy_commit = {"SET LOCAL synchronous_commit = off"};

/* ---- asks: from the frame to the struct
 * ---------------------------------------------------------------- */

static void fill_ask(struct sp_ask *ask, const struct ask *wire, struct sp_arena *arena)
{
    struct sp_ask_param *params = sp_arena_array(arena, wire->params_count, sizeof *params);
    for (size_t i = 0; i < wire->params_count; i++)
        params[i] = (struct sp_ask_param){wire->params[i].name, wire->params[i].value};
    struct sp_text *permissions =
        sp_arena_array(arena, wire->permissions_count, sizeof *permissions);
    for (size_t i = 0; i < wire->permissions_count; i++)
        permissions[i] = wire->permissions[i].name;
    *ask = (struct sp_ask){.name = wire->name,
                           .account_id = wire->account_id,
                           .user = wire->user,
                           .language = wire->language,
                           .body = wire->body,
                           .idempotency_key = wire->idempotency_key,
                           .params = params,
                           .param_count = wire->params_count,
                           .permissions = permissions,
                           .permission_count = wire->permissions_count,
                           .deadline_ms = wire->deadline_ms};
    memcpy(ask->trace, wire->trace, sizeof ask->trace);
}

static void run_asks(struct sp_worker *worker, struct sp_task *task)
{
    struct sp_arena *arena = sp_arena_open();
    for (size_t i = 0; i < task->count; i++) {
        struct ask wire = {0};
        struct sp_text in = task->inbound[i]->parcel.body;
        struct sp_error err;
        /* It was read once before, on the loop, to see what it asks. */
        enum sp_result result = sp_record_decode(&ask_record, &in, &wire, arena, &err);
        SP_ASSERT(result == SP_OK);
        fill_ask(&task->asks[i], &wire, arena);
    }
    sp_worker_asks(worker, task->asks, task->answers, task->count);
    sp_arena_close(&arena);
}

static void run_parcels(struct sp_worker *worker, struct sp_task *task)
{
    struct sp_incoming parcels[SP_PARCEL_MESSAGES];
    for (size_t i = 0; i < task->count; i++)
        parcels[i] = task->inbound[i]->parcel;
    task->result = sp_worker_parcels(worker, parcels, task->count);
}

static enum sp_result delete_rows(struct sp_ctx *ctx, void *context)
{
    struct sp_task *task = context;
    const uint8_t(*died)[16] = (const uint8_t(*)[16])(task->ids + task->acked);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    (void)sp_queue(ctx->db, &lazy_commit, SP_NO_PARAMS);
    if (task->acked > 0)
        (void)sp_queue(ctx->db, &delete_acked,
                       SP_PARAMS(sp_uuids(ctx->db, (const uint8_t(*)[16])task->ids, task->acked)));
    if (task->died > 0)
        (void)sp_queue(ctx->db, &raise_tries, SP_PARAMS(sp_uuids(ctx->db, died, task->died)));
    return sp_commit(ctx);
}

static void run_call(struct sp_thread *thread, struct sp_task *task)
{
    struct sp_worker *worker = thread->worker;
    /* A connection knows the types that were there when it was opened, and migrations bring more:
     * none is kept from before the first good look at the tables. */
    bool early = !thread->app->database_seen_good;
    task->result = sp_worker_call(worker, task->call, task->context);
    if (task->result != SP_OK)
        (void)snprintf(task->problem, sizeof task->problem, "%s", sp_worker_error(worker)->text);
    if (early)
        sp_db_disconnect(sp_worker_db(worker));
}

static void run(struct sp_thread *thread, struct sp_task *task)
{
    switch (task->kind) {
    case SP_TASK_PARCELS:
        run_parcels(thread->worker, task);
        break;
    case SP_TASK_ASKS:
        run_asks(thread->worker, task);
        break;
    case SP_TASK_JOB:
        task->result = sp_worker_job(thread->worker, thread->app->jobs[task->job].job->name);
        break;
    case SP_TASK_CALL:
        run_call(thread, task);
        break;
    case SP_TASK_DELETE:
        task->result = sp_worker_call(thread->worker, delete_rows, task);
        break;
    }
}

/* ---- the thread
 * ------------------------------------------------------------------------------------------ */

static struct sp_task *next_task(struct sp_thread *thread)
{
    SP_ASSERT(pthread_mutex_lock(&thread->lock) == 0);
    while (thread->task == NULL && !thread->ending)
        SP_ASSERT(pthread_cond_wait(&thread->wake, &thread->lock) == 0);
    struct sp_task *task = thread->task;
    SP_ASSERT(pthread_mutex_unlock(&thread->lock) == 0);
    return task;
}

static void *live(void *argument)
{
    struct sp_thread *thread = argument;
    for (struct sp_task *task = next_task(thread); task != NULL; task = next_task(thread)) {
        run(thread, task);
        SP_ASSERT(pthread_mutex_lock(&thread->lock) == 0);
        thread->task = NULL;
        SP_ASSERT(pthread_mutex_unlock(&thread->lock) == 0);
        task->by = thread;
        sp_loop_post(thread->app->loop, sp_app_task_done, task);
    }
    return NULL;
}

void sp_thread_start(struct sp_app *app, bool for_jobs)
{
    SP_ASSERT(app->thread_count < SP_COUNT(app->threads));
    struct sp_thread *thread = &app->threads[app->thread_count++];
    *thread = (struct sp_thread){.app = app, .for_jobs = for_jobs, .started = true};
    thread->worker = sp_worker_open(app->service, app->config,
                                    sp_config_text(app->config, "SAMPAN_DATABASE_URL"), &app->host);
    if (!for_jobs)
        sp_db_plan_by_key(sp_worker_db(thread->worker));
    SP_ASSERT(pthread_mutex_init(&thread->lock, NULL) == 0);
    SP_ASSERT(pthread_cond_init(&thread->wake, NULL) == 0);
    SP_ASSERT(pthread_create(&thread->thread, NULL, live, thread) == 0);
}

void sp_thread_give(struct sp_thread *thread, struct sp_task *task)
{
    thread->busy = true;
    thread->in_hand = task;
    SP_ASSERT(pthread_mutex_lock(&thread->lock) == 0);
    thread->task = task;
    SP_ASSERT(pthread_cond_signal(&thread->wake) == 0);
    SP_ASSERT(pthread_mutex_unlock(&thread->lock) == 0);
}

/* The loop's own memory of the task: its thread takes nothing else before the loop has seen the end
 * of this one. */
static void log_cut_off(const struct sp_app *app, const struct sp_task *task)
{
    static const char *const kinds[] = {[SP_TASK_PARCELS] = "messages",
                                        [SP_TASK_ASKS] = "ask",
                                        [SP_TASK_JOB] = "job",
                                        [SP_TASK_CALL] = "call",
                                        [SP_TASK_DELETE] = "outbox"};
    const char *name = "";
    if (task->kind == SP_TASK_JOB)
        name = app->jobs[task->job].job->name;
    else if (task->kind == SP_TASK_PARCELS || task->kind == SP_TASK_ASKS)
        name = app->lines[task->route].name;
    sp_log(SP_WARN, "cut-off", "kind", kinds[task->kind], "name", name, NULL);
}

size_t sp_threads_busy(const struct sp_app *app)
{
    size_t busy = 0;
    for (size_t i = 0; i < app->thread_count; i++) {
        if (!app->threads[i].busy)
            continue;
        log_cut_off(app, app->threads[i].in_hand);
        busy++;
    }
    return busy;
}

void sp_threads_end(struct sp_app *app)
{
    for (size_t i = 0; i < app->thread_count; i++) {
        struct sp_thread *thread = &app->threads[i];
        SP_ASSERT(pthread_mutex_lock(&thread->lock) == 0);
        thread->ending = true;
        SP_ASSERT(pthread_cond_signal(&thread->wake) == 0);
        SP_ASSERT(pthread_mutex_unlock(&thread->lock) == 0);
    }
    for (size_t i = 0; i < app->thread_count; i++) {
        struct sp_thread *thread = &app->threads[i];
        (void)pthread_join(thread->thread, NULL);
        sp_worker_close(&thread->worker);
        (void)pthread_cond_destroy(&thread->wake);
        (void)pthread_mutex_destroy(&thread->lock);
    }
    app->thread_count = 0;
}
