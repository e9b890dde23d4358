/* What the gateway may ask of placement, on behalf of people. */
#ifndef SAMPAN_PLACEMENT_ASKS_H
#define SAMPAN_PLACEMENT_ASKS_H

#include "common/service.h"

extern const struct sp_ask_route placement_asks[];

/* orders_asks.c */
enum sp_result ask_place(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_explain(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);

/* returned_asks.c */
enum sp_result ask_returned(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);

/* money_asks.c */
enum sp_result ask_wallet(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_wallet_entries(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_top_up(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_settings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_save_settings(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);

/* The first column of the only row as the answer; 404 when there is no row. */
enum sp_result answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                               struct sp_answer *answer);

#endif
