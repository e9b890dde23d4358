#include "services/inventory/handlers.h"

#include "services/inventory/order_flow.h"

struct rejection {
    struct sp_ctx *ctx;
    const struct sp_batch *batch;
};

static void reject_one(void *context, size_t i, const char *reason)
{
    const struct rejection *rejection = context;
    sp_reject(rejection->ctx, rejection->batch, i, "%s", reason);
}

static enum sp_result on_order_mapped(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_mapped *orders = batch->messages;
    struct order_case *cases = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *cases);
    for (size_t i = 0; i < batch->count; i++) {
        cases[i].fact = &orders[i];
        cases[i].fresh = sp_row_bool(batch->claimed, batch->claimed_row[i], CLAIM_FRESH);
    }
    struct rejection rejection = {ctx, batch};
    struct order_flow flow = {.cases = cases,
                              .count = batch->count,
                              .why = NEW_FACTS,
                              .reject = reject_one,
                              .context = &rejection};
    return order_flow_run(ctx, &flow);
}

/* The claim has written the copy; orders of the shop follow by the job. */
static enum sp_result on_shop_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct shop_saved *shops = batch->messages;
    struct shop_ref *refs = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *refs);
    for (size_t i = 0; i < batch->count; i++)
        refs[i] = (struct shop_ref){shops[i].head.account_id, shops[i].shop_id};
    store_mark_heal(ctx, refs, batch->count);
    sp_wake(ctx, "heal-shops");
    return SP_OK;
}

static enum sp_result on_listing_mapped(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    store_save_listing_uses(ctx, batch->messages, batch->count);
    sp_wake(ctx, "push-levels");
    return SP_OK;
}

/* Of accounts and variants only the copy is kept: for people, who want names. */
static enum sp_result on_copy_kept(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}

const struct sp_route inventory_routes[] = {
    {&order_mapped_message, store_claim_orders, on_order_mapped},
    {&fulfilment_requested_message, store_claim_issues, on_fulfilment_requested},
    {&goods_returned_message, store_claim_returns, on_goods_returned},
    {&listing_mapped_message, store_claim_listings, on_listing_mapped},
    {&shop_saved_message, store_claim_shops, on_shop_saved},
    {&variant_saved_message, store_claim_variants, on_copy_kept},
    {&account_saved_message, store_claim_accounts, on_copy_kept},
    {0},
};
