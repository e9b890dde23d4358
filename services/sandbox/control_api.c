/* About the Open API itself: which addresses it has, and how often they may be called. */
#include <string.h>

#include "services/sandbox/api.h"
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"

void control_list_routes(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "routes");
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_cstring(&json, "method", route->method);
        sp_json_put_cstring(&json, "path", route->path);
        sp_json_put_cstring(&json, "scope", grants_scope_name(route->scope));
        sp_json_put_bool(&json, "cipher", (route->wants & CIPHER_FORBIDDEN) == 0);
        sp_json_put_bool(&json, "upload", (route->wants & UPLOAD) != 0);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

/* ---- limits
 * ------------------------------------------------------------------------------------------- */

void control_list_limits(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    const struct limits *limits = &edge->sandbox->limits;
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "limits");
    for (size_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->rules[i];
        sp_json_open_object(&json, NULL);
        sp_json_put_cstring(&json, "path", limit->path);
        sp_json_put_int(&json, "per_minute", limit->per_minute);
        sp_json_put_int(&json, "burst", limit->burst);
        sp_json_put_cstring(&json, "retry_after", limits_advice_name(limit->advice));
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_put_int(&json, "refused", (int64_t)limits->refused);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

static bool read_limit(struct sp_http_request *request, struct sp_json from, struct limit *limit)
{
    struct control_range rates = {1, LIMIT_MOST, 60}, bursts = {1, LIMIT_MOST, 1};
    struct sp_text path = sp_json_text(sp_json_get(from, "path"), request->arena);
    struct sp_text advice = sp_json_text(sp_json_get(from, "retry_after"), request->arena);
    if (path.size == 0 || path.size > LIMIT_PATH_BYTES || path.data[0] != '/') {
        control_refuse(request, 422, "path must begin with / and have at most %d bytes",
                       LIMIT_PATH_BYTES);
        return false;
    }
    memcpy(limit->path, path.data, path.size);
    limit->advice = advice.size == 0 ? ADVICE_NONE : limits_advice_of(advice);
    if (limit->advice == ADVICES) {
        control_refuse(request, 422, "retry_after must be none, seconds or date");
        return false;
    }
    return control_int(request, from, "per_minute", rates, &limit->per_minute) &&
           control_int(request, from, "burst", bursts, &limit->burst);
}

void control_set_limits(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"limits", NULL};
    struct edge *edge = context;
    struct limit rules[LIMITS];
    struct sp_json body, from;
    size_t count = 0;
    if (!control_read(request, known, &body))
        return;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "limits"));
    for (; sp_json_next(&walk, NULL, &from); count++) {
        if (count == LIMITS) {
            control_refuse(request, 422, "at most %d limits", LIMITS);
            return;
        }
        rules[count] = (struct limit){0};
        if (!read_limit(request, from, &rules[count]))
            return;
    }
    limits_set(&edge->sandbox->limits, rules, count);
    control_list_limits(request, context);
}
