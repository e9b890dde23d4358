/* Streams that wait for something to say: server-sent events, and bodies made as they go out. */
#include "common/http_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "common/metrics.h"

enum { BLOCK_BYTES = 8 * 1024 };

static struct sp_metric streams_open =
    SP_METRIC_GAUGE("sampan_http_streams", "Open streams of events", NULL);

/* ---- to the reader
 * ------------------------------------------------------------------------------------ */

/* libmicrohttpd asks for the next bytes. */
static ssize_t on_room(void *context, uint64_t position, char *to, size_t room)
{
    (void)position;
    struct sp_http_stream *stream = context;
    struct sp_buffer *waiting = &stream->waiting;
    size_t size = waiting->size - stream->taken;
    if (size == 0 && stream->ended)
        return stream->broken ? MHD_CONTENT_READER_END_WITH_ERROR
                              : MHD_CONTENT_READER_END_OF_STREAM;
    if (stream->rate != 0 && size > stream->allowance)
        size = stream->allowance;
    if (size == 0) {
        stream->suspended = true;
        MHD_suspend_connection(stream->exchange->connection);
        if (stream->more != NULL)
            stream->more(stream->owner);
        return 0;
    }
    if (size > room)
        size = room;
    memcpy(to, waiting->data + stream->taken, size);
    stream->taken += size;
    stream->allowance -= stream->rate != 0 ? size : 0;
    if (stream->taken == waiting->size) {
        sp_buffer_reset(waiting);
        stream->taken = 0;
    }
    return (ssize_t)size;
}

static void wake(struct sp_http_stream *stream)
{
    if (!stream->suspended)
        return;
    stream->suspended = false;
    MHD_resume_connection(stream->exchange->connection);
    sp_server_wake(stream->exchange->server);
}

/* Moves what is left to the front once more than half has been taken. */
static void compact(struct sp_http_stream *stream)
{
    struct sp_buffer *waiting = &stream->waiting;
    if (stream->taken <= waiting->size / 2)
        return;
    waiting->size -= stream->taken;
    memmove(waiting->data, waiting->data + stream->taken, waiting->size);
    stream->taken = 0;
}

/* ---- opening and ending
 * -------------------------------------------------------------------------------- */

static struct sp_http_stream *open_stream(struct exchange *exchange, void (*gone)(void *owner),
                                          void *owner)
{
    SP_ASSERT(exchange->server != NULL);
    struct sp_http_stream *stream = sp_alloc(sizeof *stream);
    *stream = (struct sp_http_stream){.exchange = exchange, .gone = gone, .owner = owner};
    stream->next = exchange->server->streams;
    if (stream->next != NULL)
        stream->next->before = stream;
    exchange->server->streams = stream;
    exchange->stream = stream;
    sp_metric_add(&streams_open, NULL, 1);
    return stream;
}

struct sp_http_stream *sp_http_answer_stream(struct sp_http_request *request,
                                             void (*gone)(void *owner), void *owner)
{
    static const char *const headers[] = {"Cache-Control: no-store", "X-Accel-Buffering: no", NULL};
    struct exchange *exchange = sp_exchange_of(request);
    struct sp_http_stream *stream = open_stream(exchange, gone, owner);
    /* Something at once, so that the browser sees the stream open; and how soon it comes back. */
    sp_buffer_put_string(&stream->waiting, "retry: 3000\n\n");
    stream->sent_us = sp_monotonic_us();
    stream->ended = exchange->server->quiesced;

    struct MHD_Response *answer =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_room, stream, NULL);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(exchange, answer, "text/event-stream", headers);
    sp_answer_give(exchange, 200, answer);
    return stream;
}

struct sp_http_stream *sp_http_answer_parts(struct sp_http_request *request,
                                            const char *content_type, const char *const *headers,
                                            const struct sp_http_source *source)
{
    struct exchange *exchange = sp_exchange_of(request);
    struct sp_http_stream *stream = open_stream(exchange, source->gone, source->owner);
    stream->more = source->more;
    stream->ended = stream->broken = exchange->server->quiesced;
    struct MHD_Response *answer =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_room, stream, NULL);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(exchange, answer, content_type, headers);
    sp_answer_give(exchange, 200, answer);
    return stream;
}

static void forget(void *owner)
{
    (void)owner;
}

