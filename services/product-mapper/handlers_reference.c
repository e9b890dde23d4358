/* Accounts and shops: names and settings that other services own. */
#include "services/product-mapper/handlers.h"

#include "services/product-mapper/store.h"

int claim_shop_saved(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_shops(ctx, messages, count);
}

int claim_account_saved(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_accounts(ctx, messages, count);
}

enum sp_result on_reference_saved(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx;
    (void)batch;
    return SP_OK;
}
