/* Names and settings that other services own. */
#include "services/order-ingest/handlers.h"

#include "services/order-ingest/store.h"

int claim_shop_saved(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_shops(ctx, messages, count);
}

int claim_account_saved(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_accounts(ctx, messages, count);
}

int claim_warehouse_saved(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_warehouses(ctx, messages, count);
}

enum sp_result on_shop_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct shop_saved *shops = batch->messages;
    for (size_t i = 0; i < batch->count; i++) {
        if (sp_text_is(shops[i].state, "DISCONNECTED"))
            store_end_runs(ctx, &shops[i]);
    }
    return SP_OK;
}

enum sp_result on_reference_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}
