/* Packages as their orders go on. */
#include <stdlib.h>

#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"

enum package_flow package_flow(const struct shop *shop, const struct order *order)
{
    return order->kind.by_tiktok ? FLOW_NONE : package_flow_of(shop->region, order->by_seller);
}

/* Units that are in no package get one. */
static void cover(struct shop *shop, uint32_t at, int64_t now)
{
    struct order *order = &shop->book.orders[at];
    if (order->first_part == 0 && order->cancelled == 0) {
        packages_put(&shop->packages, order, package_make(shop, at, PACKAGE_WHOLE, now));
        return;
    }
    enum package_tag tag = order->first_part == 0 ? PACKAGE_WHOLE : PACKAGE_SPLIT;
    uint32_t rest = PACKAGE_NONE, *of_unit = sp_alloc(order->units * sizeof *of_unit);
    packages_read(&shop->packages, order, of_unit);
    for (uint32_t i = 0; i < order->units; i++) {
        if (of_unit[i] != PACKAGE_NONE || cases_took_unit(&shop->cases, &shop->book, order, i))
            continue;
        if (rest == PACKAGE_NONE)
            rest = package_make(shop, at, tag, now);
        of_unit[i] = rest;
    }
    if (rest != PACKAGE_NONE)
        packages_write(&shop->packages, order, of_unit);
    free(of_unit);
}

static void send_off(const struct order *order, struct package *package)
{
    if (package->status != TO_FULFILL)
        return;
    package->handover = order->by_seller ? HANDOVER_SELF : HANDOVER_DROP_OFF;
    package_advance(package, PROCESSING, order->times.arranged);
}

static void advance_all(struct shop *shop, uint32_t at, enum package_status to)
{
    struct order *order = &shop->book.orders[at];
    const struct package_part *part = packages_other(&shop->packages, order, NULL);
    for (; part != NULL; part = packages_other(&shop->packages, order, part)) {
        struct package *package = &shop->packages.packages[part->package];
        send_off(order, package);
        if (to >= FULFILLING)
            package_advance(package, FULFILLING, order->times.collected);
        package_advance(package, to, order->times.delivered);
    }
}

static void cancel_all(struct shop *shop, uint32_t at)
{
    struct order *order = &shop->book.orders[at];
    const struct package_part *part = packages_other(&shop->packages, order, NULL);
    for (; part != NULL; part = packages_other(&shop->packages, order, part)) {
        struct package *package = &shop->packages.packages[part->package];
        if (package->status < PACKAGE_DELIVERED)
            SP_ASSERT(package_happen(package, PACKAGE_CANCEL, order->times.updated));
    }
}

static bool has_shipped(const struct shop *shop, const struct order *order)
{
    const struct package_part *part = packages_first(&shop->packages, order);
    for (; part != NULL; part = packages_next(&shop->packages, part)) {
        if (package_is_shipped(&shop->packages.packages[part->package]))
            return true;
    }
    return false;
}

/* Shipped in part without anybody saying which: the first SKU, or the first unit of the only one,
 * unless the order is split already. */
static void ship_some(struct shop *shop, uint32_t at)
{
    struct order *order = &shop->book.orders[at];
    if (has_shipped(shop, order))
        return;
    bool split = order->first_part != 0 && packages_only(&shop->packages, order) == PACKAGE_NONE;
    if (!split) {
        uint32_t first = order->line_count > 1 ? book_lines(&shop->book, order)[0].units : 1;
        bool *wanted = sp_alloc(order->units * sizeof *wanted);
        for (uint32_t i = 0; i < first; i++)
            wanted[i] = true;
        (void)package_of_units(shop, at, wanted, order->times.arranged);
        free(wanted);
    }
    send_off(order, &shop->packages.packages[packages_first(&shop->packages, order)->package]);
}

static int64_t first_created(const struct shop *shop, const struct order *order)
{
    bool early = package_flow(shop, order) == FLOW_PACKAGE;
    return early ? book_handled_from(order) : order->times.arranged;
}

