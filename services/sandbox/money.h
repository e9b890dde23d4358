/* What an order costs, in minor units of the shop's currency. */
#ifndef SANDBOX_MONEY_H
#define SANDBOX_MONEY_H

#include "services/sandbox/order_book.h"

struct order_money {
    int64_t original;  /* units × price */
    int64_t discount;  /* the seller's */
    int64_t sub_total; /* original - discount */
    int64_t shipping;
    int64_t total; /* sub_total + shipping */
};

struct order_money money_of_order(const struct order_book *book, const struct order *order);

/* One of `parts` shares of a sum, from 0 on: shares differ by one at most and add up to it. */
int64_t money_share(int64_t sum, int64_t part, int64_t parts);

#endif
