/* Orders, listings and variants to feed product-mapper with, in tests. */
#ifndef TEST_MAPPER_H
#define TEST_MAPPER_H

#include "common/worker.h"
#include "proto/messages.h"
#include "tests/support/database.h"

/* A text in a static initialiser, where SP_TEXT is not constant enough. */
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

extern const struct sp_service mapper_service; /* as main.c has it */

/* One worker on a fresh database for all tests of the program; the second empties the tables first.
 */
struct sp_worker *mapper_worker(void);
struct sp_worker *mapper_fresh(void);

/* An order of shop 7 in account 1 with 2 × SKU s1 (MUG-1) and 1 × SKU s2 (SHIRT-1). */
struct order_recorded an_order(const char *id, int64_t rev, const char *status);
/* Listing p1 of shop 7 with the SKUs s1 (MUG-1) and s2 (SHIRT-1). */
struct channel_listing a_listing(int64_t rev);

void feed_order(struct sp_worker *worker, const struct order_recorded *order);
void feed_listing(struct sp_worker *worker, const struct channel_listing *listing);
/* Makes a variant by the ask and returns its number. */
int64_t make_variant(struct sp_worker *worker, const char *sku, const char *supply);
/* Links by the ask; asserts 200 and returns the answer. */
const char *map_by_hand(struct sp_worker *worker, const char *sku_id, const char *parts);
/* Runs the heal job until it has nothing to do now. */
void heal(struct sp_worker *worker);
/* Makes the second looks due now. */
void pass_ten_seconds(struct sp_worker *worker);
/* The newest order.mapped of an order in the outbox. */
const struct order_mapped *newest_mapped(struct sp_worker *worker, const char *order_id);
size_t mapped_count(struct sp_worker *worker);

#endif
