/* What placing an order costs; pure.  All amounts are in minor units of the wallet's currency. */
#ifndef SAMPAN_PLACEMENT_PRICE_H
#define SAMPAN_PLACEMENT_PRICE_H

#include "common/base.h"
#include "proto/messages.h"

enum {
    DEFAULT_SURCHARGE_MINOR = 69
}; /* of a unit, for wallets in USD alone: others must set one */
#define MOST_CHARGE_MINOR INT64_C(1000000000000000) /* of one order */

/* The account's settings of placing. */
struct place_terms {
    int64_t account_id;
    int64_t rev;
    char currency[4];
    bool auto_place;
    bool held_by_balance; /* auto-place was switched off because the balance did not do */
    bool surcharge_given; /* a value has been saved */
    int64_t surcharge_minor;
    bool surcharge_per_line;
    int64_t shipping_minor;
};

/* True and the amount of a unit (or line) when one is set, or the default applies. */
bool terms_surcharge(const struct place_terms *terms, int64_t *minor);

struct variant_price {
    int64_t account_id, variant_id;
    int64_t cost_minor;
    struct sp_text currency;
};

struct price_list {
    const struct variant_price *prices; /* ordered by account and variant */
    size_t count;
};

/* NULL when the variant is not known. */
const struct variant_price *price_find(const struct price_list *list, int64_t account_id,
                                       int64_t variant_id);

struct charge {
    int64_t goods_minor, surcharge_minor, shipping_minor, total_minor;
};

/* Sum of units × (cost + surcharge) over lines that are not cancelled, plus shipping.  Variants
 * that are not known cost nothing here: a condition keeps such an order from being placed.  False
 * when the sum is not within 0 to MOST_CHARGE_MINOR. */
bool price_order(const struct order_allocated *order, const struct place_terms *terms,
                 const struct price_list *list, struct charge *charge);

int variant_price_compare(const void *left, const void *right);

#endif
