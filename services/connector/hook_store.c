/* Which shops' webhooks are to be looked after, in the database. */
#include "services/connector/hook_store.h"

static const struct sp_statement take_hooks = {
    "WITH due AS (SELECT s.account_id, s.shop_id FROM shop s "
    " JOIN seller_grant g USING (account_id, grant_id) WHERE s.hooks_due <= now() "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " ORDER BY s.hooks_due LIMIT $1::bigint FOR UPDATE OF s SKIP LOCKED) "
    "UPDATE shop s SET hooks_due = now() + interval '1 minute' "
    "FROM due d, seller_grant g WHERE s.account_id = d.account_id AND s.shop_id = d.shop_id "
    "AND g.account_id = s.account_id AND g.grant_id = s.grant_id "
    "RETURNING s.account_id, s.shop_id, s.grant_id, s.cipher, g.access_sealed, "
    "extract(epoch FROM now())::bigint, s.hooks_due"};

/* The lease is known by its end: who agreed anew meanwhile, or took it after us, set another. */
static const struct sp_statement end_hooks = {
    "UPDATE shop SET hooks_due = now() + $3::bigint * interval '1 millisecond' "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND hooks_due = $4::timestamptz"};

enum sp_result store_take_hooks(struct sp_ctx *ctx, struct hook_task *tasks, size_t most,
                                size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_hooks, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++)
        tasks[row] = (struct hook_task){
            .access = store_read_access(rows, row),
            .now_s = sp_row_int(rows, row, 5),
            .leased_until_us = sp_row_time(rows, row, 6),
        };
    return SP_OK;
}

void store_end_hooks(struct sp_ctx *ctx, const struct hook_task *task, int64_t wait_ms)
{
    struct shop_key shop = task->access.shop;
    (void)sp_queue(sp_ctx_db(ctx), &end_hooks,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_int(wait_ms),
                             sp_time(task->leased_until_us)));
}
