/* What the connector does with each fact it receives. */
#ifndef SAMPAN_CONNECTOR_HANDLERS_H
#define SAMPAN_CONNECTOR_HANDLERS_H

#include "common/service.h"

extern const struct sp_route connector_routes[];

/* handlers_task.c */
int claim_shipments(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_shipment_requested(struct sp_ctx *ctx, const struct sp_batch *batch);
int claim_actions(struct sp_ctx *ctx, const void *messages, size_t count);
enum sp_result on_action_requested(struct sp_ctx *ctx, const struct sp_batch *batch);

#endif
