#include "services/inventory/ask_store.h"

#include <stdlib.h>

static const struct sp_statement ask_warehouses = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('id', "
    "warehouse_id::text, "
    "'name', name, 'kind', kind, 'priority', priority, 'approved', approved) "
    "ORDER BY priority, warehouse_id), '[]'), 'next_cursor', NULL)::text "
    "FROM warehouse WHERE account_id = $1::bigint"};

/* % and _ of what was typed stand for themselves. */
static const struct sp_statement ask_stock = {
    "WITH page AS (SELECT s.*, v.sku, v.name FROM stock_figure s LEFT JOIN variant v "
    "ON v.account_id = s.account_id AND v.variant_id = s.variant_id "
    "WHERE s.account_id = $1::bigint AND (s.variant_id, s.warehouse_id) > ($4::bigint, $5::bigint) "
    "AND ($3::bigint = 0 OR s.warehouse_id = $3::bigint) "
    "AND ($2::text = '' OR v.sku ILIKE '%' || regexp_replace($2::text, '([\\\\%_])', '\\\\\\1', "
    "'g') "
    "|| '%' OR v.name ILIKE '%' || regexp_replace($2::text, '([\\\\%_])', '\\\\\\1', 'g') || '%') "
    "ORDER BY s.variant_id, s.warehouse_id LIMIT $6::bigint) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
    "'variant_id', variant_id::text, 'sku', coalesce(sku, ''), 'name', coalesce(name, ''), "
    "'warehouse_id', warehouse_id::text, 'on_hand', on_hand, 'reserved', reserved, "
    "'pending_out', pending_out, 'quarantined', quarantined, 'waiting', waiting, "
    "'available', available) "
    "ORDER BY variant_id, warehouse_id), '[]'), 'next_cursor', CASE WHEN count(*) = $6::bigint "
    "THEN (SELECT variant_id || '-' || warehouse_id FROM page "
    "ORDER BY variant_id DESC, warehouse_id DESC LIMIT 1) END)::text FROM page"};

/* Every identity for each row; what differs is a violation.  One statement, so one moment. */
static const struct sp_statement ask_check = {
    "WITH kept AS (SELECT k.variant_id, k.warehouse_id, sum(k.reserved) AS reserved, "
    "sum(k.missing) AS missing, -sum(least(k.reserved, 0)) AS unkept FROM kept_part k "
    "WHERE k.account_id = $1::bigint GROUP BY 1, 2), "
    "booked AS (SELECT variant_id, warehouse_id, sum(delta) AS on_hand FROM stock_entry "
    "WHERE account_id = $1::bigint GROUP BY 1, 2), "
    "figures AS (SELECT coalesce(s.variant_id, k.variant_id, b.variant_id) AS variant_id, "
    "coalesce(s.warehouse_id, k.warehouse_id, b.warehouse_id) AS warehouse_id, "
    "coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved, "
    "coalesce(s.available, 0) AS available, coalesce(s.quarantined, 0) AS quarantined, "
    "coalesce(s.waiting, 0) AS waiting, coalesce(k.reserved, 0) AS kept, "
    "coalesce(k.missing, 0) AS missing, coalesce(k.unkept, 0) AS unkept, "
    "coalesce(b.on_hand, 0) AS booked "
    "FROM (SELECT * FROM stock_figure WHERE account_id = $1::bigint) s "
    "FULL JOIN (SELECT * FROM kept WHERE warehouse_id > 0) k USING (variant_id, warehouse_id) "
    "FULL JOIN booked b USING (variant_id, warehouse_id)), "
    "violations AS (SELECT variant_id, warehouse_id, c.code, c.value, c.wanted FROM figures, "
    "LATERAL (VALUES ('ON_HAND_IS_LEDGER', on_hand, booked), ('RESERVED_IS_KEPT', reserved, kept), "
    "('ISSUES_ARE_KEPT', unkept, 0), ('WAITING_IS_MISSING', waiting, missing), "
    "('NOT_OVERSOLD', least(available, reserved, quarantined, 0), 0)) c (code, value, wanted) "
    "WHERE c.value <> c.wanted) "
    "SELECT json_build_object('ok', count(*) = 0, "
    "'checked', (SELECT count(*) FROM stock WHERE account_id = $1::bigint), 'at', now(), "
    "'violations', coalesce(json_agg(json_build_object('variant_id', variant_id::text, "
    "'warehouse_id', warehouse_id::text, 'code', code, 'value', value, 'wanted', wanted)) "
    "FILTER (WHERE n <= 200), '[]'))::text "
    "FROM (SELECT *, row_number() OVER () AS n FROM violations) v"};

