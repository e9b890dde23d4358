/* Settlements: what is believed of them, and which of their amounts is the sale and which explains
 * the difference to what is paid out.  Pure. */
#ifndef INGEST_SETTLEMENT_RULES_H
#define INGEST_SETTLEMENT_RULES_H

#include "common/arena.h"
#include "common/buffer.h"
#include "proto/messages.h"

/* Above it an amount is refused: sums of them are never too large. */
#define SETTLEMENT_MOST_MINOR INT64_C(1000000000000000)

/* SP_REJECT when the fact contradicts itself: a key that is not its own, no time or one that cannot
 * be, an amount beyond all bounds. */
enum sp_result settlement_check(const struct channel_settlement *fact,
                                struct sp_error *err) SP_MUST_USE;
enum sp_result settlement_check_statement(const struct channel_statement *fact,
                                          struct sp_error *err) SP_MUST_USE;

/* What was kept back, or given back: for no order, though it may name one. */
bool settlement_is_reserve(const struct channel_settlement *fact);

/* The sale is what the goods brought before all else: the price and the seller's own discount.
 * Every other amount explains why something else is paid out. */
struct settlement_sums {
    int64_t sale_minor, explained_minor;
};
/* Nothing of an amount that is refused, which is only found after the claim. */
struct settlement_sums settlement_sum(const struct channel_settlement *fact);

/* Appends a JSON array of what explains: part, name, minor.  An adjustment bears its kind's name.
 */
void settlement_write_lines(const struct channel_settlement *fact, struct sp_buffer *out);

#endif
