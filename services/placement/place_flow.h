/* Deciding about orders: load, decide, save, emit.  The one way for new facts, for persons, for
 * inventory's answers and for drafts that are evaluated anew. */
#ifndef SAMPAN_PLACEMENT_PLACE_FLOW_H
#define SAMPAN_PLACEMENT_PLACE_FLOW_H

#include "services/placement/store.h"

struct place_flow {
    struct placing_case
        *cases; /* fact, upstream_rev, trigger, reason, before; ordered by account and key */
    size_t count;
    struct sp_text user;                /* who wants it; empty: nobody */
    struct placing_case **oldest_first; /* out: in the order in which they were decided */
};

/* Within the transaction that claimed the orders or locked their decisions.  Locks the wallets that
 * may be debited or refunded; decides oldest order first; queues the saves; emits order.staged,
 * fulfilment.requested, notice.raised. */
enum sp_result place_flow_run(struct sp_ctx *ctx, struct place_flow *flow) SP_MUST_USE;

/* Locks what is stored of `refs` (ordered, each once) and makes a case of each. */
enum sp_result place_flow_load(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                               struct place_flow *flow) SP_MUST_USE;
/* The same without locks, for those who only look; and what the cases stand on. */
enum sp_result place_flow_look(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                               struct place_flow *flow) SP_MUST_USE;
enum sp_result place_flow_ground(struct sp_ctx *ctx, struct place_flow *flow,
                                 struct ground *ground) SP_MUST_USE;

#endif
