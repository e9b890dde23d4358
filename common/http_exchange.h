/* What the files of the HTTP server share: one request with its answer, one stream, the server. */
#ifndef SAMPAN_HTTP_EXCHANGE_H
#define SAMPAN_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "common/http_server.h"

enum sp_http_limits {
    SP_HTTP_PARAMS = 8,                    /* {name} parts of one pattern */
    SP_HTTP_HEADER_BYTES = 32 * 1024,      /* request line and headers, and those of the answer */
    SP_HTTP_PATH_BYTES = 8 * 1024,         /* path and query */
    SP_HTTP_DRAIN_BYTES = 4 * 1024 * 1024, /* of a refused body, read so that the answer arrives */
    SP_HTTP_BODIES_BYTES = 256 * 1024 * 1024, /* of all bodies being held; beyond it: 503 */
    SP_HTTP_ARRIVAL_MS = 60 * 1000,           /* for headers and body to arrive whole */
    SP_HTTP_SPOOL_MS = 15 * 60 * 1000,        /* for a spooled body */
    SP_HTTP_SPOOLS = 16,                      /* spooled bodies at a time; beyond it: 503 */
    SP_HTTP_STREAM_BYTES = 1024 * 1024,       /* a reader of events may be behind */
    SP_HTTP_COMMENT_MS = 15 * 1000,           /* between signs of life on a quiet stream */
    SP_HTTP_POOLED = 64,                      /* exchanges kept for the next requests */
};

enum exchange_phase {
    RECEIVING, /* headers or body are on their way */
    HANDLING,  /* the handler has it and has not answered */
    ANSWERED,
};

/* A request, what became of it, and its place in the server.  The request is the first member, so
 * that the handler's pointer is also ours. */
struct exchange {
    struct sp_http_request request;
    struct sp_http_server *server;     /* NULL: the server closed before the answer came */
    struct MHD_Connection *connection; /* NULL: the client is gone */
    struct exchange *next, *before;    /* in server->exchanges */
    enum exchange_phase phase;
    bool begun;        /* headers were seen */
    bool at_headers;   /* … and it is not yet decided what of its body */
    bool refuse_early; /* a refusal does not wait for the body */
    bool suspended;    /* libmicrohttpd waits for sp_http_answer or sp_http_let_in */
    int refusal;       /* status to answer when the body has passed by, or 0 */
    size_t passed;     /* bytes of a refused body that were thrown away */
    struct sp_buffer body;
    size_t spooled;              /* bytes in request.body_file */
    struct MHD_Response *answer; /* not yet given to libmicrohttpd */
    int status;
    struct sp_http_stream *stream; /* or NULL */
};

struct sp_http_stream {
    struct exchange *exchange;
    struct sp_http_stream *next, *before; /* in server->streams */
    struct sp_buffer waiting;             /* [taken, size) has not been sent */
    size_t taken;
    bool suspended; /* libmicrohttpd waits for something to send */
    bool ended;
    bool broken;               /* it ends before it is whole, and the reader sees that */
    void (*more)(void *owner); /* of a body in parts: all that was put has gone out */
    size_t rate;               /* bytes between two ticks of the server at most; 0: no limit */
    size_t allowance;          /* … of which so many may still go */
    int64_t sent_us;           /* when something was last put in */
    void (*gone)(void *owner);
    void *owner;
};

/* A connection, watched so that nobody holds one by sending a byte now and then. */
struct peer {
    struct MHD_Connection *connection;
    struct peer *next, *before;
    int64_t deadline_us; /* 0: none, the answer is ours to give */
};

struct sp_http_server {
    struct sp_loop *loop;
    struct MHD_Daemon *daemon;
    struct sp_http_options options;
    int epoll; /* libmicrohttpd's; in the loop */
    int timer;
    int wake; /* eventfd: something was resumed, or there is more to do */
    bool woken;
    uint16_t port;
    bool quiesced, closing;
    size_t body_bytes; /* held by all exchanges */
    size_t spools;     /* open files of bodies */
    struct exchange *exchanges;
    struct exchange *pool; /* linked by next */
    size_t pooled;
    struct sp_http_stream *streams;
    struct peer *peers;
};

/* Another round of libmicrohttpd soon: http_server.c. */
void sp_server_wake(struct sp_http_server *server);

/* ---- exchanges: http_exchange.c
 * ------------------------------------------------------------------- */

struct exchange *sp_exchange_open(struct sp_http_server *server, struct MHD_Connection *connection);
/* The connection is done with it.  One that a handler still has stays, alone, until it answers. */
void sp_exchange_end(struct exchange *exchange);
/* After the last use by anyone. */
void sp_exchange_free(struct exchange *exchange);
void sp_exchange_resume(struct exchange *exchange);
struct exchange *sp_exchange_of(const struct sp_http_request *request);

/* ---- receiving: http_receive.c, called by libmicrohttpd
 * ------------------------------------------- */

/* At the request line: its exchange, which is `*state` later on. */
void *sp_receive_uri(void *context, const char *uri, struct MHD_Connection *connection);
/* At the headers, for each piece of the body, at the end, and once more after a resume. */
enum MHD_Result sp_receive_access(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *size, void **state);
/* Cuts the connection unless something else is said within `ms`; 0: never. */
void sp_peer_deadline(struct MHD_Connection *connection, int64_t ms);

/* ---- routing: http_router.c
 * ------------------------------------------------------------------------- */

enum route_outcome { ROUTE_FOUND, ROUTE_NONE, ROUTE_OTHER_METHOD, ROUTE_BROKEN };
/* Finds the route of request->method and path, fills route and params.  BROKEN: a percent escape
 * that is none, a zero byte. */
enum route_outcome sp_http_find_route(const struct sp_http_route *routes,
                                      struct sp_http_request *request);
/* The methods that the path knows, "GET, POST". */
struct sp_text sp_http_allowed(const struct sp_http_route *routes,
                               const struct sp_http_request *request);

/* ---- answering: http_answer.c
 * ----------------------------------------------------------------------- */

/* Adds "Name: value" strings, then those every answer has and `own` does not set itself. */
void sp_answer_headers(struct exchange *exchange, struct MHD_Response *answer,
                       const char *content_type, const char *const *own);
/* Answers a request that reaches no handler: 400, 404, 405, 413, 503. */
void sp_answer_refuse(struct exchange *exchange, int status);
/* Takes over the answer and sends it now or when libmicrohttpd asks. */
void sp_answer_give(struct exchange *exchange, int status, struct MHD_Response *answer);

/* ---- streams: http_stream.c
 * -------------------------------------------------------------------------- */

void sp_stream_end(struct sp_http_stream *stream);   /* no more events; the connection closes */
void sp_stream_free(struct sp_http_stream **stream); /* calls gone */
void sp_streams_comment(struct sp_http_server *server);
void sp_streams_allow(struct sp_http_server *server); /* at each tick, to the slow ones */

#endif
