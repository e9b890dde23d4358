/* Goods issues: the machine, and what a request does to an order's kept parts; pure. */
#ifndef SAMPAN_INVENTORY_GOODS_ISSUE_H
#define SAMPAN_INVENTORY_GOODS_ISSUE_H

#include "common/base.h"
#include "common/state.h"
#include "services/inventory/allocation.h"

enum issue_state {
    ISSUE_NONE,
    ISSUE_AWAITING,
    ISSUE_ISSUED,
    ISSUE_CANCELLED,
    ISSUE_REFUSED,
};

enum issue_event { ISSUE_ACCEPT, ISSUE_REFUSE, ISSUE_ISSUE, ISSUE_CANCEL };

extern const struct sp_machine goods_issue_machine;

struct issue_part {
    int64_t line, variant_id, pieces;
};

/* A goods issue in hand with the order it is for: in, then out. */
struct issue_case {
    int64_t account_id;
    struct sp_text key, order_key;
    int64_t warehouse_id;
    bool warehouse_gives;
    bool wanted;
    bool counted; /* `kept` has it as if it had been accepted: it is written already */
    const struct issue_part *parts;
    size_t part_count;
    int state; /* enum issue_state; in and out */
    /* out: why it is refused: ORDER_UNKNOWN, ORDER_CLOSED (cancelled, unpaid or on hold),
     * WAREHOUSE_NOT_APPROVED, GOODS_NOT_KEPT (there, for the order), NOT_AWAITING; empty */
    const char *reason;
    bool order_known;
    struct order_standing standing;
    struct kept_part *kept; /* the order's, ordered by line and variant; changed in place */
    size_t kept_count;
};

/* Decides about the request and changes `kept` and `state`.  Returns how many `effects` it wrote,
 * at most one for each part: 0 unless goods come free. */
size_t issue_decide(struct issue_case *issue, struct stock_effect effects[]);
/* The goods leave.  False, with the reason, when it does not await its issue or when goods may not
 * leave for its order as that stands now; nothing has changed then.  The effects are one for each
 * part. */
bool issue_issue(struct issue_case *issue, struct stock_effect effects[]);

#endif
