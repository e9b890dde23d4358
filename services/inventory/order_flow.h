/* Deciding about orders: load, decide, save, emit.  The one way for new facts, for the line of
 * waiting orders and for orders that are decided again. */
#ifndef SAMPAN_INVENTORY_ORDER_FLOW_H
#define SAMPAN_INVENTORY_ORDER_FLOW_H

#include "services/inventory/store.h"

/* New facts are stored with what is decided, which is always told.  Of an order that is decided
 * again only a change is stored and told. */
enum why_decided { NEW_FACTS, DECIDED_AGAIN };

struct order_flow {
    struct order_case *cases; /* fact, and fresh; ordered by account and key */
    size_t count;
    const struct variant_ref *serving; /* whose lines are being served; ordered */
    size_t serving_count;
    enum why_decided why;
    /* Called for a case that cannot be decided; the rest goes on.  NULL: that is a failure. */
    void (*reject)(void *context, size_t i, const char *reason);
    void *context;
};

/* Within a transaction.  Locks what is stored of the orders that are not fresh, then the stock;
 * decides oldest order first; queues the saves; emits order.allocated. */
enum sp_result order_flow_run(struct sp_ctx *ctx, struct order_flow *flow) SP_MUST_USE;

#endif
