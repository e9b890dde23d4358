/* Stock that listings show and should show, in the database (states.md, "Stock"). */
#ifndef SAMPAN_CONNECTOR_STOCK_STORE_H
#define SAMPAN_CONNECTOR_STOCK_STORE_H

#include "services/connector/pull_store.h"

enum { STOCK_MOST = 99999 /* the most the marketplace takes for one warehouse */ };

/* Queues the claim of stock.level, which also stores what is wanted. */
int store_claim_levels(struct sp_ctx *ctx, const struct stock_level levels[], size_t count);

/* Queues: what these listings show. */
void store_shown_stock(struct sp_ctx *ctx, const struct channel_listing listings[], size_t count);

/* A row of a product whose stock is to be pushed: all warehouses of each SKU that has one due,
 * ordered by shop, product, SKU, warehouse. */
struct push_task {
    struct shop_access access;
    struct sp_text product_id, sku_id, channel_warehouse_id;
    int64_t quantity; /* what should be shown, or is shown where nobody has said */
    int64_t taken;    /* the value of `wanted` when it was taken */
    bool wanted;      /* this row itself is due or open, not only named for its SKU's sake */
    int tries;
    int64_t now_s;
};

/* Takes due products, at most `products` of them (lease 10 s). */
enum sp_result store_take_pushes(struct sp_ctx *ctx, size_t products, struct push_task **tasks,
                                 size_t *count) SP_MUST_USE;

struct push_end {
    const struct push_task *task;
    bool done;
    struct sp_text problem; /* why not; empty when done */
    int64_t wait_ms;
};
/* Queues the ends of tasks.  One that ended after its lease had run out and another had told a
 * newer figure makes the row due again. */
void store_end_pushes(struct sp_ctx *ctx, const struct push_end ends[], size_t count);

/* Of the `most` shops with the quantity that waits longest to be told: the shop's id as text, and
 * how many seconds.  NULL on failure. */
const struct sp_rows *store_oldest_pushes(struct sp_ctx *ctx, int64_t most);

#endif
