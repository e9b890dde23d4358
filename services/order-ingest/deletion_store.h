/* SQL about orders that are put away and taken out again. */
#ifndef INGEST_DELETION_STORE_H
#define INGEST_DELETION_STORE_H

#include "common/service.h"
#include "proto/messages.h"

/* Locks these orders; the rows are ordered by order_id.  NULL: it failed. */
enum { LOCKED_ID, LOCKED_DELETED, LOCKED_STAGE, LOCKED_STATUS }; /* columns */
const struct sp_rows *store_lock_orders(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text ids[], size_t count);

struct deletion {
    const struct sp_ask *ask; /* whose it is */
    bool deleted;
    struct sp_text reason;
    const struct sp_text *ids;
    size_t count;
};
/* Puts locked orders away, or takes them out, and notes who did.  Rows for store_read_recorded,
 * ordered by order_id. */
const struct sp_rows *store_set_deleted(struct sp_ctx *ctx, const struct deletion *deletion);
/* Row `row` as what order.recorded is made of; its head's rev is that of order.recorded. */
enum sp_result store_read_recorded(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   const struct sp_rows *rows, size_t row,
                                   struct channel_order *order) SP_MUST_USE;

#endif
