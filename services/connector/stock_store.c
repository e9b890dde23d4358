/* Stock that listings show and should show, in the database. */
#include "services/connector/stock_store.h"

/* A quantity that is what was last shown to the marketplace, or is already on its way, asks for
 * nothing. */
static const struct sp_statement claim_levels = {
    "INSERT INTO channel_stock AS k (account_id, upstream_rev, shop_id, product_id, sku_id, "
    "channel_warehouse_id, quantity, wanted) SELECT r.*, 1 FROM unnest($1::level_row[]) r "
    "ORDER BY account_id, shop_id, sku_id, channel_warehouse_id "
    "ON CONFLICT (account_id, shop_id, sku_id, channel_warehouse_id) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, product_id = excluded.product_id, "
    "quantity = excluded.quantity, "
    "wanted = CASE WHEN k.quantity IS NOT DISTINCT FROM excluded.quantity THEN k.wanted "
    " ELSE k.wanted + 1 END, "
    "tries = CASE WHEN k.quantity IS NOT DISTINCT FROM excluded.quantity THEN k.tries ELSE 0 END, "
    "due = CASE WHEN k.quantity IS NOT DISTINCT FROM excluded.quantity THEN k.due "
    " WHEN k.done < k.wanted AND k.tries = 0 THEN k.due ELSE now() END, "
    "asked_at = CASE WHEN k.quantity IS NOT DISTINCT FROM excluded.quantity OR k.done < k.wanted "
    " THEN k.asked_at ELSE now() END, "
    "drift = CASE WHEN k.quantity IS NOT DISTINCT FROM excluded.quantity THEN k.drift END "
    "WHERE k.upstream_rev < excluded.upstream_rev "
    "RETURNING k.account_id, k.shop_id || '-' || k.sku_id || '-' || k.channel_warehouse_id, "
    "k.upstream_rev"};

static const struct sp_statement shown_stock = {
    "INSERT INTO channel_stock AS k (account_id, shop_id, product_id, sku_id, "
    "channel_warehouse_id, seen) SELECT * FROM unnest($1::shown_row[]) r "
    "ORDER BY account_id, shop_id, sku_id, channel_warehouse_id "
    "ON CONFLICT (account_id, shop_id, sku_id, channel_warehouse_id) DO UPDATE SET "
    "seen = excluded.seen, product_id = excluded.product_id "
    "WHERE (k.seen, k.product_id) IS DISTINCT FROM (excluded.seen, excluded.product_id)"};

/* Locks are taken on the rows that are due; the other warehouses of their SKUs are only read.  The
 * lease is a little longer than a call may take (call.c). */
static const struct sp_statement take_pushes = {
    "WITH ready AS (SELECT k.account_id, k.shop_id, k.product_id FROM channel_stock k "
    " JOIN shop s USING (account_id, shop_id) JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE k.done < k.wanted AND k.due <= now() "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " ORDER BY k.due LIMIT 2000), "
    "product AS (SELECT DISTINCT account_id, shop_id, product_id FROM ready LIMIT $1::bigint), "
    "mine AS (SELECT k.account_id, k.shop_id, k.sku_id, k.channel_warehouse_id "
    " FROM channel_stock k JOIN product USING (account_id, shop_id, product_id) "
    " WHERE k.done < k.wanted AND k.due <= now() "
    " ORDER BY 1, 2, 3, 4 FOR UPDATE OF k SKIP LOCKED), "
    "taken AS (UPDATE channel_stock k SET due = now() + interval '10 seconds' FROM mine m "
    " WHERE k.account_id = m.account_id AND k.shop_id = m.shop_id AND k.sku_id = m.sku_id "
    " AND k.channel_warehouse_id = m.channel_warehouse_id RETURNING k.*), "
    "sku AS (SELECT DISTINCT account_id, shop_id, sku_id FROM mine) "
    "SELECT k.account_id, k.shop_id, s.grant_id, s.cipher, g.access_sealed, k.product_id, "
    "k.sku_id, k.channel_warehouse_id, least(coalesce(t.quantity, k.quantity, k.seen, 0), 99999), "
    "coalesce(t.wanted, k.wanted), t.sku_id IS NOT NULL, k.tries, extract(epoch FROM "
    "now())::bigint "
    "FROM channel_stock k JOIN sku USING (account_id, shop_id, sku_id) "
    "JOIN shop s USING (account_id, shop_id) JOIN seller_grant g USING (account_id, grant_id) "
    "LEFT JOIN taken t USING (account_id, shop_id, sku_id, channel_warehouse_id) "
    "ORDER BY k.account_id, k.shop_id, k.product_id, k.sku_id, k.channel_warehouse_id"};

/* Whoever outlived his lease may have shown his figure after a newer one: then the newest is told
 * once more. */
static const struct sp_statement end_pushes = {
    "UPDATE channel_stock k SET "
    "wanted = CASE WHEN k.done >= e.taken THEN k.wanted + 1 ELSE k.wanted END, "
    "done = CASE WHEN e.problem = '' AND k.done < e.taken THEN e.taken ELSE k.done END, "
    "seen = CASE WHEN e.problem = '' THEN e.quantity ELSE k.seen END, "
    "pushed_at = CASE WHEN e.problem = '' THEN now() ELSE k.pushed_at END, "
    "probe_due = CASE WHEN e.problem = '' THEN now() + interval '2 minutes' ELSE k.probe_due END, "
    "tries = CASE WHEN e.problem = '' OR k.wanted <> e.taken THEN 0 ELSE k.tries + 1 END, "
    "problem = nullif(e.problem, ''), "
    "due = CASE WHEN k.wanted <> e.taken OR k.done >= e.taken THEN now() "
    " ELSE now() + e.wait_ms * interval '1 millisecond' END "
    "FROM unnest($1::pushed_row[]) e WHERE k.account_id = e.account_id "
    "AND k.shop_id = e.shop_id AND k.sku_id = e.sku_id "
    "AND k.channel_warehouse_id = e.channel_warehouse_id"};

