/* From recorded orders to mapped ones: what order.recorded and healing have in common. */
#ifndef MAPPER_DECIDE_H
#define MAPPER_DECIDE_H

#include "common/service.h"
#include "proto/messages.h"

/* Loads what the orders' listing SKUs mean, decides line by line, adds placeholders for SKUs that
 * nobody knows yet, and emits order.mapped with claims[i].rev for orders[i].  Inside a transaction
 * that has claimed the orders. */
struct mapper_claim {
    int64_t rev;
    int64_t link_rev; /* the account's, as the claim saw it */
};
enum sp_result mapper_decide(struct sp_ctx *ctx, const struct order_recorded orders[],
                             const struct mapper_claim claims[], size_t count) SP_MUST_USE;

#endif
