/* Sending: parcels wait for credit, go out, are acknowledged, come back, or are left to the
 * sweeper. */
#include <stdlib.h>
#include <string.h>

#include "common/bus_internal.h"
#include "common/fault.h"
#include "common/log.h"
#include "common/metrics.h"

static struct sp_metric sent_metric =
    SP_METRIC_COUNTER("sampan_parcels_sent_total", "Parcels sent by ending", "ending");

static void free_parcel(struct sp_dest *dest, struct sp_parcel *parcel)
{
    (void)atomic_fetch_sub(&dest->held, 1);
    free(parcel->body);
    free(parcel);
}

static void append(struct sp_dest *dest, struct sp_parcel *parcel)
{
    parcel->next = NULL;
    if (dest->last == NULL)
        dest->first = parcel;
    else
        dest->last->next = parcel;
    dest->last = parcel;
}

static bool holds(const struct sp_dest *dest, const uint8_t id[16])
{
    for (const struct sp_parcel *p = dest->first; p != NULL; p = p->next) {
        if (memcmp(p->id, id, 16) == 0)
            return true;
    }
    for (size_t i = 0; i < dest->peer_count; i++) {
        for (size_t k = 0; k < SP_BUS_CREDIT; k++) {
            const struct sp_parcel *p = dest->peers[i]->flight[k];
            if (p != NULL && memcmp(p->id, id, 16) == 0)
                return true;
        }
    }
    return false;
}

void sp_bus_offer(struct sp_bus *bus, struct sp_outgoing parcels[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sp_dest *dest = sp_bus_dest(bus, parcels[i].dest);
        if (dest == NULL || holds(dest, parcels[i].id)) {
            free(parcels[i].body);
            continue;
        }
        struct sp_parcel *parcel = sp_alloc(sizeof *parcel);
        *parcel = (struct sp_parcel){.type = parcels[i].type,
                                     .body = parcels[i].body,
                                     .size = parcels[i].size,
                                     .tries = parcels[i].tries,
                                     .offered_us = sp_monotonic_us()};
        memcpy(parcel->id, parcels[i].id, sizeof parcel->id);
        (void)atomic_fetch_add(&dest->held, 1);
        append(dest, parcel);
        if (dest->first != parcel && sp_fault("later")) {
            struct sp_parcel *first = dest->first;
            dest->first = first->next;
            append(dest, first);
        }
    }
    for (size_t i = 0; i < bus->dest_count; i++)
        sp_bus_pump(bus, &bus->dests[i]);
}

bool sp_bus_full(struct sp_bus *bus, const char *name)
{
    struct sp_dest *dest = sp_bus_dest(bus, name);
    return dest != NULL && atomic_load(&dest->held) >= SP_BUS_HELD;
}

size_t sp_bus_room(struct sp_bus *bus, const char *name)
{
    struct sp_dest *dest = sp_bus_dest(bus, name);
    if (dest == NULL || atomic_load(&dest->connected) == 0)
        return 0;
    int held = atomic_load(&dest->held);
    return held >= SP_BUS_HELD ? 0 : (size_t)(SP_BUS_HELD - held);
}

void sp_bus_overflowed(struct sp_bus *bus, const char *name)
{
    struct sp_dest *dest = sp_bus_dest(bus, name);
    if (dest != NULL)
        atomic_store(&dest->overflow, true);
}

/* ---- credit
 * ------------------------------------------------------------------------------------------- */

static size_t free_slots(const struct sp_peer *peer, int64_t now_us)
{
    size_t count = 0;
    if (!peer->connected || peer->paused_until_us > now_us)
        return 0;
    for (size_t i = 0; i < SP_BUS_CREDIT; i++)
        count += peer->flight[i] == NULL;
    return count;
}

/* The replica with the most credit; among equals the one after the last taken. */
static struct sp_peer *choose_peer(struct sp_dest *dest, int64_t now_us)
{
    struct sp_peer *best = NULL;
    size_t best_free = 0;
    for (size_t i = 0; i < dest->peer_count; i++) {
        struct sp_peer *peer = dest->peers[(dest->next_peer + i) % dest->peer_count];
        size_t slots = free_slots(peer, now_us);
        if (slots > best_free) {
            best = peer;
            best_free = slots;
        }
    }
    if (dest->peer_count > 0)
        dest->next_peer = (dest->next_peer + 1) % dest->peer_count;
    return best;
}

