/* The bus: parcels of facts and asks between services, over ZeroMQ with CURVE.  Lives on the loop's
 * thread.
 *
 * Each replica binds one ROUTER; for each replica of each destination a sender has one DEALER,
 * connected by IP address, kept up to date by a resolver thread.  Frames of a parcel: "P", id (16
 * bytes), type, tries (1 byte), body.  Answers: "A", id; or "N", id, delay in ms (4 bytes,
 * big-endian).  An ask: "Q", id, body; its answer "R", id, body.  What this cannot do: keep
 * anything.  The outbox does. */
#ifndef SAMPAN_BUS_H
#define SAMPAN_BUS_H

#include <zmq.h>

#include "common/app.h"
#include "common/loop.h"
#include "common/worker.h"

enum {
    SP_BUS_CREDIT = 4,                     /* parcels in flight to one replica */
    SP_BUS_HELD = 64,                      /* parcels in memory for one destination */
    SP_BUS_DESTS = 8,                      /* services a process may send to */
    SP_BUS_REPLICAS = 32,                  /* addresses of one service */
    SP_BUS_ASKS = 1024,                    /* unanswered asks of this process */
    SP_BUS_PATIENCE_MS = 5000,             /* a parcel without answer is left to the sweeper */
    SP_BUS_FRAME_BYTES = 18 * 1024 * 1024, /* the largest frame: an answer of 16 MiB and its head */
};

struct sp_bus;

/* A parcel or an ask that came in; the bus keeps what is needed to answer it. */
struct sp_inbound {
    struct sp_inbound *next; /* the owner's */
    struct sp_incoming parcel;
    char from[64]; /* the authenticated service */
    bool is_ask;
    int64_t late_us;  /* an ask: from then on nobody waits for the answer; the owner's */
    uint8_t peer[64]; /* the ROUTER's name for the connection */
    size_t peer_size;
    zmq_msg_t type_frame, body_frame; /* the parcel's texts point into these */
};

struct sp_bus_options {
    struct sp_loop *loop;
    const char *service; /* our own name */
    const char *bind;    /* "tcp://127.0.0.1:7201" */
    const char *keys_dir;
    const char *const *dests; /* services this one sends or asks, NULL-terminated */
    const char *(*peer_of)(void *context, const char *service); /* "host:port,host:port" */
    void *context;
    /* Something came in; the receiver owns it and ends it with sp_bus_ack, _nak, _answer. */
    void (*take)(void *context, struct sp_inbound *inbound);
    /* A parcel of ours was acknowledged: its outbox row may go. */
    void (*acked)(void *context, const uint8_t id[16]);
    /* A replica died with this parcel in flight: its tries go up. */
    void (*died)(void *context, const uint8_t id[16]);
    /* Memory for the destination has room again, and more is stored. */
    void (*drained)(void *context, const char *dest);
};

/* Binds, starts the key handler, knocks at its own door with a stranger's key, starts the resolver.
 */
enum sp_result sp_bus_open(struct sp_bus **bus, const struct sp_bus_options *options,
                           struct sp_error *err) SP_MUST_USE;
void sp_bus_close(struct sp_bus **bus);

/* Takes ownership of the parcels' bodies.  A parcel already held is dropped. */
void sp_bus_offer(struct sp_bus *bus, struct sp_outgoing parcels[], size_t count);
/* From any thread: how many more parcels memory takes; 0 while no replica of it is connected. */
size_t sp_bus_room(struct sp_bus *bus, const char *dest);
bool sp_bus_full(struct sp_bus *bus, const char *dest);
/* From any thread: more is stored for `dest` than memory holds. */
void sp_bus_overflowed(struct sp_bus *bus, const char *dest);

void sp_bus_ack(struct sp_bus *bus, struct sp_inbound *inbound);
void sp_bus_nak(struct sp_bus *bus, struct sp_inbound *inbound, int64_t delay_ms);
void sp_bus_answer(struct sp_bus *bus, struct sp_inbound *inbound, struct sp_text body);

/* Sends an ask to any replica of `dest`; the answer is the encoded frame. */
void sp_bus_ask(struct sp_bus *bus, const char *dest, struct sp_text body, int64_t timeout_ms,
                struct sp_on_answer on_answer);

size_t sp_bus_in_flight(const struct sp_bus *bus); /* parcels of ours without an answer */
bool sp_bus_sees(const struct sp_bus *bus, const char *dest); /* some replica of it is connected */

#endif
