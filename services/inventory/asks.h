/* What the gateway may ask of inventory, on behalf of people. */
#ifndef SAMPAN_INVENTORY_ASKS_H
#define SAMPAN_INVENTORY_ASKS_H

#include "common/service.h"

extern const struct sp_ask_route inventory_asks[];

/* commands.c */
enum sp_result ask_save_warehouse(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_save_push_rule(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_issue(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);

/* adjustment.c */
enum sp_result ask_adjust(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);

/* The first column of the only row as the answer; 404 when there is no row. */
enum sp_result answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                               struct sp_answer *answer);
/* Why a statement failed: try again, or our mistake. */
enum sp_result ask_failure(struct sp_ctx *ctx);

#endif
