/* The rules of the order book: what is believed, what counts as a change, what is passed on.  Pure.
 */
#ifndef INGEST_DOMAIN_H
#define INGEST_DOMAIN_H

#include "common/arena.h"
#include "common/base.h"
#include "proto/messages.h"

/* What an accepted revision changed; stored in orders.change.  The claim's SQL knows the numbers.
 */
enum order_change {
    ORDER_UNCHANGED = 0, /* same content: somebody asked to see it again */
    ORDER_CONTENT = 1,   /* content, not the status */
    ORDER_STATUS = 2,
    ORDER_NEW = 3,
};

enum {
    MANUAL_SHOP = 0,             /* orders made by hand have no shop; no shop has this number */
    INGEST_LINE_UNITS = 1000000, /* units of one line, at most */
    INGEST_NAME_BYTES = 100,     /* of a product's name in order.recorded, at most */
};

/* SP_REJECT when the fact contradicts itself: a key that is not its order's, a line twice, a
 * negative number of units, units apart that are more than the line's, a time before 1970 or after
 * 9999.  Anything merely unknown is fine. */
enum sp_result ingest_check_order(const struct channel_order *order,
                                  struct sp_error *err) SP_MUST_USE;

/* Why a cancelled order is cancelled, as status_rule names it: "COLLECTED" (it was under way),
 * "SELLER", "BUYER", "SYSTEM"; "" for every other status and for an initiator we do not know. */
struct sp_text ingest_cause(const struct channel_order *order);

/* Whether a key is "<shop_id>-<the marketplace's id>" of this. */
bool ingest_key_names(struct sp_text key, int64_t shop_id, struct sp_text id);

/* Whether it is a moment between 1970 and 9999. */
bool ingest_time_holds(int64_t seconds);
/* Seconds of a fact as microseconds for the database; what no timestamp can hold becomes 0 (NULL).
 */
int64_t ingest_time_us(int64_t seconds);

/* The shop that an order's key begins with; MANUAL_SHOP also when it is no key of ours. */
int64_t ingest_shop_of(struct sp_text key);

/* Units of all lines together; lines with a nonsensical number count as 0. */
int64_t ingest_units(const struct channel_order *order);

/* What product-mapper gets.  Lists and cut names are in the arena, other texts are the order's. */
void ingest_record(const struct channel_order *order, int64_t rev, struct sp_arena *arena,
                   struct order_recorded *recorded);

/* Seconds until a day is listed again whose last `tries` checks did not come out even: 15 s,
 * doubling, at most 6 hours. */
int64_t ingest_recheck_s(int64_t tries);

/* At most `most` bytes of a UTF-8 text, cut between characters. */
struct sp_text ingest_cut(struct sp_text text, size_t most);

#endif
