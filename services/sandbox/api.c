#include "services/sandbox/api.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "common/crypto.h"
#include "services/sandbox/seed.h"

/* ---- the envelope
 * ---------------------------------------------------------------------------------- */

/* 34 characters: year to second, then digits that do not repeat. */
static void put_request_id(struct sandbox *sandbox, struct sp_json_writer *json)
{
    char id[48];
    time_t now = (time_t)(sp_now_us() / 1000000);
    struct tm utc;
    SP_ASSERT(gmtime_r(&now, &utc) != NULL);
    size_t size = strftime(id, sizeof id, "%Y%m%d%H%M%S", &utc);
    unsigned long long mark = seed_mix(sandbox->options.seed, SEED_REQUEST, ++sandbox->calls);
    (void)snprintf(id + size, sizeof id - size, "%04X%016llX", (unsigned)(sandbox->calls & 0xffff),
                   mark);
    sp_json_put_cstring(json, "request_id", id);
}

struct sp_json_writer api_begin(struct sandbox *sandbox, const char *message, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "code", 0);
    sp_json_put_cstring(&json, "message", message);
    put_request_id(sandbox, &json);
    sp_json_open_object(&json, "data");
    return json;
}

void api_end(struct sp_json_writer *data)
{
    sp_json_close_object(data);
    sp_json_close_object(data);
}

int api_refuse(struct sandbox *sandbox, enum api_error error, const char *detail,
               struct sp_buffer *out)
{
    const struct api_error_row *row = api_error_of(error);
    char message[API_ERROR_TEXT];
    api_error_text(error, detail, message);
    sp_buffer_reset(out);
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "code", row->code);
    sp_json_put_cstring(&json, "message", message);
    put_request_id(sandbox, &json);
    sp_json_close_object(&json);
    return row->status;
}

/* ---- path and method
 * --------------------------------------------------------------------------------- */

static struct sp_text next_part(struct sp_text *path)
{
    struct sp_text part = {path->data + 1, path->size - 1};
    const char *slash = part.size == 0 ? NULL : memchr(part.data, '/', part.size);
    if (slash != NULL)
        part.size = (size_t)(slash - part.data);
    *path = (struct sp_text){part.data + part.size, path->size - 1 - part.size};
    return part;
}

static bool is_version(struct sp_text part)
{
    int64_t number;
    return part.size == 6 && sp_text_to_int(part, &number) && number >= 202000;
}

enum path_match { PATH_OTHER, PATH_OTHER_VERSION, PATH_SAME };

static enum path_match match_path(const char *pattern, struct sp_text path, struct sp_text found[])
{
    struct sp_text rest = sp_text_of(pattern);
    enum path_match match = PATH_SAME;
    size_t count = 0;
    while (rest.size > 0 && path.size > 0) {
        struct sp_text want = next_part(&rest), have = next_part(&path);
        if (sp_text_is(want, "{}") && have.size > 0 && count < API_PATH_PARAMS)
            found[count++] = have;
        else if (is_version(want) && is_version(have) && !sp_text_equal(want, have))
            match = PATH_OTHER_VERSION;
        else if (!sp_text_equal(want, have))
            return PATH_OTHER;
    }
    return rest.size == 0 && path.size == 0 ? match : PATH_OTHER;
}

static enum api_error find_route(struct api_call *call)
{
    const struct api_request *request = call->request;
    enum api_error error = API_INVALID_PATH;
    if (request->path.size == 0 || request->path.data[0] != '/')
        return error;
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct sp_text found[API_PATH_PARAMS] = {{0}};
        enum path_match match = match_path(route->path, request->path, found);
        if (match == PATH_OTHER_VERSION && error == API_INVALID_PATH)
            error = API_INVALID_VERSION;
        if (match != PATH_SAME)
            continue;
        if (strcmp(route->method, request->method) != 0) {
            error = API_INVALID_METHOD;
            continue;
        }
        call->route = route;
        memcpy(call->path_params, found, sizeof found);
        return API_OK;
    }
    return error;
}

/* ---- who calls
 * ----------------------------------------------------------------------------------------- */

static enum api_error check_time(struct api_call *call)
{
    int64_t time, now = sp_now_us() / 1000000;
    if (!sp_text_to_int(api_query(call, "timestamp"), &time) || time < 0)
        return API_TIMESTAMP_NEGATIVE;
    if (time < now - API_TIME_BEHIND)
        return API_TIMESTAMP_OLD;
    return time > now + API_TIME_AHEAD ? API_TIMESTAMP_AHEAD : API_OK;
}

