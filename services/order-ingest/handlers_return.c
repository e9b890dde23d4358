/* Cancellations, returns and refunds as the marketplace has them, and what became of what people
 * did about them.  Nothing is passed on. */
#include "services/order-ingest/handlers.h"

#include "services/order-ingest/return_store.h"
#include "services/order-ingest/store.h"

/* Live screens know orders: a return's or an action's is what changed. */
static void note_orders(struct sp_ctx *ctx, const struct sp_head orders[], size_t count)
{
    const struct sp_head **heads = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *heads);
    for (size_t i = 0; i < count; i++)
        heads[i] = &orders[i];
    store_note_changes(ctx, heads, count);
}

int claim_channel_return(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_returns(ctx, messages, count);
}

enum sp_result on_channel_return(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct channel_return *facts = batch->messages;
    struct sp_head *orders = sp_arena_array(arena, batch->count, sizeof *orders);
    size_t rejected = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_error why;
        orders[i] = facts[i].head;
        orders[i].key = sp_arena_printf(arena, "%lld-%.*s", (long long)facts[i].shop_id,
                                        SP_FMT(facts[i].channel_order_id));
        if (return_check(&facts[i], &why) == SP_OK)
            continue;
        sp_reject(ctx, batch, i, "%s", why.text);
        rejected++;
    }
    if (rejected == 0) /* else the others come back in a batch without these */
        note_orders(ctx, orders, batch->count);
    return SP_OK;
}

int claim_action_progressed(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_progress(ctx, messages, count);
}

enum sp_result on_action_progressed(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    static const char *const states[] = {"ACCEPTED", "REFUSED", "UNKNOWN"};
    const struct action_progressed *facts = batch->messages;
    struct sp_head *orders = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *orders);
    for (size_t i = 0; i < batch->count; i++) {
        orders[i] = facts[i].head;
        orders[i].key = sp_row_text(batch->claimed, batch->claimed_row[i], 3);
        if (sp_text_among(facts[i].state, states, SP_COUNT(states)) < 0)
            sp_reject(ctx, batch, i, "the state %.*s is not known", SP_FMT(facts[i].state));
    }
    note_orders(ctx, orders, batch->count);
    return SP_OK;
}