static bool send_once(struct sp_peer *peer, const struct sp_parcel *parcel)
{
    uint8_t tries = parcel->tries > 255 ? 255 : (uint8_t)parcel->tries;
    sp_loop_used_socket(peer->bus->options.loop, peer->socket);
    return zmq_send(peer->socket, "P", 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) == 1 &&
           zmq_send(peer->socket, parcel->id, 16, ZMQ_SNDMORE | ZMQ_DONTWAIT) == 16 &&
           zmq_send(peer->socket, parcel->type, strlen(parcel->type), ZMQ_SNDMORE | ZMQ_DONTWAIT) >=
               0 &&
           zmq_send(peer->socket, &tries, 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) == 1 &&
           zmq_send(peer->socket, parcel->body, parcel->size, ZMQ_DONTWAIT) >= 0;
}

static bool send_parcel(struct sp_peer *peer, const struct sp_parcel *parcel)
{
    if (sp_fault("drop"))
        return true;
    return send_once(peer, parcel) && (!sp_fault("twice") || send_once(peer, parcel));
}

static void ask_for_more(struct sp_bus *bus, struct sp_dest *dest)
{
    if (!atomic_load(&dest->overflow) || atomic_load(&dest->connected) == 0 ||
        atomic_load(&dest->held) > SP_BUS_HELD / 2)
        return;
    atomic_store(&dest->overflow, false);
    bus->options.drained(bus->options.context, dest->name);
}

void sp_bus_pump(struct sp_bus *bus, struct sp_dest *dest)
{
    int64_t now_us = sp_monotonic_us();
    while (dest->first != NULL) {
        struct sp_peer *peer = choose_peer(dest, now_us);
        if (peer == NULL || !send_parcel(peer, dest->first))
            break;
        struct sp_parcel *parcel = dest->first;
        dest->first = parcel->next;
        if (dest->first == NULL)
            dest->last = NULL;
        parcel->next = NULL;
        parcel->sent_us = now_us;
        size_t slot = 0;
        while (peer->flight[slot] != NULL)
            slot++;
        peer->flight[slot] = parcel;
        sp_metric_add(&sent_metric, "sent", 1);
    }
    ask_for_more(bus, dest);
}

/* ---- answers
 * ---------------------------------------------------------------------------------------------- */

static struct sp_parcel *take_from_flight(struct sp_peer *peer, const uint8_t id[16])
{
    for (size_t i = 0; i < SP_BUS_CREDIT; i++) {
        struct sp_parcel *parcel = peer->flight[i];
        if (parcel != NULL && memcmp(parcel->id, id, 16) == 0) {
            peer->flight[i] = NULL;
            return parcel;
        }
    }
    return NULL;
}

static void on_ack(struct sp_peer *peer, const uint8_t id[16])
{
    struct sp_parcel *parcel = take_from_flight(peer, id);
    sp_metric_add(&sent_metric, "acked", 1);
    /* Also when it is no longer in memory: the receiver has it, the row may go. */
    peer->bus->options.acked(peer->bus->options.context, id);
    if (parcel != NULL)
        free_parcel(peer->dest, parcel);
}

static void on_nak(struct sp_peer *peer, const uint8_t id[16], const uint8_t delay[4])
{
    struct sp_parcel *parcel = take_from_flight(peer, id);
    int64_t ms = (int64_t)delay[0] << 24 | delay[1] << 16 | delay[2] << 8 | delay[3];
    if (ms > SP_BUS_PAUSE_MS)
        ms = SP_BUS_PAUSE_MS;
    peer->paused_until_us = sp_monotonic_us() + ms * 1000;
    sp_metric_add(&sent_metric, "put-back", 1);
    if (parcel != NULL)
        append(peer->dest, parcel);
}

struct answer {
    zmq_msg_t frames[4];
    size_t count;
};

