#include "services/gateway/forward.h"

#include <string.h>

#include "services/gateway/authenticate.h"

static const char *const no_store[] = {"Cache-Control: no-store", NULL};

const struct gateway_route *forward_route(const struct sp_http_request *request)
{
    return request->route->more;
}

struct request_facts forward_facts(const struct sp_http_request *request)
{
    return (struct request_facts){
        .origin = sp_http_header(request, "Origin"),
        .host = sp_http_header(request, "Host"),
        .fetch_site = sp_http_header(request, "Sec-Fetch-Site"),
        .content_type = sp_http_header(request, "Content-Type"),
        .idempotency_key = sp_http_header(request, "Idempotency-Key"),
        .accept_language = sp_http_header(request, "Accept-Language"),
        .body = request->body,
    };
}

static bool fine(struct sp_http_request *request, const struct request_fault *fault)
{
    if (fault != NULL)
        sp_http_problem(request, fault->status, fault->code, fault->detail);
    return fault == NULL;
}

bool forward_origin_ok(const struct gateway *gateway, struct sp_http_request *request)
{
    struct request_facts facts = forward_facts(request);
    return fine(request, rules_origin(forward_route(request), &facts, gateway->origin));
}

bool forward_body_ok(struct sp_http_request *request)
{
    struct request_facts facts = forward_facts(request);
    return fine(request, rules_body(forward_route(request), &facts));
}

bool forward_person_ok(struct sp_http_request *request, const struct person *person)
{
    if (person == NULL) {
        sp_http_problem(request, 401, "SIGNED_OUT", "Nobody is signed in.");
        return false;
    }
    if (role_may(person->role, forward_route(request)->permission))
        return true;
    sp_http_problem(request, 403, "NOT_ALLOWED", "Your role does not include this.");
    return false;
}

void forward_signed_out(const struct gateway *gateway, struct sp_http_request *request)
{
    struct sp_text body = sp_arena_printf(request->arena,
                                          "{\"type\":\"about:blank\",\"title\":\"Unauthorized\","
                                          "\"status\":401,\"code\":\"SIGNED_OUT\","
                                          "\"detail\":\"Nobody is signed in.\",\"set_up\":%s}",
                                          gateway->set_up ? "true" : "false");
    sp_http_answer(request, 401, "application/problem+json", body, no_store);
}

/* ---- the ask
 * -------------------------------------------------------------------------------------- */

struct params {
    struct sp_ask_param *at;
    size_t own_count, count; /* the path's and ours come first */
};

/* What is looked up under, never what the cookie holds: whoever reads it cannot sign in with it. */
static struct sp_text session_name(const struct person *person, struct sp_arena *arena)
{
    return sp_base64url(
        arena, (struct sp_text){(const char *)person->token.bytes, sizeof person->token.bytes});
}

static void put_own_params(const struct sp_http_request *request, const struct person *person,
                           struct params *params)
{
    const struct gateway_route *route = forward_route(request);
    const char *pattern = route->pattern;
    for (size_t i = 0; i < SP_COUNT(request->params); i++) {
        struct sp_text name = route_param_name(pattern, i);
        if (name.size == 0)
            break;
        params->at[params->count++] = (struct sp_ask_param){name, request->params[i]};
    }
    if ((route->flags & ROUTE_SESSION) != 0)
        params->at[params->count++] =
            (struct sp_ask_param){SP_TEXT("session"), session_name(person, request->arena)};
    params->own_count = params->count;
}

static bool is_own_param(const struct params *params, struct sp_text name)
{
    for (size_t i = 0; i < params->own_count; i++)
        if (sp_text_equal(params->at[i].name, name))
            return true;
    return false;
}

static enum sp_result put_query_params(const struct sp_http_request *request, struct params *params)
{
    struct sp_text name, value;
    for (size_t at = 0; sp_http_each_query(request, &at, &name, &value);) {
        if (is_own_param(params, name))
            continue;
        if (params->count == FORWARD_PARAMS || name.size > FORWARD_NAME_BYTES ||
            value.size > FORWARD_VALUE_BYTES)
            return SP_REJECT;
        params->at[params->count++] = (struct sp_ask_param){name, value};
    }
    return SP_OK;
}

