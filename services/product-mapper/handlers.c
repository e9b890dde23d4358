/* Orders: from the marketplace's SKUs to our variants. */
#include "services/product-mapper/handlers.h"

#include "services/product-mapper/decide.h"
#include "services/product-mapper/manual.h"
#include "services/product-mapper/store.h"

static int claim_order_recorded(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_orders(ctx, messages, count);
}

static enum sp_result on_order_recorded(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct order_recorded *orders = batch->messages;
    struct mapper_claim *claims = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *claims);
    size_t rejected = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_error why;
        claims[i].rev = sp_claimed_rev(batch, i);
        claims[i].link_rev = sp_row_int(batch->claimed, batch->claimed_row[i], CLAIM_LINK_REV);
        if (mapper_check_order(&orders[i], &why) == SP_OK)
            continue;
        sp_reject(ctx, batch, i, "%s", why.text);
        rejected++;
    }
    if (rejected > 0)
        return SP_OK; /* the others come back in a batch without these */
    enum sp_result result = mapper_meet_manual(ctx, orders, batch->count);
    return result == SP_OK ? mapper_decide(ctx, orders, claims, batch->count) : result;
}

const struct sp_route mapper_routes[] = {
    {&order_recorded_message, claim_order_recorded, on_order_recorded},
    {&channel_listing_message, claim_channel_listing, on_channel_listing},
    {&shop_saved_message, claim_shop_saved, on_reference_saved},
    {&account_saved_message, claim_account_saved, on_reference_saved},
    {0},
};
