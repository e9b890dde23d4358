/* Connecting: the code becomes tokens, the tokens become a list of shops to choose from. */
#include "common/crypto.h"
#include "common/log.h"
#include "services/connector/access.h"
#include "services/connector/call.h"
#include "services/connector/connect_store.h"
#include "services/connector/jobs.h"
#include "services/connector/shop_list.h"
#include "services/connector/tokens.h"
#include "services/connector/warehouses.h"

enum { CONNECT_MOST = 4 };

/* One of our transactions around what `store` queues. */
static enum sp_result fail(struct sp_ctx *ctx, const struct connect_task *task, const char *problem)
{
    sp_log(SP_WARN, "connect-failed", "problem", problem, NULL);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_connect_failed(ctx, task, problem);
    return sp_commit(ctx);
}

static enum sp_result put_off(struct sp_ctx *ctx, const struct connect_task *task, int64_t wait_ms)
{
    if (task->tries >= CONNECT_TRIES)
        return fail(ctx, task, "NO_ANSWER");
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_connect_later(ctx, task, wait_ms);
    return sp_commit(ctx);
}

static enum sp_result fail_with(struct sp_ctx *ctx, const struct connect_task *task,
                                const struct tiktok_call *call)
{
    struct sp_text problem = sp_arena_printf(sp_ctx_arena(ctx), "MARKETPLACE_REFUSED %.*s",
                                             SP_FMT(call->answer.message));
    return fail(ctx, task, problem.data);
}

/* ---- the code becomes tokens
 * --------------------------------------------------------------------------------- */

