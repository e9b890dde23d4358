/* Settlements to feed the order book with, in tests. */
#ifndef TEST_SETTLEMENTS_H
#define TEST_SETTLEMENTS_H

#include "tests/order-ingest/orders.h"

/* Order 5001 of shop 7 in statement 1: sold for 3,000 less 500, shipping -349, commission -225,
 * paid out 1,926 VND. */
struct channel_settlement a_settlement(const char *transaction, int64_t rev);
/* The same order, another transaction of its own statement: what was refunded later. */
struct channel_settlement a_late_refund(const char *transaction, int64_t rev);
/* A penalty for no order. */
struct channel_settlement an_adjustment(const char *transaction, int64_t rev);
struct channel_settlement a_reserve(const char *transaction, const char *state, int64_t minor);
void feed_settlement(struct sp_worker *worker, const struct channel_settlement *fact);

#endif
