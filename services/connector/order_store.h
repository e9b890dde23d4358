/* What was seen of orders, listings and returns, in the database: the claim before a fact is
 * emitted. */
#ifndef SAMPAN_CONNECTOR_ORDER_STORE_H
#define SAMPAN_CONNECTOR_ORDER_STORE_H

#include "services/connector/shop_store.h"

/* One thing that was read, and what the claim said of it. */
struct seen_item {
    size_t at; /* the caller's own: where the thing itself is */
    struct shop_key shop;
    struct sp_text id; /* of the order, product or return, the marketplace's */
    int64_t updated_s; /* the marketplace's update time */
    int64_t began_us;  /* when the request began, by the database's clock */
    int64_t hash;
    bool always;     /* a run, a person or a gap asked: accept equal content too */
    bool known_only; /* routine news of an order from before the shop's history: only if we hold it
                      */
    bool accepted;   /* out: newer than what was stored; emit it */
    bool first;      /* out: never seen before */
    int64_t rev;     /* out, when accepted */
};

/* Sorts the items by (account, shop, id), drops all but the newest of each, and claims them. Within
 * a transaction.  Afterwards *count items remain. */
enum sp_result store_claim_orders(struct sp_ctx *ctx, struct seen_item items[],
                                  size_t *count) SP_MUST_USE;
enum sp_result store_claim_listings(struct sp_ctx *ctx, struct seen_item items[],
                                    size_t *count) SP_MUST_USE;

enum sp_result store_claim_returns(struct sp_ctx *ctx, struct seen_item items[],
                                   size_t *count) SP_MUST_USE;

/* Which listings or returns of a shop have changed since they were last claimed, or were never
 * seen. */
struct changed_thing {
    struct sp_text id;
    int64_t hash;
    bool changed; /* out */
};
enum sp_result store_find_changed_listings(struct sp_ctx *ctx, struct shop_key shop,
                                           struct changed_thing things[], size_t count) SP_MUST_USE;
enum sp_result store_find_changed_returns(struct sp_ctx *ctx, struct shop_key shop,
                                          struct changed_thing things[], size_t count) SP_MUST_USE;

/* Takes parcels of orders, with their buyers, out of the outbox that have waited in it for so long:
 * their bodies.  NULL on failure. */
const struct sp_rows *store_take_old_parcels(struct sp_ctx *ctx, int64_t keep_ms, size_t most);

#endif
