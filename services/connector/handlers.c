/* What the connector does with each fact it receives. */
#include "services/connector/handlers.h"

#include "services/connector/day_store.h"
#include "services/connector/fetch_store.h"
#include "services/connector/stock_store.h"
#include "services/connector/value.h"

/* ---- account.saved
 * ------------------------------------------------------------------------------------------- */

static int claim_accounts(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_accounts(ctx, messages, count);
}

/* The claim has stored it all. */
static enum sp_result on_account_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}

/* ---- import.requested
 * ---------------------------------------------------------------------------------------- */

enum run_column { RUN_PAGES = 3, RUN_SEEN, RUN_TOTAL, RUN_FINISHED, RUN_SHOP_KNOWN };

static int claim_runs(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_runs(ctx, messages, count);
}

/* A run that will never begin, or was stopped, says so; the others speak with their pages. */
static struct import_progressed end_of_run(struct sp_ctx *ctx, const struct sp_batch *batch,
                                           size_t i)
{
    const struct import_requested *run = (const struct import_requested *)batch->messages + i;
    size_t row = batch->claimed_row[i];
    return (struct import_progressed){
        .head = {.account_id = run->head.account_id,
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld/end", (long long)run->run_id),
                 .rev = sp_rev_floor(ctx) + sp_row_int(batch->claimed, row, RUN_PAGES)},
        .run_id = run->run_id,
        .shop_id = run->shop_id,
        .orders_total = sp_row_int(batch->claimed, row, RUN_TOTAL),
        .orders_seen = sp_row_int(batch->claimed, row, RUN_SEEN),
        .finished = true,
        .failure = run->cancelled ? SP_TEXT("cancelled") : SP_TEXT("the shop is not connected"),
    };
}

static enum sp_result on_import_requested(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct import_requested *runs = batch->messages;
    struct import_progressed *ends = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *ends);
    size_t end_count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        bool known = sp_row_bool(batch->claimed, batch->claimed_row[i], RUN_SHOP_KNOWN);
        if (!known || runs[i].cancelled)
            ends[end_count++] = end_of_run(ctx, batch, i);
        if (!known)
            store_end_run(ctx, &runs[i]);
    }
    sp_wake(ctx, "pull-pages");
    return end_count == 0 ? SP_OK : sp_emit(ctx, &import_progressed_message, ends, end_count);
}

/* ---- order.wanted
 * -------------------------------------------------------------------------------------------- */

static int claim_wanted(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_wanted(ctx, messages, count);
}

static enum sp_result on_order_wanted(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_wanted *messages = batch->messages;
    const struct order_wanted **wanted =
        sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof(struct order_wanted *));
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (tiktok_is_id(messages[i].channel_order_id))
            wanted[count++] = &messages[i];
        else
            sp_reject(ctx, batch, i, "this is no order id of the marketplace");
    }
    store_want_orders(ctx, wanted, count);
    sp_wake(ctx, "fetch-orders");
    return SP_OK;
}

/* ---- day.wanted
 * ------------------------------------------------------------------------------------------------
 */

static int claim_days(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_days(ctx, messages, count);
}

/* The claim has set when it is due: time must pass first. */
static enum sp_result on_day_wanted(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}

/* ---- stock.level
 * --------------------------------------------------------------------------------------------- */

static int claim_levels(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_levels(ctx, messages, count);
}

static enum sp_result on_stock_level(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)batch;
    sp_wake(ctx, "push-stock");
    return SP_OK;
}

const struct sp_route connector_routes[] = {
    {&account_saved_message, claim_accounts, on_account_saved},
    {&import_requested_message, claim_runs, on_import_requested},
    {&order_wanted_message, claim_wanted, on_order_wanted},
    {&day_wanted_message, claim_days, on_day_wanted},
    {&stock_level_message, claim_levels, on_stock_level},
    {&shipment_requested_message, claim_shipments, on_shipment_requested},
    {&action_requested_message, claim_actions, on_action_requested},
    {0},
};
