/* What the gateway may ask of the connector. */
#ifndef SAMPAN_CONNECTOR_ASKS_H
#define SAMPAN_CONNECTOR_ASKS_H

#include "common/service.h"

/* asks_connect.c */
enum sp_result ask_connect(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_oauth_return(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_connect_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_decline(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
/* asks_confirm.c */
enum sp_result ask_confirm(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
/* asks_shop.c */
enum sp_result ask_shops(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_shop(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_pull_switch(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_settings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_disconnect(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_activity(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_notices(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_download(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_changes(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
/* asks_webhook.c */
enum sp_result ask_webhooks(struct sp_ctx *ctx, const struct sp_ask asks[],
                            struct sp_answer answers[], size_t count);

/* asks_task.c */
enum sp_result ask_tasks(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_price(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_document(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);

/* asks.c */
extern const struct sp_ask_route connector_asks[];

#endif
