/* What the files of the bus share with each other; nobody else includes it. */
#ifndef SAMPAN_BUS_INTERNAL_H
#define SAMPAN_BUS_INTERNAL_H

#include <stdatomic.h>

#include "common/bus.h"
#include "common/zap.h"

enum {
    SP_ENDPOINT = 128,
    SP_RESOLVE_EVERY_MS = 2000,
    SP_BUS_TICK_MS = 100,
    SP_BUS_PAUSE_MS = 60 * 1000, /* the longest a NAK may hold a replica back */
};

/* A parcel of ours, in memory. */
struct sp_parcel {
    struct sp_parcel *next;
    uint8_t id[16];
    const char *type;
    char *body;
    size_t size;
    int tries;
    int64_t offered_us, sent_us;
};

struct sp_dest;

/* A replica of a destination. */
struct sp_peer {
    struct sp_bus *bus;
    struct sp_dest *dest;
    char endpoint[SP_ENDPOINT];
    void *socket, *monitor;
    bool connected;
    struct sp_parcel *flight[SP_BUS_CREDIT];
    int64_t paused_until_us;
};

struct sp_dest {
    char name[64], server_key[SP_KEY_TEXT];
    const char *spec; /* "host:port,host:port" */
    struct sp_peer *peers[SP_BUS_REPLICAS];
    size_t peer_count, next_peer;
    struct sp_parcel *first, *last; /* waiting for credit */
    _Atomic int held;               /* waiting and in flight */
    _Atomic int connected;
    _Atomic bool overflow; /* the outbox holds more for it */
};

struct sp_pending_ask {
    uint64_t serial; /* 0: free */
    struct sp_peer *peer;
    int64_t deadline_us;
    struct sp_on_answer on_answer;
};

struct sp_bus {
    struct sp_bus_options options;
    void *zmq, *router;
    struct sp_zap *zap;
    struct sp_keys keys;
    struct sp_dest dests[SP_BUS_DESTS];
    size_t dest_count;
    struct sp_pending_ask asks[SP_BUS_ASKS];
    size_t ask_hint;
    uint64_t serial, monitors;
    int timer;
    struct sp_resolver *resolver; /* bus_resolve.c's */
};

/* bus.c */
void *sp_bus_socket(struct sp_bus *bus, int type);
struct sp_dest *sp_bus_dest(struct sp_bus *bus, const char *name);

/* bus_send.c */
void sp_bus_pump(struct sp_bus *bus, struct sp_dest *dest);
void sp_bus_read_peer(void *peer);
void sp_bus_peer_lost(struct sp_peer *peer, bool died);
void sp_bus_expire(struct sp_bus *bus, int64_t now_us);
void sp_bus_forget_parcels(struct sp_dest *dest);

/* bus_ask.c */
void sp_bus_ask_answered(struct sp_bus *bus, const uint8_t id[16], struct sp_text body);
void sp_bus_asks_expire(struct sp_bus *bus, int64_t now_us);
void sp_bus_asks_lost(struct sp_bus *bus, const struct sp_peer *peer);

/* bus_receive.c */
void sp_bus_read_router(void *bus);

/* bus_resolve.c */
enum sp_result sp_bus_resolve_start(struct sp_bus *bus, struct sp_error *err) SP_MUST_USE;
void sp_bus_resolve_stop(struct sp_bus *bus);
void sp_bus_peer_close(struct sp_peer *peer);

#endif
