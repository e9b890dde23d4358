/* Orders and stages: the two facts the order book lives from. */
#include "services/order-ingest/handlers.h"

#include "services/order-ingest/store.h"

/* ---- channel.order
 * ---------------------------------------------------------------------------------- */

static int claim_channel_order(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_orders(ctx, messages, count);
}

static void note_changed(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_order *orders = batch->messages;
    const struct sp_head **heads = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *heads);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (store_claimed_change(batch, i) != ORDER_UNCHANGED)
            heads[count++] = &orders[i].head;
    }
    store_note_changes(ctx, heads, count);
}

/* Passes on what changed.  A revision with the same content was asked for by a run or a person: it
 * is noted in the row, and downstream already has it. */
static enum sp_result emit_recorded(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct channel_order *orders = batch->messages;
    struct order_recorded *recorded = sp_arena_array(arena, batch->count, sizeof *recorded);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (store_claimed_change(batch, i) == ORDER_UNCHANGED)
            continue;
        ingest_record(&orders[i], sp_claimed_rev(batch, i), arena, &recorded[count]);
        recorded[count++].deleted = store_claimed_deleted(batch, i);
    }
    return sp_emit(ctx, &order_recorded_message, recorded, count);
}

static enum sp_result keep_orders(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    store_put_buyers(ctx, batch);
    store_put_tracking(ctx, batch);
    store_note_statuses(ctx, batch);
    note_changed(ctx, batch);
    return emit_recorded(ctx, batch);
}

static enum sp_result on_channel_order(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_order *orders = batch->messages;
    size_t rejected = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_error why;
        if (ingest_check_order(&orders[i], &why) == SP_OK)
            continue;
        sp_reject(ctx, batch, i, "%s", why.text);
        rejected++;
    }
    if (rejected > 0)
        return SP_OK; /* the others come back in a batch without these */
    return keep_orders(ctx, batch);
}

enum sp_result ingest_take_orders(struct sp_ctx *ctx, const struct channel_order orders[],
                                  size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    size_t *rows = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *rows);
    int slot = store_claim_orders(ctx, orders, count);
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    struct sp_batch batch = {orders, count, sp_result(db, slot), rows};
    if (sp_rows_count(batch.claimed) != count)
        return sp_fail(sp_ctx_error(ctx), SP_RETRY, "somebody else took an order in meanwhile");
    for (size_t i = 0; i < count; i++) {
        while (!sp_text_equal(sp_row_text(batch.claimed, rows[i], 1), orders[i].head.key))
            rows[i]++;
    }
    return keep_orders(ctx, &batch);
}

/* ---- order.staged: here the ring ends, nothing is emitted
 * ------------------------------------------------ */

static int claim_order_staged(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_stages(ctx, messages, count);
}

static enum sp_result on_order_staged(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_staged *stages = batch->messages;
    const struct sp_head **heads = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *heads);
    for (size_t i = 0; i < batch->count; i++)
        heads[i] = &stages[i].head;
    store_note_changes(ctx, heads, batch->count);
    store_note_stages(ctx, batch);
    return SP_OK;
}

const struct sp_route ingest_routes[] = {
    {&channel_order_message, claim_channel_order, on_channel_order},
    {&order_staged_message, claim_order_staged, on_order_staged},
    {&import_progressed_message, claim_import_progressed, on_import_progressed},
    {&day_listed_message, claim_day_listed, on_day_listed},
    {&channel_return_message, claim_channel_return, on_channel_return},
    {&action_progressed_message, claim_action_progressed, on_action_progressed},
    {&channel_settlement_message, claim_channel_settlement, on_channel_settlement},
    {&channel_statement_message, claim_channel_statement, on_channel_statement},
    {&shop_saved_message, claim_shop_saved, on_shop_saved},
    {&account_saved_message, claim_account_saved, on_reference_saved},
    {&warehouse_saved_message, claim_warehouse_saved, on_reference_saved},
    {0},
};
