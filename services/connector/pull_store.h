/* Streams and import runs in the database (states.md, "Pulling"). */
#ifndef SAMPAN_CONNECTOR_PULL_STORE_H
#define SAMPAN_CONNECTOR_PULL_STORE_H

#include "services/connector/paging.h"
#include "services/connector/shop_store.h"

/* How a shop is reached: what every task that calls needs. */
struct shop_access {
    struct shop_key shop;
    int64_t grant_id;
    struct sp_text cipher, access_sealed;
};
/* Of a row whose first columns these are, as in every statement that takes such work. */
struct shop_access store_read_access(const struct sp_rows *rows, size_t row);

/* A pull that a job has taken, and the page it asks for next. */
struct pull_task {
    struct shop_access access;
    struct sp_text kind, reason; /* of the pull's row */
    int64_t run_id, epoch;
    struct paging paging;
    int page_size, tries;
    int64_t orders_from_s; /* of the shop: older orders are not imported by themselves */
    int64_t began_us;      /* the database's clock before the next request */
    bool first_window;     /* nothing was completed yet */
};

/* What to store behind a page. */
struct pull_step {
    const struct pull_task *task;    /* its paging is where to go on from */
    int pages;                       /* 1 when a page was stored */
    int64_t seen;                    /* things on it that had not been seen in this window */
    int64_t wait_ms;                 /* until the next page; < 0: at once, the lease is kept */
    struct sp_text problem;          /* empty: all is well */
    bool done;                       /* the window is complete: the cursor moves */
    bool finished;                   /* the run is over */
    bool stored;                     /* out: our lease still held */
    int64_t total_pages, total_seen; /* out: of the pull so far */
    int64_t began_us;                /* out: the database's clock */
};

/* Queues the claim of import.requested. */
int store_claim_runs(struct sp_ctx *ctx, const struct import_requested runs[], size_t count);

/* Queues: the run is over before it began. */
void store_end_run(struct sp_ctx *ctx, const struct import_requested *run);

/* Takes pulls that are due (lease 15 s, 60 s of what has details) of shops that may be pulled;
 * opens their windows. */
enum sp_result store_take_pulls(struct sp_ctx *ctx, struct pull_task *tasks, size_t most,
                                size_t *count) SP_MUST_USE;

/* Moves pulls on, each only while its epoch is the one taken; the rows stay locked until the
 * commit. */
enum sp_result store_step_pulls(struct sp_ctx *ctx, struct pull_step steps[],
                                size_t count) SP_MUST_USE;

/* Of the `most` shops whose orders were pulled to their end longest ago (or never, since they were
 * connected): the shop's id as text, and how many seconds ago.  NULL on failure. */
const struct sp_rows *store_oldest_pulls(struct sp_ctx *ctx, int64_t most);

/* The shop's catalogue is walked from its beginning, and all of it counts as changed.  SP_REJECT:
 * no such connected shop. */
enum sp_result store_listings_anew(struct sp_ctx *ctx, struct shop_key shop) SP_MUST_USE;
/* Of the `most` shops whose last news of the last hour came latest: the shop's id as text, and how
 * many seconds after the marketplace's change it was ours.  NULL on failure. */
const struct sp_rows *store_latest_news(struct sp_ctx *ctx, int64_t most);

/* Queues: the shop's listings are looked at now. */
void store_listings_soon(struct sp_ctx *ctx, struct shop_key shop);

#endif
