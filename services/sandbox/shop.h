/* One shop of the sandbox: who it is, its catalogue, its orders, where it wants its webhooks. */
#ifndef SANDBOX_SHOP_H
#define SANDBOX_SHOP_H

#include "common/base.h"
#include "services/sandbox/cases.h"
#include "services/sandbox/catalogue.h"
#include "services/sandbox/external_orders.h"
#include "services/sandbox/ids.h"
#include "services/sandbox/order_book.h"
#include "services/sandbox/package_book.h"
#include "services/sandbox/region.h"

enum shop_limits {
    SHOP_ADDRESS_BYTES = 255, /* of a webhook, as documented */
    SHOP_EVENTS = 13,         /* kinds of webhooks that can be asked for */
};

struct webhook_address {
    char url[SHOP_ADDRESS_BYTES + 1]; /* empty: the app's own address, if any */
    int64_t create_time, update_time;
};

struct shop {
    uint32_t index;
    uint64_t seed;
    struct ids ids;
    const struct region *region;
    char name[40], cipher[40], code[16];
    struct catalogue catalogue;
    struct order_book book;
    struct package_book packages;
    struct cases cases;
    struct external_orders external;
    struct webhook_address webhooks[SHOP_EVENTS]; /* by enum webhook_event */
    uint64_t ciphers;                             /* it has had before */
    uint64_t stock_calls, stock_told;             /* inventory updates; single values accepted */
};

/* Empty, with ids and names from the seed. */
void shop_setup(struct shop *shop, uint64_t seed, uint32_t index, uint32_t warehouse_count);
void shop_free(struct shop *shop);
/* Calls with the cipher it had are refused from now on. */
void shop_renew_cipher(struct shop *shop);

/* Units of an order that is not shipped yet are committed, … */
void shop_commit_stock(struct shop *shop, const struct order *order);
void shop_release_stock(struct shop *shop, const struct order *order);
/* … and, when it is bought now, taken from what its SKUs show, down to 0; given back on
 * cancellation. */
void shop_take_stock(struct shop *shop, const struct order *order);
void shop_give_back_stock(struct shop *shop, const struct order *order);
/* Units of an order that goes on are no longer committed, and shown again. */
void shop_cancel_units(struct shop *shop, const struct order *order, uint32_t line, uint32_t count);
/* What the seller has called out of stock is not shown any more. */
void shop_sell_out(struct shop *shop, const struct order *order, uint32_t line);

#endif
