/* The marketplace's warehouses of a shop: read at the beginning of each look at its listings. */
#ifndef SAMPAN_CONNECTOR_WAREHOUSES_H
#define SAMPAN_CONNECTOR_WAREHOUSES_H

#include "services/connector/call.h"
#include "services/connector/pull_store.h"

/* A call that lists the warehouses; also the test call of a new connection. */
void warehouses_ask(struct tiktok_call *call, struct sp_text token, struct sp_text cipher,
                    int64_t shop_id, int64_t now_s);

/* For a listings pull that is about to read its first page: reads the warehouses, and when they are
 * others than before stores and emits them.  A failed call changes nothing: the next window tries
 * again. */
enum sp_result warehouses_refresh(struct sp_ctx *ctx, const struct pull_task *task) SP_MUST_USE;

#endif
