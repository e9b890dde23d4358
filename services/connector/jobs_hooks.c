/* Where the marketplace sends a shop's webhooks: looked at once a day, and set where it is not
 * ours.
 */
#include <assert.h>

#include "services/connector/access.h"
#include "services/connector/activity_store.h"
#include "services/connector/call.h"
#include "services/connector/hook_store.h"
#include "services/connector/jobs.h"

enum {
    HOOK_SHOPS = 4,
    AGAIN_MS = 24 * 3600 * 1000, /* somebody may have changed it */
    LATER_MS = 60 * 1000,
    REFUSED_MS = 3600 * 1000,
};

/* Those whose content leads to something (webhook_json.c) and that have a name; the legacy one says
 * what newer ones say better. */
static const char *const topics[] = {
    "ORDER_STATUS_CHANGE",        "RECIPIENT_ADDRESS_UPDATE", "PACKAGE_UPDATE",
    "PRODUCT_STATUS_CHANGE",      "SELLER_DEAUTHORIZATION",   "UPCOMING_AUTHORIZATION_EXPIRATION",
    "CANCELLATION_STATUS_CHANGE", "RETURN_STATUS_CHANGE",     "PRODUCT_INFORMATION_CHANGE",
    "PRODUCT_CREATION",           "PRODUCT_CATEGORY_CHANGE",  "PRODUCT_AUDIT_STATUS_CHANGE",
    "INVOICE_STATUS_CHANGE",
};
enum { TOPICS = SP_COUNT(topics) };
static_assert((int)TOPICS <= (int)TIKTOK_CALLS, "they are set in one round");

struct hooks {
    const struct hook_task *task;
    struct sp_text address, token;
    bool is_ours[TOPICS];
    int64_t set;            /* how many were */
    int64_t wait_ms;        /* AGAIN_MS: all is well */
    struct sp_text problem; /* what the marketplace said */
};

static struct tiktok_call call_of(const struct hooks *hooks, const char *method)
{
    return (struct tiktok_call){
        .kind = TIKTOK_ADMIN,
        .shop_id = hooks->task->access.shop.shop_id,
        .method = method,
        .path = SP_TEXT("/event/202309/webhooks"),
        .token = hooks->token,
        .cipher = hooks->task->access.cipher,
        .now_s = hooks->task->now_s,
    };
}

/* What our own budget put off is nothing to tell. */
static void note_answer(struct sp_ctx *ctx, struct hooks *hooks, const struct tiktok_call *call)
{
    if (call->answer.outcome == TIKTOK_DONE)
        return;
    bool later = call->answer.outcome == TIKTOK_LATER || call->answer.outcome == TIKTOK_TOKEN;
    hooks->wait_ms = later ? LATER_MS : REFUSED_MS;
    if (!call->made)
        return;
    hooks->problem = sp_arena_copy(sp_ctx_arena(ctx), call->answer.message);
    if (hooks->problem.size == 0)
        hooks->problem = SP_TEXT("NO_ANSWER");
}

static void read_list(struct sp_ctx *ctx, struct hooks *hooks)
{
    struct tiktok_call call = call_of(hooks, "GET");
    tiktok_perform(ctx, &call, 1);
    note_answer(ctx, hooks, &call);
    struct sp_json_walk walk = sp_json_each(sp_json_get(call.answer.data, "webhooks"));
    struct sp_json one;
    while (!walk.object && sp_json_next(&walk, NULL, &one)) {
        struct sp_arena *arena = sp_ctx_arena(ctx);
        int at = sp_text_among(sp_json_text(sp_json_get(one, "event_type"), arena), topics, TOPICS);
        struct sp_text address = sp_json_text(sp_json_get(one, "address"), arena);
        if (at >= 0 && sp_text_equal(address, hooks->address))
            hooks->is_ours[at] = true;
    }
    tiktok_release(&call, 1);
}

static struct sp_text body_of(struct sp_ctx *ctx, const struct hooks *hooks, const char *topic)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "event_type", topic);
    sp_json_put_string(&json, "address", hooks->address);
    sp_json_close_object(&json);
    struct sp_text text = sp_arena_copy(sp_ctx_arena(ctx), sp_buffer_text(&body));
    sp_buffer_free(&body);
    return text;
}

/* Setting it twice is setting it once.  Not every market has every topic: one that is refused is in
 * the log, and asked for again with the next look. */
static void set_missing(struct sp_ctx *ctx, struct hooks *hooks)
{
    struct tiktok_call calls[TOPICS];
    size_t count = 0;
    for (size_t i = 0; i < TOPICS; i++) {
        if (hooks->is_ours[i])
            continue;
        calls[count] = call_of(hooks, "PUT");
        calls[count++].body = body_of(ctx, hooks, topics[i]);
    }
    tiktok_perform(ctx, calls, count);
    for (size_t i = 0; i < count; i++) {
        hooks->set += calls[i].answer.outcome == TIKTOK_DONE;
        if (calls[i].answer.outcome != TIKTOK_REFUSED)
            note_answer(ctx, hooks, &calls[i]);
    }
    tiktok_release(calls, count);
}

static enum sp_result look_after(struct sp_ctx *ctx, struct hooks *hooks)
{
    struct shop_key shop = hooks->task->access.shop;
    read_list(ctx, hooks);
    if (hooks->wait_ms == AGAIN_MS)
        set_missing(ctx, hooks);
    struct activity activity = {
        .account_id = shop.account_id,
        .shop_id = shop.shop_id,
        .event = hooks->problem.size > 0 ? "webhooks-failed" : "webhooks-set",
        .items = hooks->set,
        .detail = hooks->problem,
    };
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_end_hooks(ctx, hooks->task, hooks->wait_ms);
    if (hooks->set > 0 || hooks->problem.size > 0)
        store_note_activities(ctx, &activity, 1);
    return sp_commit(ctx);
}

enum sp_result register_hooks(struct sp_ctx *ctx)
{
    struct hook_task tasks[HOOK_SHOPS];
    size_t count = 0;
    const char *address = sp_config_text(sp_ctx_config(ctx), "SAMPAN_TIKTOK_WEBHOOK_URL");
    if (address[0] == '\0')
        return SP_OK;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_hooks(ctx, tasks, HOOK_SHOPS, &count);
    if (result != SP_OK || count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        struct hooks hooks = {.task = &tasks[i],
                              .address = sp_text_of(address),
                              .token = unseal_access(ctx, &tasks[i].access),
                              .wait_ms = AGAIN_MS};
        result = look_after(ctx, &hooks);
    }
    return result == SP_OK && count == HOOK_SHOPS ? SP_AGAIN : result;
}
