/* What inventory reads from and writes to its tables.  Functions that take `ctx` and return nothing
 * queue a statement, which runs with the next sp_run or with the commit; those that return a result
 * run what is queued. Lock order: goods issues by key, reservations by key, stock by (warehouse,
 * variant). */
#ifndef SAMPAN_INVENTORY_STORE_H
#define SAMPAN_INVENTORY_STORE_H

#include "common/service.h"
#include "services/inventory/allocation.h"
#include "services/inventory/goods_issue.h"
#include "services/inventory/level.h"

enum {
    STORE_WALK_ORDERS = 256, /* orders decided again in one transaction */
    STORE_REFILL_MARKS = 32, /* variants served in one transaction */
    STORE_LINE_NUMBERS = 3,  /* of each line in goods_issue.lines: variant, line, pieces */
};

struct variant_ref {
    int64_t account_id, variant_id;
};

struct order_ref {
    int64_t account_id;
    struct sp_text key;
};

struct shop_ref {
    int64_t account_id, shop_id;
};

/* For qsort, and how many are left of an ordered array when repeats are dropped. */
int variant_ref_compare(const void *left, const void *right);
int order_ref_compare(const void *left, const void *right);
int shop_ref_compare(const void *left, const void *right);
size_t unique_refs(void *refs, size_t count, size_t size,
                   int (*compare)(const void *, const void *));

/* ---- orders: order_store.c --------------------------------------------------------- */

/* Columns beyond the three: fresh boolean (never heard of before, and not written yet). */
int store_claim_orders(struct sp_ctx *ctx, const void *messages, size_t count);
enum { CLAIM_FRESH = 3 };

/* Our decision about an order, with what its live goods issues have of it. */
struct order_record {
    struct order_ref ref;
    bool found;
    int64_t rev, since;
    struct order_standing standing;
    struct kept_part *kept; /* ordered by line and variant */
    size_t kept_count;
    bool changed; /* since it was read: something of it is held no longer */
};

/* Locks and reads; `records` are ordered by ref, each ref once.  Goods issues are counted as this
 * transaction has them. */
enum sp_result store_lock_orders(struct sp_ctx *ctx, struct order_record records[],
                                 size_t count) SP_MUST_USE;
/* The stored facts of `refs` (ordered), head filled in; missing ones have rev 0. */
enum sp_result store_load_facts(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                struct order_mapped facts[]) SP_MUST_USE;
/* Decisions and the new facts they are about; `found` tells whether there is a row.  And decisions
 * alone, of orders that have one: all, or those that are changed. */
void store_save_facts(struct sp_ctx *ctx, const struct order_record records[],
                      const struct order_mapped *facts[], size_t count);
void store_save_orders(struct sp_ctx *ctx, const struct order_record records[], size_t count);
void store_save_changed_orders(struct sp_ctx *ctx, const struct order_record records[],
                               size_t count);

struct waiting_place {
    int64_t account_id, variant_id, since;
    struct sp_text order_key;
};
void store_leave_line(struct sp_ctx *ctx, const struct waiting_place places[], size_t count);
void store_join_line(struct sp_ctx *ctx, const struct waiting_place places[], size_t count);

/* ---- stock: stock_store.c ---------------------------------------------------------- */

/* What a decision about orders needs: both lists ordered, each once. */
struct ground_query {
    const struct shop_ref *shops;
    size_t shop_count;
    const struct variant_ref *variants;
    size_t variant_count;
    /* Pieces of variant i that the orders want in all; NULL: not known before the decision.  Where
     * an account has one warehouse and it has all of them, they are reserved with the lock: each
     * row is written once. */
    const int64_t *wanted;
};

struct shop_row {
    struct shop_ref ref;
    struct shop_terms terms;
};

struct ground {
    struct shop_row *shops; /* those that are known, ordered */
    size_t shop_count;
    struct warehouse_place *places; /* of all accounts of the query, by account and priority */
    size_t place_count;
    struct stock_book *book;
};

/* Locks the stock rows of the variants, or takes what is wanted of them. */
enum sp_result store_load_ground(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground) SP_MUST_USE;
/* Effects in lock order, on rows that exist; a CHECK refuses what would be oversold. */
void store_change_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count);
/* The same on rows that may not exist yet. */
void store_add_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count);

struct stock_movement {
    struct variant_ref variant;
    int64_t warehouse_id, delta;
    const char *cause;
    struct sp_text document, reason, user;
};
void store_book_movements(struct sp_ctx *ctx, const struct stock_movement movements[],
                          size_t count);

/* Marks for the jobs.  `variants` are ordered. */
void store_mark_levels(struct sp_ctx *ctx, const struct variant_ref variants[], size_t count);
void store_mark_refills(struct sp_ctx *ctx, const struct variant_ref variants[], size_t count);

/* ---- the line of waiting orders, shops that changed: mark_store.c ------------------ */

struct refill_mark {
    int64_t mark_id;
    struct variant_ref variant;
    int64_t after_since;
    struct sp_text after_key;
};
enum sp_result store_take_refills(struct sp_ctx *ctx, struct refill_mark marks[STORE_REFILL_MARKS],
                                  size_t *count) SP_MUST_USE;
