/* Connecting a shop: the beginning, the return from the consent page, the state, declining. */
#include "common/crypto.h"
#include "common/http_client.h"
#include "common/text.h"
#include "services/connector/access.h"
#include "services/connector/asks.h"
#include "services/connector/connect_store.h"

enum { STATE_BYTES = 32, CODE_MAX = 1024, STATE_MAX = 256 };

static struct sp_text member(struct sp_ctx *ctx, struct sp_json body, const char *name, size_t max)
{
    struct sp_text text = sp_json_text(sp_json_get(body, name), sp_ctx_arena(ctx));
    return sp_text_fit(text, max, sp_ctx_arena(ctx));
}

static bool is_country(struct sp_text text)
{
    return text.size == 2 && text.data[0] >= 'A' && text.data[0] <= 'Z' && text.data[1] >= 'A' &&
           text.data[1] <= 'Z';
}

/* Something before and behind one @, a point behind it; the marketplace's mail is the real test. */
static bool is_mail(struct sp_text text)
{
    size_t at = 0, signs = 0;
    bool point = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '@') {
            at = i;
            signs++;
        }
        if (text.data[i] == ' ')
            return false;
        point |= text.data[i] == '.' && signs == 1 && i > at + 1 && i + 1 < text.size;
    }
    return signs == 1 && at > 0 && point;
}

static struct sp_text hash_of(struct sp_ctx *ctx, struct sp_text state)
{
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(state, digest);
    return sp_arena_copy(sp_ctx_arena(ctx), (struct sp_text){(const char *)digest, sizeof digest});
}

static void answer_begun(struct sp_ctx *ctx, const struct connect_request *request,
                         struct sp_text connect_id, struct sp_text state, struct sp_answer *answer)
{
    const struct sp_config *config = sp_ctx_config(ctx);
    const char *page = sp_text_is(request->region, "US") ? "SAMPAN_TIKTOK_CONSENT_US_URL"
                                                         : "SAMPAN_TIKTOK_CONSENT_URL";
    struct sp_buffer url = {0};
    sp_buffer_printf(&url, "%s?service_id=", sp_config_text(config, page));
    sp_url_encode(&url, sp_text_of(sp_config_text(config, "SAMPAN_TIKTOK_SERVICE_ID")));
    sp_buffer_put_string(&url, "&state=");
    sp_url_encode(&url, state);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "connect_id", connect_id);
    sp_json_put_string(&json, "consent_url", sp_buffer_text(&url));
    sp_json_close_object(&json);
    sp_buffer_free(&url);
    answer->status = 201;
}

enum sp_result ask_connect(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    struct connect_request request = {
        .alias = member(ctx, body, "alias", 120),
        .region = member(ctx, body, "region", 8),
        .account_type = member(ctx, body, "account_type", 32),
        .email = member(ctx, body, "email", 254),
        .phone = member(ctx, body, "phone", 32),
        .duration = member(ctx, body, "duration", 32),
        .session = sp_ask_param(ask, "session"),
    };
    if (request.session.size == 0)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "the gateway names no session");
    if (request.alias.size == 0)
        return sp_answer_problem(answer, 422, "ALIAS_MISSING", "give the shop an alias");
    if (!is_country(request.region))
        return sp_answer_problem(answer, 422, "REGION_BAD",
                                 "choose the country where the shop is registered");
    if (request.account_type.size == 0)
        return sp_answer_problem(answer, 422, "ACCOUNT_TYPE_MISSING", "choose the account type");
    if (!is_mail(request.email))
        return sp_answer_problem(answer, 422, "EMAIL_BAD", "a contact e-mail is needed");
    uint8_t random[STATE_BYTES];
    sp_random(random, sizeof random);
    struct sp_text state =
        sp_base64url(sp_ctx_arena(ctx), (struct sp_text){(const char *)random, sizeof random});
    struct sp_text connect_id;
    enum sp_result result =
        store_begin_connect(ctx, ask, &request, hash_of(ctx, state), &connect_id);
    if (result == SP_OK)
        answer_begun(ctx, &request, connect_id, state, answer);
    return result;
}

/* The state names the connection, the session shows who began it.  A state that reached another
 * browser is somebody's trick to have a foreign shop linked to his account, or the reverse:
 * nothing is taken from it and nothing is changed. */
enum sp_result ask_oauth_return(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct sp_text state = sp_ask_param(ask, "state"), code = sp_ask_param(ask, "code");
    if (state.size == 0 || state.size > STATE_MAX || code.size > CODE_MAX)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "state or code is missing");
    struct connect_return back = {.state_hash = hash_of(ctx, state),
                                  .code = code,
                                  .account_id = ask->account_id,
                                  .session = sp_ask_param(ask, "session")};
    enum sp_result result = store_find_return(ctx, &back);
    if (result == SP_REJECT)
        return sp_answer_problem(answer, 404, "CONNECT_UNKNOWN", "nobody waits for this return");
    if (result != SP_OK)
        return result;
    if (!back.owned)
        return sp_answer_problem(answer, 403, "CONNECT_ELSEWHERE",
                                 "this connection was begun in another session");
    struct grant_secret secret = connect_code(ctx, back.account_id, back.connect_id);
    result = store_take_return(ctx, &back, seal_for_grant(ctx, &secret, code));
    if (result != SP_OK)
        return result;
    if (back.taken)
        sp_wake(ctx, "advance-connects");
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "connect_id", back.connect_id);
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

static enum sp_result no_such_connect(struct sp_answer *answer)
{
    return sp_answer_problem(answer, 404, "NO_SUCH_CONNECT", "there is no such connection");
}

enum sp_result ask_connect_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    enum sp_result result =
        store_connect_document(ctx, ask->account_id, sp_ask_param(ask, "id"), &answer->body);
    answer->status = 200;
    return result == SP_REJECT ? no_such_connect(answer) : result;
}

enum sp_result ask_decline(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    enum sp_result result = store_decline(ctx, ask->account_id, sp_ask_param(ask, "id"));
    if (result == SP_REJECT)
        return sp_answer_problem(answer, 409, "CONNECT_OVER", "this connection is over already");
    if (result != SP_OK)
        return result;
    sp_buffer_put_string(&answer->body, "{\"state\":\"DECLINED\",\"shops\":[],\"problem\":null}");
    answer->status = 200;
    return SP_OK;
}
