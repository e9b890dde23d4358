/* A package as the Open API shows it. */
#ifndef SANDBOX_PACKAGE_JSON_H
#define SANDBOX_PACKAGE_JSON_H

#include "common/json.h"
#include "services/sandbox/shop.h"

enum { PACKAGE_TRACKING = 64 };

/* The number its carrier knows it by; empty before it is shipped. */
struct sp_text package_tracking(const struct shop *shop, uint32_t at, char text[PACKAGE_TRACKING]);

/* tracking_number, shipping_provider_id and, called `name`, the provider: once it is shipped. */
void package_put_carrier(struct sp_json_writer *json, const struct shop *shop, uint32_t at,
                         const char *name);
/* order_line_item_ids of one package. */
void package_put_items(struct sp_json_writer *json, const struct shop *shop, uint32_t at);
/* order_ids of one package. */
void package_put_orders(struct sp_json_writer *json, const struct shop *shop, uint32_t at);
/* dimension and weight. */
void parcel_put(struct sp_json_writer *json, const struct parcel *parcel);

/* An element of a search's answer; the members of a detail: they name id and status differently. */
void package_put_found(struct sp_json_writer *json, const struct shop *shop, uint32_t at);
void package_put_detail(struct sp_json_writer *json, const struct shop *shop, uint32_t at);

#endif
