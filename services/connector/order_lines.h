/* Units of an order to lines: the marketplace sends one element for each unit; those bought as the
 * same thing make a line. */
#ifndef SAMPAN_CONNECTOR_ORDER_LINES_H
#define SAMPAN_CONNECTOR_ORDER_LINES_H

#include "common/arena.h"
#include "proto/messages.h"

/* One element of line_items. */
struct tiktok_unit {
    struct sp_text id;
    struct sp_text product_id, sku_id, seller_sku, product_name, sku_name;
    struct sp_text status, package_id;
    struct sp_text tracking, carrier; /* of its package */
    int64_t price_minor;              /* after discounts */
    bool is_gift;
};

/* Fills in `lines` of the fact; sorts the units by id (shorter first, then byte order, which is the
 * order of the numbers).
 *
 * Units with equal (sku_id, price, is_gift) make a line: what was bought, which does not change.
 * Its number is the place, from 1, of its first unit among all units of the order: it depends on
 * nothing stored, so a line keeps its number and its units in every revision, and in whatever order
 * revisions are read; numbers may have gaps.  Status and package are those of the first unit; units
 * that differ in them stand in `apart` (docs/decisions/0007-lines-are-what-was-bought.md). */
void tiktok_group_units(struct tiktok_unit units[], size_t count, struct channel_order *fact,
                        struct sp_arena *arena);

/* Completes `packages`, which holds the order's own list (with its tracking number when there is
 * but one), by what the units say of theirs. */
void tiktok_collect_packages(const struct tiktok_unit units[], size_t count,
                             struct channel_order *fact, struct sp_arena *arena);

#endif
