/* Work that the loop leaves to a worker: short calls before anything else, long ones on the workers
 * for jobs. */
#include "common/app_internal.h"

static struct sp_task *new_call(enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                                void (*done)(void *context, enum sp_result result), void *context)
{
    struct sp_task *task = sp_alloc(sizeof *task);
    task->kind = SP_TASK_CALL;
    task->call = work;
    task->called = done;
    task->context = context;
    return task;
}

static void put(struct sp_app *app, struct sp_queue *calls, struct sp_task *task)
{
    if (calls->last == NULL)
        calls->first = task;
    else
        calls->last->next = task;
    calls->last = task;
    sp_app_dispatch(app);
}

void sp_app_work(struct sp_app *app, enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                 void (*done)(void *context, enum sp_result result), void *context)
{
    put(app, &app->calls, new_call(work, done, context));
}

void sp_app_work_long(struct sp_app *app, enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                      void (*done)(void *context, enum sp_result result), void *context)
{
    put(app, &app->long_calls, new_call(work, done, context));
}

/* Whether long calls may have one more worker. */
static bool long_calls_may(const struct sp_app *app)
{
    size_t workers = 0;
    for (size_t i = 0; i < app->thread_count; i++)
        workers += app->threads[i].for_jobs;
    return workers == 1 || app->long_running + 1 < workers;
}

struct sp_task *sp_app_next_call(struct sp_app *app, bool for_jobs)
{
    struct sp_queue *calls = for_jobs ? &app->long_calls : &app->calls;
    struct sp_task *task = calls->first;
    if (task == NULL || (for_jobs && !long_calls_may(app)))
        return NULL;
    calls->first = task->next;
    if (calls->first == NULL)
        calls->last = NULL;
    app->long_running += for_jobs;
    return task;
}
