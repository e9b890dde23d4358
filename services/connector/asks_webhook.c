/* Webhooks: verified, kept, and what they ask for made due, all of a storm in one transaction. */
#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/activity_store.h"
#include "services/connector/asks.h"
#include "services/connector/fetch_store.h"
#include "services/connector/sign.h"

static struct sp_metric webhooks = SP_METRIC_COUNTER("sampan_connector_webhooks_total",
                                                     "Webhooks by what became of them", "result");

static bool is_signed(struct sp_ctx *ctx, const struct sp_ask *ask)
{
    const struct sp_config *config = sp_ctx_config(ctx);
    return tiktok_webhook_signed(sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_KEY")),
                                 sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_SECRET")),
                                 ask->body, sp_ask_param(ask, "signature"));
}

/* An old kind of notice has no id: the same bytes are the same notice. */
static void name_notice(struct sp_ctx *ctx, struct sp_text raw, struct webhook_notice *notice)
{
    if (notice->notification_id.size > 0)
        return;
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(raw, digest);
    notice->notification_id = sp_hex(sp_ctx_arena(ctx), digest, 24);
}

/* NULL: nothing to keep; the answer says why. */
static const struct webhook_notice *read_one(struct sp_ctx *ctx, const struct sp_ask *ask,
                                             struct sp_answer *answer)
{
    struct sp_error err;
    if (!is_signed(ctx, ask)) {
        sp_metric_add(&webhooks, "unsigned", 1);
        (void)sp_answer_problem(answer, 401, "BAD_SIGNATURE", "the signature is wrong");
        return NULL;
    }
    struct webhook_notice *notice = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *notice);
    answer->status = 200;
    if (tiktok_read_webhook(ask->body, sp_ctx_arena(ctx), notice, &err) != SP_OK) {
        /* Signed by the marketplace and no notice: sending it again would not mend it. */
        sp_metric_add(&webhooks, "unreadable", 1);
        sp_log(SP_WARN, "webhook-unreadable", "reason", err.text, NULL);
        return NULL;
    }
    name_notice(ctx, ask->body, notice);
    if (!notice->known)
        sp_logf(SP_WARN, "webhook-unknown", "type", "%lld", (long long)notice->type);
    sp_metric_add(&webhooks, notice->known ? "taken" : "unknown", 1);
    return notice;
}

/* The shop's history says what its seller's marketplace says and we do not understand. */
static void note_unknown(struct sp_ctx *ctx, const struct webhook_notice *const notices[],
                         size_t count)
{
    struct activity unknown[ACTIVITIES];
    size_t unknown_count = 0;
    for (size_t i = 0; i < count && unknown_count < ACTIVITIES; i++) {
        if (notices[i]->known)
            continue;
        unknown[unknown_count++] = (struct activity){
            .channel_shop_id = notices[i]->channel_shop_id,
            .event = "webhook-unknown",
            .detail = sp_arena_printf(sp_ctx_arena(ctx), "type %lld", (long long)notices[i]->type),
        };
    }
    store_note_activities(ctx, unknown, unknown_count);
}

enum sp_result ask_webhooks(struct sp_ctx *ctx, const struct sp_ask asks[],
                            struct sp_answer answers[], size_t count)
{
    const struct webhook_notice **notices =
        sp_arena_array(sp_ctx_arena(ctx), count, sizeof(struct webhook_notice *));
    bool orders = false, lists = false, grants = false;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct webhook_notice *notice = read_one(ctx, &asks[i], &answers[i]);
        if (notice == NULL)
            continue;
        notices[kept++] = notice;
        orders |= webhook_names_orders(notice);
        lists |= webhook_wants_lists(notice);
        grants |= notice->effect == WEBHOOK_GRANT || notice->effect == WEBHOOK_TAKEN_BACK;
    }
    if (kept > 0)
        store_take_notices(ctx, notices, kept);
    note_unknown(ctx, notices, kept);
    if (orders)
        sp_wake(ctx, "fetch-orders");
    if (lists)
        sp_wake(ctx, "pull-pages");
    if (grants) {
        sp_wake(ctx, "refresh-tokens");
        sp_wake(ctx, "review-grants");
    }
    return SP_OK;
}
