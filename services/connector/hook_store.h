/* Which shops' webhooks are to be looked after, in the database. */
#ifndef SAMPAN_CONNECTOR_HOOK_STORE_H
#define SAMPAN_CONNECTOR_HOOK_STORE_H

#include "services/connector/pull_store.h"

struct hook_task {
    struct shop_access access;
    int64_t now_s, leased_until_us;
};
/* Takes shops that are due (lease 1 min). */
enum sp_result store_take_hooks(struct sp_ctx *ctx, struct hook_task *tasks, size_t most,
                                size_t *count) SP_MUST_USE;
/* Queues: the shop is due again in so long, unless it has become due for another reason. */
void store_end_hooks(struct sp_ctx *ctx, const struct hook_task *task, int64_t wait_ms);

#endif
