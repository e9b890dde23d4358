/* What order-ingest does with each message. */
#ifndef INGEST_HANDLERS_H
#define INGEST_HANDLERS_H

#include "common/service.h"
#include "proto/messages.h"

extern const struct sp_route ingest_routes[];

/* Takes checked orders in as channel.order does, within the transaction at hand: ordered by key,
 * each with a rev above that of its row.  SP_RETRY also when one was taken in meanwhile. */
enum sp_result ingest_take_orders(struct sp_ctx *ctx, const struct channel_order orders[],
                                  size_t count) SP_MUST_USE;

/* handlers_import.c */
int claim_import_progressed(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_import_progressed(struct sp_ctx *ctx, const struct sp_batch *batch);

/* handlers_days.c */
int claim_day_listed(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_day_listed(struct sp_ctx *ctx, const struct sp_batch *batch);

/* handlers_return.c */
int claim_channel_return(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_channel_return(struct sp_ctx *ctx, const struct sp_batch *batch);
int claim_action_progressed(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_action_progressed(struct sp_ctx *ctx, const struct sp_batch *batch);

/* handlers_settlement.c */
int claim_channel_settlement(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_channel_settlement(struct sp_ctx *ctx, const struct sp_batch *batch);
int claim_channel_statement(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_channel_statement(struct sp_ctx *ctx, const struct sp_batch *batch);

/* handlers_reference.c: names and settings; what the claim wrote is all there is to do. */
int claim_shop_saved(struct sp_ctx *ctx, const void *messages, size_t count);
int claim_account_saved(struct sp_ctx *ctx, const void *messages, size_t count);
int claim_warehouse_saved(struct sp_ctx *ctx, const void *messages, size_t count);
/* Ends what was being loaded of a shop that is connected no more. */
enum sp_result on_shop_saved(struct sp_ctx *ctx, const struct sp_batch *batch);
enum sp_result on_reference_saved(struct sp_ctx *ctx, const struct sp_batch *batch);

#endif
