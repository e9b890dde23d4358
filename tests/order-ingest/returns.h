/* Returns to feed the order book with, in tests. */
#ifndef TEST_RETURNS_H
#define TEST_RETURNS_H

#include "tests/order-ingest/orders.h"

/* Of order 5001 of shop 7, account 1: one unit, 129,000 VND.  Without `wants` nothing is waited
 * for; else the deadline is in an hour. */
struct channel_return a_return(const char *id, int64_t rev, const char *status, const char *wants);
/* The same as a buyer's wish that the order be cancelled. */
struct channel_return a_cancellation(const char *id, int64_t rev);
void feed_return(struct sp_worker *worker, const struct channel_return *fact);
void feed_progress(struct sp_worker *worker, const char *key, int64_t rev, const char *state,
                   const char *reason);

#endif