/* A goods issue's key begins with its order's and '/', and '0' follows '/' in byte order. */
static const struct sp_statement ask_order = {
    "SELECT json_build_object('id', r.key, 'may_issue', r.may_issue, 'takes', r.takes, "
    "'lines', coalesce((SELECT json_agg(json_build_object('line', k.line, "
    "'variant_id', k.variant_id::text, 'sku', coalesce(v.sku, ''), "
    "'warehouse_id', k.warehouse_id::text, 'reserved', k.reserved, 'missing', k.missing, "
    "'issuing', k.issuing) ORDER BY k.line, k.variant_id) FROM "
    "(SELECT line, variant_id, coalesce(h.warehouse_id, i.warehouse_id) AS warehouse_id, "
    "coalesce(h.held, 0) - coalesce(i.awaiting, 0) AS reserved, coalesce(h.missing, 0) AS missing, "
    "coalesce(i.pieces, 0) AS issuing FROM "
    "(SELECT * FROM held_part WHERE account_id = $1::bigint AND key = $2::text) h "
    "FULL JOIN (SELECT line, variant_id, warehouse_id, sum(pieces) AS pieces, "
    "sum(pieces) FILTER (WHERE state = 'AWAITING_ISSUE') AS awaiting FROM issue_line "
    "WHERE account_id = $1::bigint AND key > $2::text || '/' AND key < $2::text || '0' "
    "AND state IN ('AWAITING_ISSUE', 'ISSUED') GROUP BY 1, 2, 3) i USING (line, variant_id)) k "
    "LEFT JOIN variant v ON v.account_id = r.account_id AND v.variant_id = k.variant_id), '[]'), "
    "'issues', coalesce((SELECT json_agg(json_build_object('id', g.key, 'state', g.state, "
    "'reason', g.reason, 'warehouse_id', g.warehouse_id::text, 'made_at', g.made, "
    "'ended_at', g.ended_at, 'user', g.user_name) ORDER BY g.key) FROM goods_issue g "
    "WHERE g.account_id = r.account_id AND g.key > r.key || '/' AND g.key < r.key || '0'), '[]')"
    ")::text FROM reservation r WHERE r.account_id = $1::bigint AND r.key = $2::text"};

static const struct sp_statement ask_changes = {
    "SELECT json_build_object('since', (extract(epoch FROM now()) * 1000)::bigint::text, "
    "'accounts', "
    "coalesce(json_agg(json_build_object('account_id', a::text, 'counts', json_build_object("
    "'waiting', (SELECT count(*) FROM (SELECT FROM waiting w WHERE w.account_id = a LIMIT 1000) "
    "n)), "
    "'ids', '[]'::json)), '[]'))::text FROM unnest($1::bigint[]) a"};

static const struct sp_statement ask_push_rule = {
    "SELECT json_build_object('shop_id', s.shop_id::text, 'percent', coalesce(r.percent, 100), "
    "'reserve', coalesce(r.reserve, 0), 'most', coalesce(r.most, 0), "
    "'threshold', coalesce(r.threshold, 0))::text FROM shop s LEFT JOIN push_rule r "
    "ON r.account_id = s.account_id AND r.shop_id = s.shop_id "
    "WHERE s.account_id = $1::bigint AND s.shop_id = $2::bigint"};

static const struct sp_statement add_warehouse = {
    "INSERT INTO warehouse (account_id, rev, name, kind, priority, approved) "
    "SELECT $1::bigint, $5::bigint, $2::text, $3::text, $4::integer, $3::text = 'OWN' "
    "WHERE (SELECT count(*) FROM warehouse WHERE account_id = $1::bigint) < $6::bigint "
    "RETURNING warehouse_id, rev, approved, json_build_object('id', warehouse_id::text, 'name', "
    "name, "
    "'kind', kind, 'priority', priority, 'approved', approved)::text"};

