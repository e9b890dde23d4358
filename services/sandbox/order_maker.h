/* New orders out of the seed: who buys what. */
#ifndef SANDBOX_ORDER_MAKER_H
#define SANDBOX_ORDER_MAKER_H

#include "services/sandbox/sandbox.h"

/* The order with this number, now, as wished.  The same seed, number and catalogue give the same
 * lines. */
uint32_t order_maker_place(struct sandbox *sandbox, struct shop *shop,
                           const struct order_wish *wish, uint64_t number);

#endif
