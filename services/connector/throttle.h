/* Calls and the budgets of their shops.  A budget is a row that all replicas draw from
 * (docs/decisions/0010-the-budget-is-a-row.md).  Outside transactions. */
#ifndef SAMPAN_CONNECTOR_THROTTLE_H
#define SAMPAN_CONNECTOR_THROTTLE_H

#include "common/service.h"
#include "services/connector/budget.h"
#include "services/connector/envelope.h"

enum { THROTTLE_CALLS = 16 }; /* at once */

/* A call as its shop's budget sees it. */
struct throttle_call {
    int64_t shop_id;
    enum tiktok_class kind;
    /* throttle_take: */
    int64_t wait_ms; /* 0: go on; else when to come back */
    int64_t began_us;
    bool troubled; /* even a success must be noted */
    /* throttle_note: */
    const struct tiktok_answer *answer; /* NULL: it was not made */
    int64_t retry_after_ms;
};

/* Takes each call out of its shop's budget, or says when to come back. */
void throttle_take(struct sp_ctx *ctx, struct throttle_call calls[], size_t count);
/* What came of them. */
void throttle_note(struct sp_ctx *ctx, const struct throttle_call calls[], size_t count);

#endif
