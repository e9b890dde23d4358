/* An order as the Open API shows it: one line item a unit. */
#ifndef SANDBOX_ORDER_JSON_H
#define SANDBOX_ORDER_JSON_H

#include "common/json.h"
#include "services/sandbox/shop.h"

enum order_view { ORDER_IN_SEARCH, ORDER_IN_DETAIL }; /* the detail names the means of payment */

/* Appends one order as an element of the array that is open.  `scratch` is any buffer; its content
 * is lost. */
void order_json_put(struct sp_json_writer *json, const struct shop *shop, const struct order *order,
                    enum order_view view, struct sp_buffer *scratch);

#endif
