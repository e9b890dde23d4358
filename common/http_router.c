/* From method and path to a route: the first row whose pattern matches. */
#include "common/http_exchange.h"

#include <string.h>

#include "common/http_url.h"

/* What one pattern's {name} parts matched, as sent. */
struct match {
    struct sp_text params[SP_HTTP_PARAMS];
    size_t count;
};

static size_t segment_size(const char *at, const char *end)
{
    const char *slash = memchr(at, '/', (size_t)(end - at));
    return (size_t)((slash == NULL ? end : slash) - at);
}

static void put_param(struct match *match, const char *at, size_t size)
{
    SP_ASSERT(match->count < SP_HTTP_PARAMS);
    match->params[match->count++] = (struct sp_text){at, size};
}

static bool match_path(const char *pattern, struct sp_text path, struct match *match)
{
    const char *p = pattern, *p_end = pattern + strlen(pattern);
    const char *s = path.data, *s_end = path.data + path.size;
    match->count = 0;
    while (p < p_end && s < s_end && *p == '/' && *s == '/') {
        p++, s++;
        size_t p_size = segment_size(p, p_end), s_size = segment_size(s, s_end);
        bool is_param = p_size > 2 && p[0] == '{';
        if (is_param && p_size > 5 && memcmp(p + p_size - 4, "...}", 4) == 0) {
            put_param(match, s, (size_t)(s_end - s));
            return true;
        }
        if (is_param && s_size > 0)
            put_param(match, s, s_size);
        else if (is_param || p_size != s_size || memcmp(p, s, p_size) != 0)
            return false;
        p += p_size;
        s += s_size;
    }
    return p == p_end && s == s_end;
}

/* HEAD is GET without the body; libmicrohttpd leaves that out. */
static bool match_method(const struct sp_http_route *route, const char *method)
{
    if (route->method == NULL || strcmp(route->method, method) == 0)
        return true;
    return strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0;
}

static bool decode_params(struct sp_http_request *request, const struct match *match)
{
    for (size_t i = 0; i < match->count; i++) {
        if (sp_url_decode_path(request->arena, match->params[i], &request->params[i]) != SP_OK)
            return false;
        if (memchr(request->params[i].data, '\0', request->params[i].size) != NULL)
            return false;
    }
    return true;
}

enum route_outcome sp_http_find_route(const struct sp_http_route *routes,
                                      struct sp_http_request *request)
{
    enum route_outcome outcome = ROUTE_NONE;
    struct match match;
    for (const struct sp_http_route *route = routes; route->pattern != NULL; route++) {
        if (!match_path(route->pattern, request->path, &match))
            continue;
        if (!match_method(route, request->method)) {
            outcome = ROUTE_OTHER_METHOD;
            continue;
        }
        request->route = route;
        return decode_params(request, &match) ? ROUTE_FOUND : ROUTE_BROKEN;
    }
    return outcome;
}

struct sp_text sp_http_allowed(const struct sp_http_route *routes,
                               const struct sp_http_request *request)
{
    struct sp_text allowed = {0};
    struct match match;
    for (const struct sp_http_route *route = routes; route->pattern != NULL; route++)
        if (route->method != NULL && match_path(route->pattern, request->path, &match))
            allowed = sp_arena_printf(request->arena, "%.*s%s%s", SP_FMT(allowed),
                                      allowed.size == 0 ? "" : ", ", route->method);
    return allowed;
}
