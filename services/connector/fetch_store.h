/* Webhooks taken in and orders to be fetched, in the database (states.md, "Fetching"). */
#ifndef SAMPAN_CONNECTOR_FETCH_STORE_H
#define SAMPAN_CONNECTOR_FETCH_STORE_H

#include "services/connector/pull_store.h"
#include "services/connector/webhook_json.h"

/* Queues: these notices are kept, and what they ask for becomes due.  A repeated notice, or one of
 * a shop that is not connected or not pulled, does nothing. */
void store_take_notices(struct sp_ctx *ctx, const struct webhook_notice *const notices[],
                        size_t count);

/* Queues the claim of order.wanted, and that the orders are due in any case. */
int store_claim_wanted(struct sp_ctx *ctx, const struct order_wanted wanted[], size_t count);
void store_want_orders(struct sp_ctx *ctx, const struct order_wanted *const wanted[], size_t count);
/* Queues: the next order.wanted of the key is new, whatever its revision. */
void store_forget_wanted(struct sp_ctx *ctx, const struct sp_head *head);

/* An order that a job has taken. */
struct fetch_task {
    struct shop_access access;
    struct sp_text id;
    int64_t taken;    /* the value of `wanted` when it was taken */
    int64_t notice_s; /* update time that the notice spoke of; 0: none did */
    bool always, alone;
    int tries;
    int64_t orders_from_s;
    int64_t began_us;
    int64_t made_us; /* when the row was made: its identity */
};

/* Takes orders that are due (lease 10 s), those of a shop behind each other. */
enum sp_result store_take_fetches(struct sp_ctx *ctx, struct fetch_task *tasks, size_t most,
                                  size_t *count) SP_MUST_USE;

enum fetch_outcome {
    FETCH_DONE,  /* finished, unless it was wanted again meanwhile */
    FETCH_AGAIN, /* a try that counts: again in wait_ms */
    FETCH_ALONE, /* its batch was refused: at once, by itself */
    FETCH_LATER, /* not its fault: again in wait_ms */
};
struct fetch_end {
    const struct fetch_task *task;
    enum fetch_outcome outcome;
    int64_t wait_ms;
};
/* Queues the ends of tasks. */
void store_end_fetches(struct sp_ctx *ctx, const struct fetch_end ends[], size_t count);

/* Forgets notices older than 14 days, some at a time. */
enum sp_result store_prune_notices(struct sp_ctx *ctx) SP_MUST_USE;

#endif