static bool starts_with(struct sp_text text, const char *start)
{
    size_t size = strlen(start);
    return text.size >= size && strncasecmp(text.data, start, size) == 0;
}

/* A body that is just an empty object may be signed as such or as no body: clients do both. */
static enum api_error check_sign(struct api_call *call)
{
    const struct api_request *request = call->request;
    struct sp_text secret = sp_text_of(call->sandbox->options.app_secret);
    struct sp_text none = {0}, given = api_query(call, "sign");
    bool multipart = starts_with(request->content_type, "multipart/form-data");
    struct query_param sorted[API_PARAMS];
    memcpy(sorted, call->params, sizeof sorted);
    struct signed_call what = {.path = request->path,
                               .params = sorted,
                               .count = call->param_count,
                               .body = multipart ? none : request->body};
    if (sp_secret_equal(given, signature_of_call(secret, &what, call->arena)))
        return API_OK;
    if (!sp_text_is(what.body, "{}") && !sp_text_is(what.body, "[]"))
        return API_SIGN_INVALID;
    what.body = none;
    struct sp_text right = signature_of_call(secret, &what, call->arena);
    return sp_secret_equal(given, right) ? API_OK : API_SIGN_INVALID;
}

static enum api_error check_caller(struct api_call *call)
{
    const struct sandbox_options *options = &call->sandbox->options;
    if (signature_read_query(call->request->query, call->arena, call->params, API_PARAMS,
                             &call->param_count) != SP_OK)
        return api_fail(call, API_INVALID_PARAM, "query");
    if (!sp_text_is(api_query(call, "app_key"), options->app_key))
        return API_INVALID_APP_KEY;
    if (api_query(call, "sign").size == 0)
        return API_NO_SIGN;
    enum api_error error = check_time(call);
    return error == API_OK ? check_sign(call) : error;
}

static enum api_error check_token(struct api_call *call)
{
    struct sandbox *sandbox = call->sandbox;
    switch (grants_check(&sandbox->grants, call->request->access_token, sandbox_clock(sandbox))) {
    case TOKEN_UNKNOWN:
        return API_TOKEN_UNKNOWN;
    case TOKEN_EXPIRED:
        return API_TOKEN_EXPIRED;
    case TOKEN_GOOD:
        break;
    }
    unsigned scope = (unsigned)call->route->scope;
    return (sandbox->grants.scopes & scope) == scope ? API_OK : API_NO_SCOPE;
}

static enum api_error check_cipher(struct api_call *call)
{
    struct sp_text cipher = api_query(call, "shop_cipher");
    if (api_query(call, "category_asset_cipher").size > 0) /* of calls that are not served here */
        return API_ASSET_UNEXPECTED;
    if ((call->route->wants & CIPHER_FORBIDDEN) != 0)
        return cipher.size == 0 ? API_OK : API_CIPHER_UNEXPECTED;
    if (cipher.size == 0)
        return API_CIPHER_MISSING;
    for (uint32_t i = 0; i < call->sandbox->shop_count; i++) {
        if (sp_text_is(cipher, call->sandbox->shops[i].cipher))
            call->shop = &call->sandbox->shops[i];
    }
    return call->shop == NULL ? API_CIPHER_UNKNOWN : API_OK;
}

static struct sp_text advice_of(const struct api_call *call, const struct limit *rule,
                                int64_t wait_s)
{
    time_t when = (time_t)(sp_now_us() / 1000000 + wait_s);
    char date[64];
    struct tm utc;
    if (rule->advice == ADVICE_NONE)
        return (struct sp_text){0};
    if (rule->advice == ADVICE_SECONDS)
        return sp_arena_printf(call->arena, "%lld", (long long)wait_s);
    SP_ASSERT(gmtime_r(&when, &utc) != NULL);
    size_t size = strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return sp_arena_copy(call->arena, (struct sp_text){date, size});
}

/* Only calls that would be served are counted. */
static enum api_error check_limit(struct api_call *call)
{
    struct limit_call who = {.place = call->shop == NULL ? SANDBOX_SHOPS : call->shop->index,
                             .route = (size_t)(call->route - api_routes),
                             .path = call->request->path};
    int64_t wait_s;
    const struct limit *rule =
        limits_refuse(&call->sandbox->limits, &who, sp_monotonic_us(), &wait_s);
    if (rule == NULL)
        return API_OK;
    if (call->request->retry_after != NULL)
        *call->request->retry_after = advice_of(call, rule, wait_s);
    return API_TOO_MANY_CALLS;
}