void sp_http_answer_slowly(struct sp_http_request *request, int status, const char *content_type,
                           struct sp_text body, size_t bytes_per_s)
{
    struct exchange *exchange = sp_exchange_of(request);
    SP_ASSERT(bytes_per_s > 0);
    struct sp_http_stream *stream = open_stream(exchange, forget, NULL);
    sp_buffer_put_text(&stream->waiting, body);
    if (!exchange->server->quiesced)
        stream->rate = stream->allowance = (bytes_per_s + 1) / 2;
    stream->ended = true; /* nothing follows */
    struct MHD_Response *answer =
        MHD_create_response_from_callback(body.size, BLOCK_BYTES, on_room, stream, NULL);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(exchange, answer, content_type, NULL);
    sp_answer_give(exchange, status, answer);
}

void sp_stream_end(struct sp_http_stream *stream)
{
    stream->broken = stream->broken || (stream->more != NULL && !stream->ended);
    stream->ended = true;
    stream->rate = 0; /* a slow answer goes out at once */
    wake(stream);
}

void sp_stream_free(struct sp_http_stream **stream_address)
{
    struct sp_http_stream *stream = *stream_address;
    struct sp_http_server *server = stream->exchange->server;
    if (stream->next != NULL)
        stream->next->before = stream->before;
    if (stream->before != NULL)
        stream->before->next = stream->next;
    else
        server->streams = stream->next;
    sp_metric_add(&streams_open, NULL, -1);
    stream->gone(stream->owner);
    sp_buffer_free(&stream->waiting);
    free(stream);
    *stream_address = NULL;
}

/* ---- sending
 * --------------------------------------------------------------------------------------------- */

static bool put(struct sp_http_stream *stream, const struct sp_buffer *event)
{
    if (stream->ended)
        return false;
    if (stream->waiting.size - stream->taken + event->size > SP_HTTP_STREAM_BYTES) {
        sp_stream_end(stream);
        return false;
    }
    compact(stream);
    sp_buffer_put(&stream->waiting, event->data, event->size);
    stream->sent_us = sp_monotonic_us();
    wake(stream);
    return true;
}

bool sp_http_stream_put(struct sp_http_stream *stream, struct sp_text part)
{
    struct sp_buffer bytes = {0};
    sp_buffer_put_text(&bytes, part);
    bool sent = put(stream, &bytes);
    sp_buffer_free(&bytes);
    return sent;
}

static void put_line(struct sp_buffer *out, const char *name, const char *value)
{
    if (value != NULL)
        sp_buffer_printf(out, "%s: %.*s\n", name, (int)strcspn(value, "\r\n"), value);
}

bool sp_http_stream_send(struct sp_http_stream *stream, const char *id, const char *event,
                         struct sp_text data)
{
    struct sp_buffer out = {0};
    put_line(&out, "id", id);
    put_line(&out, "event", event);
    /* A line break within the data would end the event: each line gets its own field. */
    size_t at = 0;
    do {
        const char *start = data.data + at;
        const char *end = at < data.size ? memchr(start, '\n', data.size - at) : NULL;
        size_t size = end == NULL ? data.size - at : (size_t)(end - start);
        sp_buffer_put_string(&out, "data: ");
        sp_buffer_put(&out, start, size);
        sp_buffer_put(&out, "\n", 1);
        at += size + 1;
    } while (at < data.size);
    sp_buffer_put(&out, "\n", 1);
    bool sent = put(stream, &out);
    sp_buffer_free(&out);
    return sent;
}

void sp_streams_comment(struct sp_http_server *server)
{
    char text[] = ":\n\n";
    const struct sp_buffer comment = {text, sizeof text - 1, sizeof text};
    int64_t before_us = sp_monotonic_us() - (int64_t)SP_HTTP_COMMENT_MS * 1000;
    for (struct sp_http_stream *at = server->streams; at != NULL; at = at->next)
        if (at->more == NULL && at->sent_us <= before_us)
            (void)put(at, &comment); /* false: it is closing already */
}

void sp_streams_allow(struct sp_http_server *server)
{
    for (struct sp_http_stream *at = server->streams; at != NULL; at = at->next) {
        at->allowance = at->rate;
        if (at->rate != 0)
            wake(at);
    }
}

void sp_http_stream_end(struct sp_http_stream *stream)
{
    stream->ended = true;
    sp_stream_end(stream);
}

void sp_http_stream_break(struct sp_http_stream *stream)
{
    stream->broken = true;
    sp_stream_end(stream);
}
