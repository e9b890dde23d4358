/* Forgetting: buyers' data when it expires, change rows when nobody can still want them. */
#include "services/order-ingest/jobs.h"

#include "services/order-ingest/store.h"

enum { BUYERS_AT_ONCE = 1000 };

static enum sp_result forget_buyers(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    enum sp_result purged = store_purge_buyers(ctx, BUYERS_AT_ONCE);
    result = purged == SP_RETRY ? SP_RETRY : sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result == SP_OK ? purged : result;
}

static enum sp_result forget_changes(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_purge_changes(ctx);
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    return result;
}

const struct sp_job ingest_jobs[] = {
    {.name = "forget-buyers", .every_ms = 600000, .run = forget_buyers},
    {.name = "forget-changes", .every_ms = 30000, .run = forget_changes},
    {0},
};
