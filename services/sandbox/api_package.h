/* What the fulfilment handlers share. */
#ifndef SANDBOX_API_PACKAGE_H
#define SANDBOX_API_PACKAGE_H

#include "services/sandbox/api_routes.h"
#include "services/sandbox/package_trade.h"

/* Position of an order or a package of the shop; an error when there is none.  A package that was
 * replaced is gone. */
enum api_error api_find_order(const struct api_call *call, struct sp_text id,
                              uint32_t *at) SP_MUST_USE;
enum api_error api_find_package(const struct api_call *call, struct sp_text id,
                                uint32_t *at) SP_MUST_USE;

enum package_flow api_flow(const struct api_call *call, uint32_t order);

/* order_line_item_ids: flags of the order's units, in the call's arena; no list means all. */
enum api_error api_read_items(struct api_call *call, uint32_t order, struct sp_json ids,
                              bool **wanted) SP_MUST_USE;
void api_put_items(struct sp_json_writer *json, const char *name, const struct shop *shop,
                   uint32_t order, const bool wanted[]);

/* Whether these units may be sent off now. */
enum api_error api_check_units(const struct api_call *call, uint32_t order,
                               const bool wanted[]) SP_MUST_USE;

/* tracking_number and shipping_provider_id, both needed, of a carrier that serves such orders. */
enum api_error api_read_tracking(struct api_call *call, struct sp_json from, bool by_seller,
                                 struct shipment *shipment) SP_MUST_USE;

/* An element of `errors`: code, message, detail {"package_id": …}. */
void api_put_package_error(struct api_call *call, enum api_error error, struct sp_text id);
/* One line of the truth log: what an app told of a package or order, and what it got for it. */
void api_note_told(const struct api_call *call, const char *what, struct sp_text id,
                   enum api_error error);

/* Many ids in one parameter, "a,b": the first one is cut off. */
struct sp_text api_next_id(struct sp_text *ids);
/* page_size from 1 to 50 and the place behind which a page begins. */
enum api_error api_read_page(struct api_call *call, struct sp_text about, int64_t *page_size,
                             uint64_t *place) SP_MUST_USE;

#endif
