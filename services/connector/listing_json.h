/* A product as the marketplace lists it, to the fact product-mapper reads. */
#ifndef SAMPAN_CONNECTOR_LISTING_JSON_H
#define SAMPAN_CONNECTOR_LISTING_JSON_H

#include "common/json.h"
#include "proto/messages.h"

/* Reads one element of `products` of a search, or the `data` of a product's detail: all of the fact
 * but its head and shop.  SP_REJECT: no object, or without a usable id. */
enum sp_result tiktok_read_listing(struct sp_json json, struct sp_arena *arena,
                                   struct channel_listing *fact, struct sp_error *err) SP_MUST_USE;

/* Reads one element of `warehouses`.  False: it does not sell (returns, disabled), or has no usable
 * id. */
bool tiktok_read_warehouse(struct sp_json json, struct sp_arena *arena,
                           struct channel_warehouse *warehouse);

#endif
