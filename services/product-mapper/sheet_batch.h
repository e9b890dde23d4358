/* Some lines of a sheet: what they refer to, what is wrong with them, and saving the others. */
#ifndef MAPPER_SHEET_BATCH_H
#define MAPPER_SHEET_BATCH_H

#include "services/product-mapper/import_store.h"

struct sheet_batch {
    struct import_key key;
    struct link_origin origin;
    struct sheet_columns columns;
    struct sp_text currency; /* the account's */
    bool checking;           /* nothing is emitted; the caller rolls back */
};

/* `rows` as store_next_lines gives them; outcomes[i] is that of row i, its texts in the arena.
 * Within the caller's transaction. */
enum sp_result mapper_do_lines(struct sp_ctx *ctx, struct sheet_batch *batch,
                               const struct sp_rows *rows,
                               struct line_outcome outcomes[]) SP_MUST_USE;

#endif
