/* SQL about orders made by hand. */
#ifndef INGEST_MANUAL_STORE_H
#define INGEST_MANUAL_STORE_H

#include "common/service.h"
#include "services/order-ingest/manual_rules.h"

/* Locks these orders.  Rows for the two below, ordered by key; `now` in seconds.  NULL: it failed.
 */
const struct sp_rows *store_lock_manual(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text keys[], size_t count, int64_t *now);
struct sp_text store_manual_key(const struct sp_rows *rows, size_t row);
struct manual_past store_manual_past(const struct sp_rows *rows, size_t row);
/* Sealed; empty: nothing is kept, or it was erased. */
struct sp_text store_manual_buyer(const struct sp_rows *rows, size_t row);
/* The whole order with its buyer.  SP_REJECT: its lines cannot be read. */
enum sp_result store_manual_order(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                                  struct channel_order *order) SP_MUST_USE;

/* Queues: who says so, and that the account has orders made by hand. */
void store_note_manual(struct sp_ctx *ctx, int64_t account_id, struct sp_text user,
                       const struct channel_order orders[], size_t count);

/* Sealed; NULL: it was erased.  No row: nothing is kept. */
const struct sp_rows *store_read_customer(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id);

#endif