static enum api_error read_parts(struct api_call *call)
{
    const struct api_request *request = call->request;
    if (!starts_with(request->content_type, "multipart/form-data"))
        return API_UPLOAD_FORMAT;
    return multipart_read(request->content_type, request->body, call->parts, API_PARTS,
                          &call->part_count) == SP_OK
               ? API_OK
               : API_UPLOAD_FORMAT;
}

/* No body, and the "[]" of PHP, stand for an object without members. */
static enum api_error read_body(struct api_call *call)
{
    const struct api_request *request = call->request;
    if ((call->route->wants & UPLOAD) != 0)
        return read_parts(call);
    if (request->body.size == 0)
        return API_OK;
    if (!starts_with(request->content_type, "application/json"))
        return API_BODY_FORMAT;
    if (sp_json_parse(request->body, &call->body, NULL) != SP_OK)
        return API_BODY_FORMAT;
    bool empty_array = call->body.kind == SP_JSON_ARRAY && sp_text_is(call->body.raw, "[]");
    if (call->body.kind != SP_JSON_OBJECT && !empty_array)
        return API_BODY_FORMAT;
    return API_OK;
}

/* ---- serving
 * ------------------------------------------------------------------------------------------- */

struct served_call {
    const struct api_call *call;
    enum api_error error;
};

/* What was asked, and what came of it; without what lets a caller in. */
static void write_call(struct sp_json_writer *json, const void *about)
{
    static const char *const secrets[] = {"sign", "access_token", "app_key", "shop_cipher"};
    const struct served_call *served = about;
    const struct api_call *call = served->call;
    sp_json_put_cstring(json, "method", call->route->method);
    sp_json_put_cstring(json, "route", call->route->path);
    sp_json_put_int(json, "shop", call->shop == NULL ? 0 : call->shop->index + 1);
    sp_json_open_object(json, "query");
    for (size_t i = 0; i < call->param_count; i++) {
        bool secret = false;
        for (size_t k = 0; k < SP_COUNT(secrets); k++)
            secret = secret || sp_text_is(call->params[i].name, secrets[k]);
        if (!secret)
            sp_json_put_string(json, sp_arena_copy(call->arena, call->params[i].name).data,
                               call->params[i].value);
    }
    sp_json_close_object(json);
    struct sp_text body = call->body.raw;
    if (body.size > 0 && memchr(body.data, '\n', body.size) == NULL) /* one line, one object */
        sp_json_put_raw(json, "body", body);
    else if (body.size > 0)
        sp_json_put_string(json, "body", body);
    sp_json_put_int(json, "code", api_error_of(served->error)->code);
}

typedef enum api_error api_check(struct api_call *call);

static enum api_error check_all(struct api_call *call)
{
    static api_check *const checks[] = {find_route,   check_caller, check_token,
                                        check_cipher, check_limit,  read_body};
    for (size_t i = 0; i < SP_COUNT(checks); i++) {
        enum api_error error = checks[i](call);
        if (error != API_OK)
            return error;
    }
    return API_OK;
}

int api_serve(struct sandbox *sandbox, const struct api_request *request, struct sp_buffer *out)
{
    struct api_call call = {.sandbox = sandbox, .request = request, .arena = request->arena};
    enum api_error error = check_all(&call);
    if (error == API_OK) {
        call.data = api_begin(sandbox, api_error_of(API_OK)->message, out);
        error = call.route->handle(&call);
    }
    if (call.route != NULL)
        truth_note(sandbox->truth, "call", write_call, &(struct served_call){&call, error});
    if (error != API_OK)
        return api_refuse(sandbox, error, call.detail, out);
    api_end(&call.data);
    return 200;
}

/* ---- for handlers
 * ---------------------------------------------------------------------------------- */

enum api_error api_fail(struct api_call *call, enum api_error error, const char *detail)
{
    call->detail = detail;
    return error;
}

struct sp_text api_query(const struct api_call *call, const char *name)
{
    if (call->request->begins_anew && strcmp(name, "page_token") == 0)
        return (struct sp_text){0};
    for (size_t i = 0; i < call->param_count; i++) {
        if (sp_text_is(call->params[i].name, name))
            return call->params[i].value;
    }
    return (struct sp_text){0};
}

enum api_error api_query_int(struct api_call *call, const char *name, int64_t least, int64_t most,
                             int64_t *value)
{
    if (!sp_text_to_int(api_query(call, name), value) || *value < least || *value > most)
        return api_fail(call, API_INVALID_PARAM, name);
    return API_OK;
}

int64_t api_body_time(const struct api_call *call, const char *name)
{
    int64_t time = sp_json_int(sp_json_get(call->body, name), 0);
    return time > 0 ? time : 0;
}

void api_put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}
