/* What inventory does with each message. */
#ifndef SAMPAN_INVENTORY_HANDLERS_H
#define SAMPAN_INVENTORY_HANDLERS_H

#include "common/service.h"

extern const struct sp_route inventory_routes[];

/* fulfilment_handlers.c */
enum sp_result on_fulfilment_requested(struct sp_ctx *ctx, const struct sp_batch *batch);
enum sp_result on_goods_returned(struct sp_ctx *ctx, const struct sp_batch *batch);

#endif
