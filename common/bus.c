/* The bus's life: sockets with all their options stated, opening, closing. */
#include "common/bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus_internal.h"
#include "common/log.h"

static void set_int(void *socket, int option, int value)
{
    SP_ASSERT(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

/* Every option that matters, in one place; the reasons are in docs/architecture.md. */
void *sp_bus_socket(struct sp_bus *bus, int type)
{
    void *socket = zmq_socket(bus->zmq, type);
    SP_ASSERT(socket != NULL);
    int64_t most = SP_BUS_FRAME_BYTES;
    set_int(socket, ZMQ_LINGER, 0);
    set_int(socket, ZMQ_SNDTIMEO, 0);
    set_int(socket, ZMQ_RCVTIMEO, 0);
    set_int(socket, ZMQ_SNDHWM, 1000);
    set_int(socket, ZMQ_RCVHWM, 1000);
    set_int(socket, ZMQ_HEARTBEAT_IVL, 2000);
    set_int(socket, ZMQ_HEARTBEAT_TTL, 10000);
    set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, 10000);
    set_int(socket, ZMQ_HANDSHAKE_IVL, 1000);
    set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
    set_int(socket, ZMQ_RECONNECT_IVL, 50);
    set_int(socket, ZMQ_RECONNECT_IVL_MAX, 1000);
    SP_ASSERT(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0);
    SP_ASSERT(zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "sampan", 6) == 0);
    SP_ASSERT(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, bus->keys.secret_key, 40) == 0);
    if (type == ZMQ_ROUTER) {
        set_int(socket, ZMQ_ROUTER_MANDATORY, 1);
        set_int(socket, ZMQ_CURVE_SERVER, 1);
        set_int(socket, ZMQ_BACKLOG, 256);
    } else {
        set_int(socket, ZMQ_IMMEDIATE, 1);
        set_int(socket, ZMQ_CONNECT_TIMEOUT, 2000);
        SP_ASSERT(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, bus->keys.public_key, 40) == 0);
    }
    return socket;
}

struct sp_dest *sp_bus_dest(struct sp_bus *bus, const char *name)
{
    for (size_t i = 0; i < bus->dest_count; i++) {
        if (strcmp(bus->dests[i].name, name) == 0)
            return &bus->dests[i];
    }
    return NULL;
}

static enum sp_result add_dests(struct sp_bus *bus, struct sp_error *err)
{
    for (const char *const *name = bus->options.dests; name != NULL && *name != NULL; name++) {
        SP_ASSERT(bus->dest_count < SP_BUS_DESTS);
        struct sp_dest *dest = &bus->dests[bus->dest_count++];
        (void)snprintf(dest->name, sizeof dest->name, "%s", *name);
        dest->spec = bus->options.peer_of(bus->options.context, *name);
        enum sp_result result =
            sp_public_key_read(bus->options.keys_dir, *name, dest->server_key, err);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

/* The address to knock at: a wildcard is reached through loopback. */
static void own_endpoint(const struct sp_bus *bus, char endpoint[SP_ENDPOINT])
{
    char bound[SP_ENDPOINT] = {0};
    size_t size = sizeof bound;
    SP_ASSERT(zmq_getsockopt(bus->router, ZMQ_LAST_ENDPOINT, bound, &size) == 0);
    static const char any[] = "tcp://0.0.0.0:";
    if (strncmp(bound, any, sizeof any - 1) == 0)
        (void)snprintf(endpoint, SP_ENDPOINT, "tcp://127.0.0.1:%.16s", bound + sizeof any - 1);
    else
        (void)snprintf(endpoint, SP_ENDPOINT, "%s", bound);
}

static enum sp_result bind_router(struct sp_bus *bus, struct sp_error *err)
{
    bus->router = sp_bus_socket(bus, ZMQ_ROUTER);
    if (zmq_bind(bus->router, bus->options.bind) != 0)
        return sp_fail(err, SP_RETRY, "cannot bind the bus at %s: %s", bus->options.bind,
                       zmq_strerror(zmq_errno()));
    char endpoint[SP_ENDPOINT];
    own_endpoint(bus, endpoint);
    return sp_zap_self_test(bus->zap, bus->zmq, endpoint, bus->keys.public_key, err);
}

static void on_tick(void *context)
{
    struct sp_bus *bus = context;
    int64_t now_us = sp_monotonic_us();
    sp_bus_expire(bus, now_us);
    sp_bus_asks_expire(bus, now_us);
    for (size_t i = 0; i < bus->dest_count; i++)
        sp_bus_pump(bus, &bus->dests[i]);
}

enum sp_result sp_bus_open(struct sp_bus **pointer, const struct sp_bus_options *options,
                           struct sp_error *err)
{
    struct sp_bus *bus = sp_alloc(sizeof *bus);
    *pointer = bus;
    bus->options = *options;
    bus->timer = -1;
    bus->zmq = zmq_ctx_new();
    SP_ASSERT(bus->zmq != NULL);
    enum sp_result result = sp_keys_read(options->keys_dir, options->service, &bus->keys, err);
    if (result == SP_OK)
        result = add_dests(bus, err);
    if (result == SP_OK)
        result = sp_zap_open(&bus->zap, bus->zmq, options->keys_dir, err);
    if (result == SP_OK)
        result = bind_router(bus, err);
    if (result == SP_OK) {
        sp_loop_watch_socket(options->loop, bus->router, sp_bus_read_router, bus);
        bus->timer = sp_loop_every(options->loop, SP_BUS_TICK_MS, on_tick, bus);
        result = sp_bus_resolve_start(bus, err);
    }
    if (result != SP_OK)
        sp_bus_close(pointer);
    return result;
}

void sp_bus_close(struct sp_bus **pointer)
{
    struct sp_bus *bus = *pointer;
    if (bus == NULL)
        return;
    sp_bus_resolve_stop(bus);
    if (bus->timer >= 0)
        sp_loop_cancel(bus->options.loop, bus->timer);
    for (size_t i = 0; i < bus->dest_count; i++) {
        struct sp_dest *dest = &bus->dests[i];
        for (size_t k = 0; k < dest->peer_count; k++)
            sp_bus_peer_close(dest->peers[k]);
        dest->peer_count = 0;
        sp_bus_forget_parcels(dest);
    }
    if (bus->router != NULL) {
        if (bus->timer >= 0)
            sp_loop_unwatch_socket(bus->options.loop, bus->router);
        (void)zmq_close(bus->router);
    }
    (void)zmq_ctx_shutdown(bus->zmq);
    sp_zap_close(&bus->zap);
    (void)zmq_ctx_term(bus->zmq);
    free(bus);
    *pointer = NULL;
}

size_t sp_bus_in_flight(const struct sp_bus *bus)
{
    size_t count = 0;
    for (size_t i = 0; i < bus->dest_count; i++)
        count += (size_t)atomic_load(&bus->dests[i].held);
    return count;
}

bool sp_bus_sees(const struct sp_bus *bus, const char *name)
{
    for (size_t i = 0; i < bus->dest_count; i++) {
        if (strcmp(bus->dests[i].name, name) == 0)
            return atomic_load(&bus->dests[i].connected) > 0;
    }
    return false;
}
