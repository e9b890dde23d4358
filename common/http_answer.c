/* Answering: status, body, the headers that every answer has. */
#include "common/http_exchange.h"

#include <string.h>
#include <strings.h>

#include "common/json.h"
#include "common/log.h"

enum { NAME_BYTES = 64 };

struct header {
    const char *name, *value;
};

/* The policy is the one the pages were built under: no inline script, no foreign origin, no frame;
 * pictures of listings come from where the marketplace keeps them. */
static const struct header always[] = {
    {"Content-Security-Policy",
     "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; "
     "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"Strict-Transport-Security", "max-age=31536000"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

/* ---- headers
 * --------------------------------------------------------------------------------------- */

static void put_header(struct MHD_Response *answer, const char *name, const char *value)
{
    /* A line break in a value, for one: then the answer goes out without this header. */
    if (MHD_add_response_header(answer, name, value) != MHD_YES)
        sp_log(SP_WARN, "header-refused", "name", name, NULL);
}

static void put_own(struct MHD_Response *answer, const char *header)
{
    size_t size = strcspn(header, ":");
    char name[NAME_BYTES];
    SP_ASSERT(header[size] == ':' && size < sizeof name);
    memcpy(name, header, size);
    name[size] = '\0';
    const char *value = header + size + 1;
    put_header(answer, name, value + strspn(value, " "));
}

static bool sets(const char *const *own, const char *name)
{
    size_t size = strlen(name);
    for (; own != NULL && *own != NULL; own++)
        if (strncasecmp(*own, name, size) == 0 && (*own)[size] == ':')
            return true;
    return false;
}

void sp_answer_headers(struct exchange *exchange, struct MHD_Response *answer,
                       const char *content_type, const char *const *own)
{
    if (content_type != NULL)
        put_header(answer, "Content-Type", content_type);
    for (size_t i = 0; own != NULL && own[i] != NULL; i++)
        put_own(answer, own[i]);
    for (size_t i = 0; i < SP_COUNT(always); i++)
        if (!sets(own, always[i].name))
            put_header(answer, always[i].name, always[i].value);
    if (exchange->server != NULL && exchange->server->quiesced)
        put_header(answer, "Connection", "close");
}

/* ---- answers
 * ---------------------------------------------------------------------------------------- */

void sp_answer_give(struct exchange *exchange, int status, struct MHD_Response *answer)
{
    SP_ASSERT(answer != NULL && exchange->phase != ANSWERED);
    exchange->phase = ANSWERED;
    if (exchange->server == NULL) { /* it closed meanwhile: nobody is there to read this */
        MHD_destroy_response(answer);
        sp_exchange_free(exchange);
        return;
    }
    exchange->status = status;
    exchange->answer = answer;
    sp_exchange_resume(exchange);
}

void sp_http_answer(struct sp_http_request *request, int status, const char *content_type,
                    struct sp_text body, const char *const *headers)
{
    struct exchange *exchange = sp_exchange_of(request);
    /* libmicrohttpd copies, but its parameter is not const. */
    union {
        const char *data;
        void *buffer;
    } from = {body.size == 0 ? "" : body.data};
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(body.size, from.buffer, MHD_RESPMEM_MUST_COPY);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(exchange, answer, content_type, headers);
    sp_answer_give(exchange, status, answer);
}

void sp_http_drop(struct sp_http_request *request)
{
    struct exchange *exchange = sp_exchange_of(request);
    SP_ASSERT(exchange->phase != ANSWERED);
    exchange->phase = ANSWERED; /* with nothing: sp_receive_access refuses to go on */
    if (exchange->server == NULL)
        sp_exchange_free(exchange);
    else
        sp_exchange_resume(exchange);
}

static const char *title_of(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < SP_COUNT(titles); i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Problem";
}

static void answer_problem(struct sp_http_request *request, int status, const char *code,
                           const char *detail, const char *const *headers)
{
    struct sp_buffer body = {0};
    struct sp_json_writer json = sp_json_writer(&body);
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "type", "about:blank");
    sp_json_put_cstring(&json, "title", title_of(status));
    sp_json_put_int(&json, "status", status);
    sp_json_put_cstring(&json, "code", code);
    sp_json_put_cstring(&json, "detail", detail);
    sp_json_close_object(&json);
    sp_http_answer(request, status, "application/problem+json", sp_buffer_text(&body), headers);
    sp_buffer_free(&body);
}

void sp_http_problem(struct sp_http_request *request, int status, const char *code,
                     const char *detail)
{
    answer_problem(request, status, code, detail, NULL);
}

void sp_answer_refuse(struct exchange *exchange, int status)
{
    struct sp_http_request *request = &exchange->request;
    struct sp_text allow = {0};
    const char *headers[] = {NULL, NULL};
    const char *code = "NO_SUCH_PATH", *detail = "There is nothing at this path.";
    switch (status) {
    case 400:
        code = "BROKEN_URL";
        detail = "The path or query holds a percent sign that no two hex digits follow.";
        break;
    case 405:
        code = "METHOD_NOT_ALLOWED";
        detail = "The path does not know this method.";
        allow = sp_http_allowed(exchange->server->options.routes, request);
        headers[0] = sp_arena_printf(request->arena, "Allow: %.*s", SP_FMT(allow)).data;
        break;
    case 413:
        code = "BODY_TOO_LARGE";
        detail = "The request's body is larger than this path takes.";
        break;
    case 503:
        code = "BUSY";
        detail = "Too much is being received at the moment; try again in a few seconds.";
        headers[0] = "Retry-After: 5";
        break;
    default:
        break;
    }
    answer_problem(request, status, code, detail, headers);
}
