/* Who is there: a thread looks each destination's name up every 2 s; the loop connects and closes.
 *
 * libzmq is never given a host name: it would use the first address only and block its I/O thread
 * while resolving.  A look-up may stay away for as long as a silent name server likes: nobody waits
 * for it, so the thread owns what it touches, and a closing bus leaves it behind. */
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/bus_internal.h"
#include "common/log.h"

/* What is known of one destination; the loop's while `posted`, the resolver's otherwise. */
struct addresses {
    struct sp_bus *bus; /* bus and dest: the loop's alone */
    struct sp_dest *dest;
    char *spec;
    bool posted;   /* guarded by the resolver's lock */
    bool complete; /* every name was answered: what is not listed is gone */
    size_t count;
    char endpoint[SP_BUS_REPLICAS][SP_ENDPOINT];
};

struct sp_resolver {
    pthread_t thread;
    struct sp_loop *loop; /* until it is closing */
    pthread_mutex_t lock; /* guards the next three, and each `posted` */
    pthread_cond_t wake;
    bool closing, looking;
    bool left_behind; /* the bus is gone: the thread frees what it owns */
    size_t count;
    struct addresses addresses[SP_BUS_DESTS];
};

/* ---- on the loop's thread
 * -------------------------------------------------------------------------------- */

static void read_monitor(void *context)
{
    struct sp_peer *peer = context;
    uint8_t frame[16], address[256];
    while (zmq_recv(peer->monitor, frame, sizeof frame, ZMQ_DONTWAIT) >= 2) {
        (void)zmq_recv(peer->monitor, address, sizeof address, ZMQ_DONTWAIT);
        int event = frame[0] | frame[1] << 8;
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !peer->connected) {
            peer->connected = true;
            peer->paused_until_us = 0;
            (void)atomic_fetch_add(&peer->dest->connected, 1);
            atomic_store(&peer->dest->overflow, true); /* look whether something waits for it */
            sp_log(SP_INFO, "peer-connected", "peer", peer->dest->name, NULL);
        } else if (event == ZMQ_EVENT_DISCONNECTED && peer->connected) {
            sp_log(SP_WARN, "peer-lost", "peer", peer->dest->name, NULL);
            sp_bus_peer_lost(peer, true);
        }
    }
    sp_bus_pump(peer->bus, peer->dest);
}

static void add_peer(struct sp_bus *bus, struct sp_dest *dest, const char *endpoint)
{
    if (dest->peer_count == SP_BUS_REPLICAS)
        return;
    struct sp_peer *peer = sp_alloc(sizeof *peer);
    *peer = (struct sp_peer){.bus = bus, .dest = dest};
    (void)snprintf(peer->endpoint, sizeof peer->endpoint, "%s", endpoint);
    peer->socket = sp_bus_socket(bus, ZMQ_DEALER);
    SP_ASSERT(zmq_setsockopt(peer->socket, ZMQ_CURVE_SERVERKEY, dest->server_key, 40) == 0);
    char monitor[64];
    (void)snprintf(monitor, sizeof monitor, "inproc://monitor-%llu",
                   (unsigned long long)bus->monitors++);
    SP_ASSERT(zmq_socket_monitor(peer->socket, monitor,
                                 ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) == 0);
    peer->monitor = zmq_socket(bus->zmq, ZMQ_PAIR);
    SP_ASSERT(peer->monitor != NULL && zmq_connect(peer->monitor, monitor) == 0);
    sp_loop_watch_socket(bus->options.loop, peer->socket, sp_bus_read_peer, peer);
    sp_loop_watch_socket(bus->options.loop, peer->monitor, read_monitor, peer);
    dest->peers[dest->peer_count++] = peer;
    if (zmq_connect(peer->socket, endpoint) != 0)
        sp_log(SP_ERROR, "peer-address-unusable", "endpoint", endpoint, "error",
               zmq_strerror(zmq_errno()), NULL);
}

void sp_bus_peer_close(struct sp_peer *peer)
{
    sp_bus_peer_lost(peer, false);
    sp_loop_unwatch_socket(peer->bus->options.loop, peer->socket);
    sp_loop_unwatch_socket(peer->bus->options.loop, peer->monitor);
    (void)zmq_socket_monitor(peer->socket, NULL, 0);
    int linger = 0;
    (void)zmq_setsockopt(peer->monitor, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_close(peer->monitor);
    (void)zmq_close(peer->socket);
    free(peer);
}

static bool listed(const struct addresses *found, const char *endpoint)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->endpoint[i], endpoint) == 0)
            return true;
    }
    return false;
}

static bool has_peer(const struct sp_dest *dest, const char *endpoint)
{
    for (size_t i = 0; i < dest->peer_count; i++) {
        if (strcmp(dest->peers[i]->endpoint, endpoint) == 0)
            return true;
    }
    return false;
}

static void use_addresses(void *context)
{
    struct addresses *found = context;
    struct sp_dest *dest = found->dest;
    struct sp_resolver *resolver = found->bus->resolver;
    size_t kept = 0;
    for (size_t i = 0; i < dest->peer_count; i++) {
        struct sp_peer *peer = dest->peers[i];
        if (!found->complete || peer->connected || listed(found, peer->endpoint))
            dest->peers[kept++] = peer;
        else
            sp_bus_peer_close(peer);
    }
    dest->peer_count = kept;
    for (size_t i = 0; i < found->count; i++) {
        if (!has_peer(dest, found->endpoint[i]))
            add_peer(found->bus, dest, found->endpoint[i]);
    }
    SP_ASSERT(pthread_mutex_lock(&resolver->lock) == 0);
    found->posted = false;
    SP_ASSERT(pthread_mutex_unlock(&resolver->lock) == 0);
}

