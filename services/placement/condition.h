/* Why an order is, or is not, placed: all conditions, each with its value; pure. */
#ifndef SAMPAN_PLACEMENT_CONDITION_H
#define SAMPAN_PLACEMENT_CONDITION_H

#include "common/arena.h"
#include "services/placement/price.h"

/* As order.staged carries; what is beyond is left out. */
enum { MOST_CONDITIONS = 40, MOST_VALUE_BYTES = 200 };

struct warehouse_terms {
    int64_t account_id, warehouse_id;
    bool approved;
    struct sp_text kind;
};

/* What conditions are evaluated against. */
struct place_ground {
    struct sp_arena *arena;
    const struct order_allocated *fact;
    const struct place_terms *terms; /* NULL: the account is not known yet */
    const struct price_list *prices;
    bool shop_known;
    const struct warehouse_terms *warehouses; /* of the account */
    size_t warehouse_count;
    struct sp_text refused_reason; /* of this revision of the fact; empty: not refused */
};

struct finding {
    struct condition condition;
    bool ok;
    const char *who; /* can mend it: SELLER, BUYER, MARKETPLACE, WAREHOUSE, SYSTEM */
    const char *fix; /* how, in a few words */
};

struct findings {
    struct finding list[MOST_CONDITIONS];
    size_t count;
    bool all;       /* in: those that are met as well */
    bool complete;  /* out: every line is */
    bool placeable; /* out: nothing is open that a person cannot overrule, balance aside */
    bool charge_known;
    struct charge charge;
    int64_t warehouse_id; /* out: where the goods are kept; 0: none are taken from stock */
    bool purchase;        /* out: goods are to be bought */
};

void conditions_evaluate(const struct place_ground *ground, struct findings *findings);
/* Whether the balance does; adds BALANCE_LOW.  Returns it. */
bool condition_balance(const struct place_ground *ground, int64_t balance_minor,
                       struct findings *findings);
/* Auto-place is off since the balance did not do, until a person switches it on again. */
void condition_held(struct findings *findings);
/* The goods left while the order was being cancelled. */
void condition_issued(struct findings *findings);

#endif
