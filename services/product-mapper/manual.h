/* SKUs of orders made by hand.  No listing ever tells of them, so they are known from the first
 * order that names them, and linked to the variant with the same SKU. */
#ifndef MAPPER_MANUAL_H
#define MAPPER_MANUAL_H

#include "common/service.h"
#include "proto/messages.h"

/* Meets those of the batch that nobody has named before; the batch's orders are claimed, ordered by
 * account, and decided behind this. */
enum sp_result mapper_meet_manual(struct sp_ctx *ctx, const struct order_recorded orders[],
                                  size_t count) SP_MUST_USE;

#endif