/* ---- on the resolver's thread
 * ------------------------------------------------------------------------------ */

static void add_address(struct addresses *found, const struct addrinfo *info)
{
    char host[64], port[16];
    if (found->count == SP_BUS_REPLICAS ||
        getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    char endpoint[SP_ENDPOINT];
    (void)snprintf(endpoint, sizeof endpoint, "tcp://%s:%s", host, port);
    if (!listed(found, endpoint))
        memcpy(found->endpoint[found->count++], endpoint, sizeof endpoint);
}

static void look_up_one(struct addresses *found, char *spec)
{
    char *colon = strrchr(spec, ':');
    if (colon == NULL) {
        found->complete = false;
        return;
    }
    *colon = '\0';
    /* The bus speaks IPv4: container networks are, and libzmq's IPv6 is another option to state. */
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list = NULL;
    if (getaddrinfo(spec, colon + 1, &hints, &list) != 0) {
        found->complete = false;
        return;
    }
    for (const struct addrinfo *info = list; info != NULL; info = info->ai_next)
        add_address(found, info);
    freeaddrinfo(list);
}

static void look_up(struct addresses *found)
{
    found->count = 0;
    found->complete = true;
    char *specs = sp_strdup(found->spec), *rest = specs;
    for (char *spec = strsep(&rest, ","); spec != NULL; spec = strsep(&rest, ","))
        look_up_one(found, spec);
    free(specs);
}

/* Takes one destination in hand, looks it up without the lock, hands it to the loop.  False when
 * the bus is closing. */
static bool resolve_one(struct sp_resolver *resolver, struct addresses *found)
{
    SP_ASSERT(pthread_mutex_lock(&resolver->lock) == 0);
    bool mine = !resolver->closing && !found->posted;
    resolver->looking = mine;
    SP_ASSERT(pthread_mutex_unlock(&resolver->lock) == 0);
    if (mine)
        look_up(found);
    SP_ASSERT(pthread_mutex_lock(&resolver->lock) == 0);
    resolver->looking = false;
    bool closing = resolver->closing;
    if (mine && !closing) {
        found->posted = true;
        sp_loop_post(resolver->loop, use_addresses, found);
    }
    SP_ASSERT(pthread_mutex_unlock(&resolver->lock) == 0);
    return !closing;
}

/* False when the bus is closing. */
static bool sleep_a_while(struct sp_resolver *resolver)
{
    struct timespec until;
    SP_ASSERT(clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_sec += SP_RESOLVE_EVERY_MS / 1000;
    SP_ASSERT(pthread_mutex_lock(&resolver->lock) == 0);
    while (!resolver->closing &&
           pthread_cond_timedwait(&resolver->wake, &resolver->lock, &until) == 0)
        ;
    bool closing = resolver->closing;
    SP_ASSERT(pthread_mutex_unlock(&resolver->lock) == 0);
    return !closing;
}

static void free_resolver(struct sp_resolver *resolver)
{
    for (size_t i = 0; i < resolver->count; i++)
        free(resolver->addresses[i].spec);
    (void)pthread_cond_destroy(&resolver->wake);
    (void)pthread_mutex_destroy(&resolver->lock);
    free(resolver);
}

static void *resolve(void *context)
{
    struct sp_resolver *resolver = context;
    bool open = true;
    do {
        for (size_t i = 0; i < resolver->count && open; i++)
            open = resolve_one(resolver, &resolver->addresses[i]);
    } while (open && sleep_a_while(resolver));
    /* `closing` was seen under the lock, and `left_behind` is decided with it. */
    if (resolver->left_behind)
        free_resolver(resolver);
    return NULL;
}

enum sp_result sp_bus_resolve_start(struct sp_bus *bus, struct sp_error *err)
{
    struct sp_resolver *resolver = sp_alloc(sizeof *resolver);
    resolver->loop = bus->options.loop;
    for (size_t i = 0; i < bus->dest_count; i++)
        resolver->addresses[resolver->count++] = (struct addresses){
            .bus = bus, .dest = &bus->dests[i], .spec = sp_strdup(bus->dests[i].spec)};
    SP_ASSERT(pthread_mutex_init(&resolver->lock, NULL) == 0 &&
              pthread_cond_init(&resolver->wake, NULL) == 0);
    if (pthread_create(&resolver->thread, NULL, resolve, resolver) != 0) {
        free_resolver(resolver);
        return sp_fail(err, SP_RETRY, "cannot start the resolver's thread");
    }
    bus->resolver = resolver;
    return SP_OK;
}

/* What is still posted is not run any more: the loop's thread is here. */
void sp_bus_resolve_stop(struct sp_bus *bus)
{
    struct sp_resolver *resolver = bus->resolver;
    if (resolver == NULL)
        return;
    bus->resolver = NULL;
    SP_ASSERT(pthread_mutex_lock(&resolver->lock) == 0);
    pthread_t thread = resolver->thread;
    bool looking = resolver->looking;
    resolver->closing = true;
    resolver->left_behind = looking;
    SP_ASSERT(pthread_cond_signal(&resolver->wake) == 0);
    SP_ASSERT(pthread_mutex_unlock(&resolver->lock) == 0);
    if (looking) {
        (void)pthread_detach(thread);
        return;
    }
    (void)pthread_join(thread, NULL);
    free_resolver(resolver);
}
