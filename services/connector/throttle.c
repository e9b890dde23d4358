/* Calls and the budgets of their shops. */
#include "services/connector/throttle.h"

#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/budget_store.h"

enum { AWAY_MS = 1000 };

static struct sp_metric troubles =
    SP_METRIC_COUNTER("sampan_connector_budget_troubles_total",
                      "Calls that were too many, and calls that failed, by kind", "kind");

static const char *const busy_names[TIKTOK_CLASSES] = {"ship-busy", "admin-busy", "fetch-busy",
                                                       "write-busy", "sweep-busy"};
static const char *const failed_names[TIKTOK_CLASSES] = {
    "ship-failed", "admin-failed", "fetch-failed", "write-failed", "sweep-failed"};

struct budgets {
    struct shop_budget shops[THROTTLE_CALLS];
    size_t count;
    int64_t now_us, calls_per_s;
};

static struct budget *find_budget(struct budgets *budgets, int64_t shop_id)
{
    for (size_t i = 0; i < budgets->count; i++) {
        if (budgets->shops[i].shop_id == shop_id)
            return &budgets->shops[i].budget;
    }
    return NULL;
}

/* In rising order: whoever locks several locks them in the same order. */
static void add_shop(struct budgets *budgets, int64_t shop_id)
{
    if (find_budget(budgets, shop_id) != NULL)
        return;
    size_t at = budgets->count++;
    for (; at > 0 && budgets->shops[at - 1].shop_id > shop_id; at--)
        budgets->shops[at] = budgets->shops[at - 1];
    budgets->shops[at] = (struct shop_budget){.shop_id = shop_id};
}

static enum sp_result lock(struct sp_ctx *ctx, struct budgets *budgets)
{
    budgets->calls_per_s = sp_config_int(sp_ctx_config(ctx), "SAMPAN_TIKTOK_CALL_RATE");
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_lock_budgets(ctx, budgets->shops, budgets->count, &budgets->now_us);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result;
}

static enum sp_result save(struct sp_ctx *ctx, const struct budgets *budgets)
{
    store_save_budgets(ctx, budgets->shops, budgets->count);
    return sp_commit(ctx);
}

/* ---- taking
 * -----------------------------------------------------------------------------------------------
 */

static enum sp_result take(struct sp_ctx *ctx, struct throttle_call calls[], size_t count)
{
    struct budgets budgets = {0};
    for (size_t i = 0; i < count; i++)
        add_shop(&budgets, calls[i].shop_id);
    enum sp_result result = lock(ctx, &budgets);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count; i++) {
        struct budget *budget = find_budget(&budgets, calls[i].shop_id);
        calls[i].troubled = budget_is_troubled(budget, calls[i].kind);
        calls[i].began_us = budgets.now_us;
        calls[i].wait_ms = budget_take(budget, calls[i].kind, budgets.calls_per_s, budgets.now_us);
    }
    return save(ctx, &budgets);
}

void throttle_take(struct sp_ctx *ctx, struct throttle_call calls[], size_t count)
{
    SP_ASSERT(count <= THROTTLE_CALLS);
    if (count == 0 || take(ctx, calls, count) == SP_OK)
        return;
    sp_log(SP_WARN, "budget-not-taken", "error", sp_ctx_error(ctx)->text, NULL);
    for (size_t i = 0; i < count; i++)
        calls[i].wait_ms = AWAY_MS;
}

/* ---- what came of them
 * --------------------------------------------------------------------------------------------- */

static bool is_news(const struct throttle_call *call)
{
    return call->answer != NULL && (call->troubled || call->answer->outcome == TIKTOK_LATER);
}

static void note(struct budgets *budgets, const struct throttle_call *call)
{
    struct budget *budget = find_budget(budgets, call->shop_id);
    struct budget_answer answer = {
        .kind = call->kind,
        .began_us = call->began_us,
        .retry_after_ms = call->retry_after_ms,
        .calls_per_s = budgets->calls_per_s,
    };
    sp_random(&answer.random, sizeof answer.random);
    if (call->answer->outcome != TIKTOK_LATER)
        budget_succeeded(budget, &answer);
    else if (call->answer->busy)
        budget_was_busy(budget, &answer, budgets->now_us);
    else
        budget_failed(budget, &answer, budgets->now_us);
}

static void count_trouble(const struct throttle_call *call)
{
    if (call->answer->outcome == TIKTOK_LATER)
        sp_metric_add(&troubles,
                      call->answer->busy ? busy_names[call->kind] : failed_names[call->kind], 1);
}

void throttle_note(struct sp_ctx *ctx, const struct throttle_call calls[], size_t count)
{
    SP_ASSERT(count <= THROTTLE_CALLS);
    struct budgets budgets = {0};
    for (size_t i = 0; i < count; i++) {
        if (!is_news(&calls[i]))
            continue;
        add_shop(&budgets, calls[i].shop_id);
        count_trouble(&calls[i]);
    }
    if (budgets.count == 0)
        return;
    enum sp_result result = lock(ctx, &budgets);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        if (is_news(&calls[i]))
            note(&budgets, &calls[i]);
    }
    if (result == SP_OK)
        result = save(ctx, &budgets);
    /* The work itself will say that the database is away; the marketplace will say once more that
     * the calls are too many. */
    if (result != SP_OK)
        sp_log(SP_WARN, "budget-not-noted", "error", sp_ctx_error(ctx)->text, NULL);
}
