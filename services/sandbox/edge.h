/* The sandbox's one HTTP port: Open API, token addresses, consent page, control side, a page for
 * people. */
#ifndef SANDBOX_EDGE_H
#define SANDBOX_EDGE_H

#include "common/http_server.h"
#include "common/loop.h"
#include "services/sandbox/sandbox.h"

enum edge_limits { EDGE_HELD = 256 }; /* calls that wait on purpose; more are dropped */

/* A call hit by FAULT_TIMEOUT. */
struct held_call {
    struct sp_http_request *request;
    int64_t until_us;
};

/* The context of every handler. */
struct edge {
    struct sandbox *sandbox;
    struct sp_loop *loop;
    struct sp_http_server *server;
    struct held_call held[EDGE_HELD];
    size_t held_count;
    struct sp_text retry_after; /* of the call that is being served; empty: no such header */
    int second, life, drip;     /* timers; drip is -1 while no orders come at a rate */
};

enum sp_result edge_open(struct edge **edge, struct sandbox *sandbox, struct sp_loop *loop,
                         const char *bind, struct sp_error *err) SP_MUST_USE;
void edge_close(struct edge **edge);

/* Orders that come at a rate were asked for. */
void edge_start_drip(struct edge *edge);

/* Every call the marketplace would get goes through here: an ordered fault strikes, or `serve`
 * writes the answer's body and returns its status. */
typedef int edge_serve(struct edge *edge, struct sp_http_request *request, struct sp_buffer *out);
void edge_run(struct edge *edge, struct sp_http_request *request, edge_serve *serve);

#endif
