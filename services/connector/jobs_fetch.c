/* From a webhook to a fact: fetching the orders that are due. */
#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/accept.h"
#include "services/connector/access.h"
#include "services/connector/budget.h"
#include "services/connector/call.h"
#include "services/connector/fetch_store.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"

enum {
    FETCH_MOST = 400, /* orders taken at once */
    FETCH_IDS = 50,   /* orders in one call: the marketplace's limit */
    FETCH_TRIES = 5,  /* then it is left to the sweep */
    TRY_MAX_MS = 60 * 1000,
    TOKEN_WAIT_MS = 2000,
    CONSENT_WAIT_MS = 10 * 60 * 1000,
    STORE_TRIES = 3,
};

static struct sp_metric webhook_delay =
    SP_METRIC_HISTOGRAM("sampan_connector_webhook_delay_seconds",
                        "From an order's change to the webhook about it", NULL);

/* One call and the tasks it serves: consecutive ones, all of one shop. */
struct fetch_call {
    const struct fetch_task *tasks;
    size_t count;
};

struct fetch_round {
    struct fetch_task tasks[FETCH_MOST];
    size_t task_count;
    struct fetch_call calls[TIKTOK_CALLS];
    struct tiktok_call http[TIKTOK_CALLS];
    size_t call_count;
    struct fetch_end ends[FETCH_MOST];
    size_t end_count, planned_ends; /* planned: those that found no place in a call */
    struct accept_list list;        /* of the two arrays */
    struct accept_order orders[FETCH_MOST];
    struct accept_refusal refused[FETCH_MOST];
};

static bool joins(const struct fetch_call *call, const struct fetch_task *task)
{
    return call->count < FETCH_IDS && !task->alone && !call->tasks[0].alone &&
           call->tasks[0].access.shop.shop_id == task->access.shop.shop_id;
}

static void end_task(struct fetch_round *round, const struct fetch_task *task,
                     enum fetch_outcome outcome, int64_t wait_ms)
{
    round->ends[round->end_count++] = (struct fetch_end){task, outcome, wait_ms};
}

/* Tasks beyond the calls of one round stay due. */
static void plan_calls(struct fetch_round *round)
{
    for (size_t i = 0; i < round->task_count; i++) {
        const struct fetch_task *task = &round->tasks[i];
        struct fetch_call *last =
            round->call_count == 0 ? NULL : &round->calls[round->call_count - 1];
        if (last != NULL && joins(last, task) && last->tasks + last->count == task)
            last->count++;
        else if (round->call_count < TIKTOK_CALLS)
            round->calls[round->call_count++] = (struct fetch_call){task, 1};
        else
            end_task(round, task, FETCH_LATER, 0);
    }
    round->planned_ends = round->end_count;
}

static struct sp_text join_ids(struct sp_ctx *ctx, const struct fetch_call *call)
{
    struct sp_buffer ids = {0};
    for (size_t i = 0; i < call->count; i++) {
        if (i > 0)
            sp_buffer_put_string(&ids, ",");
        sp_buffer_put_text(&ids, call->tasks[i].id);
    }
    struct sp_text joined = sp_arena_copy(sp_ctx_arena(ctx), sp_buffer_text(&ids));
    sp_buffer_free(&ids);
    return joined;
}

static void prepare_call(struct sp_ctx *ctx, const struct fetch_call *call,
                         struct tiktok_call *http)
{
    const struct fetch_task *task = &call->tasks[0];
    *http = (struct tiktok_call){
        .kind = TIKTOK_FETCH,
        .shop_id = task->access.shop.shop_id,
        .method = "GET",
        .path = SP_TEXT("/order/202309/orders"),
        .cipher = task->access.cipher,
        .max_bytes = call->count == 1 ? TIKTOK_SINGLE_MAX : TIKTOK_ANSWER_MAX,
        .now_s = task->began_us / 1000000,
    };
    http->token = unseal_access(ctx, &task->access);
    tiktok_add_param(http, "ids", join_ids(ctx, call));
}

/* ---- what came back
 * ------------------------------------------------------------------------------------- */

static int64_t wait_of_try(const struct fetch_task *task)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    return budget_backoff_ms(task->tries + 1, 0, TRY_MAX_MS, random);
}

static void try_again(struct fetch_round *round, const struct fetch_task *task)
{
    if (task->tries + 1 < FETCH_TRIES)
        end_task(round, task, FETCH_AGAIN, wait_of_try(task));
    else
        end_task(round, task, FETCH_DONE, 0);
}

/* The order among those read; NULL: the answer left it out, or it cannot be read. */
static struct accept_order *find_order(const struct accept_list *read, struct sp_text id)
{
    for (size_t i = 0; i < read->count; i++) {
        if (sp_text_equal(read->orders[i].order.fact.channel_order_id, id))
            return &read->orders[i];
    }
    return NULL;
}

static bool is_refused(const struct accept_list *read, struct sp_text id)
{
    for (size_t i = 0; i < read->refused_count; i++) {
        if (sp_text_equal(read->refused[i].id, id))
            return true;
    }
    return false;
}

