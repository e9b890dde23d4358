/* What was read from the marketplace becomes facts: claimed, sealed, emitted, counted. */
#ifndef SAMPAN_CONNECTOR_ACCEPT_H
#define SAMPAN_CONNECTOR_ACCEPT_H

#include "services/connector/order_json.h"
#include "services/connector/pull_store.h"

/* Where and how something was read. */
struct accept_source {
    struct shop_key shop;
    int64_t began_us;      /* when the request began, by the database's clock */
    int64_t orders_from_s; /* routine news of older orders is for those we hold */
    bool always;           /* a run, a person or a gap asked */
};

struct accept_order {
    struct accept_source from;
    struct tiktok_order order;
};

struct accept_listing {
    struct accept_source from;
    struct channel_listing fact;
    int64_t hash; /* of the fact as a search lists it, before its details are added */
};

/* Reads the elements of a page.  What has no usable id is left out and counted in a metric. */
size_t accept_read_orders(struct sp_ctx *ctx, struct sp_json array,
                          const struct accept_source *from, struct accept_order orders[],
                          size_t most);
size_t accept_read_listings(struct sp_ctx *ctx, struct sp_json array,
                            const struct accept_source *from, struct accept_listing listings[],
                            size_t most);

/* Claims and emits what is new, within a transaction.  Nothing else of a batch suffers from an
 * order that cannot be emitted: it is left out, logged and counted. */
enum sp_result accept_orders(struct sp_ctx *ctx, const struct accept_order orders[],
                             size_t count) SP_MUST_USE;
enum sp_result accept_listings(struct sp_ctx *ctx, const struct accept_listing listings[],
                               size_t count) SP_MUST_USE;

#endif
