/* What becomes of an order: from the fact, what was decided before and the references to stage,
 * conditions, charge; pure. */
#ifndef SAMPAN_PLACEMENT_DECISION_H
#define SAMPAN_PLACEMENT_DECISION_H

#include "services/placement/condition.h"
#include "services/placement/stage.h"

struct order_ref {
    int64_t account_id;
    struct sp_text key;
};

/* Our decision about an order, as stored. */
struct placing_record {
    struct order_ref ref;
    bool found;
    int64_t rev;
    int stage; /* enum stage */
    int64_t since_us;
    int64_t attempt;       /* how often it was placed */
    int64_t charged_minor; /* and not refunded */
    int64_t placed_us;     /* 0: not placed */
    struct sp_text answer; /* of inventory, within the attempt */
    int64_t answered_rev;
    int64_t refused_rev; /* of the fact, when a fulfilment was refused; 0: never */
    struct sp_text refused_reason;
    struct sp_text conditions; /* open ones as JSON; empty: none */
};

/* Why an order is decided. */
enum trigger {
    BY_FACT,   /* a new fact or a changed reference: auto-place may place it */
    BY_HAND,   /* a person wants it placed */
    BY_ANSWER, /* inventory has answered */
    BY_RETURN, /* a person has the goods back */
};

/* The account's money and settings; shared by the cases of a batch, changed as they go. */
struct wallet {
    struct place_terms terms;
    bool known;
    bool locked;      /* only then may money move */
    int64_t cost_rev; /* when the account's costs last changed */
    int64_t balance_minor;
    bool switched_off;         /* out: auto-place, by the first that failed for balance */
    struct sp_text failed_key; /* out: which one that was */
};

/* One order in hand. */
struct placing_case {
    const struct order_allocated *fact;
    int64_t upstream_rev; /* of the fact */
    bool fact_is_new;     /* it has just come; else it is the one that is stored */
    enum trigger trigger;
    struct sp_text reason;        /* BY_ANSWER: why it was refused */
    bool purchased, inspected;    /* BY_ANSWER: goods that were bought for it */
    struct placing_record before; /* found is false when the order is new */
    struct wallet *wallet;
    bool shop_known;
    const struct warehouse_terms *warehouses; /* of the account */
    size_t warehouse_count;
    /* out: */
    struct placing_record after;
    bool changed; /* something that order.staged tells */
    bool placed, withdrawn;
    int64_t refund_minor;
    int64_t balance_minor; /* of the wallet, after the debit or refund */
    int64_t warehouse_id;  /* where the goods of a placed order are kept */
    bool purchase;
};

struct decision_ground {
    struct sp_arena *arena;
    const struct price_list *prices;
    int64_t now_us;
    int64_t rev_floor;
    struct findings *findings; /* scratch */
};

/* Whether the order is a draft, or becomes one again as the fact says. */
bool decision_is_of_draft(const struct placing_case *order);
/* Whether a person or auto-place might place the order, as far as the fact says: the wallet is
 * locked only then. */
bool decision_may_place(const struct placing_case *order);
void decision_make(const struct decision_ground *ground, struct placing_case *order);

/* Findings as JSON: those that are open, as stored and told. */
struct sp_text decision_conditions(struct sp_arena *arena, const struct findings *findings);

#endif
