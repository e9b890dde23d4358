/* When the orders of the past came and how far they have got: dates are not in the invoices. */
#ifndef SANDBOX_HISTORY_H
#define SANDBOX_HISTORY_H

#include "services/sandbox/shop.h"

enum { HISTORY_DAYS = 50 };

/* An order of the past, in the order of the file. */
struct past_order {
    uint32_t first_line, line_count; /* in `lines` of the call */
    uint64_t user;                   /* 0: nobody in particular */
    uint8_t country;
    bool cancelled;
};

struct past {
    const struct past_order *orders;
    size_t count;
    const struct order_line *lines;
};

/* Puts the orders into the shop's book, spread evenly over HISTORY_DAYS before `now`, the first of
 * the file the oldest.  At least 70 in 100 of all are AWAITING_SHIPMENT (or all sales, when fewer
 * are sales), the youngest ones; three in a thousand are ON_HOLD and as many UNPAID, the very
 * youngest; the oldest are on their way, delivered, completed, a few cancelled. */
void history_fill(struct shop *shop, const struct past *past, int64_t now);

#endif
