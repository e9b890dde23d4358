/* SQL about notes on orders. */
#ifndef INGEST_NOTE_STORE_H
#define INGEST_NOTE_STORE_H

#include "common/service.h"

struct note_key {
    int64_t account_id;
    struct sp_text order_id;
    int64_t note; /* 0: none yet */
};

/* Queues: nobody else changes notes or tags of these orders until the transaction ends. */
void store_hold_orders(struct sp_ctx *ctx, int64_t account_id, const struct sp_text orders[],
                       size_t count);

/* The document of the ask `notes`.  No row: there is no such order.  NULL: it failed. */
const struct sp_rows *store_list_notes(struct sp_ctx *ctx, int64_t account_id,
                                       struct sp_text order_id);
/* Holds the order first.  Columns: how many notes it has, the latest version of this one (0: there
 * is none), whether that deleted it.  No row: there is no such order.  NULL: it failed. */
const struct sp_rows *store_find_note(struct sp_ctx *ctx, const struct note_key *key);

struct note_version {
    struct note_key key;
    int64_t version;
    struct sp_text user;
    const struct sp_text *text; /* NULL: it is deleted */
};
/* Queues it. */
void store_put_note(struct sp_ctx *ctx, const struct note_version *note);

#endif
