/* What the files of the skeleton know about a unit of work; services see only service.h. */
#ifndef SAMPAN_CTX_H
#define SAMPAN_CTX_H

#include "common/worker.h"

enum {
    SP_BATCH_MESSAGES = 256,
    SP_CTX_WAKES = 8,
    SP_CAREFUL_TRIES = 3, /* from this many deaths on, a parcel is opened message by message */
};

/* One received message: the struct and the bytes it was read from. */
struct sp_received {
    void *value; /* begins with struct sp_head */
    struct sp_text raw;
    bool whole;         /* raw is a parcel's body as it came: its messages cannot be told apart */
    const char *reason; /* why it is rejected; NULL: it is not */
    int64_t delay_ms;   /* > 0: put off */
    int64_t since_us;   /* when it was first put aside; 0: now */
};

struct sp_ctx {
    const struct sp_service *service;
    const struct sp_config *config;
    const struct sp_host *host;
    struct sp_db *db;
    struct sp_arena *arena;
    struct sp_error error;
    int64_t rev_floor; /* 0: not read on this connection yet */
    bool in_transaction;
    /* Emitted in the open transaction, not committed yet. */
    struct sp_outgoing *outgoing;
    size_t outgoing_count, outgoing_capacity;
    bool *left_out; /* for each of them: left to the sweeper */
    const char *wakes[SP_CTX_WAKES];
    size_t wake_count;
    /* The batch in hand. */
    struct sp_received *received; /* those given to the handler, in its order */
    bool any_verdict;
};

struct sp_worker {
    struct sp_ctx ctx;
    struct sp_db *db;
};

/* Connects if need be and reads the revision floor of a fresh connection. */
enum sp_result sp_ctx_ready(struct sp_ctx *ctx) SP_MUST_USE;
/* Queues the outbox's rows of what was emitted. */
void sp_ctx_store_outgoing(struct sp_ctx *ctx);
/* After the commit: hands parcels over, wakes jobs.  After a rollback: forgets them. */
void sp_ctx_release(struct sp_ctx *ctx);
void sp_ctx_forget(struct sp_ctx *ctx);

/* The messages of a parcel's body, in the arena; those that cannot be read have a reason. */
struct sp_received *sp_parcel_read(struct sp_ctx *ctx, const struct sp_message *message,
                                   struct sp_text body, size_t *count);

/* Queues what was decided about single messages of a type: dead letters and later rows. */
void sp_ctx_store_verdicts(struct sp_ctx *ctx, const char *type, const struct sp_received judged[],
                           size_t count);

/* Applies messages of one route.  `received` may hold some that were rejected while reading (reason
 * set); it is reordered.  SP_OK: all are applied, buried or put off.  SP_RETRY: nothing is known to
 * be kept. */
enum sp_result sp_batch_apply(struct sp_ctx *ctx, const struct sp_route *route,
                              struct sp_received received[], size_t count,
                              bool from_later) SP_MUST_USE;

#endif
