#include "services/gateway/oauth.h"

#include "services/gateway/authenticate.h"
#include "services/gateway/forward.h"

enum { ID_MOST_BYTES = 96 };

/* Only what an id or a code is made of may become part of an address. */
static bool is_word(struct sp_text text)
{
    if (text.size == 0 || text.size > ID_MOST_BYTES)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '_')
            return false;
    }
    return true;
}

struct sp_text oauth_location(struct sp_arena *arena, int status, struct sp_text body)
{
    struct sp_json json = {0};
    if (sp_json_parse(body, &json, NULL) != SP_OK)
        json = (struct sp_json){0};
    struct sp_text id = sp_json_text(sp_json_get(json, "connect_id"), arena);
    if (status == 200 && is_word(id))
        return sp_arena_printf(arena, "/#/shops/connect/%.*s", SP_FMT(id));
    struct sp_text code = sp_json_text(sp_json_get(json, "code"), arena);
    if (!is_word(code))
        code = SP_TEXT("SERVICE_AWAY");
    return sp_arena_printf(arena, "/#/shops?problem=%.*s", SP_FMT(code));
}

static void on_answer(void *context, int status, struct sp_text body)
{
    struct sp_http_request *request = context;
    struct sp_text location = oauth_location(request->arena, status, body);
    struct sp_text header = sp_arena_printf(request->arena, "Location: %.*s", SP_FMT(location));
    const char *const headers[] = {header.data, "Cache-Control: no-store",
                                   "Referrer-Policy: no-referrer", NULL};
    sp_http_answer(request, 302, NULL, (struct sp_text){0}, headers);
}

static void ask_connector(struct gateway *gateway, struct sp_http_request *request,
                          const struct person *person)
{
    const struct gateway_route *route = forward_route(request);
    struct sp_ask ask;
    /* Without a session it cannot be the one that began: the state alone may be anybody's link. */
    if (person == NULL)
        on_answer(request, 403, SP_TEXT("{\"code\":\"CONNECT_ELSEWHERE\"}"));
    else if (forward_ask(request, route->service, person, &ask) != SP_OK)
        on_answer(request, 400, SP_TEXT("{\"code\":\"QUERY_TOO_LARGE\"}"));
    else
        sp_app_ask(gateway->app, route->service, &ask, ROUTE_TIMEOUT_MS,
                   (struct sp_on_answer){on_answer, request});
}

void on_consent_return(struct sp_http_request *request, void *context)
{
    authenticate(context, request, ask_connector);
}
