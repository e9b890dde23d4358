/* Keeping grants alive: refreshing tokens, showing and saying when one ends. */
#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/text.h"
#include "services/connector/access.h"
#include "services/connector/activity_store.h"
#include "services/connector/budget.h"
#include "services/connector/call.h"
#include "services/connector/fetch_store.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/progress.h"
#include "services/connector/tokens.h"

enum { REFRESH_MOST = 8, WAIT_MAX_MS = 10 * 60 * 1000, SUBJECT_MAX = 96 };

static struct sp_metric refreshes = SP_METRIC_COUNTER("sampan_connector_token_refreshes_total",
                                                      "Refreshes of sellers' tokens", "outcome");

/* ---- refreshing
 * -------------------------------------------------------------------------------------------- */

static void prepare_call(struct sp_ctx *ctx, const struct grant_task *task,
                         struct tiktok_call *call)
{
    const struct sp_config *config = sp_ctx_config(ctx);
    struct grant_secret secret = {task->account_id, task->grant_id, "refresh"};
    struct sp_text token = {0};
    if (unseal_for_grant(ctx, &secret, task->refresh_sealed, &token) != SP_OK)
        sp_log(SP_ERROR, "token-damaged", "what", "refresh token: is SAMPAN_MASTER_KEY the same?",
               NULL);
    *call = (struct tiktok_call){
        .kind = TIKTOK_ADMIN, .method = "GET", .path = SP_TEXT("/api/v2/token/refresh")};
    tiktok_add_param(call, "app_key", sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_KEY")));
    tiktok_add_param(call, "app_secret",
                     sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_SECRET")));
    tiktok_add_param(call, "refresh_token", token);
    tiktok_add_param(call, "grant_type", SP_TEXT("refresh_token"));
}

static void store_tokens(struct sp_ctx *ctx, const struct grant_task *task,
                         const struct token_pair *pair)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    struct grant_secret access = {task->account_id, task->grant_id, "access"};
    struct grant_secret refresh = {task->account_id, task->grant_id, "refresh"};
    struct grant_tokens tokens = {
        .access_sealed = seal_for_grant(ctx, &access, pair->access),
        .refresh_sealed = seal_for_grant(ctx, &refresh, pair->refresh),
        .access_ends_s = pair->access_ends_s,
        .ends_s = pair->ends_s,
        .refresh_s = tiktok_refresh_at(sp_now_us() / 1000000, pair->access_ends_s, random),
    };
    store_refreshed(ctx, task, &tokens);
}

static void note(struct sp_ctx *ctx, const struct grant_task *task, const char *event,
                 struct sp_text detail)
{
    struct activity activity = {.account_id = task->account_id,
                                .grant_id = task->grant_id,
                                .event = event,
                                .detail = detail};
    store_note_activities(ctx, &activity, 1);
}

static enum sp_result say_disconnected(struct sp_ctx *ctx, const struct grant_change *shop)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    sp_logf(SP_ERROR, "shop-state", "shop", "%lld DISCONNECTED", (long long)shop->shop.shop_id);
    struct notice_raised notice = {
        .head.account_id = shop->shop.account_id,
        .head.key =
            sp_arena_printf(arena, "shop/%lld/DISCONNECTED/%lld", (long long)shop->shop.shop_id,
                            (long long)(sp_now_us() / 1000000)),
        .event = SP_TEXT("SHOP_DISCONNECTED"),
        .subject = sp_text_fit(shop->alias, SUBJECT_MAX, arena),
        .text = sp_arena_printf(arena,
                                "%.*s: the seller withdrew the consent on the marketplace's side. "
                                "Its orders stay; connect it again to go on.",
                                SP_FMT(shop->alias)),
    };
    return notice_say(ctx, &notice);
}

/* A notice that the grant was taken back counts once the marketplace refuses its token: notices are
 * hints, and an old one may come late. */
static enum sp_result disconnect(struct sp_ctx *ctx, const struct grant_change changes[],
                                 size_t count)
{
    struct shop_key *shops = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *shops);
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        shops[i] = changes[i].shop;
        store_shop_event(ctx, shops[i], "taken-back", (struct sp_text){0}, (struct sp_text){0});
        result = store_disconnect(ctx, shops[i]);
        if (result == SP_REJECT) /* a person was faster */
            result = SP_OK;
        else if (result == SP_OK)
            result = say_disconnected(ctx, &changes[i]);
    }
    return result == SP_OK ? shops_say(ctx, shops, count) : result;
}

static enum sp_result take_refusal(struct sp_ctx *ctx, const struct grant_task *task,
                                   struct sp_text message)
{
    struct grant_change *changes;
    size_t count = 0;
    enum sp_result result = store_taken_back(ctx, task, &changes, &count);
    if (result != SP_OK)
        return result;
    note(ctx, task, "token-refused", message);
    if (count > 0)
        return disconnect(ctx, changes, count);
    store_refresh_refused(ctx, task, message);
    sp_wake(ctx, "review-grants");
    return SP_OK;
}

