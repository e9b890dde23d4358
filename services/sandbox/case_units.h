/* Which units of an order a cancellation or return is about. */
#ifndef SANDBOX_CASE_UNITS_H
#define SANDBOX_CASE_UNITS_H

#include "common/json.h"
#include "services/sandbox/api_error.h"
#include "services/sandbox/shop.h"

/* Of a body with `order_line_item_ids`, or `skus` of {sku_id, quantity}, or neither: all units that
 * are still free.  Units already cancelled are never free, for returns also those a return has or
 * had a refund for.  The ranges live in the arena. */
struct case_units_of {
    const struct shop *shop;
    uint32_t order;
    enum case_kind kind;
    struct sp_arena *arena;
};
enum api_error case_units_read(const struct case_units_of *of, struct sp_json body,
                               struct unit_set *units);
/* All that are still free; may be empty. */
struct unit_set case_units_free(const struct shop *shop, const struct order *order,
                                enum case_kind kind, struct sp_arena *arena);
/* They are all the order still had of its own. */
bool case_units_are_all(const struct shop *shop, const struct order *order, struct unit_set units);

#endif
