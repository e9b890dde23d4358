/* Orders and stages to feed the order book with, in tests. */
#ifndef TEST_ORDERS_H
#define TEST_ORDERS_H

#include "common/worker.h"
#include "proto/messages.h"
#include "tests/support/database.h"

/* A text in a static initialiser, where SP_TEXT is not constant enough. */
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

/* One worker on a fresh database for all tests of the program; each test takes another account. */
struct sp_worker *ingest_worker(void);
struct sp_worker *ingest_fresh(void); /* empties the tables first */
/* A second replica of it; the caller closes it. */
struct sp_worker *ingest_other(void);

/* The key of an order or a return of shop 7; lives until 64 more were made. */
struct sp_text key_of(const char *id);
/* A complete order of shop 7 in account 1: two lines, three units, one package. */
struct channel_order an_order(const char *id, int64_t rev, const char *status);
struct order_staged a_stage(const char *id, int64_t rev, const char *stage);

void feed_order(struct sp_worker *worker, const struct channel_order *order);
void feed_stage(struct sp_worker *worker, const struct order_staged *staged);
/* An order and its stage, both as revision `rev`. */
void feed_standing(struct sp_worker *worker, const char *id, int64_t rev, const char *status,
                   const char *stage);
void feed_shop(struct sp_worker *worker, int64_t shop_id, const char *state);

#endif