/* `notice_s` is 0 when nobody but ourselves asked. */
static void observe_webhook(const struct fetch_task *task)
{
    int64_t late_us = task->made_us - task->notice_s * 1000000;
    if (task->notice_s > 0 && late_us >= 0)
        sp_metric_observe_us(&webhook_delay, NULL, late_us);
}

static void take_task(struct fetch_round *round, const struct accept_list *read,
                      const struct fetch_task *task)
{
    struct accept_order *order = find_order(read, task->id);
    if (order != NULL) {
        order->from.always = task->always;
        order->from.way = task->always ? WAY_FETCH : WAY_WEBHOOK;
    }
    /* A copy that lags behind the notice: what it shows is kept, and asked for again. */
    bool is_there = order != NULL && order->order.fact.updated_at >= task->notice_s;
    if (is_there)
        observe_webhook(task);
    /* What cannot be read becomes a dead letter, and that asks again when a person says so. */
    if (is_there || is_refused(read, task->id))
        end_task(round, task, FETCH_DONE, 0);
    else
        try_again(round, task);
}

static void take_orders(struct sp_ctx *ctx, struct fetch_round *round, size_t at)
{
    const struct fetch_call *call = &round->calls[at];
    const struct fetch_task *first = &call->tasks[0];
    struct accept_source from = {first->access.shop, first->began_us, first->orders_from_s, false,
                                 WAY_UNTOLD};
    struct accept_list read = {.orders = round->list.orders + round->list.count,
                               .refused = round->list.refused + round->list.refused_count};
    accept_read_orders(ctx, sp_json_get(round->http[at].answer.data, "orders"), &from, call->count,
                       &read);
    round->list.count += read.count;
    round->list.refused_count += read.refused_count;
    for (size_t i = 0; i < call->count; i++)
        take_task(round, &read, &call->tasks[i]);
}

static void end_call(struct fetch_round *round, const struct fetch_call *call,
                     enum fetch_outcome outcome, int64_t wait_ms)
{
    for (size_t i = 0; i < call->count; i++)
        end_task(round, &call->tasks[i], outcome, wait_ms);
}

/* One id of many may be at fault: each by itself. */
static void take_apart(struct fetch_round *round, const struct fetch_call *call)
{
    if (call->count > 1)
        end_call(round, call, FETCH_ALONE, 0);
    else
        try_again(round, &call->tasks[0]);
}

static void take_answer(struct sp_ctx *ctx, struct fetch_round *round, size_t at)
{
    const struct fetch_call *call = &round->calls[at];
    const struct tiktok_call *http = &round->http[at];
    switch (http->answer.outcome) {
    case TIKTOK_DONE:
        take_orders(ctx, round, at);
        break;
    case TIKTOK_LATER:
        end_call(round, call, FETCH_LATER, http->wait_ms);
        break;
    case TIKTOK_TOKEN:
        store_token_refused(ctx, call->tasks[0].access.shop.account_id,
                            call->tasks[0].access.grant_id);
        end_call(round, call, FETCH_LATER, TOKEN_WAIT_MS);
        break;
    case TIKTOK_CONSENT:
        end_call(round, call, FETCH_LATER, CONSENT_WAIT_MS);
        break;
    case TIKTOK_REFUSED:
    case TIKTOK_TOO_BIG:
        take_apart(round, call);
        break;
    }
}

static enum sp_result try_store(struct sp_ctx *ctx, struct fetch_round *round)
{
    round->end_count = round->planned_ends;
    round->list = (struct accept_list){.orders = round->orders, .refused = round->refused};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < round->call_count; i++)
        take_answer(ctx, round, i);
    result = accept_orders(ctx, &round->list);
    if (result == SP_OK) {
        store_end_fetches(ctx, round->ends, round->end_count);
        return sp_commit(ctx);
    }
    sp_rollback(ctx);
    return result;
}

static enum sp_result store_round(struct sp_ctx *ctx, struct fetch_round *round)
{
    enum sp_result result = SP_RETRY;
    for (int tries = 0; tries < STORE_TRIES && result == SP_RETRY; tries++) {
        result = try_store(ctx, round);
        if (sp_db_outcome(sp_ctx_db(ctx)) != SP_DB_AGAIN)
            break;
    }
    return result;
}

/* Something read breaks a rule of the tables: each order by itself, so that it alone suffers. */
static enum sp_result store_apart(struct sp_ctx *ctx, struct fetch_round *round)
{
    sp_log(SP_ERROR, "fetch-refused", "error", sp_ctx_error(ctx)->text, NULL);
    round->end_count = 0;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < round->task_count; i++) {
        if (round->tasks[i].alone)
            try_again(round, &round->tasks[i]);
        else
            end_task(round, &round->tasks[i], FETCH_ALONE, 0);
    }
    store_end_fetches(ctx, round->ends, round->end_count);
    return sp_commit(ctx);
}

enum sp_result fetch_orders(struct sp_ctx *ctx)
{
    struct fetch_round *round = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *round);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_fetches(ctx, round->tasks, FETCH_MOST, &round->task_count);
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
    if (result == SP_REJECT)
        result = store_apart(ctx, round);
    tiktok_release(round->http, round->call_count);
    bool more = round->task_count == FETCH_MOST || round->call_count == TIKTOK_CALLS;
    return result == SP_OK && more ? SP_AGAIN : result;
}
