/* New orders out of the seed: who buys what. */
#ifndef SANDBOX_ORDER_MAKER_H
#define SANDBOX_ORDER_MAKER_H

#include "services/sandbox/sandbox.h"

/* Something of what is wished is on sale. */
bool order_maker_can(const struct shop *shop, const struct order_wish *wish);
/* The order with this number, now, as wished.  The same seed, number and catalogue give the same
 * lines.  BOOK_NONE when nothing of what is wished is on sale. */
uint32_t order_maker_place(struct sandbox *sandbox, struct shop *shop,
                           const struct order_wish *wish, uint64_t number);

/* Orders of the past, created evenly over the `days` before `now`, the first one so long ago: seven
 * of ten, the younger ones, AWAITING_SHIPMENT, the others COMPLETED.  The book must be empty. */
void order_maker_fill(struct shop *shop, size_t count, int64_t days, int64_t now);

#endif
