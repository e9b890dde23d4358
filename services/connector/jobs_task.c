/* Asking the marketplace to do something: once, and looking when it is not known what became of it.
 */
#include <string.h>

#include "common/crypto.h"
#include "common/metrics.h"
#include "services/connector/accept.h"
#include "services/connector/access.h"
#include "services/connector/activity_store.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/task_json.h"
#include "services/connector/task_store.h"

enum { TASKS = TIKTOK_CALLS, TOKEN_WAIT_MS = 3000, CONSENT_WAIT_MS = 10 * 60 * 1000 };

static struct sp_metric tasks_ended =
    SP_METRIC_COUNTER("sampan_connector_tasks_total", "Steps of tasks by what followed", "state");

struct task_round {
    struct task *tasks;
    size_t count;
    struct tiktok_call calls[TASKS];
    struct task_end ends[TASKS];
    int64_t revs[TASKS];
};

static void prepare(struct sp_ctx *ctx, const struct task *task, struct tiktok_call *call)
{
    *call = (struct tiktok_call){.kind = TIKTOK_SHIP,
                                 .shop_id = task->access.shop.shop_id,
                                 .cipher = task->access.cipher,
                                 .now_s = task->now_s};
    call->token = unseal_access(ctx, &task->access);
    task_request(task, sp_ctx_arena(ctx), call);
}

/* ---- what came back ----------------------------------------------------------------- */

/* Only an answer that says nothing leaves it open whether the call was carried out. */
static struct task_answer answer_of(struct sp_ctx *ctx, const struct task *task,
                                    const struct tiktok_call *call)
{
    const struct tiktok_answer *answer = &call->answer;
    struct sp_text problem = answer->message.size > 0 ? answer->message : SP_TEXT("NO_ANSWER");
    switch (answer->outcome) {
    case TIKTOK_DONE:
        return task_read(task, answer->data, sp_ctx_arena(ctx));
    case TIKTOK_REFUSED:
        return (struct task_answer){
            TASK_NO, .problem = sp_arena_printf(sp_ctx_arena(ctx), "%lld %.*s",
                                                (long long)answer->code, SP_FMT(problem))};
    case TIKTOK_TOKEN:
        return (struct task_answer){TASK_NOT_ASKED, .problem = problem, .wait_ms = TOKEN_WAIT_MS};
    case TIKTOK_CONSENT:
        return (struct task_answer){TASK_NOT_ASKED, .problem = problem, .wait_ms = CONSENT_WAIT_MS};
    case TIKTOK_LATER:
        if (!call->made || answer->busy)
            return (struct task_answer){TASK_NOT_ASKED, .problem = problem,
                                        .wait_ms = call->wait_ms};
        break;
    case TIKTOK_TOO_BIG:
        break;
    }
    return (struct task_answer){TASK_NO_ANSWER, .problem = problem};
}

static void decide(struct sp_ctx *ctx, struct task_round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        const struct task *task = &round->tasks[i];
        struct task_answer answer = answer_of(ctx, task, &round->calls[i]);
        uint32_t random;
        sp_random(&random, sizeof random);
        round->ends[i] = task_decide(task, &answer, random);
        sp_metric_add(&tasks_ended, task_machine.states[round->ends[i].state], 1);
        if (round->calls[i].answer.outcome == TIKTOK_TOKEN)
            store_token_refused(ctx, task->access.shop.account_id, task->access.grant_id);
    }
}

/* ---- telling ------------------------------------------------------------------------ */

/* The key of the fact that asked: what stands behind the first '/'. */
static struct sp_head head_of(const struct task *task, int64_t rev)
{
    size_t at = 0;
    while (task->key.data[at] != '/')
        at++;
    struct sp_head head = {.account_id = task->access.shop.account_id,
                           .key = {task->key.data + at + 1, task->key.size - at - 1},
                           .rev = rev};
    memcpy(head.trace, task->trace, sizeof head.trace);
    return head;
}

