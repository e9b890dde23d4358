#include "common/http_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/metrics.h"

static struct sp_metric requests_total = SP_METRIC_COUNTER(
    "sampan_http_requests_total", "Requests answered, by status; 0: the client left first", "code");
static struct sp_metric request_seconds = SP_METRIC_HISTOGRAM(
    "sampan_http_request_duration_seconds", "From the request line to the last byte sent", NULL);

static struct exchange *take(struct sp_http_server *server)
{
    struct exchange *exchange = server->pool;
    if (exchange == NULL) {
        exchange = sp_alloc(sizeof *exchange);
        exchange->request.arena = sp_arena_open();
        return exchange;
    }
    server->pool = exchange->next;
    server->pooled--;
    return exchange;
}

struct exchange *sp_exchange_open(struct sp_http_server *server, struct MHD_Connection *connection)
{
    struct exchange *exchange = take(server);
    struct sp_arena *arena = exchange->request.arena;
    struct sp_buffer body = exchange->body;
    *exchange = (struct exchange){.server = server, .connection = connection, .body = body};
    exchange->request.arena = arena;
    exchange->request.began_us = sp_monotonic_us();
    exchange->next = server->exchanges;
    if (exchange->next != NULL)
        exchange->next->before = exchange;
    server->exchanges = exchange;
    return exchange;
}

static void unlink_exchange(struct exchange *exchange)
{
    struct sp_http_server *server = exchange->server;
    if (exchange->next != NULL)
        exchange->next->before = exchange->before;
    if (exchange->before != NULL)
        exchange->before->next = exchange->next;
    else
        server->exchanges = exchange->next;
    exchange->next = exchange->before = NULL;
    server->body_bytes -= exchange->body.size;
    server->spools -= exchange->request.body_file > 0;
}

/* What nobody gave a name is gone with this. */
static void close_file(struct exchange *exchange)
{
    if (exchange->request.body_file > 0)
        close(exchange->request.body_file);
    exchange->request.body_file = 0;
}

static void count(const struct exchange *exchange)
{
    char code[8];
    (void)snprintf(code, sizeof code, "%d", exchange->status);
    sp_metric_add(&requests_total, code, 1);
    if (exchange->stream == NULL)
        sp_metric_observe_us(&request_seconds, NULL,
                             sp_monotonic_us() - exchange->request.began_us);
}

void sp_exchange_end(struct exchange *exchange)
{
    struct sp_http_server *server = exchange->server;
    count(exchange);
    unlink_exchange(exchange);
    exchange->connection = NULL;
    if (exchange->stream != NULL)
        sp_stream_free(&exchange->stream);
    if (exchange->phase == HANDLING) {
        exchange->server = NULL;
        return;
    }
    if (exchange->answer != NULL)
        MHD_destroy_response(exchange->answer);
    exchange->answer = NULL;
    close_file(exchange);
    if (server->pooled >= SP_HTTP_POOLED || server->closing) {
        sp_exchange_free(exchange);
        return;
    }
    sp_arena_reset(exchange->request.arena);
    sp_buffer_free(&exchange->body);
    exchange->next = server->pool;
    server->pool = exchange;
    server->pooled++;
}

void sp_exchange_free(struct exchange *exchange)
{
    close_file(exchange);
    sp_arena_close(&exchange->request.arena);
    sp_buffer_free(&exchange->body);
    free(exchange);
}

void sp_exchange_resume(struct exchange *exchange)
{
    if (!exchange->suspended)
        return;
    exchange->suspended = false;
    MHD_resume_connection(exchange->connection);
    sp_server_wake(exchange->server);
}

struct exchange *sp_exchange_of(const struct sp_http_request *request)
{
    union {
        const struct sp_http_request *request;
        struct exchange *exchange;
    } same = {request};
    return same.exchange;
}