static const struct sp_statement change_warehouse = {
    "UPDATE warehouse SET name = $2::text, priority = $4::integer, rev = greatest(rev + 1, "
    "$5::bigint) "
    "WHERE account_id = $1::bigint AND warehouse_id = $6::bigint AND kind = $3::text "
    "RETURNING warehouse_id, rev, approved, json_build_object('id', warehouse_id::text, 'name', "
    "name, "
    "'kind', kind, 'priority', priority, 'approved', approved)::text"};

static const struct sp_statement mark_heal_account = {
    "INSERT INTO heal_mark (account_id, shop_id) "
    "SELECT account_id, shop_id FROM shop WHERE account_id = $1::bigint"};

static const struct sp_statement find_skus = {
    "SELECT sku, min(variant_id), count(*) FROM variant WHERE account_id = $1::bigint "
    "AND sku = ANY ($2::text[]) AND NOT archived GROUP BY sku ORDER BY sku"};

static const struct sp_statement make_figures = {
    "INSERT INTO stock (account_id, variant_id, warehouse_id) "
    "SELECT f.account_id, f.variant_id, f.warehouse_id FROM unnest($1::stock_key[]) f "
    "JOIN warehouse w ON w.account_id = f.account_id AND w.warehouse_id = f.warehouse_id "
    "JOIN variant v ON v.account_id = f.account_id AND v.variant_id = f.variant_id "
    "ORDER BY f.warehouse_id, f.variant_id ON CONFLICT DO NOTHING"};

static const struct sp_statement lock_figures = {
    "SELECT variant_id FROM stock WHERE account_id = $1::bigint AND variant_id = ANY "
    "($2::bigint[]) "
    "ORDER BY warehouse_id, variant_id FOR NO KEY UPDATE"};

static const struct sp_statement read_figures = {
    "SELECT f.variant_id, f.warehouse_id, coalesce(s.on_hand, 0), "
    "coalesce(s.held + s.quarantined, 0), w.warehouse_id IS NOT NULL, "
    "v.variant_id IS NOT NULL FROM unnest($1::stock_key[]) WITH ORDINALITY "
    "f (account_id, variant_id, warehouse_id, at) "
    "LEFT JOIN stock s ON s.account_id = f.account_id AND s.variant_id = f.variant_id "
    "AND s.warehouse_id = f.warehouse_id "
    "LEFT JOIN warehouse w ON w.account_id = f.account_id AND w.warehouse_id = f.warehouse_id "
    "LEFT JOIN variant v ON v.account_id = f.account_id AND v.variant_id = f.variant_id "
    "ORDER BY f.at"};

static const struct sp_statement ask_levels = {
    "SELECT coalesce(json_agg(json_build_object('variant_id', s.variant_id::text, "
    "'sku', coalesce(v.sku, ''), 'name', coalesce(v.name, ''), "
    "'warehouse_id', s.warehouse_id::text, 'on_hand', s.on_hand, 'reserved', s.reserved, "
    "'pending_out', s.pending_out, 'available', s.available) ORDER BY s.variant_id, "
    "s.warehouse_id), '[]')::text "
    "FROM unnest($1::stock_key[]) f JOIN stock_figure s ON s.account_id = f.account_id "
    "AND s.variant_id = f.variant_id AND s.warehouse_id = f.warehouse_id "
    "LEFT JOIN variant v ON v.account_id = s.account_id AND v.variant_id = s.variant_id"};

static const struct sp_statement save_push_rule = {
    "INSERT INTO push_rule (account_id, shop_id, percent, reserve, most, threshold) "
    "VALUES ($1::bigint, $2::bigint, $3::integer, $4::integer, $5::integer, $6::integer) "
    "ON CONFLICT (account_id, shop_id) DO UPDATE SET percent = excluded.percent, "
    "reserve = excluded.reserve, most = excluded.most, threshold = excluded.threshold"};

/* ---- questions --------------------------------------------------------------------- */

