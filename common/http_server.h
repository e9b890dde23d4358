/* An HTTP/1.1 server in the service's own loop: libmicrohttpd, its epoll set watched by the loop;
 * one thread, no locks.  A request that must wait (for a worker, for another service) is answered
 * later from the loop's thread. */
#ifndef SAMPAN_HTTP_SERVER_H
#define SAMPAN_HTTP_SERVER_H

#include "common/arena.h"
#include "common/base.h"
#include "common/buffer.h"
#include "common/loop.h"

struct sp_http_server;

/* A request whose body has arrived whole.  Lives until it is answered and the answer sent. */
struct sp_http_request {
    const char *method;
    struct sp_text path;  /* as sent, without the query */
    struct sp_text query; /* raw, behind '?', may be empty */
    struct sp_text body;
    int body_file;            /* of a spooled route, open until the answer is sent; else 0 */
    struct sp_arena *arena;   /* the request's own */
    struct sp_text params[8]; /* what the pattern's {name} parts matched, decoded */
    const struct sp_http_route *route;
    int64_t began_us; /* monotonic */
    void *user;       /* the handler's own */
};

struct sp_text sp_http_header(const struct sp_http_request *request, const char *name);
/* First value of a query parameter, decoded; empty when absent. */
struct sp_text sp_http_query(const struct sp_http_request *request, const char *name);
/* Walks all query parameters, decoded, in the order sent; false at the end.  Start with *at = 0. */
bool sp_http_each_query(const struct sp_http_request *request, size_t *at, struct sp_text *name,
                        struct sp_text *value);
struct sp_text sp_http_cookie(const struct sp_http_request *request, const char *name);
struct sp_text sp_http_peer(const struct sp_http_request *request); /* numeric address */

typedef void sp_http_handler(struct sp_http_request *request, void *context);

struct sp_http_route {
    const char *method;  /* "GET"; NULL matches any */
    const char *pattern; /* "/orders/{id}/place"; a last part "{rest...}" takes the remainder */
    size_t max_body;     /* bytes; a larger body is answered 413 before it is read */
    sp_http_handler *handle;
    const void *more; /* the service's own: an ask's name, a permission */
};

struct sp_http_options {
    const char *bind;                   /* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:8080" */
    const struct sp_http_route *routes; /* first match wins, else 404 or 405; a zero entry ends */
    void *context;
    /* Whether the body goes to a file without a name in `spool`, and not to memory; NULL: never.
     * Without a folder such a request is answered 503. */
    bool (*is_spooled)(const struct sp_http_route *route);
    sp_http_handler *admit; /* asked before anything of such a body is taken: answers, now or later,
                             * or lets it in */
    const char *spool;
    int64_t idle_timeout_ms;  /* 0 = 30 s */
    unsigned max_connections; /* 0 = 1000 */
};

/* SP_RETRY with the address in the text when the port is taken. */
enum sp_result sp_http_server_open(struct sp_http_server **server, struct sp_loop *loop,
                                   const struct sp_http_options *options,
                                   struct sp_error *err) SP_MUST_USE;
/* The real one when port 0 was asked. */
uint16_t sp_http_server_port(const struct sp_http_server *server);
/* Takes no new connections, ends the streams, lets requests in hand go on. */
void sp_http_server_quiesce(struct sp_http_server *server);
size_t sp_http_server_open_requests(const struct sp_http_server *server); /* without streams */
/* Cuts what is open.  A request that was not answered yet may still be: that only frees it. */
void sp_http_server_close(struct sp_http_server **server);

/* The body may come; the route's handler is called when it is here. */
void sp_http_let_in(struct sp_http_request *request);
/* Answers once, from the loop's thread, now or later.  The body is copied.  headers: "Name: value"
 * strings, NULL-terminated, may be NULL.  Security headers and Content-Length are added. */
void sp_http_answer(struct sp_http_request *request, int status, const char *content_type,
                    struct sp_text body, const char *const *headers);
/* The same at so many bytes a second, in two portions: for a sandbox that is slow on purpose. */
void sp_http_answer_slowly(struct sp_http_request *request, int status, const char *content_type,
                           struct sp_text body, size_t bytes_per_s);
/* Closes the connection without an answer, in place of sp_http_answer: for a sandbox that loses one
 * on purpose. */
void sp_http_drop(struct sp_http_request *request);
/* An RFC 9457 problem. */
void sp_http_problem(struct sp_http_request *request, int status, const char *code,
                     const char *detail);
/* A file below `root` (no "..", no links out), with ETag, immutable caching for hashed names, and
 * the .br / .gz beside it when accepted.  False: no such file, nothing answered. */
bool sp_http_answer_file(struct sp_http_request *request, const char *root, struct sp_text path);

/* One range of bytes, as a request asks for it: both ends are in it. */
struct sp_http_range {
    int64_t first, last; /* first -1: the last `last` bytes */
};
/* Of "bytes=0-99", "bytes=100-", "bytes=-100".  False: it asks for several, or in other words; then
 * the whole is meant. */
bool sp_http_range_read(struct sp_text header, struct sp_http_range *range);
/* What a request asks for.  False: the whole, as also when it has a part of what had another etag.
 */
bool sp_http_asks_range(const struct sp_http_request *request, const char *etag,
                        struct sp_http_range *range);
/* Makes it one of `whole` bytes.  False: none of them is in it. */
bool sp_http_range_fit(struct sp_http_range *range, int64_t whole);
/* So many bytes of an open file, which is closed behind them: what they are in the whole. */
struct sp_http_part {
    int fd;
    int64_t at; /* in the file */
    int64_t first, bytes, whole;
    const char *content_type;
};
void sp_http_answer_part(struct sp_http_request *request, const struct sp_http_part *part,
                         const char *const *headers);
/* Nothing of the range is there: 416. */
void sp_http_answer_no_part(struct sp_http_request *request, int64_t whole);

/* Server-sent events: answers with an open stream.  `gone` is called once when the browser leaves
 * or the server closes; after it the stream must not be used. */
struct sp_http_stream;
struct sp_http_source {
    void (*more)(void *owner);
    void (*gone)(void *owner);
    void *owner;
};
struct sp_http_stream *sp_http_answer_stream(struct sp_http_request *request,
                                             void (*gone)(void *owner), void *owner);
/* Appends one event; false when the reader is more than 1 MiB behind: the stream is closed. */
bool sp_http_stream_send(struct sp_http_stream *stream, const char *id, const char *event,
                         struct sp_text data);
/* A body that is made as it goes out: answers 200, and calls `more` whenever all that was put has
 * been sent.  `headers` as above.  Ends by sp_http_stream_end; whoever reads one that is closed
 * otherwise is told that it is not whole. */
struct sp_http_stream *sp_http_answer_parts(struct sp_http_request *request,
                                            const char *content_type, const char *const *headers,
                                            const struct sp_http_source *source);
/* Appends to it; false when the reader is more than 1 MiB behind: it is closed. */
bool sp_http_stream_put(struct sp_http_stream *stream, struct sp_text part);
/* Closes it as one that is not whole. */
void sp_http_stream_break(struct sp_http_stream *stream);
/* Closes it once what was sent has gone out; `gone` follows.  Calling again does nothing. */
void sp_http_stream_end(struct sp_http_stream *stream);

#endif
