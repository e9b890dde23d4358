/* A running process: opening everything in order, looking after the database, stopping. */
#include "common/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/app_internal.h"
#include "common/builtin.h"
#include "common/crypto.h"
#include "common/ctx.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/migrate.h"
#include "common/process.h"
#include "proto/messages.h"

enum { TICK_MS = 20, LOOK_EVERY_US = 1000 * 1000, GIVE_BACK_EVERY_US = 5 * 1000 * 1000 };

/* What PostgreSQL must be for our promises to hold: nothing lost, and text in the order of its
 * bytes, which is also ours (and the cheapest). */
static const struct sp_statement read_server = {
    "SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' "
    "AND current_setting('full_page_writes') = 'on', "
    "datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') "
    "FROM pg_database WHERE datname = current_database()"};

/* ---- what workers need of the process (their threads)
 * ----------------------------------------------------- */

struct handed {
    struct sp_app *app;
    size_t count;
    struct sp_outgoing parcels[];
};

static void offer(void *context)
{
    struct handed *handed = context;
    sp_bus_offer(handed->app->bus, handed->parcels, handed->count);
    free(handed);
}

static void hand_over(void *context, struct sp_outgoing parcels[], size_t count)
{
    struct sp_app *app = context;
    struct handed *handed = sp_alloc(sizeof *handed + count * sizeof *parcels);
    handed->app = app;
    handed->count = count;
    memcpy(handed->parcels, parcels, count * sizeof *parcels);
    sp_loop_post(app->loop, offer, handed);
}

static bool full(void *context, const char *dest)
{
    return sp_bus_full(((struct sp_app *)context)->bus, dest);
}

static size_t room(void *context, const char *dest)
{
    return sp_bus_room(((struct sp_app *)context)->bus, dest);
}

static void overflowed(void *context, const char *dest)
{
    sp_bus_overflowed(((struct sp_app *)context)->bus, dest);
}

struct wake {
    struct sp_app *app;
    const char *job;
};

static void wake_on_loop(void *context)
{
    struct wake *wake = context;
    sp_app_wake_job(wake->app, wake->job);
    free(wake);
}

static void wake(void *context, const char *job)
{
    struct wake *posted = sp_alloc(sizeof *posted);
    *posted = (struct wake){context, job};
    sp_loop_post(posted->app->loop, wake_on_loop, posted);
}

static bool stopping(void *context)
{
    return atomic_load(&((struct sp_app *)context)->stopping);
}

static bool is_ready(void *context)
{
    struct sp_app *app = context;
    return atomic_load(&app->database_good) && !atomic_load(&app->stopping);
}

/* ---- the database
 * ------------------------------------------------------------------------------------------- */

static enum sp_result check_server(struct sp_ctx *ctx, const struct sp_app *app)
{
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &read_server, SP_NO_PARAMS);
    if (sp_rows_count(rows) != 1)
        return SP_RETRY;
    if (!sp_row_bool(rows, 0, 0) && !sp_config_bool(app->config, "SAMPAN_DATABASE_UNSAFE"))
        return sp_fail(&ctx->error, SP_REJECT,
                       "fsync, synchronous_commit and full_page_writes must be on");
    if (!sp_row_bool(rows, 0, 1))
        return sp_fail(&ctx->error, SP_REJECT,
                       "the database must have been created with LC_COLLATE 'C'");
    return SP_OK;
}

static enum sp_result look_at_database(struct sp_ctx *ctx, void *context)
{
    struct sp_app *app = context;
    enum sp_result result = check_server(ctx, app);
    if (result == SP_OK && !app->database_seen_good)
        result = sp_migrate_check(ctx->db, app->service->migrations, &ctx->error);
    if (result != SP_OK)
        sp_db_disconnect(ctx->db); /* the next look opens its own */
    return result;
}

