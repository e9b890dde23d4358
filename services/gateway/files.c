#include "services/gateway/files.h"

#include <string.h>

#include "services/gateway/gateway.h"
#include "services/gateway/routes.h"

void on_health(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 200, "text/plain", SP_TEXT("ok\n"), NULL);
}

bool files_is_page(struct sp_text path)
{
    const char *slash = path.size == 0 ? NULL : memrchr(path.data, '/', path.size);
    size_t start = slash == NULL ? 0 : (size_t)(slash - path.data) + 1;
    return path.size == start || memchr(path.data + start, '.', path.size - start) == NULL;
}

void on_file(struct sp_http_request *request, void *context)
{
    const struct gateway *gateway = context;
    struct sp_text path = request->params[0];
    const char *root = gateway->web_dir;
    if (root[0] != '\0' && path.size > 0 && sp_http_answer_file(request, root, path))
        return;
    if (root[0] != '\0' && files_is_page(path) &&
        sp_http_answer_file(request, root, SP_TEXT("index.html")))
        return;
    sp_http_problem(request, 404, "NOT_FOUND", "There is nothing here.");
}

void on_unknown(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_problem(request, 404, "NOT_FOUND", "There is nothing here.");
}

void on_wrong_method(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text allow = SP_TEXT("Allow: ");
    for (const struct gateway_route *route = gateway_routes; route->pattern != NULL; route++)
        if (strcmp(route->pattern, request->route->pattern) == 0)
            allow = sp_arena_printf(request->arena, "%.*s%s%s", SP_FMT(allow),
                                    allow.data[allow.size - 1] == ' ' ? "" : ", ", route->method);
    const char *const headers[] = {allow.data, NULL};
    struct sp_text body =
        SP_TEXT("{\"type\":\"about:blank\",\"title\":\"Method Not Allowed\",\"status\":405,"
                "\"code\":\"METHOD_NOT_ALLOWED\"}");
    sp_http_answer(request, 405, "application/problem+json", body, headers);
}