static bool receive_answer(void *socket, struct answer *answer)
{
    answer->count = 0;
    for (int more = 1; more != 0;) {
        zmq_msg_t frame;
        (void)zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&frame);
            return answer->count > 0;
        }
        more = zmq_msg_more(&frame);
        if (answer->count < SP_COUNT(answer->frames))
            answer->frames[answer->count++] = frame;
        else
            (void)zmq_msg_close(&frame);
    }
    return true;
}

static void use_answer(struct sp_peer *peer, struct answer *answer)
{
    if (answer->count < 2 || zmq_msg_size(&answer->frames[0]) != 1 ||
        zmq_msg_size(&answer->frames[1]) != 16)
        return;
    char kind = *(const char *)zmq_msg_data(&answer->frames[0]);
    const uint8_t *id = zmq_msg_data(&answer->frames[1]);
    size_t rest = answer->count > 2 ? zmq_msg_size(&answer->frames[2]) : 0;
    const void *body = answer->count > 2 ? zmq_msg_data(&answer->frames[2]) : NULL;
    if (kind == 'A' && sp_fault("lose-ack"))
        return;
    if (kind == 'A')
        on_ack(peer, id);
    else if (kind == 'N' && rest == 4)
        on_nak(peer, id, body);
    else if (kind == 'R')
        sp_bus_ask_answered(peer->bus, id, (struct sp_text){body, rest});
}

void sp_bus_read_peer(void *context)
{
    struct sp_peer *peer = context;
    struct answer answer;
    while (receive_answer(peer->socket, &answer)) {
        use_answer(peer, &answer);
        for (size_t i = 0; i < answer.count; i++)
            (void)zmq_msg_close(&answer.frames[i]);
    }
    sp_bus_pump(peer->bus, peer->dest);
}

/* ---- endings
 * ---------------------------------------------------------------------------------------------- */

void sp_bus_peer_lost(struct sp_peer *peer, bool died)
{
    for (size_t i = 0; i < SP_BUS_CREDIT; i++) {
        struct sp_parcel *parcel = peer->flight[i];
        peer->flight[i] = NULL;
        if (parcel == NULL)
            continue;
        /* Its death may be this parcel's fault: that is counted, in the row, and it waits its turn
         * in the outbox. */
        if (died)
            peer->bus->options.died(peer->bus->options.context, parcel->id);
        free_parcel(peer->dest, parcel);
    }
    if (peer->connected)
        (void)atomic_fetch_sub(&peer->dest->connected, 1);
    peer->connected = false;
    atomic_store(&peer->dest->overflow, true);
    sp_bus_asks_lost(peer->bus, peer);
}

static void expire_flight(struct sp_peer *peer, int64_t before_us)
{
    for (size_t i = 0; i < SP_BUS_CREDIT; i++) {
        struct sp_parcel *parcel = peer->flight[i];
        if (parcel == NULL || parcel->sent_us > before_us)
            continue;
        peer->flight[i] = NULL;
        sp_metric_add(&sent_metric, "unanswered", 1);
        free_parcel(peer->dest, parcel);
    }
}

static void expire_waiting(struct sp_dest *dest, int64_t before_us)
{
    while (dest->first != NULL && dest->first->offered_us < before_us) {
        struct sp_parcel *parcel = dest->first;
        dest->first = parcel->next;
        if (dest->first == NULL)
            dest->last = NULL;
        free_parcel(dest, parcel);
    }
}

/* What has had no answer for too long is given up here; it is in the outbox, and overdue there. */
void sp_bus_expire(struct sp_bus *bus, int64_t now_us)
{
    int64_t before_us = now_us - (int64_t)SP_BUS_PATIENCE_MS * 1000;
    for (size_t i = 0; i < bus->dest_count; i++) {
        struct sp_dest *dest = &bus->dests[i];
        for (size_t k = 0; k < dest->peer_count; k++)
            expire_flight(dest->peers[k], before_us);
        if (atomic_load(&dest->connected) == 0)
            expire_waiting(dest, before_us);
    }
}

void sp_bus_forget_parcels(struct sp_dest *dest)
{
    while (dest->first != NULL) {
        struct sp_parcel *parcel = dest->first;
        dest->first = parcel->next;
        free_parcel(dest, parcel);
    }
    dest->last = NULL;
}
