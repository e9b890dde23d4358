/* Receiving: frames are checked here, once; what is malformed or not allowed is dropped and
 * counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus_internal.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/text.h"

enum {
    MOST_FRAMES = 6,
    MOST_READ = 64, /* in one go, so that timers and answers have their turn */
};

static struct sp_metric received_metric =
    SP_METRIC_COUNTER("sampan_frames_received_total", "What came in over the bus, by kind", "kind");

struct frames {
    zmq_msg_t frame[MOST_FRAMES];
    size_t count;
    bool too_many;
};

static bool receive(void *router, struct frames *in)
{
    *in = (struct frames){0};
    for (int more = 1; more != 0;) {
        zmq_msg_t frame;
        (void)zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, router, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&frame);
            return in->count > 0;
        }
        more = zmq_msg_more(&frame);
        if (in->count < MOST_FRAMES) {
            in->frame[in->count++] = frame;
        } else {
            in->too_many = true;
            (void)zmq_msg_close(&frame);
        }
    }
    return true;
}

static struct sp_text text_of(zmq_msg_t *frame)
{
    return (struct sp_text){zmq_msg_data(frame), zmq_msg_size(frame)};
}

/* What is wrong with the frames, or NULL. */
static const char *fault(struct frames *in)
{
    if (in->too_many || in->count < 4)
        return "number of frames";
    struct sp_text kind = text_of(&in->frame[1]);
    if (zmq_msg_size(&in->frame[0]) > 64 || zmq_msg_size(&in->frame[2]) != 16)
        return "size of an id";
    if (sp_text_is(kind, "Q"))
        return in->count == 4 ? NULL : "number of frames";
    if (!sp_text_is(kind, "P"))
        return "kind";
    if (in->count != 6)
        return "number of frames";
    struct sp_text type = text_of(&in->frame[3]);
    if (type.size == 0 || type.size > 64 || zmq_msg_size(&in->frame[4]) != 1)
        return "size of the head";
    if (!sp_text_is_plain(type)) /* it could not be named, not even in a dead letter */
        return "type";
    return zmq_msg_size(&in->frame[5]) > 2 * SP_MESSAGE_BYTES ? "size of the body" : NULL;
}

/* Only the gateway asks, on behalf of a person; a fact may be sent by its own service only. */
static bool allowed(const char *from, bool is_ask, struct sp_text type)
{
    if (is_ask)
        return strcmp(from, "gateway") == 0;
    const struct sp_message *message = sp_message_find(type);
    return message == NULL || sp_message_may_send(message, sp_text_of(from));
}

static struct sp_inbound *take_over(struct frames *in, const char *from)
{
    struct sp_inbound *inbound = sp_alloc(sizeof *inbound);
    inbound->is_ask = in->count == 4;
    (void)snprintf(inbound->from, sizeof inbound->from, "%s", from);
    inbound->peer_size = zmq_msg_size(&in->frame[0]);
    memcpy(inbound->peer, zmq_msg_data(&in->frame[0]), inbound->peer_size);
    memcpy(inbound->parcel.id, zmq_msg_data(&in->frame[2]), 16);
    (void)zmq_msg_init(&inbound->type_frame);
    (void)zmq_msg_init(&inbound->body_frame);
    (void)zmq_msg_move(&inbound->body_frame, &in->frame[in->count - 1]);
    inbound->parcel.body = text_of(&inbound->body_frame);
    if (inbound->is_ask)
        return inbound;
    (void)zmq_msg_move(&inbound->type_frame, &in->frame[3]);
    inbound->parcel.type = text_of(&inbound->type_frame);
    inbound->parcel.tries = *(const uint8_t *)zmq_msg_data(&in->frame[4]);
    return inbound;
}

static void use(struct sp_bus *bus, struct frames *in)
{
    const char *wrong = fault(in);
    const char *from = wrong == NULL ? zmq_msg_gets(&in->frame[in->count - 1], "User-Id") : NULL;
    if (wrong != NULL || from == NULL) {
        sp_metric_add(&received_metric, "malformed", 1);
        sp_log(SP_WARN, "bus-frames-refused", "fault", wrong == NULL ? "nobody's" : wrong, NULL);
        return;
    }
    bool is_ask = in->count == 4;
    struct sp_text type = is_ask ? (struct sp_text){0} : text_of(&in->frame[3]);
    if (!allowed(from, is_ask, type)) {
        sp_metric_add(&received_metric, "not-allowed", 1);
        sp_log(SP_WARN, "bus-sender-refused", "from", from, NULL);
        return;
    }
    sp_metric_add(&received_metric, is_ask ? "ask" : "parcel", 1);
    bus->options.take(bus->options.context, take_over(in, from));
}

void sp_bus_read_router(void *context)
{
    struct sp_bus *bus = context;
    struct frames in;
    int count = 0;
    while (count < MOST_READ && receive(bus->router, &in)) {
        use(bus, &in);
        for (size_t k = 0; k < in.count; k++)
            (void)zmq_msg_close(&in.frame[k]);
        count++;
    }
    if (count == MOST_READ)
        sp_loop_used_socket(bus->options.loop, bus->router);
}

/* ---- answers
 * ------------------------------------------------------------------------------------------ */

/* A peer that has gone meanwhile gets no answer: it asks or sends again, or does not care. */
static void answer(struct sp_bus *bus, struct sp_inbound *inbound, const char *kind,
                   struct sp_text body)
{
    sp_loop_used_socket(bus->options.loop, bus->router);
    if (zmq_send(bus->router, inbound->peer, inbound->peer_size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
        zmq_send(bus->router, kind, 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) == 1 &&
        zmq_send(bus->router, inbound->parcel.id, 16,
                 (body.size > 0 ? ZMQ_SNDMORE : 0) | ZMQ_DONTWAIT) == 16 &&
        body.size > 0)
        (void)zmq_send(bus->router, body.data, body.size, ZMQ_DONTWAIT);
    (void)zmq_msg_close(&inbound->type_frame);
    (void)zmq_msg_close(&inbound->body_frame);
    free(inbound);
}

void sp_bus_ack(struct sp_bus *bus, struct sp_inbound *inbound)
{
    answer(bus, inbound, "A", (struct sp_text){0});
}

void sp_bus_nak(struct sp_bus *bus, struct sp_inbound *inbound, int64_t delay_ms)
{
    char delay[4] = {(char)(delay_ms >> 24), (char)(delay_ms >> 16), (char)(delay_ms >> 8),
                     (char)delay_ms};
    answer(bus, inbound, "N", (struct sp_text){delay, sizeof delay});
}

void sp_bus_answer(struct sp_bus *bus, struct sp_inbound *inbound, struct sp_text body)
{
    answer(bus, inbound, "R", body);
}
