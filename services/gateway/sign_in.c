#include "services/gateway/sign_in.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "services/gateway/authenticate.h"
#include "services/gateway/forward.h"
#include "services/gateway/password.h"
#include "services/gateway/password_line.h"
#include "services/gateway/request_rules.h"
#include "services/gateway/rfc3339.h"
#include "services/gateway/session_store.h"

/* Of no password: looked at when the login is unknown, so that it takes as long as when it is not.
 */
static const char nobodys_hash[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

enum sign_in_ending { SIGNED_IN, LOGIN_FAILED, THROTTLED };

/* A try to sign in; the worker sees only this. */
struct sign_in {
    struct gateway *gateway;
    struct sp_http_request *request;
    struct sp_text password; /* in the request's arena */
    char login[LOGIN_MOST_BYTES + 1];
    char network[THROTTLE_SUBJECT_BYTES];
    struct sp_text token;
    enum sign_in_ending ending; /* out */
    int64_t wait_s;             /* out, THROTTLED */
    struct person person;       /* out, SIGNED_IN; .token: in */
};

/* ---- on a worker --------------------------------------------------------------------------------
 */

/* Counts the try, committed, before the password is looked at. */
static enum sp_result count_try(struct sp_ctx *ctx, struct sign_in *try)
{
    const char *const subjects[THROTTLE_KINDS] = {try->network, try->login};
    struct throttle throttles[THROTTLE_KINDS] = {0};
    int64_t now_us = 0;
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK)
        result = store_lock_tries(sp_ctx_db(ctx), sp_ctx_error(ctx), subjects, throttles, &now_us);
    if (result != SP_OK)
        return result;
    for (int kind = 0; kind < THROTTLE_KINDS; kind++) {
        int64_t wait_s = throttle_wait_s(&throttles[kind], now_us);
        if (wait_s > try->wait_s)
            try->wait_s = wait_s;
        throttles[kind] = throttle_count((enum throttle_kind)kind, throttles[kind], now_us);
    }
    if (try->wait_s > 0) {
        sp_rollback(ctx);
        return SP_OK;
    }
    store_save_tries(sp_ctx_db(ctx), subjects, throttles);
    return sp_commit(ctx);
}

static enum sp_result open_session(struct sp_ctx *ctx, struct sign_in *try,
                                   const struct login_row *row)
{
    const char *const subjects[THROTTLE_KINDS] = {try->network, try->login};
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_forgive_tries(sp_ctx_db(ctx), subjects);
    store_put_session(sp_ctx_db(ctx), &try->person.token, row->account_id, row->person_id);
    result = sp_commit(ctx);
    if (result != SP_OK)
        return result;
    struct session_times times;
    bool found = false;
    result = store_find_session(sp_ctx_db(ctx), sp_ctx_error(ctx), &try->person, &times, &found);
    try->ending = found ? SIGNED_IN : LOGIN_FAILED; /* not found: the account is closed */
    return result;
}

static enum sp_result sign_in(struct sp_ctx *ctx, void *context)
{
    struct sign_in *try = context;
    enum sp_result result = count_try(ctx, try);
    if (result != SP_OK)
        return result;
    if (try->wait_s > 0) {
        try->ending = THROTTLED;
        return SP_OK;
    }
    struct login_row row = {0};
    bool found = false;
    result =
        store_find_login(sp_ctx_db(ctx), sp_ctx_error(ctx), sp_text_of(try->login), &row, &found);
    if (result != SP_OK)
        return result;
    try->ending = LOGIN_FAILED;
    if (!sp_password_matches(try->password, found ? row.password_hash : nobodys_hash) || !found)
        return SP_OK;
    return open_session(ctx, try, &row);
}

/* ---- on the loop
 * ---------------------------------------------------------------------------------- */

void me_write(const struct person *person, struct sp_buffer *buffer)
{
    struct sp_arena *arena = sp_arena_open();
    size_t count;
    const struct sp_text *permissions = role_permissions(person->role, arena, &count);
    char ends[RFC3339_BYTES], id[24];
    rfc3339_write(person->ends_us, ends);
    (void)snprintf(id, sizeof id, "%lld", (long long)person->account_id);
    struct sp_json_writer json = sp_json_writer(buffer);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "login", person->login);
    sp_json_put_cstring(&json, "role", role_name(person->role));
    sp_json_open_array(&json, "permissions");
    for (size_t i = 0; i < count; i++)
        sp_json_put_string(&json, NULL, permissions[i]);
    sp_json_close_array(&json);
    sp_json_put_cstring(&json, "expires_at", ends);
    sp_json_open_object(&json, "account");
    sp_json_put_cstring(&json, "id", id);
    sp_json_put_cstring(&json, "name", person->account_name);
    sp_json_put_cstring(&json, "time_zone", person->time_zone);
    sp_json_put_cstring(&json, "currency", person->currency);
    sp_json_put_cstring(&json, "language", person->language);
    sp_json_close_object(&json);
    sp_json_close_object(&json);
    sp_arena_close(&arena);
}

