/* Reads back what listings show: a number that was changed behind our back is told again. */
#include <stdlib.h>

#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/access.h"
#include "services/connector/call.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/probe_store.h"
#include "services/connector/stock_json.h"

enum { PROBE_MOST = 500 /* quantities in a round; the marketplace takes 600 SKUs in a call */ };

static struct sp_metric drifted =
    SP_METRIC_COUNTER("sampan_connector_stock_drift_total",
                      "Quantities that listings showed otherwise than told, told again", NULL);

struct probe_round {
    struct probe_task *tasks;
    size_t task_count, at; /* at: those before have been asked for */
    struct probe_end *ends;
    size_t end_count;
    bool token_refused;
};

static int by_shop(const void *left, const void *right)
{
    const struct probe_task *a = left, *b = right;
    int64_t one = a->access.shop.shop_id, other = b->access.shop.shop_id;
    return one == other ? sp_text_compare(a->sku_id, b->sku_id) : one < other ? -1 : 1;
}

static size_t same_shop(const struct probe_round *round)
{
    size_t end = round->at;
    while (end < round->task_count &&
           round->tasks[end].access.shop.shop_id == round->tasks[round->at].access.shop.shop_id)
        end++;
    return end - round->at;
}

static struct sp_text body_of(struct sp_ctx *ctx, const struct probe_task tasks[], size_t count)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "sku_ids");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !sp_text_equal(tasks[i].sku_id, tasks[i - 1].sku_id))
            sp_json_put_string(&json, NULL, tasks[i].sku_id);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(sp_ctx_arena(ctx), sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

static void ask(struct sp_ctx *ctx, const struct probe_task tasks[], size_t count,
                struct tiktok_call *call)
{
    *call = (struct tiktok_call){
        .kind = TIKTOK_SWEEP,
        .shop_id = tasks[0].access.shop.shop_id,
        .method = "POST",
        .path = SP_TEXT("/product/202309/inventory/search"),
        .token = unseal_access(ctx, &tasks[0].access),
        .cipher = tasks[0].access.cipher,
        .body = body_of(ctx, tasks, count),
        .now_s = tasks[0].now_s,
    };
    tiktok_perform(ctx, call, 1);
}

static void take_answer(struct sp_ctx *ctx, struct probe_round *round, size_t count,
                        const struct tiktok_call *call)
{
    struct stock_line *lines;
    size_t line_count = tiktok_read_shown(call->answer.data, sp_ctx_arena(ctx), &lines);
    for (size_t i = 0; i < count; i++) {
        const struct probe_task *task = &round->tasks[round->at + i];
        struct probe_end *end = &round->ends[round->end_count++];
        *end = (struct probe_end){.task = task, .shown = -1};
        for (size_t at = 0; at < line_count; at++) {
            if (sp_text_equal(lines[at].sku_id, task->sku_id) &&
                sp_text_equal(lines[at].channel_warehouse_id, task->channel_warehouse_id))
                end->shown = lines[at].quantity;
        }
    }
}

/* What was not answered is due again when the lease ends. */
static enum sp_result probe_shop(struct sp_ctx *ctx, struct probe_round *round, size_t count)
{
    struct tiktok_call call;
    const struct shop_access *access = &round->tasks[round->at].access;
    int64_t every_ms = sp_config_int(sp_ctx_config(ctx), "SAMPAN_PROBE_STOCK_EVERY"), found = 0;
    round->end_count = 0;
    ask(ctx, round->tasks + round->at, count, &call);
    if (call.answer.outcome == TIKTOK_DONE)
        take_answer(ctx, round, count, &call);
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK && call.answer.outcome == TIKTOK_TOKEN)
        store_token_refused(ctx, access->shop.account_id, access->grant_id);
    if (result == SP_OK && round->end_count > 0)
        result = store_end_probes(ctx, round->ends, round->end_count, every_ms, &found);
    if (result == SP_OK)
        result = sp_commit(ctx);
    else
        sp_rollback(ctx);
    tiktok_release(&call, 1);
    if (result != SP_OK || found == 0)
        return result;
    sp_metric_add(&drifted, NULL, found);
    sp_logf(SP_WARN, "stock-drifted", "shop", "%lld", (long long)access->shop.shop_id);
    sp_wake(ctx, "push-stock");
    return SP_OK;
}

enum sp_result probe_stock(struct sp_ctx *ctx)
{
    struct probe_round round = {0};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_probes(ctx, PROBE_MOST, &round.tasks, &round.task_count);
    if (result != SP_OK || round.task_count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    qsort(round.tasks, round.task_count, sizeof *round.tasks, by_shop);
    round.ends = sp_arena_array(sp_ctx_arena(ctx), round.task_count, sizeof *round.ends);
    while (result == SP_OK && round.at < round.task_count) {
        size_t count = same_shop(&round);
        result = probe_shop(ctx, &round, count);
        round.at += count;
    }
    return result == SP_OK && round.task_count == PROBE_MOST ? SP_AGAIN : result;
}
