/* Settlements and statements: kept as told; nothing is passed on. */
#include "services/order-ingest/handlers.h"

#include "services/order-ingest/settlement_rules.h"
#include "services/order-ingest/settlement_store.h"

int claim_channel_settlement(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_settlements(ctx, messages, count);
}

enum sp_result on_channel_settlement(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_settlement *facts = batch->messages;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_error why;
        if (settlement_check(&facts[i], &why) != SP_OK)
            sp_reject(ctx, batch, i, "%s", why.text);
    }
    return SP_OK;
}

int claim_channel_statement(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_statements(ctx, messages, count);
}

enum sp_result on_channel_statement(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct channel_statement *facts = batch->messages;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_error why;
        if (settlement_check_statement(&facts[i], &why) != SP_OK)
            sp_reject(ctx, batch, i, "%s", why.text);
    }
    return SP_OK;
}
