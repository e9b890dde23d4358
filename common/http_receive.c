/* One request arriving: checks at its headers, its body in pieces, then the handler. */
#include "common/http_exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/http_url.h"
#include "common/log.h"

enum { FIRST_BODY_BYTES = 64 * 1024 }; /* taken at once on the client's word */

void *sp_receive_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct sp_http_server *server = context;
    struct exchange *exchange = sp_exchange_open(server, connection);
    struct sp_http_request *request = &exchange->request;
    struct sp_text text = sp_arena_copy(request->arena, sp_text_of(uri == NULL ? "" : uri));
    const char *mark = memchr(text.data, '?', text.size);
    size_t path_size = mark == NULL ? text.size : (size_t)(mark - text.data);
    request->path = (struct sp_text){text.data, path_size};
    if (mark != NULL)
        request->query = (struct sp_text){mark + 1, text.size - path_size - 1};
    return exchange;
}

/* The status to refuse with, or 0. */
static int check_request(struct exchange *exchange)
{
    struct sp_http_request *request = &exchange->request;
    if (request->path.size + request->query.size > SP_HTTP_PATH_BYTES ||
        !sp_url_escapes_valid(request->query))
        return 400;
    switch (sp_http_find_route(exchange->server->options.routes, request)) {
    case ROUTE_FOUND:
        return 0;
    case ROUTE_NONE:
        return 404;
    case ROUTE_OTHER_METHOD:
        return 405;
    case ROUTE_BROKEN:
        break;
    }
    return 400;
}

static bool is_spooled(const struct exchange *exchange)
{
    const struct sp_http_options *options = &exchange->server->options;
    return options->is_spooled != NULL && options->is_spooled(exchange->request.route);
}

static int check_size(const struct exchange *exchange, int64_t size)
{
    if (size > (int64_t)exchange->request.route->max_body)
        return 413;
    if (is_spooled(exchange))
        return 0;
    return exchange->server->body_bytes + (size_t)size > SP_HTTP_BODIES_BYTES ? 503 : 0;
}

/* A file without a name: a crash at any moment leaves nothing of it. */
static int open_spool(struct exchange *exchange)
{
    const char *folder = exchange->server->options.spool;
    if (folder == NULL || exchange->server->spools >= SP_HTTP_SPOOLS)
        return 503;
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0444);
    if (file < 0) {
        sp_logf(SP_ERROR, "spool-refused", "reason", "%s: %s", folder, strerror(errno));
        return 503;
    }
    exchange->request.body_file = file;
    exchange->server->spools++;
    return 0;
}

static int spool(struct exchange *exchange, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t written = write(exchange->request.body_file, bytes + at, size - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            sp_logf(SP_ERROR, "spool-refused", "reason", "%s", strerror(errno));
            return 503;
        }
        at += (size_t)written;
    }
    exchange->spooled += size;
    return 0;
}

/* Headers are here. */
static void begin(struct exchange *exchange, const char *method)
{
    const struct sp_http_options *options = &exchange->server->options;
    struct sp_http_request *request = &exchange->request;
    exchange->begun = exchange->at_headers = true;
    request->method = sp_arena_copy(request->arena, sp_text_of(method)).data;
    int64_t size = 0;
    struct sp_text length = sp_http_header(request, "Content-Length");
    if (length.size > 0 && (!sp_text_to_int(length, &size) || size < 0))
        size = INT64_MAX;
    exchange->refuse_early =
        size > SP_HTTP_DRAIN_BYTES || sp_http_header(request, "Expect").size > 0;
    exchange->refusal = check_request(exchange);
    if (exchange->refusal == 0)
        exchange->refusal = check_size(exchange, size);
    if (exchange->refusal != 0)
        return;
    if (is_spooled(exchange)) {
        exchange->phase = HANDLING;
        options->admit(request, options->context);
    } else if (size > 0) {
        (void)sp_buffer_reserve(&exchange->body,
                                size < FIRST_BODY_BYTES ? (size_t)size : FIRST_BODY_BYTES);
    }
}