static void looked_at_database(void *context, enum sp_result result)
{
    struct sp_app *app = context;
    bool good = result == SP_OK;
    (void)snprintf(app->database_problem, sizeof app->database_problem, "%s",
                   good ? "" : app->call_problem);
    if (good != app->database_good || app->database_at_us == 0)
        sp_log(good ? SP_INFO : SP_ERROR, good ? "database-ready" : "database-not-ready", "problem",
               app->database_problem, NULL);
    app->database_good = good;
    app->database_seen_good = app->database_seen_good || good;
    app->database_asked = false;
    app->database_at_us = sp_monotonic_us();
}

static bool peers_complete(const struct sp_app *app, char *detail, size_t size)
{
    const char *dests[16];
    size_t count = sp_destinations(app->service, dests, SP_COUNT(dests)), at = 0;
    bool all = true;
    detail[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (sp_bus_sees(app->bus, dests[i]))
            continue;
        all = false;
        int put = snprintf(detail + at, size - at, "%s%s", at == 0 ? "not seen: " : ", ", dests[i]);
        at += put > 0 && (size_t)put < size - at ? (size_t)put : 0;
    }
    return all;
}

/* Peers are told of and do not decide: everything may start in any order, and facts wait in the
 * outbox. */
static void ready(void *context, struct sp_checks *checks)
{
    struct sp_app *app = context;
    char peers[128];
    bool seen = peers_complete(app, peers, sizeof peers);
    int64_t age_ms = (sp_monotonic_us() - app->database_at_us) / 1000;
    sp_checks_add(checks, "database", app->database_good, age_ms, "%s", app->database_problem);
    sp_checks_add(checks, "not-stopping", !app->stopping, 0, "%s", "");
    sp_checks_add(checks, "peers", true, 0, "%s", seen ? "all seen" : peers);
}

/* ---- running
 * ---------------------------------------------------------------------------------------------------
 */

static void on_tick(void *context)
{
    struct sp_app *app = context;
    int64_t now_us = sp_monotonic_us();
    int64_t every_us = app->database_good ? LOOK_EVERY_US : LOOK_EVERY_US / 10;
    if (!app->database_asked && now_us - app->database_at_us > every_us) {
        app->database_asked = true;
        sp_app_work(app, look_at_database, looked_at_database, app);
    }
    sp_app_dispatch(app);
    if (now_us - app->gave_back_at_us > GIVE_BACK_EVERY_US) {
        app->gave_back_at_us = now_us;
        sp_memory_give_back();
    }
    if (!app->stopping)
        return;
    bool service_done =
        app->service->stopped == NULL || app->own == NULL || app->service->stopped(app);
    if ((sp_app_idle(app) && service_done) || now_us > app->stop_deadline_us)
        sp_loop_stop(app->loop);
}

static void on_stop(void *context)
{
    struct sp_app *app = context;
    if (app->stopping)
        return;
    sp_log(SP_INFO, "stopping", NULL);
    app->stop_deadline_us =
        sp_monotonic_us() + sp_config_int(app->config, "SAMPAN_SHUTDOWN_TIMEOUT") * 1000;
    atomic_store(&app->stopping, true);
    sp_app_drop_waiting(app);
    if (app->service->stop != NULL)
        app->service->stop(app);
}

static void add_jobs(struct sp_app *app, const struct sp_job jobs[])
{
    int64_t now_us = sp_monotonic_us();
    for (const struct sp_job *job = jobs; job != NULL && job->name != NULL; job++) {
        SP_ASSERT(app->job_count < SP_APP_JOBS);
        app->jobs[app->job_count++] = (struct sp_job_state){.job = job, .due_us = now_us};
    }
}

static void on_drained(void *context, const char *dest)
{
    (void)dest;
    sp_app_wake_job(context, "outbox-sweep");
}

static const char *peer_of(void *context, const char *service)
{
    return sp_process_peer(((struct sp_app *)context)->config, service);
}