void package_follow(struct shop *shop, uint32_t at)
{
    struct order *order = &shop->book.orders[at];
    const struct order_times *times = &order->times;
    bool early = package_flow(shop, order) == FLOW_PACKAGE;
    bool sent = times->arranged != 0;
    if (order->status == AWAITING_SHIPMENT && early && order->first_part == 0)
        cover(shop, at, times->updated);
    if (order->status == PARTIALLY_SHIPPING)
        ship_some(shop, at);
    if (order->status == CANCELLED || (order->status == COMPLETED && times->delivered == 0)) {
        cancel_all(shop, at);
        return;
    }
    if (order->status < AWAITING_COLLECTION || !sent)
        return;
    cover(shop, at, first_created(shop, order));
    advance_all(shop, at,
                order->status == AWAITING_COLLECTION ? PROCESSING
                : order->status == IN_TRANSIT        ? FULFILLING
                                                     : PACKAGE_DELIVERED);
}

void package_drop_cancelled(struct shop *shop, uint32_t at)
{
    struct order *order = &shop->book.orders[at];
    uint32_t *of_unit = sp_alloc(order->units * sizeof *of_unit);
    packages_read(&shop->packages, order, of_unit);
    for (uint32_t i = 0; i < order->units; i++) {
        uint32_t from = of_unit[i];
        if (from == PACKAGE_NONE || !cases_took_unit(&shop->cases, &shop->book, order, i))
            continue;
        of_unit[i] = PACKAGE_NONE;
        packages_write(&shop->packages, order, of_unit);
        struct package *package = &shop->packages.packages[from];
        package->updated = order->times.updated;
        if (package->orders == 1 && packages_units(&shop->packages, order, from) == 0)
            SP_ASSERT(package_happen(package, PACKAGE_CANCEL, order->times.updated));
    }
    free(of_unit);
}

/* Out of a package of several orders, into one of its own that is as far. */
static void leave(struct sandbox *sandbox, struct shop *shop, uint32_t at, uint32_t from)
{
    struct order *order = &shop->book.orders[at];
    struct package left = shop->packages.packages[from];
    uint32_t *link = NULL;
    if (left.order == at)
        shop->packages.packages[from].order = package_next_order(shop, at);
    for (uint32_t i = left.order; i != BOOK_NONE && i != at; i = package_next_order(shop, i))
        link = &shop->book.orders[i].next_together;
    if (link != NULL)
        *link = order->next_together;
    order->next_together = 0;
    struct package *rest = &shop->packages.packages[from];
    rest->updated = left.updated = order->times.updated;
    if (--rest->orders == 1)
        rest->tag = PACKAGE_WHOLE;
    left.order = at;
    left.orders = 1;
    left.tag = PACKAGE_WHOLE;
    uint32_t packages[] = {from, packages_add(&shop->packages, &left)};
    packages_put(&shop->packages, order, packages[1]);
    webhook_packages_changed(
        sandbox, shop, &(struct webhook_packages){"CANCEL_COMBINE", "ROLE_SYSTEM", packages, 2});
}

static void come_along(struct sandbox *sandbox, struct shop *shop, uint32_t first,
                       enum order_event event)
{
    int next;
    for (uint32_t at = first; at != BOOK_NONE; at = package_next_order(shop, at)) {
        if (sp_state_next(&order_life, shop->book.orders[at].status, (int)event, &next))
            SP_ASSERT(trade_happen(sandbox, shop, at, event, NULL) == SP_OK);
    }
}

void package_after(struct sandbox *sandbox, struct shop *shop, uint32_t at, enum order_event event)
{
    uint32_t only = packages_only(&shop->packages, &shop->book.orders[at]);
    bool together = only != PACKAGE_NONE && shop->packages.packages[only].orders > 1;
    if (together && (event == CANCEL || event == COMPLETE))
        leave(sandbox, shop, at, only);
    package_follow(shop, at);
    if (together && (event == SHIP || event == COLLECT || event == DELIVER))
        come_along(sandbox, shop, shop->packages.packages[only].order, event);
}
