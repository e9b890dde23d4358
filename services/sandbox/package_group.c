/* The same goods in other packages: split, combined, taken apart. */
#include <stdlib.h>

#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"

static void replace(struct shop *shop, uint32_t package, int64_t now)
{
    SP_ASSERT(package_happen(&shop->packages.packages[package], PACKAGE_REPLACE, now));
}

/* Packages of which nothing is left in the order are replaced. */
static void rewrite(struct shop *shop, struct order *order, uint32_t of_unit[], int64_t now)
{
    uint32_t *before = sp_alloc(order->units * sizeof *before);
    for (uint32_t i = 0; i < order->units; i++) {
        if (cases_took_unit(&shop->cases, &shop->book, order, i))
            of_unit[i] = PACKAGE_NONE;
    }
    packages_read(&shop->packages, order, before);
    packages_write(&shop->packages, order, of_unit);
    for (uint32_t i = 0; i < order->units; i++) {
        uint32_t package = before[i];
        bool seen = i > 0 && before[i - 1] == package;
        if (package == PACKAGE_NONE || seen ||
            shop->packages.packages[package].status != TO_FULFILL)
            continue;
        if (packages_units(&shop->packages, order, package) == 0)
            replace(shop, package, now);
    }
    free(before);
}

/* The package that holds all wanted units and no other, if there is one. */
static uint32_t find_exact(const struct shop *shop, const struct order *order, const bool wanted[],
                           const uint32_t of_unit[])
{
    uint32_t count = 0, found = PACKAGE_NONE;
    for (uint32_t i = 0; i < order->units; i++) {
        if (!wanted[i])
            continue;
        if (of_unit[i] == PACKAGE_NONE || (count > 0 && of_unit[i] != found))
            return PACKAGE_NONE;
        found = of_unit[i];
        count++;
    }
    return packages_units(&shop->packages, order, found) == count ? found : PACKAGE_NONE;
}

/* In a market where packages come first, what is left over goes into a new one as well: ids change
 * with their contents. */
static uint32_t new_for(struct shop *shop, uint32_t at, const bool wanted[], uint32_t of_unit[],
                        int64_t now)
{
    const struct order *order = &shop->book.orders[at];
    uint32_t old = packages_only(&shop->packages, order), rest = PACKAGE_NONE, wants = 0;
    for (uint32_t i = 0; i < order->units; i++)
        wants += wanted[i] ? 1 : 0;
    bool whole = wants == order->units;
    uint32_t made = package_make(shop, at, whole ? PACKAGE_WHOLE : PACKAGE_SPLIT, now);
    if (!whole && old != PACKAGE_NONE)
        rest = package_make(shop, at, PACKAGE_SPLIT, now);
    for (uint32_t i = 0; i < order->units; i++) {
        if (wanted[i])
            of_unit[i] = made;
        else if (rest != PACKAGE_NONE)
            of_unit[i] = rest;
    }
    return made;
}

uint32_t package_of_units(struct shop *shop, uint32_t at, const bool wanted[], int64_t now)
{
    struct order *order = &shop->book.orders[at];
    uint32_t *of_unit = sp_alloc(order->units * sizeof *of_unit);
    packages_read(&shop->packages, order, of_unit);
    uint32_t found = find_exact(shop, order, wanted, of_unit);
    if (found == PACKAGE_NONE) {
        found = new_for(shop, at, wanted, of_unit, now);
        rewrite(shop, order, of_unit, now);
    }
    free(of_unit);
    return found;
}

uint32_t package_split(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                       const uint32_t group[], uint32_t count)
{
    struct order *order = &shop->book.orders[at];
    int64_t now = sandbox_now(sandbox);
    uint32_t *of_unit = sp_alloc(order->units * sizeof *of_unit);
    uint32_t *packages = sp_alloc(count * sizeof *packages);
    for (uint32_t i = 0; i < count; i++)
        packages[i] = package_make(shop, at, PACKAGE_SPLIT, now);
    uint32_t first = packages[0];
    for (uint32_t i = 0; i < order->units; i++)
        of_unit[i] = first + group[i];
    rewrite(shop, order, of_unit, now);
    trade_touch(sandbox, shop, at);
    webhook_packages_changed(sandbox, shop,
                             &(struct webhook_packages){"SPLIT", "ROLE_SELLER", packages, count});
    free(packages);
    free(of_unit);
    return first;
}

/* One new package for whole orders. */
static uint32_t regroup(struct sandbox *sandbox, struct shop *shop, const uint32_t orders[],
                        size_t count)
{
    enum package_tag tag = count > 1 ? PACKAGE_COMBINED : PACKAGE_WHOLE;
    uint32_t made = package_make(shop, orders[0], tag, sandbox_now(sandbox));
    shop->packages.packages[made].orders = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct order *order = &shop->book.orders[orders[i]];
        order->next_together = i + 1 < count ? orders[i + 1] + 1 : 0;
        packages_put(&shop->packages, order, made);
        trade_touch(sandbox, shop, orders[i]);
    }
    return made;
}

uint32_t package_combine(struct sandbox *sandbox, struct shop *shop, const uint32_t orders[],
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        replace(shop, packages_only(&shop->packages, &shop->book.orders[orders[i]]),
                sandbox_now(sandbox));
    uint32_t made = regroup(sandbox, shop, orders, count);
    webhook_packages_changed(sandbox, shop,
                             &(struct webhook_packages){"COMBINE", "ROLE_SELLER", &made, 1});
    return made;
}

static bool is_among(uint32_t at, const uint32_t orders[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (orders[i] == at)
            return true;
    }
    return false;
}

uint32_t package_uncombine(struct sandbox *sandbox, struct shop *shop, uint32_t package,
                           const uint32_t leaving[], size_t count)
{
    struct package old = shop->packages.packages[package];
    uint32_t *staying = sp_alloc((old.orders + count + 1) * sizeof *staying);
    uint32_t *made = staying + old.orders, stay = 0, makes = 0;
    for (uint32_t at = old.order; at != BOOK_NONE; at = package_next_order(shop, at)) {
        if (!is_among(at, leaving, count))
            staying[stay++] = at;
    }
    replace(shop, package, sandbox_now(sandbox));
    if (stay > 0)
        made[makes++] = regroup(sandbox, shop, staying, stay);
    for (size_t i = 0; i < count; i++)
        made[makes++] = regroup(sandbox, shop, &leaving[i], 1);
    webhook_packages_changed(
        sandbox, shop, &(struct webhook_packages){"CANCEL_COMBINE", "ROLE_SELLER", made, makes});
    uint32_t first = made[0];
    free(staying);
    return first;
}
