/* Stock as the marketplace is told it. */
#ifndef SAMPAN_CONNECTOR_STOCK_JSON_H
#define SAMPAN_CONNECTOR_STOCK_JSON_H

#include "common/json.h"

struct stock_line {
    struct sp_text sku_id, channel_warehouse_id;
    int64_t quantity;
};

/* {"skus":[{"id":…,"inventory":[{"warehouse_id":…,"quantity":…}]}]}; lines of a SKU stand together.
 */
struct sp_text tiktok_stock_body(const struct stock_line lines[], size_t count,
                                 struct sp_arena *arena);

/* Why the SKU was not updated, by the `errors` of the answer; empty: it was.  An error that names
 * no SKU is everyone's. */
struct sp_text tiktok_stock_problem(struct sp_json errors, struct sp_text sku_id,
                                    struct sp_arena *arena);

/* What listings show now, of the answer of an inventory search: one line for each SKU and
 * warehouse.  Texts are views of the answer or in the arena. */
size_t tiktok_read_shown(struct sp_json data, struct sp_arena *arena, struct stock_line **lines);

#endif