static struct sp_text ask_name(const struct sp_http_request *request, const char *service)
{
    const struct gateway_route *route = forward_route(request);
    unsigned chosen = route->flags & (ROUTE_SERVICE_IN_QUERY | ROUTE_SERVICE_IN_BODY);
    if (chosen == 0)
        return sp_text_of(route->ask);
    return sp_arena_printf(request->arena, "%s.%s", service, route->ask);
}

enum sp_result forward_ask(const struct sp_http_request *request, const char *service,
                           const struct person *person, struct sp_ask *ask)
{
    struct params params = {.at = sp_arena_array(request->arena,
                                                 FORWARD_PARAMS + SP_COUNT(request->params) + 1,
                                                 sizeof *params.at)};
    put_own_params(request, person, &params);
    enum sp_result result = put_query_params(request, &params);
    if (result != SP_OK)
        return result;
    struct request_facts facts = forward_facts(request);
    *ask = (struct sp_ask){
        .name = ask_name(request, service),
        .account_id = person->account_id,
        .user = sp_text_of(person->login),
        .language = sp_text_of(rules_language(facts.accept_language, person->language)),
        .body = request->body,
        .idempotency_key = facts.idempotency_key,
        .params = params.at,
        .param_count = params.count,
        .deadline_ms = ROUTE_TIMEOUT_MS,
    };
    ask->permissions = role_permissions(person->role, request->arena, &ask->permission_count);
    sp_random(ask->trace, sizeof ask->trace);
    return SP_OK;
}

/* ---- the answer
 * ------------------------------------------------------------------------------------- */

void forward_answer(struct sp_http_request *request, int status, struct sp_text body)
{
    if (body.size == 0 && status == 503)
        sp_http_problem(request, 503, "SERVICE_AWAY", "This part is not reachable: try again.");
    else if (body.size == 0 && status == 504)
        sp_http_problem(request, 504, "SERVICE_LATE",
                        "No answer in time: it may have been done; repeat with the same key.");
    else if (status < 200 || status > 599)
        sp_http_problem(request, 502, "ANSWER_BROKEN", "This part gave an answer without sense.");
    else if (body.size == 0 && status < 300)
        sp_http_answer(request, 204, NULL, body, no_store);
    else
        sp_http_answer(request, status,
                       status < 400 ? "application/json" : "application/problem+json", body,
                       no_store);
}

static void on_answer(void *context, int status, struct sp_text body)
{
    forward_answer(context, status, body);
}

/* Who answers: as the table says, or as the request does.  NULL: no such service. */
static const char *service_of(const struct sp_http_request *request)
{
    const struct gateway_route *route = forward_route(request);
    if ((route->flags & ROUTE_SERVICE_IN_QUERY) != 0)
        return gateway_service_of(sp_http_query(request, "service"));
    if ((route->flags & ROUTE_SERVICE_IN_BODY) == 0)
        return route->service;
    struct sp_json body;
    if (sp_json_parse(request->body, &body, NULL) != SP_OK)
        return NULL;
    return gateway_service_of(sp_json_text(sp_json_get(body, "service"), request->arena));
}

static void send_ask(struct gateway *gateway, struct sp_http_request *request,
                     const struct person *person)
{
    if (!forward_person_ok(request, person) || !forward_body_ok(request))
        return;
    const char *service = service_of(request);
    struct sp_ask ask;
    if (service == NULL)
        sp_http_problem(request, 422, "NO_SUCH_SERVICE", "There is no service of this name.");
    else if (forward_ask(request, service, person, &ask) != SP_OK)
        sp_http_problem(request, 400, "QUERY_TOO_LARGE", "Too many or too long parameters.");
    else
        sp_app_ask(gateway->app, service, &ask, ROUTE_TIMEOUT_MS,
                   (struct sp_on_answer){on_answer, request});
}

void forward_request(struct sp_http_request *request, void *context)
{
    struct gateway *gateway = context;
    if (forward_origin_ok(gateway, request))
        authenticate(gateway, request, send_ask);
}
