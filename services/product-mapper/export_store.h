/* The SQL of workbooks; as store.h says. */
#ifndef MAPPER_EXPORT_STORE_H
#define MAPPER_EXPORT_STORE_H

#include "services/product-mapper/store.h"

struct export_key {
    int64_t account_id, export_id;
};

/* `filter`: the query parameters of the list, a JSON object.  Columns: export_id. */
const struct sp_rows *store_put_export(struct sp_ctx *ctx, const struct sp_ask *ask,
                                       struct sp_text filter);
const struct sp_rows *store_read_export(struct sp_ctx *ctx, struct export_key key);
/* Columns: body, whether more follow; no row: there is no such piece. */
const struct sp_rows *store_read_piece(struct sp_ctx *ctx, struct export_key key, int64_t piece);

/* One that is due; nobody else takes it for a while.  Columns: account_id, export_id, attempt,
 * language, filter (JSON). */
const struct sp_rows *store_take_export(struct sp_ctx *ctx);
/* Columns: export_id; no row: the lease was lost. */
const struct sp_rows *store_hold_export(struct sp_ctx *ctx, struct export_key key, int64_t attempt);
void store_put_piece(struct sp_ctx *ctx, struct export_key key, int64_t piece, struct sp_text body);
void store_end_export(struct sp_ctx *ctx, struct export_key key, int64_t lines,
                      const char *problem);
void store_forget_exports(struct sp_ctx *ctx);

#endif
