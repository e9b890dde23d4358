/* What waits, and which worker takes it.
 *
 * Whatever waits is taken together, up to 256 messages; nothing waits for a batch to fill.  A
 * second worker starts on the same type only when half a batch more has gathered, so a busy system
 * works in large batches and an idle one at once.  Where there are several workers messages leave
 * one free: people never wait for a storm to end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/app_internal.h"
#include "common/builtin.h"
#include "common/ctx.h"
#include "common/fault.h"
#include "common/log.h"
#include "proto/messages.h"

enum {
    HALF_BATCH = SP_BATCH_MESSAGES / 2,
    NAK_MS = 500,
    ACKED_WAIT_US = 100 * 1000,
    PAUSE_LEAST_MS = 1000,
    PAUSE_MOST_MS = 30 * 1000,
    HOUR_MS = 3600 * 1000,
};

/* ---- waiting lines
 * ------------------------------------------------------------------------------------- */

/* Names that this service does not know share one line of each kind: they are refused or buried. */
static struct sp_line *line_of(struct sp_app *app, bool is_ask, struct sp_text name)
{
    const struct sp_ask_route *ask = is_ask ? sp_ask_route_find(app->service, name) : NULL;
    if (ask == NULL && (is_ask || sp_route_find(app->service, name) == NULL))
        name = SP_TEXT("");
    for (size_t i = 0; i < app->line_count; i++) {
        if (app->lines[i].is_ask == is_ask && sp_text_is(name, app->lines[i].name))
            return &app->lines[i];
    }
    SP_ASSERT(app->line_count < SP_COUNT(app->lines));
    struct sp_line *line = &app->lines[app->line_count++];
    *line = (struct sp_line){.is_ask = is_ask, .many = ask != NULL && ask->run_many != NULL};
    (void)snprintf(line->name, sizeof line->name, "%.*s", SP_FMT(name));
    return line;
}

static size_t messages_in(const struct sp_inbound *inbound)
{
    struct sp_text in = inbound->parcel.body;
    size_t count = 0;
    if (inbound->is_ask || sp_parcel_open(&in, &count, NULL) != SP_OK || count == 0)
        return 1;
    return count;
}

static void refuse(struct sp_app *app, struct sp_inbound *inbound)
{
    if (inbound->is_ask)
        sp_bus_answer(app->bus, inbound, SP_TEXT(""));
    else
        sp_bus_nak(app->bus, inbound, NAK_MS);
}

/* What is asked, and until when somebody waits for it.  False when the ask cannot be read, which
 * only a gateway of another make can cause. */
static bool read_ask(struct sp_inbound *inbound, struct sp_text *name)
{
    struct sp_arena *arena = sp_arena_open();
    struct ask wire = {0};
    struct sp_text in = inbound->parcel.body;
    struct sp_error err;
    bool read = sp_record_decode(&ask_record, &in, &wire, arena, &err) == SP_OK;
    int64_t wait_ms =
        wire.deadline_ms > 0 && wire.deadline_ms < HOUR_MS ? wire.deadline_ms : HOUR_MS;
    inbound->late_us = sp_monotonic_us() + wait_ms * 1000;
    *name = wire.name; /* a view of the frame */
    if (!read)
        sp_log(SP_WARN, "ask-unreadable", "error", err.text, NULL);
    sp_arena_close(&arena);
    return read;
}

void sp_app_take(void *context, struct sp_inbound *inbound)
{
    struct sp_app *app = context;
    struct sp_text name = inbound->parcel.type;
    struct sp_line *line = NULL;
    if (!app->stopping && (!inbound->is_ask || read_ask(inbound, &name)))
        line = line_of(app, inbound->is_ask, name);
    if (line == NULL) {
        refuse(app, inbound);
        return;
    }
    inbound->next = NULL;
    if (line->last == NULL)
        line->first = inbound;
    else
        line->last->next = inbound;
    line->last = inbound;
    line->waiting += messages_in(inbound);
    sp_app_dispatch(app);
}

static struct sp_inbound *pop(struct sp_line *line)
{
    struct sp_inbound *inbound = line->first;
    line->first = inbound->next;
    if (line->first == NULL)
        line->last = NULL;
    line->waiting -= messages_in(inbound);
    return inbound;
}

void sp_app_drop_waiting(struct sp_app *app)
{
    for (size_t i = 0; i < app->line_count; i++) {
        while (app->lines[i].first != NULL)
            refuse(app, pop(&app->lines[i]));
    }
}

/* Nobody waits for these answers any more. */
static void drop_late(struct sp_app *app)
{
    int64_t now_us = sp_monotonic_us();
    for (size_t i = 0; i < app->line_count; i++) {
        struct sp_line *line = &app->lines[i];
        while (line->is_ask && line->first != NULL && line->first->late_us < now_us)
            refuse(app, pop(line));
    }
}