void sp_http_let_in(struct sp_http_request *request)
{
    struct exchange *exchange = sp_exchange_of(request);
    SP_ASSERT(exchange->phase == HANDLING && exchange->at_headers);
    if (exchange->server == NULL) {
        sp_exchange_free(exchange);
        return;
    }
    exchange->phase = RECEIVING;
    exchange->refusal = open_spool(exchange);
    sp_exchange_resume(exchange);
}

/* False: more than will be read; the connection closes. */
static bool receive(struct exchange *exchange, const char *bytes, size_t size)
{
    if (exchange->refusal == 0)
        exchange->refusal =
            check_size(exchange, (int64_t)(exchange->body.size + exchange->spooled + size));
    if (exchange->refusal == 0 && exchange->request.body_file > 0)
        exchange->refusal = spool(exchange, bytes, size);
    if (exchange->refusal != 0) {
        exchange->server->body_bytes -= exchange->body.size;
        sp_buffer_free(&exchange->body);
        exchange->passed += size;
        return exchange->passed <= SP_HTTP_DRAIN_BYTES;
    }
    if (exchange->request.body_file > 0)
        return true;
    sp_buffer_put(&exchange->body, bytes, size);
    exchange->server->body_bytes += size;
    return true;
}

static void complete(struct exchange *exchange)
{
    struct sp_http_request *request = &exchange->request;
    if (exchange->refusal != 0) {
        sp_answer_refuse(exchange, exchange->refusal);
        return;
    }
    request->body = sp_buffer_text(&exchange->body);
    exchange->phase = HANDLING;
    request->route->handle(request, exchange->server->options.context);
}

static enum MHD_Result queue_answer(struct exchange *exchange)
{
    struct MHD_Response *answer = exchange->answer;
    exchange->answer = NULL;
    enum MHD_Result queued =
        MHD_queue_response(exchange->connection, (unsigned)exchange->status, answer);
    MHD_destroy_response(answer);
    return queued;
}

static enum MHD_Result suspend(struct exchange *exchange)
{
    sp_peer_deadline(exchange->connection, 0);
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
    return MHD_YES;
}

/* Comes once more after a wait.  A refusal goes out at once when the body is too large to be let
 * pass by, or when the client waits for leave to send it (Expect); else behind the body, since
 * closing a connection with unread bytes can destroy the answer on its way. */
static enum MHD_Result pass_headers(struct exchange *exchange)
{
    if (exchange->phase == HANDLING)
        return suspend(exchange);
    exchange->at_headers = false;
    sp_peer_deadline(exchange->connection,
                     exchange->request.body_file > 0 ? SP_HTTP_SPOOL_MS : SP_HTTP_ARRIVAL_MS);
    if (exchange->answer != NULL)
        exchange->refusal = exchange->status;
    if (exchange->refusal == 0 || !exchange->refuse_early)
        return MHD_YES;
    if (exchange->answer == NULL)
        sp_answer_refuse(exchange, exchange->refusal);
    return queue_answer(exchange);
}

enum MHD_Result sp_receive_access(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *size, void **state)
{
    (void)context, (void)url, (void)version;
    struct exchange *exchange = *state;
    if (exchange->server->closing)
        return MHD_NO;
    if (!exchange->begun)
        begin(exchange, method);
    if (exchange->at_headers)
        return pass_headers(exchange);
    if (*size > 0) {
        size_t got = *size;
        *size = 0;
        return receive(exchange, bytes, got) ? MHD_YES : MHD_NO;
    }
    if (exchange->phase == RECEIVING)
        complete(exchange);
    if (exchange->answer != NULL) {
        sp_peer_deadline(connection, 0);
        return queue_answer(exchange);
    }
    if (exchange->phase == ANSWERED) /* sp_http_drop */
        return MHD_NO;
    return suspend(exchange);
}
