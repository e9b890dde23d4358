#include "services/sandbox/package_trade.h"

#include "services/sandbox/trade.h"

uint32_t package_next_order(const struct shop *shop, uint32_t at)
{
    uint32_t next = shop->book.orders[at].next_together;
    return next == 0 ? BOOK_NONE : next - 1;
}

bool package_is_frozen(const struct shop *shop, const struct package *package)
{
    for (uint32_t at = package->order; at != BOOK_NONE; at = package_next_order(shop, at)) {
        if (shop->book.orders[at].wants_cancel)
            return true;
    }
    return false;
}

uint32_t package_make(struct shop *shop, uint32_t at, enum package_tag tag, int64_t now)
{
    struct package package = {
        .created = now,
        .updated = now,
        .order = at,
        .orders = 1,
        .carrier = carrier_default(shop->region, shop->book.orders[at].by_seller),
        .tag = (uint8_t)tag,
    };
    return packages_add(&shop->packages, &package);
}

/* Every unit is in a package that is at least as far. */
static bool all_are(const struct shop *shop, const struct order *order, enum package_status least)
{
    uint32_t units = 0;
    const struct package_part *part = packages_first(&shop->packages, order);
    for (; part != NULL; part = packages_next(&shop->packages, part)) {
        const struct package *package = &shop->packages.packages[part->package];
        if (package_is_shipped(package) && package->status >= least)
            units += part->count;
    }
    return units == order->units - order->cancelled;
}

static void arrange(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    if (order->status >= AWAITING_COLLECTION)
        return; /* came along already */
    bool all = all_are(shop, order, PROCESSING);
    if (all || order->status == AWAITING_SHIPMENT)
        SP_ASSERT(trade_happen(sandbox, shop, at, all ? SHIP : SHIP_PART, NULL) == SP_OK);
    else
        trade_touch(sandbox, shop, at);
}

void package_ship_rest(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    if (order->status == PARTIALLY_SHIPPING && all_are(shop, order, PROCESSING))
        SP_ASSERT(trade_happen(sandbox, shop, at, SHIP, NULL) == SP_OK);
}

void package_send(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                  const struct shipment *shipment)
{
    struct package *package = &shop->packages.packages[at];
    SP_ASSERT(package_happen(package, PACKAGE_SHIP, sandbox_now(sandbox)));
    package->handover = (uint8_t)shipment->handover;
    package->slot_start = shipment->slot_start;
    package->slot_end = shipment->slot_end;
    package->carrier = shipment->carrier;
    package->parcel = shipment->parcel;
    if (shipment->tracking.size > 0)
        package->tracking = sp_arena_copy(packages_texts(&shop->packages), shipment->tracking);
    for (uint32_t i = package->order; i != BOOK_NONE; i = package_next_order(shop, i))
        arrange(sandbox, shop, i);
}

void package_arrive(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    struct package *package = &shop->packages.packages[at];
    SP_ASSERT(package_happen(package, PACKAGE_DELIVER, sandbox_now(sandbox)));
    for (uint32_t i = package->order; i != BOOK_NONE; i = package_next_order(shop, i)) {
        const struct order *order = &shop->book.orders[i];
        if (order->status == IN_TRANSIT && all_are(shop, order, PACKAGE_DELIVERED))
            SP_ASSERT(trade_happen(sandbox, shop, i, DELIVER, NULL) == SP_OK);
        else if (order->status == IN_TRANSIT)
            trade_touch(sandbox, shop, i);
    }
}

void package_touch_orders(struct sandbox *sandbox, struct shop *shop, uint32_t package)
{
    uint32_t at = shop->packages.packages[package].order;
    for (; at != BOOK_NONE; at = package_next_order(shop, at))
        trade_touch(sandbox, shop, at);
}
