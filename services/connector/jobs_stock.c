/* Telling the marketplace what stock to show: absolute quantities, all warehouses of a SKU at once.
 */
#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/access.h"
#include "services/connector/activity_store.h"
#include "services/connector/budget.h"
#include "services/connector/call.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/stock_json.h"
#include "services/connector/stock_store.h"

enum {
    PUSH_PRODUCTS = TIKTOK_CALLS, /* one call each */
    TOKEN_WAIT_MS = 3000,
    CONSENT_WAIT_MS = 10 * 60 * 1000,
    WAIT_MAX_MS = 10 * 60 * 1000,
};

static struct sp_metric pushed =
    SP_METRIC_COUNTER("sampan_connector_stock_pushed_total", "Stock quantities told", "outcome");

/* One product: consecutive rows. */
struct push_call {
    const struct push_task *tasks;
    size_t count;
};

struct push_round {
    struct push_task *tasks;
    size_t task_count;
    struct push_call calls[PUSH_PRODUCTS];
    struct tiktok_call http[PUSH_PRODUCTS];
    size_t call_count;
    struct push_end *ends;
    size_t end_count;
};

static bool is_same_product(const struct push_task *a, const struct push_task *b)
{
    return a->access.shop.shop_id == b->access.shop.shop_id &&
           sp_text_equal(a->product_id, b->product_id);
}

static void plan_calls(struct push_round *round)
{
    for (size_t i = 0; i < round->task_count; i++) {
        const struct push_task *task = &round->tasks[i];
        if (i > 0 && is_same_product(task, task - 1)) {
            round->calls[round->call_count - 1].count++;
            continue;
        }
        SP_ASSERT(round->call_count < PUSH_PRODUCTS);
        round->calls[round->call_count++] = (struct push_call){task, 1};
    }
}

static void prepare_call(struct sp_ctx *ctx, const struct push_call *push, struct tiktok_call *call)
{
    const struct push_task *task = &push->tasks[0];
    struct stock_line *lines = sp_arena_array(sp_ctx_arena(ctx), push->count, sizeof *lines);
    for (size_t i = 0; i < push->count; i++)
        lines[i] = (struct stock_line){push->tasks[i].sku_id, push->tasks[i].channel_warehouse_id,
                                       push->tasks[i].quantity};
    *call = (struct tiktok_call){
        .kind = TIKTOK_WRITE,
        .shop_id = task->access.shop.shop_id,
        .method = "POST",
        .path = sp_arena_printf(sp_ctx_arena(ctx), "/product/202309/products/%.*s/inventory/update",
                                SP_FMT(task->product_id)),
        .cipher = task->access.cipher,
        .body = tiktok_stock_body(lines, push->count, sp_ctx_arena(ctx)),
        .now_s = task->now_s,
    };
    call->token = unseal_access(ctx, &task->access);
}

/* ---- what came back
 * ------------------------------------------------------------------------------------------ */

static int64_t wait_of_try(const struct push_task *task)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    return budget_backoff_ms(task->tries + 1, 0, WAIT_MAX_MS, random);
}

static void end_task(struct push_round *round, const struct push_task *task, struct sp_text problem,
                     int64_t wait_ms)
{
    bool done = problem.size == 0;
    round->ends[round->end_count++] = (struct push_end){task, done, problem, wait_ms};
    sp_metric_add(&pushed, done ? "done" : "failed", 1);
}

static void take_result(struct sp_ctx *ctx, struct push_round *round, size_t at)
{
    const struct push_call *push = &round->calls[at];
    struct sp_json errors = sp_json_get(round->http[at].answer.data, "errors");
    for (size_t i = 0; i < push->count; i++) {
        const struct push_task *task = &push->tasks[i];
        struct sp_text problem = tiktok_stock_problem(errors, task->sku_id, sp_ctx_arena(ctx));
        if (task->wanted)
            end_task(round, task, problem, problem.size == 0 ? 0 : wait_of_try(task));
    }
}

static void end_call(struct push_round *round, size_t at, int64_t wait_ms)
{
    const struct push_call *push = &round->calls[at];
    struct sp_text problem = round->http[at].answer.message;
    if (problem.size == 0)
        problem = SP_TEXT("NO_ANSWER");
    for (size_t i = 0; i < push->count; i++) {
        const struct push_task *task = &push->tasks[i];
        if (task->wanted)
            end_task(round, task, problem, wait_ms > 0 ? wait_ms : wait_of_try(task));
    }
}

static void take_answer(struct sp_ctx *ctx, struct push_round *round, size_t at)
{
    const struct tiktok_call *call = &round->http[at];
    const struct push_task *first = &round->calls[at].tasks[0];
    switch (call->answer.outcome) {
    case TIKTOK_DONE:
        take_result(ctx, round, at);
        break;
    case TIKTOK_TOKEN:
        store_token_refused(ctx, first->access.shop.account_id, first->access.grant_id);
        end_call(round, at, TOKEN_WAIT_MS);
        break;
    case TIKTOK_CONSENT:
        end_call(round, at, CONSENT_WAIT_MS);
        break;
    case TIKTOK_LATER: /* also when it may have been done: the quantity is absolute */
        end_call(round, at, call->made ? 0 : call->wait_ms);
        break;
    case TIKTOK_REFUSED:
    case TIKTOK_TOO_BIG:
        end_call(round, at, 0);
        break;
    }
}

/* One entry for a shop's quantities that were told, one for each reason why others were not. */
static void note_round(struct sp_ctx *ctx, const struct push_round *round)
{
    struct activity notes[ACTIVITIES];
    size_t count = 0, at;
    for (size_t i = 0; i < round->end_count; i++) {
        const struct push_end *end = &round->ends[i];
        struct shop_key shop = end->task->access.shop;
        for (at = 0; at < count; at++) {
            if (notes[at].shop_id == shop.shop_id && sp_text_equal(notes[at].detail, end->problem))
                break;
        }
        if (at == ACTIVITIES)
            continue;
        if (at == count)
            notes[count++] = (struct activity){.account_id = shop.account_id,
                                               .shop_id = shop.shop_id,
                                               .event = end->done ? "stock-told" : "stock-failed",
                                               .detail = end->problem};
        notes[at].items++;
    }
    store_note_activities(ctx, notes, count);
}

static enum sp_result store_round(struct sp_ctx *ctx, struct push_round *round)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    round->ends = sp_arena_array(sp_ctx_arena(ctx), round->task_count + 1, sizeof *round->ends);
    for (size_t i = 0; i < round->call_count; i++)
        take_answer(ctx, round, i);
    store_end_pushes(ctx, round->ends, round->end_count);
    note_round(ctx, round);
    return sp_commit(ctx);
}

enum sp_result push_stock(struct sp_ctx *ctx)
{
    struct push_round *round = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *round);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_pushes(ctx, PUSH_PRODUCTS, &round->tasks, &round->task_count);
    if (result != SP_OK || round->task_count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    if (result != SP_OK)
        return result;
    plan_calls(round);
    for (size_t i = 0; i < round->call_count; i++)
        prepare_call(ctx, &round->calls[i], &round->http[i]);
    tiktok_perform(ctx, round->http, round->call_count);
    result = store_round(ctx, round);
    tiktok_release(round->http, round->call_count);
    return result == SP_OK && round->call_count == PUSH_PRODUCTS ? SP_AGAIN : result;
}