static void answer_me(struct sp_http_request *request, int status, const struct person *person,
                      const char *cookie)
{
    struct sp_buffer body = {0};
    me_write(person, &body);
    const char *const headers[] = {"Cache-Control: no-store", cookie, NULL};
    sp_http_answer(request, status, "application/json", sp_buffer_text(&body), headers);
    sp_buffer_free(&body);
}

void answer_signed_in(struct gateway *gateway, struct sp_http_request *request,
                      const struct person *person, struct sp_text token)
{
    session_cache_put(gateway->sessions, person, sp_monotonic_us());
    answer_me(request, 201, person, session_cookie_header(request->arena, token, gateway->secure));
}

static void answer_throttled(struct sp_http_request *request, int64_t wait_s)
{
    struct sp_text retry = sp_arena_printf(request->arena, "Retry-After: %lld", (long long)wait_s);
    const char *const headers[] = {retry.data, "Cache-Control: no-store", NULL};
    sp_http_answer(
        request, 429, "application/problem+json",
        SP_TEXT("{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,"
                "\"code\":\"LOGIN_THROTTLED\",\"detail\":\"Too many failed tries.\"}"),
        headers);
}

static void signed_in(void *context, enum sp_result result)
{
    struct sign_in *try = context;
    if (result != SP_OK) {
        sp_http_problem(try->request, 503, "SERVICE_AWAY", "The database is away.");
    } else if (try->ending == THROTTLED) {
        sp_log(SP_WARN, "sign-in-throttled", "network", try->network, NULL);
        answer_throttled(try->request, try->wait_s);
    } else if (try->ending == LOGIN_FAILED) {
        sp_log(SP_INFO, "sign-in-failed", NULL);
        sp_http_problem(try->request, 401, "LOGIN_FAILED", "Login or password is wrong.");
    } else {
        sp_logf(SP_INFO, "signed-in", "person", "%lld/%lld", (long long)try->person.account_id,
                (long long)try->person.person_id);
        answer_signed_in(try->gateway, try->request, &try->person, try->token);
    }
}

static void write_folded(struct sp_text text, char *to)
{
    for (size_t i = 0; i < text.size; i++)
        *to++ = (char)tolower((unsigned char)text.data[i]);
    *to = '\0';
}

void on_sign_in(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    struct sp_json body;
    if (!forward_origin_ok(gateway, request) || !forward_body_ok(request))
        return;
    if (sp_json_parse(request->body, &body, NULL) != SP_OK) {
        sp_http_problem(request, 400, "BODY_NOT_JSON", "The body is not JSON.");
        return;
    }
    struct sp_text login = sp_json_text(sp_json_get(body, "login"), request->arena);
    struct sp_text password = sp_json_text(sp_json_get(body, "password"), request->arena);
    if (!login_is_good(login) || password.size == 0 || password.size > PASSWORD_MOST_BYTES) {
        sp_http_problem(request, 401, "LOGIN_FAILED", "Login or password is wrong.");
        return;
    }
    struct sign_in *try = sp_arena_alloc(request->arena, sizeof *try);
    *try = (struct sign_in){.gateway = gateway, .request = request, .password = password};
    write_folded(login, try->login);
    struct sp_text client =
        rules_client(sp_http_peer(request), sp_http_header(request, "X-Forwarded-For"),
                     sp_text_of(gateway->proxies));
    throttle_network(client, try->network);
    token_make(request->arena, &try->token, &try->person.token);
    password_line_join(gateway, request, (struct password_task){sign_in, signed_in, try});
}

static void me(struct gateway *gateway, struct sp_http_request *request,
               const struct person *person)
{
    if (person == NULL)
        forward_signed_out(gateway, request);
    else
        answer_me(request, 200, person, NULL);
}

void on_me(struct sp_http_request *request, void *context)
{
    authenticate(context, request, me);
}

/* ---- signing out
 * ------------------------------------------------------------------------------------ */

struct sign_out {
    struct gateway *gateway;
    struct sp_http_request *request;
    struct token_hash token;
};

static enum sp_result sign_out(struct sp_ctx *ctx, void *context)
{
    struct sign_out *out = context;
    return store_drop_session(sp_ctx_db(ctx), sp_ctx_error(ctx), &out->token);
}

static void signed_out(void *context, enum sp_result result)
{
    struct sign_out *out = context;
    if (result != SP_OK) {
        sp_http_problem(out->request, 503, "SERVICE_AWAY", "The database is away.");
        return;
    }
    session_cache_drop(out->gateway->sessions, &out->token);
    const char *const headers[] = {
        session_cookie_header(out->request->arena, (struct sp_text){0}, out->gateway->secure),
        "Cache-Control: no-store", "Clear-Site-Data: \"cache\", \"storage\"", NULL};
    sp_http_answer(out->request, 204, NULL, (struct sp_text){0}, headers);
}

void on_sign_out(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    if (!forward_origin_ok(gateway, request))
        return;
    struct sign_out *out = sp_arena_alloc(request->arena, sizeof *out);
    *out = (struct sign_out){.gateway = gateway, .request = request};
    if (authenticate_token(gateway, request, &out->token))
        sp_app_work(gateway->app, sign_out, signed_out, out);
    else
        sp_http_problem(request, 401, "SIGNED_OUT", "Nobody is signed in.");
}
