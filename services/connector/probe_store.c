/* Which quantities are read back from the marketplace, and what was found. */
#include "services/connector/probe_store.h"

static const struct sp_statement take_probes = {
    "WITH ready AS (SELECT k.account_id, k.shop_id, k.sku_id, k.channel_warehouse_id "
    " FROM channel_stock k JOIN shop s USING (account_id, shop_id) "
    " JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE k.probe_due <= now() AND k.done = k.wanted AND k.quantity IS NOT NULL "
    " AND s.state IN ('CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " ORDER BY k.probe_due LIMIT $1::bigint FOR UPDATE OF k SKIP LOCKED) "
    "UPDATE channel_stock k SET probe_due = now() + interval '1 minute' "
    "FROM ready r JOIN shop s USING (account_id, shop_id) "
    "JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE k.account_id = r.account_id AND k.shop_id = r.shop_id AND k.sku_id = r.sku_id "
    "AND k.channel_warehouse_id = r.channel_warehouse_id "
    "RETURNING k.account_id, k.shop_id, s.grant_id, s.cipher, g.access_sealed, k.sku_id, "
    "k.channel_warehouse_id, least(k.quantity, 99999), k.wanted, extract(epoch FROM "
    "now())::bigint"};

/* A buyer's order lowers the number before we hear of it: hence two looks, and no order of the shop
 * on its way. */
static const struct sp_statement end_probes = {
    "WITH looked AS (SELECT e.*, e.shown >= 0 AND e.shown <> e.told AS differs, "
    " e.shown <> e.told AND e.shown = k.drift AND k.drift_at < o.done_at "
    " AND NOT EXISTS (SELECT FROM order_fetch f WHERE f.account_id = e.account_id "
    " AND f.shop_id = e.shop_id) AS again FROM unnest($1::probe_row[]) e "
    " JOIN channel_stock k USING (account_id, shop_id, sku_id, channel_warehouse_id) "
    " JOIN pull o ON o.account_id = e.account_id AND o.shop_id = e.shop_id AND o.kind = 'orders' "
    " AND o.run_id = 0 WHERE k.wanted = e.taken AND k.done = k.wanted "
    " ORDER BY 1, 2, 3, 4 FOR UPDATE OF k), "
    "noted AS (UPDATE channel_stock k SET seen = CASE WHEN l.shown >= 0 THEN l.shown "
    "  ELSE k.seen END, "
    " drift = CASE WHEN l.differs AND l.again IS NOT TRUE THEN l.shown END, "
    " drift_at = CASE WHEN NOT l.differs OR l.again THEN NULL "
    "  WHEN l.shown = k.drift THEN k.drift_at ELSE now() END, "
    " wanted = CASE WHEN l.again THEN k.wanted + 1 ELSE k.wanted END, "
    " asked_at = CASE WHEN l.again THEN now() ELSE k.asked_at END, "
    " tries = 0, due = CASE WHEN l.again THEN now() ELSE k.due END, "
    " probe_due = CASE WHEN l.differs THEN now() + interval '2 minutes' "
    "  ELSE now() + $2::bigint * interval '1 millisecond' END "
    " FROM looked l WHERE k.account_id = l.account_id AND k.shop_id = l.shop_id "
    " AND k.sku_id = l.sku_id AND k.channel_warehouse_id = l.channel_warehouse_id), "
    "found AS (SELECT account_id, shop_id, count(*) AS n FROM looked WHERE again GROUP BY 1, 2), "
    "counted AS (UPDATE shop_count c SET drifts = c.drifts + f.n, drift_at = now(), "
    " touched_at = now() FROM found f WHERE c.account_id = f.account_id "
    " AND c.shop_id = f.shop_id) "
    "SELECT coalesce(sum(n), 0)::bigint FROM found"};

enum sp_result store_take_probes(struct sp_ctx *ctx, size_t most, struct probe_task **tasks,
                                 size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_probes, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    *tasks = sp_arena_array(sp_ctx_arena(ctx), *count + 1, sizeof **tasks);
    for (size_t row = 0; row < *count; row++)
        (*tasks)[row] = (struct probe_task){
            .access = store_read_access(rows, row),
            .sku_id = sp_row_text(rows, row, 5),
            .channel_warehouse_id = sp_row_text(rows, row, 6),
            .told = sp_row_int(rows, row, 7),
            .taken = sp_row_int(rows, row, 8),
            .now_s = sp_row_int(rows, row, 9),
        };
    return SP_OK;
}

enum sp_result store_end_probes(struct sp_ctx *ctx, const struct probe_end ends[], size_t count,
                                int64_t next_ms, int64_t *found)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "probe_row");
    for (size_t i = 0; i < count; i++) {
        const struct probe_task *task = ends[i].task;
        sp_set_row(set);
        sp_set_int(set, task->access.shop.account_id);
        sp_set_int(set, task->access.shop.shop_id);
        sp_set_string(set, task->sku_id);
        sp_set_string(set, task->channel_warehouse_id);
        sp_set_int(set, task->taken);
        sp_set_int(set, task->told);
        sp_set_int(set, ends[i].shown);
    }
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &end_probes,
                                          SP_PARAMS(sp_set(set), sp_int(next_ms)));
    if (rows == NULL)
        return SP_RETRY;
    *found = sp_row_int(rows, 0, 0);
    return SP_OK;
}
