/* Calls to the marketplace. */
#include "services/connector/call.h"

#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/budget.h"
#include "services/connector/cipher_store.h"

enum { TIMEOUT_MS = 8000, BACKOFF_MAX_MS = 60 * 1000 };

static struct sp_metric calls_made =
    SP_METRIC_COUNTER("sampan_connector_calls_total", "Calls to the marketplace", "outcome");
static struct sp_metric call_seconds =
    SP_METRIC_HISTOGRAM("sampan_connector_call_seconds", "How long the marketplace took", "kind");

static const char *const outcome_names[] = {"done",    "later",   "token",
                                            "consent", "refused", "too_big"};
static const char *const class_names[TIKTOK_CLASSES] = {"ship", "admin", "fetch", "write", "sweep"};

/* ---- one call
 * ---------------------------------------------------------------------------------------- */

void tiktok_add_param(struct tiktok_call *call, const char *name, struct sp_text value)
{
    SP_ASSERT(call->param_count < SP_COUNT(call->params));
    call->params[call->param_count++] = (struct tiktok_param){sp_text_of(name), value};
}

static void put_query(struct sp_buffer *url, const struct tiktok_param params[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sp_buffer_put_string(url, i == 0 ? "?" : "&");
        sp_buffer_put_text(url, params[i].name);
        sp_buffer_put_string(url, "=");
        sp_url_encode(url, params[i].value);
    }
}

static void sign_call(struct sp_ctx *ctx, struct tiktok_call *call)
{
    const struct sp_config *config = sp_ctx_config(ctx);
    struct tiktok_param params[TIKTOK_PARAMS];
    size_t count = call->param_count;
    memcpy(params, call->params, count * sizeof params[0]);
    params[count++] = (struct tiktok_param){
        SP_TEXT("app_key"), sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_KEY"))};
    params[count++] = (struct tiktok_param){
        SP_TEXT("timestamp"), sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)call->now_s)};
    if (call->cipher.size > 0)
        params[count++] = (struct tiktok_param){SP_TEXT("shop_cipher"), call->cipher};
    tiktok_sort_params(params, count);
    char hex[TIKTOK_SIGN_HEX + 1];
    struct tiktok_signed content = {call->path, params, count, call->body};
    tiktok_sign(sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_APP_SECRET")), &content, hex);
    sp_buffer_put_string(&call->url, sp_config_text(config, "SAMPAN_TIKTOK_API_URL"));
    sp_buffer_put_text(&call->url, call->path);
    put_query(&call->url, params, count);
    sp_buffer_printf(&call->url, "&sign=%s", hex);
    sp_buffer_printf(&call->token_header, "x-tts-access-token: %.*s", SP_FMT(call->token));
}

static void prepare(struct sp_ctx *ctx, struct tiktok_call *call)
{
    size_t headers = 0;
    call->headers[headers++] = "Content-Type: application/json";
    if (call->token.size > 0) {
        sign_call(ctx, call);
        sp_buffer_put(&call->token_header, "", 1);
        call->headers[headers++] = call->token_header.data;
    } else {
        sp_buffer_put_string(&call->url,
                             sp_config_text(sp_ctx_config(ctx), "SAMPAN_TIKTOK_AUTH_URL"));
        sp_buffer_put_text(&call->url, call->path);
        put_query(&call->url, call->params, call->param_count);
    }
    sp_buffer_put(&call->url, "", 1);
    call->http = (struct sp_http_call){
        .method = call->method,
        .url = call->url.data,
        .headers = call->headers,
        .body = call->body,
        .once = call->once || call->token.size == 0,
        .timeout_ms = TIMEOUT_MS,
        .max_bytes = call->max_bytes == 0 ? TIKTOK_ANSWER_MAX : call->max_bytes,
    };
}

static void read_answer(struct sp_ctx *ctx, struct tiktok_call *call)
{
    struct sp_http_call *http = &call->http;
    if (http->result == SP_OK) {
        call->answer =
            tiktok_read_answer(http->status, sp_buffer_text(&http->answer), sp_ctx_arena(ctx));
    } else {
        call->answer = (struct tiktok_answer){
            .outcome = http->too_large ? TIKTOK_TOO_BIG : TIKTOK_LATER,
            .message = sp_text_of(http->error),
        };
    }
    if (call->answer.outcome == TIKTOK_LATER) {
        uint32_t random;
        sp_random(&random, sizeof random);
        call->wait_ms = budget_backoff_ms(1, http->retry_after_ms, BACKOFF_MAX_MS, random);
    }
    sp_metric_add(&calls_made, outcome_names[call->answer.outcome], 1);
    sp_metric_observe_us(&call_seconds, class_names[call->kind], http->took_us);
    if (call->answer.outcome != TIKTOK_DONE)
        sp_logf(SP_WARN, "call-failed", "call", "%.*s", SP_FMT(tiktok_describe(ctx, call)));
}

