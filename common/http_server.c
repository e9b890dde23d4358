/* The server itself: opening, libmicrohttpd's callbacks, its turns in the loop, closing. */
#include "common/http_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http_exchange.h"
#include "common/http_listen.h"

enum {
    TICK_MS = 500,
    IDLE_TIMEOUT_MS = 30 * 1000,
    CONNECTIONS = 1000,
    PUMPS_A_TURN = 16, /* so that other work in the loop gets its share */
    PUMPS_TO_CLOSE = 64,
};

/* ---- connections
 * ------------------------------------------------------------------------------------------ */

void sp_peer_deadline(struct MHD_Connection *connection, int64_t ms)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = info == NULL ? NULL : info->socket_context;
    if (peer != NULL)
        peer->deadline_us = ms == 0 ? 0 : sp_monotonic_us() + ms * 1000;
}

static int64_t idle_ms(const struct sp_http_server *server)
{
    int64_t ms = server->options.idle_timeout_ms;
    return ms == 0 ? IDLE_TIMEOUT_MS : ms;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct sp_http_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        struct peer *peer = sp_alloc(sizeof *peer);
        peer->connection = connection;
        peer->deadline_us = sp_monotonic_us() + 2 * idle_ms(server) * 1000;
        peer->next = server->peers;
        if (peer->next != NULL)
            peer->next->before = peer;
        server->peers = peer;
        *socket_context = peer;
        return;
    }
    struct peer *peer = *socket_context;
    if (peer->next != NULL)
        peer->next->before = peer->before;
    if (peer->before != NULL)
        peer->before->next = peer->next;
    else
        server->peers = peer->next;
    free(peer);
    *socket_context = NULL;
}

/* libmicrohttpd's own time-out starts again with every byte; this one does not. */
static void cut_slow_peers(struct sp_http_server *server)
{
    int64_t now = sp_monotonic_us();
    for (struct peer *at = server->peers; at != NULL; at = at->next) {
        if (at->deadline_us == 0 || now < at->deadline_us)
            continue;
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(at->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        at->deadline_us = 0;
        if (info != NULL)
            (void)shutdown(info->connect_fd, SHUT_RDWR);
    }
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    (void)how;
    struct exchange *exchange = *state;
    *state = NULL;
    if (exchange == NULL)
        return;
    sp_peer_deadline(connection, 2 * idle_ms(context));
    sp_exchange_end(exchange);
}

/* ---- turns in the loop
 * --------------------------------------------------------------------------------------- */

static bool pump(struct sp_http_server *server, int most)
{
    unsigned long long timeout = 0;
    while (most-- > 0) {
        SP_ASSERT(MHD_run(server->daemon) == MHD_YES);
        if (MHD_get_timeout(server->daemon, &timeout) != MHD_YES || timeout > 0)
            return true;
    }
    return false;
}

static void on_ready(void *context)
{
    struct sp_http_server *server = context;
    if (!pump(server, PUMPS_A_TURN))
        sp_server_wake(server);
}

static void on_wake(void *context)
{
    struct sp_http_server *server = context;
    uint64_t rung;
    SP_ASSERT(read(server->wake, &rung, sizeof rung) == (ssize_t)sizeof rung);
    server->woken = false;
    on_ready(server);
}

/* libmicrohttpd driven from outside has no means to say that a connection was resumed. */
void sp_server_wake(struct sp_http_server *server)
{
    const uint64_t ring = 1;
    if (server->woken)
        return;
    server->woken = true;
    SP_ASSERT(write(server->wake, &ring, sizeof ring) == (ssize_t)sizeof ring);
}

static void on_tick(void *context)
{
    struct sp_http_server *server = context;
    cut_slow_peers(server);
    sp_streams_comment(server);
    sp_streams_allow(server);
    on_ready(server);
}

/* ---- opening
 * ----------------------------------------------------------------------------------------------------
 */

/* The router decodes, piece by piece; libmicrohttpd would decode the path as a whole. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static void start_daemon(struct sp_http_server *server, int socket)
{
    unsigned connections = server->options.max_connections;
    if (connections == 0)
        connections = CONNECTIONS;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, sp_receive_access,
        server, MHD_OPTION_LISTEN_SOCKET, socket,                                  /**/
        MHD_OPTION_URI_LOG_CALLBACK, sp_receive_uri, server,                       /**/
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,                         /**/
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,                         /**/
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,                       /**/
        MHD_OPTION_CONNECTION_LIMIT, connections,                                  /**/
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((idle_ms(server) + 999) / 1000), /**/
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SP_HTTP_HEADER_BYTES,          /**/
        MHD_OPTION_STRICT_FOR_CLIENT, 1,                                           /**/
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

enum sp_result sp_http_server_open(struct sp_http_server **server_address, struct sp_loop *loop,
                                   const struct sp_http_options *options, struct sp_error *err)
{
    int socket;
    uint16_t port;
    enum sp_result result = sp_http_listen(options->bind, &socket, &port, err);
    if (result != SP_OK)
        return result;
    struct sp_http_server *server = sp_alloc(sizeof *server);
    *server = (struct sp_http_server){.loop = loop, .options = *options, .port = port};
    start_daemon(server, socket);
    if (server->daemon == NULL) {
        close(socket);
        free(server);
        return sp_fail(err, SP_RETRY, "the HTTP server on %s cannot start", options->bind);
    }
    server->epoll = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    server->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    SP_ASSERT(server->wake >= 0);
    sp_loop_watch_fd(loop, server->epoll, on_ready, server);
    sp_loop_watch_fd(loop, server->wake, on_wake, server);
    server->timer = sp_loop_every(loop, TICK_MS, on_tick, server);
    on_ready(server); /* puts the listening socket into the epoll set */
    *server_address = server;
    return SP_OK;
}

uint16_t sp_http_server_port(const struct sp_http_server *server)
{
    return server->port;
}

/* ---- closing
 * ------------------------------------------------------------------------------------------------------
 */

void sp_http_server_quiesce(struct sp_http_server *server)
{
    if (server->quiesced)
        return;
    server->quiesced = true;
    int socket = MHD_quiesce_daemon(server->daemon);
    if (socket != MHD_INVALID_SOCKET)
        close(socket);
    for (struct sp_http_stream *at = server->streams; at != NULL; at = at->next)
        sp_stream_end(at);
}

size_t sp_http_server_open_requests(const struct sp_http_server *server)
{
    size_t count = 0;
    for (const struct exchange *at = server->exchanges; at != NULL; at = at->next)
        count += at->stream == NULL;
    return count;
}

void sp_http_server_close(struct sp_http_server **server_address)
{
    struct sp_http_server *server = *server_address;
    if (server == NULL)
        return;
    *server_address = NULL;
    sp_http_server_quiesce(server);
    sp_loop_unwatch_fd(server->loop, server->epoll);
    sp_loop_unwatch_fd(server->loop, server->wake);
    sp_loop_cancel(server->loop, server->timer);
    /* What waits for an answer is cut; libmicrohttpd must not be stopped with suspended
     * connections. */
    server->closing = true;
    for (struct exchange *at = server->exchanges; at != NULL; at = at->next)
        sp_exchange_resume(at);
    (void)pump(server, PUMPS_TO_CLOSE);
    MHD_stop_daemon(server->daemon);
    SP_ASSERT(server->exchanges == NULL && server->streams == NULL);
    while (server->pool != NULL) {
        struct exchange *exchange = server->pool;
        server->pool = exchange->next;
        sp_exchange_free(exchange);
    }
    close(server->wake);
    free(server);
}
