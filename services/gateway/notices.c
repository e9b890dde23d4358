/* Notices: taken in as facts, listed for people; and the job that forgets what has ended. */
#include "services/gateway/design_lease_store.h"
#include "services/gateway/notice_store.h"
#include "services/gateway/service.h"
#include "services/gateway/session_store.h"

enum { LIST_DEFAULT = 50, LIST_MOST = 200, FORGET_EVERY_MS = 10 * 60 * 1000 };

static int claim_notices(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_notices(sp_ctx_db(ctx), messages, count);
}

/* The claim has written the rows; nothing follows from a notice. */
static enum sp_result on_notice_raised(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    (void)ctx, (void)batch;
    return SP_OK;
}

static enum sp_result ask_notices(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    int64_t before = 0, limit = 0;
    if (sp_ask_int(ctx, ask, "cursor", (struct sp_range){0, 1, INT64_MAX}, &before) != SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){LIST_DEFAULT, 1, LIST_MOST}, &limit) !=
            SP_OK)
        return SP_REJECT;
    answer->status = 200;
    return store_list_notices(ctx, ask->account_id, before, limit, &answer->body);
}

static enum sp_result forget_ended(struct sp_ctx *ctx)
{
    enum sp_result result = store_forget_ended(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    result = store_forget_leases(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    return store_forget_notices(sp_ctx_db(ctx), sp_ctx_error(ctx));
}

const struct sp_route gateway_message_routes[] = {
    {&notice_raised_message, claim_notices, on_notice_raised},
    {0},
};

const struct sp_ask_route gateway_asks[] = {
    {.name = "gateway.notices", .permission = NULL, .run = ask_notices},
    {0},
};

const struct sp_job gateway_jobs[] = {
    {"forget-ended", FORGET_EVERY_MS, forget_ended},
    {0},
};