static enum sp_result tell_shipments(struct sp_ctx *ctx, const struct task_round *round)
{
    struct shipment_progressed *told =
        sp_arena_array(sp_ctx_arena(ctx), round->count, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < round->count; i++) {
        const struct task_end *end = &round->ends[i];
        bool is_shipment = end->task->kind == TASK_SHIP || end->task->kind == TASK_MARK_SHIPPED;
        if (!is_shipment || end->tell == NULL || round->revs[i] == 0)
            continue;
        told[count] = (struct shipment_progressed){.head = head_of(end->task, round->revs[i]),
                                                   .state = sp_text_of(end->tell),
                                                   .reason = end->problem,
                                                   .packages = end->packages,
                                                   .packages_count = end->package_count};
        told[count].order_id = task_order_of(told[count].head.key);
        count++;
    }
    return sp_emit(ctx, &shipment_progressed_message, told, count);
}

static enum sp_result tell_actions(struct sp_ctx *ctx, const struct task_round *round)
{
    struct action_progressed *told = sp_arena_array(sp_ctx_arena(ctx), round->count, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < round->count; i++) {
        const struct task_end *end = &round->ends[i];
        bool is_action = end->task->kind != TASK_SHIP && end->task->kind != TASK_MARK_SHIPPED;
        if (!is_action || end->tell == NULL || round->revs[i] == 0)
            continue;
        told[count++] = (struct action_progressed){.head = head_of(end->task, round->revs[i]),
                                                   .state = sp_text_of(end->tell),
                                                   .reason = end->problem};
    }
    return sp_emit(ctx, &action_progressed_message, told, count);
}

/* Products that were asked for: emitted whether or not they have changed. */
static enum sp_result tell_listings(struct sp_ctx *ctx, const struct task_round *round)
{
    struct accept_listing *listings = sp_arena_array(sp_ctx_arena(ctx), TASKS, sizeof *listings);
    size_t count = 0;
    for (size_t i = 0; i < round->count; i++) {
        const struct task *task = &round->tasks[i];
        if (task->kind != TASK_LISTING || round->ends[i].state != TASK_DONE || round->revs[i] == 0)
            continue;
        listings[count].from = (struct accept_source){
            .shop = task->access.shop, .began_us = task->now_s * 1000000, .always = true};
        if (accept_read_listing(ctx, round->calls[i].answer.data, &listings[count]) == SP_OK)
            count++;
    }
    return accept_listings(ctx, listings, count);
}

/* What was told of a task is written down for people as well. */
static void note_round(struct sp_ctx *ctx, const struct task_round *round)
{
    static const char *const events[][2] = {
        {"REFUSED", "task-refused"}, {"UNKNOWN", "task-unknown"}, {"LABELLED", "task-labelled"}};
    struct activity notes[TASKS];
    size_t count = 0;
    for (size_t i = 0; i < round->count; i++) {
        const struct task_end *end = &round->ends[i];
        if (end->tell == NULL || round->revs[i] == 0)
            continue;
        struct activity *note = &notes[count++];
        *note = (struct activity){.account_id = end->task->access.shop.account_id,
                                  .shop_id = end->task->access.shop.shop_id,
                                  .event = "task-done",
                                  .items = 1,
                                  .detail = end->problem};
        for (size_t at = 0; at < SP_COUNT(events); at++) {
            if (strcmp(events[at][0], end->tell) == 0)
                note->event = events[at][1];
        }
    }
    store_note_activities(ctx, notes, count);
}

static enum sp_result store_round(struct sp_ctx *ctx, struct task_round *round)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    decide(ctx, round);
    result = store_end_tasks(ctx, round->ends, round->count, round->revs);
    if (result == SP_OK)
        result = tell_shipments(ctx, round);
    if (result == SP_OK)
        result = tell_actions(ctx, round);
    if (result == SP_OK)
        result = tell_listings(ctx, round);
    if (result == SP_OK)
        note_round(ctx, round);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result run_tasks(struct sp_ctx *ctx)
{
    struct task_round *round = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *round);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_tasks(ctx, TASKS, &round->tasks, &round->count);
    if (result != SP_OK || round->count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < round->count; i++)
        prepare(ctx, &round->tasks[i], &round->calls[i]);
    tiktok_perform(ctx, round->calls, round->count);
    result = store_round(ctx, round);
    tiktok_release(round->calls, round->count);
    return result == SP_OK ? SP_AGAIN : result;
}