/* A shop's call without a token is none. */
static bool may_call(struct tiktok_call *call)
{
    if (call->token.size > 0 || call->cipher.size == 0)
        return true;
    call->answer =
        (struct tiktok_answer){.outcome = TIKTOK_CONSENT, .message = SP_TEXT("TOKEN_UNREADABLE")};
    return false;
}

/* Takes the calls out of their budgets, or says when to come back. */
static void take_budget(struct sp_ctx *ctx, struct tiktok_call calls[], size_t count)
{
    struct throttle_call taken[TIKTOK_CALLS];
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        calls[i].made = may_call(&calls[i]);
        if (calls[i].made)
            taken[asked++] =
                (struct throttle_call){.shop_id = calls[i].shop_id, .kind = calls[i].kind};
    }
    throttle_take(ctx, taken, asked);
    asked = 0;
    for (size_t i = 0; i < count; i++) {
        if (!calls[i].made)
            continue;
        calls[i].taken = taken[asked++];
        calls[i].wait_ms = calls[i].taken.wait_ms;
        calls[i].made = calls[i].wait_ms == 0;
        if (calls[i].made)
            continue;
        calls[i].answer = (struct tiktok_answer){
            .outcome = TIKTOK_LATER, .busy = true, .message = SP_TEXT("CALLS_USED_UP")};
        sp_metric_add(&calls_made, "budget", 1);
    }
}

static void note_budget(struct sp_ctx *ctx, struct tiktok_call calls[], size_t count)
{
    struct throttle_call noted[TIKTOK_CALLS];
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        if (!calls[i].made)
            continue;
        noted[made] = calls[i].taken;
        noted[made].answer = &calls[i].answer;
        noted[made++].retry_after_ms = calls[i].http.retry_after_ms;
    }
    throttle_note(ctx, noted, made);
}

/* What is lost here, the next refusal says again. */
static void note_ciphers(struct sp_ctx *ctx, const struct tiktok_call calls[], size_t count)
{
    size_t refused = 0;
    for (size_t i = 0; i < count; i++)
        refused += calls[i].answer.foreign_shop && calls[i].shop_id > 0;
    if (refused == 0)
        return;
    enum sp_result result = sp_begin(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        if (calls[i].answer.foreign_shop && calls[i].shop_id > 0)
            store_cipher_refused(ctx, calls[i].shop_id, calls[i].cipher);
    }
    if (result == SP_OK && sp_commit(ctx) == SP_OK)
        sp_wake(ctx, "renew-ciphers");
}

void tiktok_perform(struct sp_ctx *ctx, struct tiktok_call calls[], size_t count)
{
    SP_ASSERT(count <= TIKTOK_CALLS);
    struct sp_http_call http[TIKTOK_CALLS];
    size_t made = 0;
    take_budget(ctx, calls, count);
    for (size_t i = 0; i < count; i++) {
        if (!calls[i].made)
            continue;
        prepare(ctx, &calls[i]);
        http[made++] = calls[i].http;
    }
    if (made > 0)
        sp_http_perform(sp_http_client_of_thread(), http, made);
    made = 0;
    for (size_t i = 0; i < count; i++) {
        if (!calls[i].made)
            continue;
        calls[i].http = http[made++];
        read_answer(ctx, &calls[i]);
    }
    note_budget(ctx, calls, count);
    note_ciphers(ctx, calls, count);
}

void tiktok_release(struct tiktok_call calls[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sp_buffer_free(&calls[i].http.answer);
        sp_buffer_free(&calls[i].url);
        sp_buffer_free(&calls[i].token_header);
    }
}

struct sp_text tiktok_describe(struct sp_ctx *ctx, const struct tiktok_call *call)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "%s %.*s: %d, code %lld, %.*s (%.*s)", call->method,
                           SP_FMT(call->path), call->http.status, (long long)call->answer.code,
                           SP_FMT(call->answer.message), SP_FMT(call->answer.request_id));
}
