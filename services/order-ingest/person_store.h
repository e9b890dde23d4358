/* SQL about buyers: looking at one, which is noted, and erasing. */
#ifndef INGEST_PERSON_STORE_H
#define INGEST_PERSON_STORE_H

#include "common/service.h"
#include "services/order-ingest/filters.h"

/* Notes that the person looked.  Columns: what is sealed (NULL: erased).  No row: nothing is kept.
 */
const struct sp_rows *store_look_at_buyer(struct sp_ctx *ctx, const struct sp_ask *ask,
                                          struct sp_text order_id);

/* Up to `most` orders behind `after` that hold a buyer.  Columns: order_id, sealed.  `only`: that
 * order alone, empty: all. */
const struct sp_rows *store_walk_buyers(struct sp_ctx *ctx, int64_t account_id, struct sp_text only,
                                        struct sp_text after, int64_t most);
/* Facts that could not be processed, or not yet.  Columns: order_id, the message's body. */
const struct sp_rows *store_walk_letters(struct sp_ctx *ctx, int64_t account_id,
                                         struct sp_text only);
/* Whether there is such an order. */
const struct sp_rows *store_find_order(struct sp_ctx *ctx, int64_t account_id,
                                       struct sp_text order_id);

struct erasure {
    int64_t account_id;
    struct sp_text user, reason;
    const char *by_what;          /* ORDER, PHONE, EMAIL */
    const struct sp_text *orders; /* ordered, each once */
    size_t order_count;
    int64_t held;
    struct sp_text digest;
};
/* Erases and proves it, and lets go of the letters.  Columns: the proof as JSON; the keys of orders
 * whose letter is gone, as a text of words.  NULL: it failed. */
const struct sp_rows *store_erase(struct sp_ctx *ctx, const struct erasure *erasure);

/* JSON documents, one row of one column; NULL: it failed. */
const struct sp_rows *store_list_accesses(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id, const struct list_page *page);
const struct sp_rows *store_list_erasures(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_page *page);

#endif
