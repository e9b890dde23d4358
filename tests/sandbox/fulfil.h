/* A sandbox with a shop in each kind of market, and orders to be sent off. */
#ifndef SANDBOX_TEST_FULFIL_H
#define SANDBOX_TEST_FULFIL_H

#include "services/sandbox/package_trade.h"
#include "tests/sandbox/rig.h"

enum fulfil_shop { BRITISH, VIETNAMESE, AMERICAN, GERMAN };
enum { FULFIL_UNITS = 5 }; /* of an order: three of one SKU, then two of another */

extern struct sandbox *fulfil_sandbox;
extern struct sp_arena *fulfil_arena;

void fulfil_open(void);
void fulfil_close(void);

struct shop *fulfil_shop(enum fulfil_shop shop);
/* Position of a new order of the buyer with this number. */
uint32_t fulfil_place(enum fulfil_shop shop, bool by_seller, uint64_t user,
                      enum order_status status);
struct order *fulfil_order(enum fulfil_shop shop, uint32_t at);

/* Ids as text; a package's and an order's by position, an item's by its place in the order. */
const char *fulfil_order_id(enum fulfil_shop shop, uint32_t at);
const char *fulfil_item_id(enum fulfil_shop shop, uint32_t order, uint32_t unit);
const char *fulfil_package_id(enum fulfil_shop shop, uint32_t order); /* of the whole order */
const char *fulfil_carrier_id(enum fulfil_shop shop, bool by_seller);

/* A signed call for that shop.  fulfil_path("/fulfillment/202309/packages/%s/ship", id) */
struct rig_answer fulfil_call(enum fulfil_shop shop, const char *method, const char *path,
                              const char *query, const char *body);
const char *fulfil_text(const char *format, ...) SP_PRINTF(1, 2);

#endif