/* ---- tasks
 * ------------------------------------------------------------------------------------------------
 */

/* Whether messages may have one more worker. */
static bool messages_may(const struct sp_app *app)
{
    size_t workers = 0, running = 0;
    for (size_t i = 0; i < app->thread_count; i++)
        workers += !app->threads[i].for_jobs;
    for (size_t i = 0; i < app->line_count; i++)
        running += app->lines[i].is_ask ? 0 : app->lines[i].running;
    return running == 0 || running + 1 < workers;
}

static bool worth_a_worker(const struct sp_app *app, const struct sp_line *line)
{
    if (line->first == NULL || (!line->is_ask && !messages_may(app)))
        return false;
    if (line->running == 0 || (line->is_ask && !line->many))
        return true;
    return line->waiting >= HALF_BATCH;
}

/* What must never be done; the fault suite shows that it would be noticed. */
static void ack_before_commit(struct sp_app *app, struct sp_task *task)
{
    for (size_t i = 0; i < task->count; i++) {
        struct sp_inbound *copy = sp_alloc(sizeof *copy);
        *copy = *task->inbound[i];
        (void)zmq_msg_init(&copy->type_frame);
        (void)zmq_msg_init(&copy->body_frame);
        sp_bus_ack(app->bus, copy);
    }
}

static struct sp_task *task_from(struct sp_app *app, struct sp_line *line)
{
    struct sp_task *task = sp_alloc(sizeof *task);
    task->kind = line->is_ask ? SP_TASK_ASKS : SP_TASK_PARCELS;
    task->route = (size_t)(line - app->lines);
    size_t most = line->is_ask && !line->many ? 1 : SP_BATCH_MESSAGES;
    size_t messages = 0;
    while (line->first != NULL && task->count < SP_COUNT(task->inbound)) {
        size_t more = messages_in(line->first);
        if (task->count > 0 && messages + more > most)
            break;
        task->inbound[task->count++] = pop(line);
        messages += more;
    }
    line->running++;
    if (SAMPAN_MUTANT == SP_MUTANT_ACK_FIRST && !line->is_ask)
        ack_before_commit(app, task);
    return task;
}

static struct sp_task *deletion(struct sp_app *app)
{
    size_t count = app->acked_count + app->died_count;
    bool old = count > 0 && sp_monotonic_us() - app->acked_since_us > ACKED_WAIT_US;
    if (app->deleting || (app->acked_count < SP_APP_ACKED_BATCH && !old))
        return NULL;
    struct sp_task *task = sp_alloc(sizeof *task);
    task->kind = SP_TASK_DELETE;
    task->ids = sp_alloc(count * 16);
    task->acked = app->acked_count;
    task->died = app->died_count;
    memcpy(task->ids, app->acked, app->acked_count * 16);
    memcpy(task->ids + app->acked_count, app->died, app->died_count * 16);
    app->acked_count = app->died_count = 0;
    app->deleting = true;
    return task;
}

static struct sp_task *choose_for_worker(struct sp_app *app)
{
    struct sp_task *task = sp_app_next_call(app, false);
    if (task != NULL || !app->database_seen_good)
        return task;
    task = deletion(app);
    for (size_t i = 0; task == NULL && i < app->line_count; i++) {
        struct sp_line *line = &app->lines[app->next_line++ % app->line_count];
        if (worth_a_worker(app, line))
            task = task_from(app, line);
    }
    return task;
}

static struct sp_task *choose_for_jobs(struct sp_app *app)
{
    struct sp_task *task = sp_app_next_call(app, true);
    if (task != NULL || !app->database_seen_good || app->stopping)
        return task;
    int64_t now_us = sp_monotonic_us();
    struct sp_job_state *oldest = NULL;
    for (size_t i = 0; i < app->job_count; i++) {
        struct sp_job_state *state = &app->jobs[i];
        if (!state->running && state->due_us <= now_us &&
            (oldest == NULL || state->due_us < oldest->due_us))
            oldest = state;
    }
    if (oldest == NULL)
        return NULL;
    task = sp_alloc(sizeof *task);
    task->kind = SP_TASK_JOB;
    task->job = (size_t)(oldest - app->jobs);
    oldest->running = true;
    oldest->again = false;
    return task;
}

void sp_app_dispatch(struct sp_app *app)
{
    drop_late(app);
    for (size_t i = 0; i < app->thread_count; i++) {
        struct sp_thread *thread = &app->threads[i];
        if (thread->busy)
            continue;
        struct sp_task *task = thread->for_jobs ? choose_for_jobs(app) : choose_for_worker(app);
        if (task != NULL)
            sp_thread_give(thread, task);
    }
}

/* ---- endings
 * ------------------------------------------------------------------------------------------------
 */