static enum sp_result take_answer(struct sp_ctx *ctx, const struct grant_task *task,
                                  const struct tiktok_call *call)
{
    struct token_pair pair;
    if (call->answer.outcome == TIKTOK_DONE &&
        tiktok_read_tokens(call->answer.data, sp_now_us() / 1000000, sp_ctx_arena(ctx), &pair,
                           sp_ctx_error(ctx)) == SP_OK) {
        store_tokens(ctx, task, &pair);
        note(ctx, task, "token-refreshed", (struct sp_text){0});
        sp_metric_add(&refreshes, "done", 1);
        sp_wake(ctx, "review-grants");
        return SP_OK;
    }
    bool refused = call->answer.outcome == TIKTOK_CONSENT || call->answer.outcome == TIKTOK_REFUSED;
    sp_metric_add(&refreshes, refused ? "refused" : "later", 1);
    if (refused)
        return take_refusal(ctx, task, call->answer.message);
    struct sp_text problem =
        call->answer.message.size > 0 ? call->answer.message : SP_TEXT("NO_TOKENS");
    note(ctx, task, "token-late", problem);
    store_refresh_later(
        ctx, task,
        budget_backoff_ms(task->tries + 1, call->wait_ms, WAIT_MAX_MS, (uint32_t)sp_monotonic_us()),
        problem);
    return SP_OK;
}

static enum sp_result store_answers(struct sp_ctx *ctx, const struct grant_task tasks[],
                                    const struct tiktok_call calls[], size_t count)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count && result == SP_OK; i++)
        result = take_answer(ctx, &tasks[i], &calls[i]);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result refresh_tokens(struct sp_ctx *ctx)
{
    struct grant_task tasks[REFRESH_MOST];
    struct tiktok_call calls[REFRESH_MOST];
    size_t count = 0;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_refreshes(ctx, tasks, REFRESH_MOST, &count);
    if (result != SP_OK || count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < count; i++)
        prepare_call(ctx, &tasks[i], &calls[i]);
    tiktok_perform(ctx, calls, count);
    result = store_answers(ctx, tasks, calls, count);
    tiktok_release(calls, count);
    return result == SP_OK && count == REFRESH_MOST ? SP_AGAIN : result;
}

/* ---- showing
 * ------------------------------------------------------------------------------------------------
 */

static enum sp_result say_change(struct sp_ctx *ctx, const struct grant_change *change)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    bool well = sp_text_is(change->state, "CONNECTED");
    store_shop_event(ctx, change->shop, well ? "grant-well" : "grant-trouble", (struct sp_text){0},
                     change->problem);
    sp_logf(well ? SP_INFO : SP_ERROR, "shop-state", "shop", "%lld %.*s",
            (long long)change->shop.shop_id, SP_FMT(change->state));
    if (well)
        return SP_OK;
    bool over = sp_text_is(change->state, "EXPIRED");
    /* A grant that merely nears its end has its own warnings, with the days that are left. */
    if (!over && change->problem.size == 0)
        return SP_OK;
    struct notice_raised notice = {
        .head.account_id = change->shop.account_id,
        .head.key = sp_arena_printf(arena, "shop/%lld/%.*s/%lld", (long long)change->shop.shop_id,
                                    SP_FMT(change->state), (long long)(sp_now_us() / 1000000)),
        .event = over ? SP_TEXT("SHOP_EXPIRED") : SP_TEXT("SHOP_EXPIRING"),
        .subject = sp_text_fit(change->alias, SUBJECT_MAX, arena),
        .text =
            sp_arena_printf(arena, "%.*s: %.*s. Authorise the shop again. %.*s",
                            SP_FMT(change->alias), SP_FMT(change->state), SP_FMT(change->problem)),
    };
    return notice_say(ctx, &notice);
}

static enum sp_result review(struct sp_ctx *ctx)
{
    struct grant_change *changes;
    size_t count = 0;
    enum sp_result result = store_review_shops(ctx, &changes, &count);
    if (result != SP_OK || count == 0)
        return result;
    struct shop_key *shops = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *shops);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        shops[i] = changes[i].shop;
        result = say_change(ctx, &changes[i]);
    }
    return result == SP_OK ? shops_say(ctx, shops, count) : result;
}

static enum sp_result warn(struct sp_ctx *ctx)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct grant_warning *warnings;
    size_t count = 0;
    enum sp_result result = store_take_warnings(ctx, &warnings, &count);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        const struct grant_warning *warning = &warnings[i];
        struct notice_raised notice = {
            .head.account_id = warning->account_id,
            .head.key = sp_arena_printf(arena, "grant/%lld/%lld", (long long)warning->grant_id,
                                        (long long)warning->days),
            .event = SP_TEXT("SHOP_EXPIRING"),
            .text = sp_arena_printf(arena,
                                    "The consent of %.*s ends within %lld days. Authorise the "
                                    "shop again in time.",
                                    SP_FMT(warning->seller_name), (long long)warning->days),
        };
        result = notice_say(ctx, &notice);
    }
    return result;
}

enum sp_result review_grants(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = review(ctx);
    if (result == SP_OK)
        result = warn(ctx);
    if (result == SP_OK)
        result = store_prune_notices(ctx);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}