/* The next of each line, at most as many as pieces are free, in the line's order. */
enum sp_result store_next_in_line(struct sp_ctx *ctx, const struct refill_mark marks[],
                                  size_t count, struct waiting_place **places,
                                  size_t *place_count) SP_MUST_USE;
void store_move_refills(struct sp_ctx *ctx, const struct refill_mark marks[], size_t count);
void store_end_refills(struct sp_ctx *ctx, const struct refill_mark marks[], size_t count);

struct heal_mark {
    int64_t mark_id;
    struct shop_ref shop;
    int64_t round;
    struct sp_text after_key;
};
void store_mark_heal(struct sp_ctx *ctx, const struct shop_ref shops[], size_t count);
/* SP_OK with mark_id 0: nothing is due. */
enum sp_result store_take_heal(struct sp_ctx *ctx, struct heal_mark *mark) SP_MUST_USE;
enum sp_result store_next_of_shop(struct sp_ctx *ctx, const struct heal_mark *mark,
                                  struct order_ref **refs, size_t *count) SP_MUST_USE;
void store_move_heal(struct sp_ctx *ctx, const struct heal_mark *mark);
/* Ends the round: after the first a second one follows when no transaction of before can live any
 * more. */
void store_end_heal(struct sp_ctx *ctx, const struct heal_mark *mark);
void store_mark_shop_levels(struct sp_ctx *ctx, const struct shop_ref *shop);

/* ---- goods issues and returns: issue_store.c --------------------------------------- */

/* Columns beyond the three: state text (of before, when not fresh), fresh boolean. */
int store_claim_issues(struct sp_ctx *ctx, const void *messages, size_t count);
/* The state that the claim has written for a request that is fresh. */
int store_likely_state(const struct fulfilment_requested *request);
enum { CLAIM_ISSUE_STATE = 3, CLAIM_ISSUE_FRESH = 4 };

/* What was asked for first and stays: lines and warehouse of issues that are not fresh. */
struct issue_record {
    struct order_ref ref; /* the issue's key */
    struct sp_text order_key;
    int64_t warehouse_id, rev;
    int64_t asked_rev; /* of fulfilment.requested */
    int state;
    int64_t ended_us;
    struct sp_text reason;
    struct issue_part *parts;
    size_t part_count;
    uint8_t trace[SP_TRACE_BYTES];
};
/* Reads those that are there; `found` tells how many. Ordered by key. */
enum sp_result store_find_issues(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                 struct issue_record **records, size_t *found) SP_MUST_USE;
/* Locks first: for a person's command. */
void store_lock_issues(struct sp_ctx *ctx, int64_t account_id, const struct sp_text keys[],
                       size_t count);
struct issue_verdict {
    struct order_ref ref;
    int state;
    struct sp_text reason;
};
void store_save_verdicts(struct sp_ctx *ctx, const struct issue_verdict verdicts[], size_t count);
/* Issued by a person: raises rev, which the caller reads with store_find_issues. */
void store_end_issues(struct sp_ctx *ctx, int64_t account_id, const struct sp_text keys[],
                      size_t count, struct sp_text user);

/* Columns beyond the three: what is booked so far: variant_id, warehouse_id, pieces, what. */
int store_claim_returns(struct sp_ctx *ctx, const void *messages, size_t count);
enum { CLAIM_BOOKED_VARIANT = 3, CLAIM_BOOKED_WAREHOUSE, CLAIM_BOOKED_PIECES, CLAIM_BOOKED_WHAT };
void store_save_booked(struct sp_ctx *ctx, const struct goods_returned returns[], size_t count);

/* ---- copies of others' facts: reference_store.c ------------------------------------ */

int store_claim_accounts(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_shops(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_variants(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_listings(struct sp_ctx *ctx, const void *messages, size_t count);
/* Which variants are in which listing, anew, and a mark for each account's listings. */
void store_save_listing_uses(struct sp_ctx *ctx, const struct listing_mapped listings[],
                             size_t count);

/* ---- levels: level_store.c --------------------------------------------------------- */

/* Takes marks; the listings they touch, ordered, each once. */
enum sp_result store_take_level_marks(struct sp_ctx *ctx, struct order_ref **listings,
                                      size_t *count, bool *more) SP_MUST_USE;

struct listing_row {
    struct order_ref ref;
    int64_t shop_id;
    struct sp_text product_id, sku_id, channel_warehouse;
    struct level_rule rule;
    struct level_part *parts;
    size_t part_count;
};
/* One telling at a time for an account, and what is available is read under that lock: two replicas
 * never tell an old figure last.  Listings that nothing can be told of are left out. */
enum sp_result store_load_listings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct listing_row **listings, size_t *found) SP_MUST_USE;

struct level_row {
    struct order_ref ref; /* shop - SKU - channel warehouse */
    int64_t quantity;
    int64_t rev; /* out: 0 when the figure told last is the same */
};
enum sp_result store_tell_levels(struct sp_ctx *ctx, struct level_row levels[],
                                 size_t count) SP_MUST_USE;

#endif