const struct sp_rows *store_ask_warehouses(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_warehouses,
                    SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_ask_stock(struct sp_ctx *ctx, const struct stock_query *query)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_stock,
                    SP_PARAMS(sp_int(query->account_id), sp_string(query->words),
                              sp_int(query->warehouse_id), sp_int(query->after_variant),
                              sp_int(query->after_warehouse), sp_int(query->limit)));
}

const struct sp_rows *store_ask_check(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_check, SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_ask_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text key)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_order,
                    SP_PARAMS(sp_int(account_id), sp_string(key)));
}

const struct sp_rows *store_ask_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_changes,
                    SP_PARAMS(sp_ints(sp_ctx_db(ctx), accounts, count)));
}

const struct sp_rows *store_ask_push_rule(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_push_rule,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id)));
}

/* ---- commands ---------------------------------------------------------------------- */

const struct sp_rows *store_save_warehouse(struct sp_ctx *ctx, const struct warehouse_form *form)
{
    bool is_new = form->warehouse_id == 0;
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), is_new ? &add_warehouse : &change_warehouse,
                    SP_PARAMS(sp_int(form->account_id), sp_string(form->name),
                              sp_string(form->kind), sp_int4((int32_t)form->priority),
                              sp_int(sp_rev_floor(ctx)),
                              sp_int(is_new ? MOST_WAREHOUSES : form->warehouse_id)));
}

void store_mark_heal_account(struct sp_ctx *ctx, int64_t account_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &mark_heal_account, SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_find_skus(struct sp_ctx *ctx, int64_t account_id,
                                      const struct sp_text skus[], size_t count)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_skus,
                    SP_PARAMS(sp_int(account_id), sp_strings(sp_ctx_db(ctx), skus, count)));
}

static struct sp_set *set_of_keys(struct sp_ctx *ctx, const struct stock_effect effects[],
                                  size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "stock_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, effects[i].account_id);
        sp_set_int(set, effects[i].variant_id);
        sp_set_int(set, effects[i].warehouse_id);
    }
    return set;
}

void store_lock_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count)
{
    int64_t *variants = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *variants);
    for (size_t i = 0; i < count; i++)
        variants[i] = effects[i].variant_id;
    if (count > 0)
        (void)sp_queue(
            sp_ctx_db(ctx), &lock_figures,
            SP_PARAMS(sp_int(effects[0].account_id), sp_ints(sp_ctx_db(ctx), variants, count)));
}

enum sp_result store_lock_figures(struct sp_ctx *ctx, const struct stock_effect effects[],
                                  size_t count, struct stock_state states[])
{
    struct sp_set *set = set_of_keys(ctx, effects, count);
    (void)sp_queue(sp_ctx_db(ctx), &make_figures, SP_PARAMS(sp_set(set)));
    store_lock_stock(ctx, effects, count);
    int slot = sp_queue(sp_ctx_db(ctx), &read_figures, SP_PARAMS(sp_set(set)));
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(sp_ctx_db(ctx), slot);
    SP_ASSERT(sp_rows_count(rows) == count);
    for (size_t i = 0; i < count; i++)
        states[i] = (struct stock_state){sp_row_int(rows, i, 0),  sp_row_int(rows, i, 1),
                                         sp_row_int(rows, i, 2),  sp_row_int(rows, i, 3),
                                         sp_row_bool(rows, i, 4), sp_row_bool(rows, i, 5)};
    return SP_OK;
}

const struct sp_rows *store_ask_levels(struct sp_ctx *ctx, const struct stock_effect effects[],
                                       size_t count)
{
    struct sp_set *set = set_of_keys(ctx, effects, count);
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_levels, SP_PARAMS(sp_set(set)));
}

void store_save_push_rule(struct sp_ctx *ctx, const struct shop_ref *shop,
                          const struct level_rule *rule)
{
    (void)sp_queue(sp_ctx_db(ctx), &save_push_rule,
                   SP_PARAMS(sp_int(shop->account_id), sp_int(shop->shop_id),
                             sp_int4((int32_t)rule->percent), sp_int4((int32_t)rule->reserve),
                             sp_int4((int32_t)rule->most), sp_int4((int32_t)rule->threshold)));
}
