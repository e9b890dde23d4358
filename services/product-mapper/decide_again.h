/* Orders that were decided before, claimed to be decided again. */
#ifndef MAPPER_DECIDE_AGAIN_H
#define MAPPER_DECIDE_AGAIN_H

#include "services/product-mapper/decide.h"
#include "services/product-mapper/store.h"

/* For mapper_decide. */
struct again {
    struct order_recorded *orders;
    struct mapper_claim *claims;
    size_t count;
};

/* Claims those that are open and were decided before `link_rev`, and reads the facts as they came.
 * SP_REJECT: one cannot be read. */
enum sp_result mapper_claim_again(struct sp_ctx *ctx, int64_t account_id, struct key_list order_ids,
                                  int64_t link_rev, struct again *again) SP_MUST_USE;

#endif
