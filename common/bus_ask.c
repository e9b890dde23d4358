/* Asks of this process: each waits for its answer, its deadline, or the loss of the replica asked.
 */
#include <string.h>

#include "common/bus_internal.h"

/* An ask's id: its serial number, then its place in the table. */
static void make_id(const struct sp_bus *bus, const struct sp_pending_ask *ask, uint8_t id[16])
{
    uint64_t place = (uint64_t)(ask - bus->asks);
    memcpy(id, &ask->serial, sizeof ask->serial);
    memcpy(id + 8, &place, sizeof place);
}

static struct sp_pending_ask *free_place(struct sp_bus *bus)
{
    for (size_t i = 0; i < SP_BUS_ASKS; i++) {
        struct sp_pending_ask *ask = &bus->asks[(bus->ask_hint + i) % SP_BUS_ASKS];
        if (ask->serial != 0)
            continue;
        bus->ask_hint = (size_t)(ask - bus->asks) + 1;
        return ask;
    }
    return NULL;
}

static struct sp_peer *any_peer(struct sp_dest *dest)
{
    for (size_t i = 0; dest != NULL && i < dest->peer_count; i++) {
        struct sp_peer *peer = dest->peers[dest->next_peer++ % dest->peer_count];
        if (peer->connected)
            return peer;
    }
    return NULL;
}

void sp_bus_ask(struct sp_bus *bus, const char *name, struct sp_text body, int64_t timeout_ms,
                struct sp_on_answer on_answer)
{
    struct sp_peer *peer = any_peer(sp_bus_dest(bus, name));
    struct sp_pending_ask *ask = peer == NULL ? NULL : free_place(bus);
    if (ask == NULL) {
        on_answer.done(on_answer.context, 503, (struct sp_text){0});
        return;
    }
    *ask = (struct sp_pending_ask){.serial = ++bus->serial,
                                   .peer = peer,
                                   .deadline_us = sp_monotonic_us() + timeout_ms * 1000,
                                   .on_answer = on_answer};
    uint8_t id[16];
    make_id(bus, ask, id);
    sp_loop_used_socket(bus->options.loop, peer->socket);
    if (zmq_send(peer->socket, "Q", 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) == 1 &&
        zmq_send(peer->socket, id, sizeof id, ZMQ_SNDMORE | ZMQ_DONTWAIT) == sizeof id &&
        zmq_send(peer->socket, body.data, body.size, ZMQ_DONTWAIT) >= 0)
        return;
    ask->serial = 0;
    on_answer.done(on_answer.context, 503, (struct sp_text){0});
}

static void end(struct sp_pending_ask *ask, int status, struct sp_text body)
{
    ask->serial = 0; /* first: `done` may ask again */
    ask->on_answer.done(ask->on_answer.context, status, body);
}

void sp_bus_ask_answered(struct sp_bus *bus, const uint8_t id[16], struct sp_text body)
{
    uint64_t serial, place;
    memcpy(&serial, id, sizeof serial);
    memcpy(&place, id + 8, sizeof place);
    if (place >= SP_BUS_ASKS || serial == 0 || bus->asks[place].serial != serial)
        return; /* it came after its deadline */
    end(&bus->asks[place], 200, body);
}

void sp_bus_asks_expire(struct sp_bus *bus, int64_t now_us)
{
    for (size_t i = 0; i < SP_BUS_ASKS; i++) {
        if (bus->asks[i].serial != 0 && bus->asks[i].deadline_us <= now_us)
            end(&bus->asks[i], 504, (struct sp_text){0});
    }
}

void sp_bus_asks_lost(struct sp_bus *bus, const struct sp_peer *peer)
{
    for (size_t i = 0; i < SP_BUS_ASKS; i++) {
        if (bus->asks[i].serial != 0 && bus->asks[i].peer == peer)
            end(&bus->asks[i], 503, (struct sp_text){0});
    }
}
