/* What product-mapper does with each message. */
#ifndef MAPPER_HANDLERS_H
#define MAPPER_HANDLERS_H

#include "common/service.h"

extern const struct sp_route mapper_routes[];

/* handlers_listing.c */
int claim_channel_listing(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_channel_listing(struct sp_ctx *ctx, const struct sp_batch *batch);

/* handlers_reference.c: names and settings; what the claim wrote is all there is to do. */
int claim_shop_saved(struct sp_ctx *ctx, const void *messages, size_t count);
int claim_account_saved(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_reference_saved(struct sp_ctx *ctx, const struct sp_batch *batch);

#endif
