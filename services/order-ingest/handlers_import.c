/* How far an import run is, page by page. */
#include "services/order-ingest/handlers.h"

#include "services/order-ingest/store.h"

int claim_import_progressed(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_pages(ctx, messages, count);
}

enum sp_result on_import_progressed(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    store_put_pages(ctx, batch);
    return SP_OK;
}
