/* Calls of the loop: who takes which, and how many at a time. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/app_internal.h"

enum { WORKERS = 2, JOB_WORKERS = 3 };

static struct sp_app app;

/* Nobody is idle: what is put waits until it is asked for. */
static void set_up(void)
{
    app = (struct sp_app){.thread_count = WORKERS + JOB_WORKERS};
    for (size_t i = 0; i < app.thread_count; i++) {
        app.threads[i].busy = true;
        app.threads[i].for_jobs = i >= WORKERS;
    }
}

TestSuite(app_call, .init = set_up);

static enum sp_result work(struct sp_ctx *ctx, void *context)
{
    (void)ctx, (void)context;
    return SP_OK;
}

static void done(void *context, enum sp_result result)
{
    (void)context, (void)result;
}

static const char *next(bool for_jobs)
{
    struct sp_task *task = sp_app_next_call(&app, for_jobs);
    const char *name = task == NULL ? "" : task->context;
    free(task);
    return name;
}

static void put(bool is_long, const char *name)
{
    static char names[8][8];
    static size_t used;
    char *own = names[used++ % SP_COUNT(names)];
    memcpy(own, name, strlen(name) + 1);
    if (is_long)
        sp_app_work_long(&app, work, done, own);
    else
        sp_app_work(&app, work, done, own);
}

Test(app_call, are_taken_in_their_order_by_workers_of_their_kind)
{
    put(true, "l1");
    put(false, "s1");
    put(false, "s2");
    put(true, "l2");
    cr_expect_str_eq(next(false), "s1");
    cr_expect_str_eq(next(true), "l1");
    cr_expect_str_eq(next(true), "l2");
    cr_expect_str_eq(next(false), "s2");
    cr_expect_str_eq(next(false), "");
}

Test(app_call, of_several_workers_for_jobs_one_is_left_to_jobs)
{
    put(true, "a");
    put(true, "b");
    put(true, "c");
    cr_expect_str_eq(next(true), "a");
    cr_expect_str_eq(next(true), "b");
    cr_expect_str_eq(next(true), "", "two of three are busy with them");
    app.long_running--;
    cr_expect_str_eq(next(true), "c");
}

Test(app_call, the_only_worker_for_jobs_takes_them_too)
{
    app.thread_count = WORKERS + 1;
    put(true, "a");
    cr_expect_str_eq(next(true), "a");
}

Test(app_call, a_process_is_not_idle_while_one_waits)
{
    for (size_t i = 0; i < app.thread_count; i++)
        app.threads[i].busy = false;
    app.thread_count = 0; /* nobody takes it */
    cr_expect(sp_app_idle(&app));
    put(true, "a");
    cr_expect_not(sp_app_idle(&app));
    app.thread_count = WORKERS + JOB_WORKERS;
    cr_expect_str_eq(next(true), "a");
    cr_expect(sp_app_idle(&app));
}
