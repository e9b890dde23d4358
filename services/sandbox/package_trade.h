/* What becomes of packages as orders go on, and of orders as packages do. */
#ifndef SANDBOX_PACKAGE_TRADE_H
#define SANDBOX_PACKAGE_TRADE_H

#include "services/sandbox/sandbox.h"

/* How an order is shipped. */
enum package_flow package_flow(const struct shop *shop, const struct order *order);

/* Brings the packages of an order to where its status puts them. */
void package_follow(struct shop *shop, uint32_t at);
/* The same after an event: all orders of one package come along, a cancelled one leaves it. */
void package_after(struct sandbox *sandbox, struct shop *shop, uint32_t at, enum order_event event);
/* Units that were cancelled leave their packages; a package that is empty then is cancelled. */
void package_drop_cancelled(struct shop *shop, uint32_t at);
/* Nothing is left to ship of an order shipped in part, once the rest was cancelled. */
void package_ship_rest(struct sandbox *sandbox, struct shop *shop, uint32_t at);

/* How a package is sent off. */
struct shipment {
    enum package_handover handover;
    int64_t slot_start, slot_end; /* of a pickup; 0: none */
    struct sp_text tracking;      /* copied; empty: the marketplace's own */
    uint32_t carrier;
    const struct parcel *parcel; /* lives as long as the shop, or NULL */
};

/* A package TO_FULFILL is sent off, and its orders are shipped, whole or in part. */
void package_send(struct sandbox *sandbox, struct shop *shop, uint32_t package,
                  const struct shipment *shipment);
/* A package on its way has arrived; so has an order of which this was the last. */
void package_arrive(struct sandbox *sandbox, struct shop *shop, uint32_t package);

/* Something about a package has changed that its orders show. */
void package_touch_orders(struct sandbox *sandbox, struct shop *shop, uint32_t package);

/* The package of exactly these units (order->units flags), none of which is shipped. */
uint32_t package_of_units(struct shop *shop, uint32_t at, const bool wanted[], int64_t now);
/* One package for each group: group[unit] from 0 to `count` - 1; the first one's position, the
 * others follow. */
uint32_t package_split(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                       const uint32_t group[], uint32_t count);
/* One package of whole orders, each alone in a package TO_FULFILL before. */
uint32_t package_combine(struct sandbox *sandbox, struct shop *shop, const uint32_t orders[],
                         size_t count);
/* Takes orders out of a combined package TO_FULFILL: those that stay get one package, each of the
 * others its own.  The first new one's position, the others follow. */
uint32_t package_uncombine(struct sandbox *sandbox, struct shop *shop, uint32_t package,
                           const uint32_t leaving[], size_t count);

/* An empty package TO_FULFILL for (units of) this order. */
uint32_t package_make(struct shop *shop, uint32_t at, enum package_tag tag, int64_t now);
/* The next order in the same package; BOOK_NONE at the end. */
uint32_t package_next_order(const struct shop *shop, uint32_t at);
/* A buyer has asked to cancel one of its orders: it must stay where it is. */
bool package_is_frozen(const struct shop *shop, const struct package *package);

#endif