static enum sp_result open_bus(struct sp_app *app, struct sp_error *err)
{
    const char *dests[SP_BUS_DESTS + 1] = {0};
    size_t count = sp_destinations(app->service, dests, SP_BUS_DESTS);
    for (const char *const *of = app->service->asks_of; of != NULL && *of != NULL; of++) {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || strcmp(dests[i], *of) == 0;
        SP_ASSERT(known || count < SP_BUS_DESTS);
        if (!known)
            dests[count++] = *of;
    }
    struct sp_bus_options options = {.loop = app->loop,
                                     .service = app->service->name,
                                     .bind = sp_config_text(app->config, "SAMPAN_BUS_BIND"),
                                     .keys_dir = sp_config_text(app->config, "SAMPAN_KEYS_DIR"),
                                     .dests = dests,
                                     .peer_of = peer_of,
                                     .context = app,
                                     .take = sp_app_take,
                                     .acked = sp_app_acked,
                                     .died = sp_app_died,
                                     .drained = on_drained};
    return sp_bus_open(&app->bus, &options, err);
}

static enum sp_result open_all(struct sp_app *app, struct sp_error *err)
{
    app->loop = sp_loop_open(on_stop, app);
    app->host = (struct sp_host){.context = app,
                                 .full = full,
                                 .room = room,
                                 .hand_over = hand_over,
                                 .overflowed = overflowed,
                                 .wake = wake,
                                 .stopping = stopping,
                                 .ready = is_ready,
                                 .started_us = sp_monotonic_us()};
    add_jobs(app, app->service->jobs);
    add_jobs(app, sp_common_jobs);
    enum sp_result result = open_bus(app, err);
    struct sp_admin_options admin = {
        .bind = sp_config_text(app->config, "SAMPAN_ADMIN_BIND"), .ready = ready, .context = app};
    if (result == SP_OK)
        result = sp_admin_open(&app->admin, app->loop, &admin, err);
    if (result != SP_OK)
        return result;
    for (int64_t i = sp_config_int(app->config, "SAMPAN_WORKERS"); i > 0; i--)
        sp_thread_start(app, false);
    for (int64_t i = sp_process_job_workers(app->service, app->config); i > 0; i--)
        sp_thread_start(app, true);
    if (app->service->start != NULL)
        result = app->service->start(app, err);
    return result;
}

/* Work that outlives the time for stopping may never end, and its thread uses everything there is
 * here: the process ends around it.  Whatever it was is not committed, or not acknowledged, and is
 * done again. */
static void end_around_what_is_stuck(const struct sp_app *app)
{
    if (sp_threads_busy(app) == 0)
        return;
    _exit(SP_EXIT_CUT_OFF);
}

int sp_app_run(const struct sp_service *service, const struct sp_config *config)
{
    struct sp_app *app = sp_alloc(sizeof *app);
    app->service = service;
    app->config = config;
    struct sp_error err;
    int exit_code = 0;
    if (open_all(app, &err) == SP_OK) {
        app->timer = sp_loop_every(app->loop, TICK_MS, on_tick, app);
        sp_log(SP_INFO, "started", "version", SAMPAN_VERSION, NULL);
        sp_loop_run(app->loop);
        end_around_what_is_stuck(app);
        sp_log(SP_INFO, "stopped", NULL);
    } else {
        sp_log(SP_ERROR, "cannot-start", "error", err.text, NULL);
        exit_code = 1;
        if (app->service->stop != NULL && app->own != NULL)
            app->service->stop(app);
    }
    sp_threads_end(app);
    sp_admin_close(&app->admin);
    sp_bus_close(&app->bus);
    sp_loop_close(&app->loop);
    free(app);
    return exit_code;
}

/* ---- for services that have an own port
 * --------------------------------------------------------------------------- */

struct sp_loop *sp_app_loop(struct sp_app *app)
{
    return app->loop;
}

const struct sp_config *sp_app_config(struct sp_app *app)
{
    return app->config;
}

bool sp_app_stopping(const struct sp_app *app)
{
    return app->stopping;
}

void *sp_app_own(const struct sp_app *app)
{
    return app->own;
}

void sp_app_set_own(struct sp_app *app, void *own)
{
    app->own = own;
}