static void end_asks(struct sp_app *app, struct sp_task *task)
{
    for (size_t i = 0; i < task->count; i++) {
        struct sp_answer *answer = &task->answers[i];
        struct ask_answer wire = {.status = answer->status, .body = sp_buffer_text(&answer->body)};
        struct sp_buffer body = {0};
        struct sp_error err;
        if (sp_record_encode(&ask_answer_record, &wire, &body, &err) != SP_OK) {
            sp_log(SP_ERROR, "answer-too-large", "error", err.text, NULL);
            wire = (struct ask_answer){.status = 500};
            sp_buffer_reset(&body);
            SP_ASSERT(sp_record_encode(&ask_answer_record, &wire, &body, &err) == SP_OK);
        }
        sp_bus_answer(app->bus, task->inbound[i], sp_buffer_text(&body));
        sp_buffer_free(&body);
        sp_buffer_free(&answer->body);
    }
}

static void end_parcels(struct sp_app *app, struct sp_task *task)
{
    if (SAMPAN_MUTANT == SP_MUTANT_ACK_FIRST)
        return;
    for (size_t i = 0; i < task->count; i++) {
        if (task->result == SP_OK)
            sp_bus_ack(app->bus, task->inbound[i]);
        else
            sp_bus_nak(app->bus, task->inbound[i], NAK_MS);
    }
}

static void end_job(struct sp_app *app, const struct sp_task *task)
{
    struct sp_job_state *state = &app->jobs[task->job];
    int64_t now_us = sp_monotonic_us(), every_us = state->job->every_ms * 1000;
    state->running = false;
    if (task->result == SP_RETRY || task->result == SP_REJECT) {
        state->pause_ms = state->pause_ms == 0 ? PAUSE_LEAST_MS : state->pause_ms * 2;
        if (state->pause_ms > PAUSE_MOST_MS)
            state->pause_ms = PAUSE_MOST_MS;
        state->due_us = now_us + state->pause_ms * 1000;
        return;
    }
    state->pause_ms = 0;
    bool at_once = task->result == SP_AGAIN || state->again;
    /* Up to a tenth more, so that replicas do not march in step. */
    state->due_us = at_once ? now_us : now_us + every_us + (every_us / 10) * (now_us % 97) / 97;
}

static void end_deletion(struct sp_app *app, struct sp_task *task)
{
    app->deleting = false;
    for (size_t i = 0; task->result != SP_OK && i < task->acked + task->died; i++) {
        if (i < task->acked)
            sp_app_acked(app, task->ids[i]);
        else
            sp_app_died(app, task->ids[i]);
    }
    free(task->ids);
}

void sp_app_task_done(void *context)
{
    struct sp_task *task = context;
    struct sp_app *app = task->by->app;
    task->by->busy = false;
    switch (task->kind) {
    case SP_TASK_ASKS:
        app->lines[task->route].running--;
        end_asks(app, task);
        break;
    case SP_TASK_PARCELS:
        app->lines[task->route].running--;
        end_parcels(app, task);
        break;
    case SP_TASK_JOB:
        end_job(app, task);
        break;
    case SP_TASK_CALL:
        app->long_running -= task->by->for_jobs;
        app->call_problem = task->problem;
        task->called(task->context, task->result);
        break;
    case SP_TASK_DELETE:
        end_deletion(app, task);
        break;
    }
    free(task);
    sp_app_dispatch(app);
}

static void note(uint8_t list[][16], size_t *count, const uint8_t id[16])
{
    /* Beyond the list's end the row stays: it is sent once more and acknowledged once more. */
    if (*count < SP_APP_ACKED)
        memcpy(list[(*count)++], id, 16);
}

void sp_app_acked(void *context, const uint8_t id[16])
{
    struct sp_app *app = context;
    if (app->acked_count + app->died_count == 0)
        app->acked_since_us = sp_monotonic_us();
    note(app->acked, &app->acked_count, id);
}

void sp_app_died(void *context, const uint8_t id[16])
{
    struct sp_app *app = context;
    if (app->acked_count + app->died_count == 0)
        app->acked_since_us = sp_monotonic_us();
    note(app->died, &app->died_count, id);
}

void sp_app_wake_job(struct sp_app *app, const char *name)
{
    for (size_t i = 0; i < app->job_count; i++) {
        struct sp_job_state *state = &app->jobs[i];
        if (strcmp(state->job->name, name) != 0)
            continue;
        state->again = true;
        if (!state->running && state->pause_ms == 0)
            state->due_us = 0;
    }
    sp_app_dispatch(app);
}

bool sp_app_idle(const struct sp_app *app)
{
    for (size_t i = 0; i < app->thread_count; i++) {
        if (app->threads[i].busy)
            return false;
    }
    return app->acked_count + app->died_count == 0 && app->calls.first == NULL &&
           app->long_calls.first == NULL;
}
