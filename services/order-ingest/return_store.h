/* SQL of cancellations, returns, refunds, and of what people did about them. */
#ifndef INGEST_RETURN_STORE_H
#define INGEST_RETURN_STORE_H

#include "common/service.h"
#include "services/order-ingest/filters.h"
#include "services/order-ingest/return_rules.h"

/* Writes the whole return. */
int store_claim_returns(struct sp_ctx *ctx, const struct channel_return facts[], size_t count);
/* What became of actions.  The claimed row's fourth column is the order. */
int store_claim_progress(struct sp_ctx *ctx, const struct action_progressed facts[], size_t count);

/* ---- answering and cancelling: one command, one transaction ----------------------------------
 */

/* Locks the return and reads how it stands.  Columns: state, wants, is_cancellation, the kind that
 * was answered to what it wants ("" unless it counts), the next attempt, whether `reason` is one of
 * those to decline with, shop_id, order_id.  No row: there is none.  NULL: it failed. */
const struct sp_rows *store_return_to_answer(struct sp_ctx *ctx, int64_t account_id,
                                             struct sp_text return_key, struct sp_text reason);
/* Locks the order and reads how it stands. */
enum cancel_column {
    CANCEL_STATUS,
    CANCEL_REGION,
    CANCEL_SHOP,
    CANCEL_ATTEMPT, /* the next one */
    CANCEL_COUNTS,  /* a cancellation of the whole order is under way or was accepted */
    CANCEL_LINES,   /* JSON, as document.c writes them */
    CANCEL_DRAFT,   /* we have not placed it */
    CANCEL_TAKEN,   /* JSON: ids of units whose cancellation was asked for and not refused */
    CANCEL_PENDING, /* JSON: lines of the one that is under way; NULL: none */
    CANCEL_STAGE,   /* empty: placement has not said */
    CANCEL_DELETED,
};
const struct sp_rows *store_order_to_cancel(struct sp_ctx *ctx, int64_t account_id,
                                            struct sp_text order_id);
/* The same without a lock; NULL: it failed. */
const struct sp_rows *store_order_cancelling(struct sp_ctx *ctx, int64_t account_id,
                                             struct sp_text order_id);

struct return_action {
    int64_t account_id;
    struct sp_text key, order_id, return_key, wants, kind, reason, user;
    struct sp_text lines; /* JSON, with their units: what of the order it is about; empty: all */
    const struct unit_id *units;
    size_t unit_count;
    int64_t attempt;
    const uint8_t *trace;
};
/* Queues the row; returns the revision to tell it with. */
int64_t store_put_action(struct sp_ctx *ctx, const struct return_action *action);

/* ---- lists: JSON documents, one row of one column; no row: not found; NULL: it failed ---------
 */

struct return_filter {
    struct word_list states;
    int64_t shop_id;      /* 0: any */
    struct sp_text order; /* empty: any */
    struct list_page page;
};
const struct sp_rows *store_list_returns(struct sp_ctx *ctx, int64_t account_id,
                                         const struct return_filter *filter);
const struct sp_rows *store_count_returns(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id);
const struct sp_rows *store_return(struct sp_ctx *ctx, int64_t account_id,
                                   struct sp_text return_key);
const struct sp_rows *store_order_actions(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id);

/* Marks up to `most` returns whose deadline is near, nobody has answered and nobody was warned of.
 * Columns: account_id, return_key, the deadline in seconds and as RFC 3339. */
const struct sp_rows *store_warn_returns(struct sp_ctx *ctx, int64_t most);

#endif
