/* What a shop earns with its orders, and when: nothing is kept, all of it follows from the orders
 * and their returns.  All times are of the sandbox's clock.  An order is settled some days after
 * delivery, once no return of it is open; a refund that comes later is settled by itself.  Amounts
 * are minor units, costs are negative, and every sum is the sum of its parts. */
#ifndef SANDBOX_SETTLEMENT_H
#define SANDBOX_SETTLEMENT_H

#include "services/sandbox/shop.h"

enum { SETTLE_DAY = 86400, SETTLE_AFTER_DAYS = 7, SETTLE_PAID_AFTER_DAYS = 3 };

struct earning {
    int64_t gross, gross_refund;       /* before discounts; refund negative */
    int64_t discount, discount_refund; /* negative; refund positive */
    int64_t revenue;                   /* the four together */
    int64_t customer_shipping, customer_shipping_refund, carrier;
    int64_t by_tiktok; /* of the carrier's: out of the marketplace's warehouse */
    int64_t shipping;  /* the three together */
    int64_t commission;
    int64_t settlement; /* revenue, shipping and commission */
};
void earning_add(struct earning *sum, const struct earning *part);

/* One line of a statement: an order, or a refund after its order was settled. */
struct transaction {
    uint32_t order;
    uint32_t refund; /* position of the return + 1; 0: the order itself */
    int64_t at;      /* when it was ready; the statement is cut at the midnight behind */
};
/* The number of its statement: its day since 1970. */
uint32_t settlement_day(const struct transaction *one);

/* Every transaction whose statement has been cut by `now`, orders as they stand in the book. */
typedef void settlement_visit(void *about, const struct transaction *one);
void settlement_each(const struct shop *shop, int64_t now, settlement_visit *visit, void *about);
/* … of one order. */
void settlement_each_of(const struct shop *shop, uint32_t order, int64_t now,
                        settlement_visit *visit, void *about);

struct earning settlement_earning(const struct shop *shop, const struct transaction *one);
struct earning settlement_line(const struct shop *shop, const struct transaction *one,
                               uint32_t line);
/* Units of a line that a transaction is about. */
uint32_t settlement_units(const struct shop *shop, const struct transaction *one, uint32_t line);

/* Why an order is not settled yet; NULL when it is, or never will be. */
const char *settlement_waits(const struct shop *shop, uint32_t order, int64_t now);
/* When it will be as things stand, 0 while it is not delivered or a return is open. */
int64_t settlement_due(const struct shop *shop, const struct order *order);

#endif