static void ask_tokens(struct sp_ctx *ctx, struct sp_text code, struct tiktok_call *call)
{
    const struct sp_config *config = sp_ctx_config(ctx);
    *call = (struct tiktok_call){
        .kind = TIKTOK_ADMIN, .method = "GET", .path = SP_TEXT("/api/v2/token/get")};
    tiktok_add_param(call, "app_key", sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_KEY")));
    tiktok_add_param(call, "app_secret",
                     sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_SECRET")));
    tiktok_add_param(call, "auth_code", code);
    tiktok_add_param(call, "grant_type", SP_TEXT("authorized_code"));
}

static enum sp_result keep_tokens(struct sp_ctx *ctx, struct connect_task *task,
                                  const struct token_pair *pair)
{
    uint32_t random;
    sp_random(&random, sizeof random);
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_next_grant(ctx, &task->grant_id);
    if (result != SP_OK) {
        sp_rollback(ctx);
        return result;
    }
    struct grant_secret access = {task->account_id, task->grant_id, "access"};
    struct grant_secret refresh = {task->account_id, task->grant_id, "refresh"};
    struct grant_tokens tokens = {
        .access_sealed = seal_for_grant(ctx, &access, pair->access),
        .refresh_sealed = seal_for_grant(ctx, &refresh, pair->refresh),
        .open_id = pair->open_id,
        .seller_name = pair->seller_name,
        .region = pair->region,
        .access_ends_s = pair->access_ends_s,
        .ends_s = pair->ends_s,
        .refresh_s = tiktok_refresh_at(task->now_s, pair->access_ends_s, random),
    };
    store_exchanged(ctx, task, &tokens);
    return sp_commit(ctx);
}

static enum sp_result exchange(struct sp_ctx *ctx, struct connect_task *task)
{
    struct sp_text code;
    struct tiktok_call call;
    struct token_pair pair;
    struct grant_secret secret = connect_code(ctx, task->account_id, task->connect_id);
    if (unseal_for_grant(ctx, &secret, task->code_sealed, &code) != SP_OK)
        return fail(ctx, task, "CODE_UNREADABLE");
    ask_tokens(ctx, code, &call);
    tiktok_perform(ctx, &call, 1);
    enum sp_result result;
    if (call.answer.outcome == TIKTOK_LATER)
        result = put_off(ctx, task, call.wait_ms);
    else if (call.answer.outcome != TIKTOK_DONE)
        result = fail_with(ctx, task, &call);
    else if (tiktok_read_tokens(call.answer.data, task->now_s, sp_ctx_arena(ctx), &pair,
                                sp_ctx_error(ctx)) != SP_OK)
        result = fail(ctx, task, "NO_TOKENS");
    else
        result = keep_tokens(ctx, task, &pair);
    tiktok_release(&call, 1);
    return result;
}

/* ---- the tokens become shops
 * ----------------------------------------------------------------------------------- */

/* A call that must work before a shop can be chosen.  Gives the time to wait when the budget let
 * one not go out: that says nothing about the shop. */
static int64_t test_shops(struct sp_ctx *ctx, const struct connect_task *task, struct sp_text token,
                          struct connect_shop shops[], size_t count)
{
    struct tiktok_call calls[TIKTOK_CALLS];
    int64_t wait_ms = 0;
    for (size_t start = 0; start < count; start += TIKTOK_CALLS) {
        size_t here = count - start < TIKTOK_CALLS ? count - start : TIKTOK_CALLS;
        for (size_t i = 0; i < here; i++)
            warehouses_ask(&calls[i], token, shops[start + i].cipher, 0, task->now_s);
        tiktok_perform(ctx, calls, here);
        for (size_t i = 0; i < here; i++) {
            struct sp_text message = calls[i].answer.message;
            if (!calls[i].made)
                wait_ms = calls[i].wait_ms > wait_ms ? calls[i].wait_ms : wait_ms;
            if (calls[i].answer.outcome != TIKTOK_DONE)
                shops[start + i].problem = message.size > 0
                                               ? sp_arena_copy(sp_ctx_arena(ctx), message)
                                               : SP_TEXT("TEST_CALL_FAILED");
        }
        tiktok_release(calls, here);
    }
    return wait_ms;
}

static enum sp_result keep_shops(struct sp_ctx *ctx, const struct connect_task *task,
                                 const struct connect_shop shops[], size_t count)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_listed(ctx, task, shops, count);
    return sp_commit(ctx);
}

static enum sp_result list_shops(struct sp_ctx *ctx, struct connect_task *task)
{
    struct sp_text token;
    struct connect_shop shops[CONNECT_SHOPS];
    struct grant_secret secret = {task->account_id, task->grant_id, "access"};
    if (unseal_for_grant(ctx, &secret, task->access_sealed, &token) != SP_OK)
        return fail(ctx, task, "TOKEN_UNREADABLE");
    struct tiktok_call call;
    shop_list_ask(&call, token, task->now_s);
    tiktok_perform(ctx, &call, 1);
    enum sp_result result;
    size_t count = shop_list_read(call.answer.data, sp_ctx_arena(ctx), shops);
    if (call.answer.outcome == TIKTOK_LATER) {
        result = put_off(ctx, task, call.wait_ms);
    } else if (call.answer.outcome != TIKTOK_DONE) {
        result = fail_with(ctx, task, &call);
    } else if (count == 0) {
        result = fail(ctx, task, "NO_SHOP");
    } else {
        int64_t wait_ms = test_shops(ctx, task, token, shops, count);
        result = wait_ms > 0 ? put_off(ctx, task, wait_ms) : keep_shops(ctx, task, shops, count);
    }
    tiktok_release(&call, 1);
    return result;
}

enum sp_result advance_connects(struct sp_ctx *ctx)
{
    struct connect_task tasks[CONNECT_MOST];
    size_t count = 0;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_connects(ctx, tasks, CONNECT_MOST, &count);
    if (result != SP_OK) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++)
        result = sp_text_is(tasks[i].state, "EXCHANGING") ? exchange(ctx, &tasks[i])
                                                          : list_shops(ctx, &tasks[i]);
    return result == SP_OK && count > 0 ? SP_AGAIN : result;
}
