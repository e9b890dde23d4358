/* The token addresses: unsigned, and with HTTP 200 also for what fails. */
#include "services/sandbox/api.h"
#include "services/sandbox/edge_routes.h"

static int refuse(struct edge *edge, struct sp_buffer *out, enum grant_answer answer)
{
    static const enum api_error errors[] = {
        [GRANT_OK] = API_OK,
        [GRANT_CODE_INVALID] = API_CODE_INVALID,
        [GRANT_REFRESH_UNKNOWN] = API_REFRESH_UNKNOWN,
        [GRANT_REFRESH_EXPIRED] = API_REFRESH_EXPIRED,
    };
    return api_refuse(edge->sandbox, errors[answer], NULL, out);
}

static int give(struct edge *edge, struct sp_buffer *out)
{
    struct sandbox *sandbox = edge->sandbox;
    const struct grants *grants = &sandbox->grants;
    struct sp_json_writer data = api_begin(sandbox, "success", out);
    sp_json_put_cstring(&data, "access_token", grants->access);
    sp_json_put_int(&data, "access_token_expire_in", sandbox_told(sandbox, grants->access_expires));
    sp_json_put_cstring(&data, "refresh_token", grants->refresh);
    sp_json_put_int(&data, "refresh_token_expire_in", sandbox_told(sandbox, grants->grant_expires));
    sp_json_put_cstring(&data, "open_id", grants->open_id);
    sp_json_put_cstring(&data, "seller_name", "Sandbox Seller");
    sp_json_put_cstring(&data, "seller_base_region", sandbox->shops[0].region->code);
    sp_json_put_int(&data, "user_type", 0);
    sp_json_open_array(&data, "granted_scopes");
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1) {
        if ((grants->scopes & scope) != 0)
            sp_json_put_cstring(&data, NULL, grants_scope_name((enum grant_scope)scope));
    }
    sp_json_close_array(&data);
    api_end(&data);
    return 200;
}

/* NULL, or the parameter that is wrong. */
static const char *wrong_app(const struct edge *edge, const struct sp_http_request *request)
{
    const struct sandbox_options *options = &edge->sandbox->options;
    if (!sp_text_is(sp_http_query(request, "app_key"), options->app_key))
        return "app_key";
    return sp_text_is(sp_http_query(request, "app_secret"), options->app_secret) ? NULL
                                                                                 : "app_secret";
}

static int serve_get(struct edge *edge, struct sp_http_request *request, struct sp_buffer *out)
{
    struct sandbox *sandbox = edge->sandbox;
    const char *wrong = wrong_app(edge, request);
    if (wrong == NULL && !sp_text_is(sp_http_query(request, "grant_type"), "authorized_code"))
        wrong = "grant_type";
    if (wrong != NULL)
        return api_refuse(sandbox, API_TOKEN_PARAM, wrong, out);
    enum grant_answer answer = grants_take_code(
        &sandbox->grants, sp_http_query(request, "auth_code"), sandbox_clock(sandbox));
    truth_note(sandbox->truth, answer == GRANT_OK ? "tokens-given" : "tokens-refused", NULL, NULL);
    return answer == GRANT_OK ? give(edge, out) : refuse(edge, out, answer);
}

/* One official client sends authorized_code here as well. */
static int serve_refresh(struct edge *edge, struct sp_http_request *request, struct sp_buffer *out)
{
    struct sandbox *sandbox = edge->sandbox;
    struct sp_text kind = sp_http_query(request, "grant_type");
    const char *wrong = wrong_app(edge, request);
    if (wrong == NULL && !sp_text_is(kind, "refresh_token") && !sp_text_is(kind, "authorized_code"))
        wrong = "grant_type";
    if (wrong != NULL)
        return api_refuse(sandbox, API_TOKEN_PARAM, wrong, out);
    enum grant_answer answer = grants_refresh(
        &sandbox->grants, sp_http_query(request, "refresh_token"), sandbox_clock(sandbox));
    truth_note(sandbox->truth, answer == GRANT_OK ? "tokens-refreshed" : "refresh-refused", NULL,
               NULL);
    return answer == GRANT_OK ? give(edge, out) : refuse(edge, out, answer);
}

void tokens_get(struct sp_http_request *request, void *context)
{
    edge_run(context, request, serve_get);
}

void tokens_refresh(struct sp_http_request *request, void *context)
{
    edge_run(context, request, serve_refresh);
}
