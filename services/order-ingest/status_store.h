/* The status table of an account: reading, previewing and saving it. */
#ifndef INGEST_STATUS_STORE_H
#define INGEST_STATUS_STORE_H

#include "common/service.h"
#include "services/order-ingest/statuses.h"

/* JSON documents of one row and column; NULL: it failed. */
const struct sp_rows *store_read_statuses(struct sp_ctx *ctx, int64_t account_id);
const struct sp_rows *store_read_status_history(struct sp_ctx *ctx, int64_t account_id);

/* What the changes would do; keeps them under the token that the document holds. */
const struct sp_rows *store_preview_statuses(struct sp_ctx *ctx, int64_t account_id,
                                             const struct status_change changes[], size_t count);

/* Saves what was previewed under the token, once, and tells live screens.  Columns: whether there
 * was such a preview, and whether the table was still the one that it was made of. */
const struct sp_rows *store_save_statuses(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text token, struct sp_text user);

#endif
