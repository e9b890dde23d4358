/* What was read from the marketplace becomes facts: claimed, sealed, emitted, counted. */
#ifndef SAMPAN_CONNECTOR_ACCEPT_H
#define SAMPAN_CONNECTOR_ACCEPT_H

#include "services/connector/order_json.h"
#include "services/connector/order_store.h"
#include "services/connector/pull_store.h"

/* On which way an order came: the first byte of its trace, from which the history tells it
 * (docs/decisions/0015-the-trace-names-the-way.md).  Numbers are never used again. */
enum accept_way {
    WAY_UNTOLD,
    WAY_WEBHOOK,
    WAY_PULL,
    WAY_SWEEP,
    WAY_BACKFILL, /* the history chosen at connecting */
    WAY_MANUAL,   /* a person had a range loaded */
    WAY_FETCH,    /* a person or a gap asked for this one */
};

/* Where and how something was read. */
struct accept_source {
    struct shop_key shop;
    int64_t began_us;      /* when the request began, by the database's clock */
    int64_t orders_from_s; /* routine news of older orders is for those we hold */
    bool always;           /* a run, a person or a gap asked */
    enum accept_way way;   /* of orders */
};

struct accept_order {
    struct accept_source from;
    struct tiktok_order order;
    int64_t hash; /* of the fact and its buyer */
};

struct accept_listing {
    struct accept_source from;
    struct channel_listing fact;
    int64_t hash; /* of the fact as a search lists it, before its details are added */
};

/* An order that was listed and cannot become a fact. */
struct accept_refusal {
    struct shop_key shop;
    struct sp_text id; /* empty: not even that can be read */
    const char *reason;
};

/* What was read of orders; the arrays are the caller's. */
struct accept_list {
    struct accept_order *orders;
    struct accept_refusal *refused;
    size_t count, refused_count;
};

/* Adds the elements of a page, at most `most` of them. */
void accept_read_orders(struct sp_ctx *ctx, struct sp_json array, const struct accept_source *from,
                        size_t most, struct accept_list *list);
/* Reads the elements of a page.  What has no usable id is left out and counted in a metric: a
 * listing is read again with the next sweep. */
size_t accept_read_listings(struct sp_ctx *ctx, struct sp_json array,
                            const struct accept_source *from, struct accept_listing listings[],
                            size_t most);

/* Reads one product as its own page shows it.  SP_REJECT: it has no usable id. */
enum sp_result accept_read_listing(struct sp_ctx *ctx, struct sp_json json,
                                   struct accept_listing *listing) SP_MUST_USE;

/* Claims and emits what is new, within a transaction.  Nothing else of a batch suffers from an
 * order that cannot be read or emitted: it becomes a dead letter of type order.wanted with the
 * reason, and replaying that fetches the order again. */
enum sp_result accept_orders(struct sp_ctx *ctx, const struct accept_list *list) SP_MUST_USE;
enum sp_result accept_listings(struct sp_ctx *ctx, const struct accept_listing listings[],
                               size_t count) SP_MUST_USE;

/* What every kind needs: the item to claim, the fact's key, the figures. */
struct seen_item accept_item(const struct accept_source *from, struct sp_text id, int64_t updated_s,
                             size_t at);
struct sp_text accept_key(struct sp_ctx *ctx, struct shop_key shop, struct sp_text id);
void accept_leave_out(const char *kind, const struct sp_error *err);
void accept_count(const char *kind, size_t facts);

#endif