static const struct sp_statement note_delay = {
    "UPDATE shop_count c SET push_delay_ms = m.ms, pushed_at = now(), touched_at = now() "
    "FROM (SELECT e.account_id, e.shop_id, "
    " max(extract(epoch FROM now() - k.asked_at) * 1000)::bigint AS ms "
    " FROM unnest($1::pushed_row[]) e "
    " JOIN channel_stock k USING (account_id, shop_id, sku_id, channel_warehouse_id) "
    " WHERE e.problem = '' GROUP BY 1, 2) m "
    "WHERE c.account_id = m.account_id AND c.shop_id = m.shop_id"};

static const struct sp_statement oldest_pushes = {
    "SELECT k.shop_id::text, extract(epoch FROM now() - min(k.asked_at))::bigint AS age "
    "FROM channel_stock k JOIN shop s USING (account_id, shop_id) "
    "WHERE k.done < k.wanted AND s.state <> 'DISCONNECTED' GROUP BY k.shop_id "
    "ORDER BY age DESC, k.shop_id LIMIT $1::bigint"};

int store_claim_levels(struct sp_ctx *ctx, const struct stock_level levels[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "level_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, levels[i].head.account_id);
        sp_set_int(set, levels[i].head.rev);
        sp_set_int(set, levels[i].shop_id);
        sp_set_string(set, levels[i].product_id);
        sp_set_string(set, levels[i].sku_id);
        sp_set_string(set, levels[i].channel_warehouse_id);
        sp_set_int(set, levels[i].quantity > 0 ? levels[i].quantity : 0);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_levels, SP_PARAMS(sp_set(set)));
}

static bool is_repeated(const struct listing_sku *sku, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (sp_text_equal(sku->stock[i].channel_warehouse_id, sku->stock[at].channel_warehouse_id))
            return true;
    }
    return false;
}

static void put_shown(struct sp_set *set, const struct channel_listing *listing,
                      const struct listing_sku *sku)
{
    for (size_t i = 0; i < sku->stock_count; i++) {
        if (is_repeated(sku, i))
            continue;
        sp_set_row(set);
        sp_set_int(set, listing->head.account_id);
        sp_set_int(set, listing->shop_id);
        sp_set_string(set, listing->product_id);
        sp_set_string(set, sku->sku_id);
        sp_set_string(set, sku->stock[i].channel_warehouse_id);
        sp_set_int(set, sku->stock[i].quantity);
    }
}

void store_shown_stock(struct sp_ctx *ctx, const struct channel_listing listings[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "shown_row");
    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < listings[i].skus_count; at++)
            put_shown(set, &listings[i], &listings[i].skus[at]);
    }
    if (sp_set_count(set) > 0)
        (void)sp_queue(sp_ctx_db(ctx), &shown_stock, SP_PARAMS(sp_set(set)));
}

enum sp_result store_take_pushes(struct sp_ctx *ctx, size_t products, struct push_task **tasks,
                                 size_t *count)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_pushes,
                                          SP_PARAMS(sp_int((int64_t)products)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    *tasks = sp_arena_array(sp_ctx_arena(ctx), *count + 1, sizeof **tasks);
    for (size_t row = 0; row < *count; row++) {
        (*tasks)[row] = (struct push_task){
            .access = store_read_access(rows, row),
            .product_id = sp_row_text(rows, row, 5),
            .sku_id = sp_row_text(rows, row, 6),
            .channel_warehouse_id = sp_row_text(rows, row, 7),
            .quantity = sp_row_int(rows, row, 8),
            .taken = sp_row_int(rows, row, 9),
            .wanted = sp_row_bool(rows, row, 10),
            .tries = (int)sp_row_int(rows, row, 11),
            .now_s = sp_row_int(rows, row, 12),
        };
    }
    return SP_OK;
}

void store_end_pushes(struct sp_ctx *ctx, const struct push_end ends[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "pushed_row");
    for (size_t i = 0; i < count; i++) {
        const struct push_task *task = ends[i].task;
        sp_set_row(set);
        sp_set_int(set, task->access.shop.account_id);
        sp_set_int(set, task->access.shop.shop_id);
        sp_set_string(set, task->sku_id);
        sp_set_string(set, task->channel_warehouse_id);
        sp_set_int(set, task->taken);
        sp_set_int(set, task->quantity);
        sp_set_string(set, ends[i].done ? (struct sp_text){0} : ends[i].problem);
        sp_set_int(set, ends[i].wait_ms);
    }
    (void)sp_queue(sp_ctx_db(ctx), &end_pushes, SP_PARAMS(sp_set(set)));
    (void)sp_queue(sp_ctx_db(ctx), &note_delay, SP_PARAMS(sp_set(set)));
}

const struct sp_rows *store_oldest_pushes(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &oldest_pushes, SP_PARAMS(sp_int(most)));
}
