/* SQL that asks about settlements: lists, the file, the report. */
#include "services/order-ingest/settlement_store.h"

static const struct sp_statement list_settlements = {
    "WITH found AS (SELECT * FROM settlement_item WHERE account_id = $1::bigint AND ($2::bigint"
    " = 0 OR shop_id = $2::bigint) AND settled_at >= $3::timestamptz AND settled_at < "
    "$4::timestamptz AND ($5::text = '' OR state = $5::text) AND (settled_at, settlement_key) <"
    " (coalesce($6::timestamptz, 'infinity'), $7::text) ORDER BY settled_at DESC, "
    "settlement_key DESC LIMIT $8::bigint + 1), page AS (SELECT row_number() OVER (ORDER BY "
    "settled_at DESC, settlement_key DESC) AS n, * FROM found) SELECT "
    "json_build_object('items', coalesce(json_agg(item || jsonb_build_object('lines', "
    "settlement_lines(account_id, subject, currency)) ORDER BY n) FILTER (WHERE n <= "
    "$8::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $8::bigint THEN "
    "max(cursor_of(settled_at, settlement_key)) FILTER (WHERE n = $8::bigint) END)::text FROM "
    "page"};

static const struct sp_statement list_unsettled = {
    "WITH found AS (SELECT * FROM order_unsettled WHERE account_id = $1::bigint AND ($2::bigint"
    " = 0 OR shop_id = $2::bigint) AND updated_at >= $3::timestamptz AND updated_at < "
    "$4::timestamptz AND $5::text = 'UNSETTLED' AND (updated_at, order_id) < "
    "(coalesce($6::timestamptz, 'infinity'), $7::text) ORDER BY updated_at DESC, order_id DESC "
    "LIMIT $8::bigint + 1), page AS (SELECT row_number() OVER (ORDER BY updated_at DESC, "
    "order_id DESC) AS n, * FROM found) SELECT json_build_object('items', "
    "coalesce(json_agg(json_build_object('id', order_id, 'shop_id', shop_id::text, 'order_id', "
    "order_id, 'channel_order_id', substr(order_id, strpos(order_id, '-') + 1), 'kind', "
    "'ORDER', 'state', 'UNSETTLED', 'is_cod', is_cod, 'settled_at', NULL, 'transactions', 0, "
    "'expected', money(expected_minor, currency), 'settled', money(0, currency), 'unexplained',"
    " money(0, currency), 'lines', '[]'::json) ORDER BY n) FILTER (WHERE n <= $8::bigint), "
    "'[]'), 'next_cursor', CASE WHEN count(*) > $8::bigint THEN max(cursor_of(updated_at, "
    "order_id)) FILTER (WHERE n = $8::bigint) END)::text FROM page"};

static const struct sp_statement settlement_report = {
    "WITH seen AS MATERIALIZED (SELECT * FROM settlement_seen WHERE account_id = $1::bigint AND"
    " ($2::bigint = 0 OR shop_id = $2::bigint) AND settled_at >= $3::timestamptz AND settled_at"
    " < $4::timestamptz ), paid AS (SELECT shop_id, currency, CASE WHEN is_cod THEN 'cod' ELSE "
    "'prepaid' END AS how, json_build_object('orders', count(*), 'expected', "
    "money(coalesce(sum(expected_minor), 0)::bigint, currency), 'settled', "
    "money(coalesce(sum(settled_minor), 0)::bigint, currency), 'unexplained', "
    "money(coalesce(sum(unexplained_minor), 0)::bigint, currency), 'unexplained_orders', "
    "count(*) FILTER (WHERE state = 'UNEXPLAINED')) AS sums FROM seen WHERE state IN "
    "('MATCHED', 'UNEXPLAINED') GROUP BY 1, 2, 3), states AS (SELECT shop_id, currency, state, "
    "json_build_object('count', count(*), 'settled', money(coalesce(sum(settled_minor), "
    "0)::bigint, currency)) AS sums FROM seen GROUP BY 1, 2, 3), reserves AS (SELECT shop_id, "
    "currency, lower(reserve_state) AS how, money(coalesce(sum(reserve_minor), 0)::bigint, "
    "currency) AS sums FROM seen WHERE state = 'RESERVE' GROUP BY 1, 2, 3), waiting AS (SELECT "
    "shop_id, currency, CASE WHEN is_cod THEN 'cod' ELSE 'prepaid' END AS how, "
    "json_build_object('orders', count(*), 'expected', money(coalesce(sum(expected_minor), "
    "0)::bigint, currency)) AS sums FROM order_unsettled WHERE account_id = $1::bigint AND "
    "($2::bigint = 0 OR shop_id = $2::bigint) AND updated_at >= $3::timestamptz AND updated_at "
    "< $4::timestamptz GROUP BY 1, 2, 3), told AS (SELECT shop_id, currency, "
    "json_build_object('count', count(*), 'paid', count(*) FILTER (WHERE payment_state = "
    "'PAID'), 'settled', money(coalesce(sum(settled_minor), 0)::bigint, currency), "
    "'difference', money(coalesce(sum(settled_minor - (SELECT coalesce(sum(s.settled_minor), 0)"
    " FROM settlement s WHERE s.account_id = t.account_id AND s.shop_id = t.shop_id AND "
    "s.statement_id = t.statement_id)), 0)::bigint, currency)) AS sums FROM statement t WHERE "
    "account_id = $1::bigint AND ($2::bigint = 0 OR shop_id = $2::bigint) AND cut_at >= "
    "$3::timestamptz AND cut_at < $4::timestamptz GROUP BY 1, 2), lines AS (SELECT "
    "seen.shop_id, seen.currency, l->>'part' AS part, l->>'name' AS name, "
    "sum((l->>'minor')::bigint)::bigint AS minor FROM seen JOIN settlement s USING (account_id,"
    " subject), jsonb_array_elements(s.lines) l GROUP BY 1, 2, 3, 4), g AS (SELECT shop_id, "
    "currency FROM states UNION SELECT shop_id, currency FROM waiting UNION SELECT shop_id, "
    "currency FROM told) SELECT json_build_object('totals', settlement_totals($1::bigint, "
    "$2::bigint, $3::timestamptz, $4::timestamptz), 'items', "
    "coalesce(json_agg(json_build_object('shop_id', g.shop_id::text, 'currency', g.currency, "
    "'paid', (SELECT coalesce(json_object_agg(how, sums), '{}') FROM paid WHERE shop_id = "
    "g.shop_id AND currency = g.currency), 'by_state', (SELECT coalesce(json_object_agg(state, "
    "sums), '{}') FROM states WHERE shop_id = g.shop_id AND currency = g.currency), 'reserve', "
    "(SELECT coalesce(json_object_agg(how, sums), '{}') FROM reserves WHERE shop_id = g.shop_id"
    " AND currency = g.currency), 'unsettled', (SELECT coalesce(json_object_agg(how, sums), "
    "'{}') FROM waiting WHERE shop_id = g.shop_id AND currency = g.currency), 'statements', "
    "(SELECT sums FROM told WHERE shop_id = g.shop_id AND currency = g.currency), 'lines', "
    "(SELECT coalesce(json_agg(json_build_object('part', part, 'name', name, 'amount', "
    "money(minor, g.currency)) ORDER BY part, name), '[]') FROM lines WHERE shop_id = g.shop_id"
    " AND currency = g.currency)) ORDER BY g.shop_id, g.currency), '[]'))::text FROM g"};

/* Its first line is in asks_settlement.c. */
static const struct sp_statement settlement_csv = {
    "WITH found AS (SELECT * FROM settlement_seen WHERE account_id = $1::bigint AND ($2::bigint"
    " = 0 OR shop_id = $2::bigint) AND settled_at >= $3::timestamptz AND settled_at < "
    "$4::timestamptz AND ($5::text = '' OR state = $5::text) AND (settled_at, settlement_key) <"
    " (coalesce($6::timestamptz, 'infinity'), $7::text) ORDER BY settled_at DESC, "
    "settlement_key DESC LIMIT $8::bigint + 1), page AS (SELECT row_number() OVER (ORDER BY "
    "settled_at DESC, settlement_key DESC) AS n, * FROM found) SELECT "
    "coalesce(string_agg(concat_ws(',', rfc3339(p.settled_at), p.shop_id, "
    "csv_field(p.statement_id), csv_field(substr(p.order_id, strpos(p.order_id, '-') + 1)), "
    "csv_field(p.kind), p.state, CASE WHEN p.is_cod THEN 'COD' WHEN NOT p.is_cod THEN 'PREPAID'"
    " ELSE '' END, p.currency, p.expected_minor, (SELECT coalesce(sum((l->>'minor')::bigint), "
    "0) FROM settlement s, jsonb_array_elements(s.lines) l WHERE s.account_id = p.account_id "
    "AND s.subject = p.subject AND l->>'part' = 'REVENUE'), (SELECT "
    "coalesce(sum((l->>'minor')::bigint), 0) FROM settlement s, jsonb_array_elements(s.lines) l"
    " WHERE s.account_id = p.account_id AND s.subject = p.subject AND l->>'part' = 'SHIPPING'),"
    " (SELECT coalesce(sum((l->>'minor')::bigint), 0) FROM settlement s, "
    "jsonb_array_elements(s.lines) l WHERE s.account_id = p.account_id AND s.subject = "
    "p.subject AND l->>'part' = 'FEE'), (SELECT coalesce(sum((l->>'minor')::bigint), 0) FROM "
    "settlement s, jsonb_array_elements(s.lines) l WHERE s.account_id = p.account_id AND "
    "s.subject = p.subject AND l->>'part' = 'TAX'), (SELECT "
    "coalesce(sum((l->>'minor')::bigint), 0) FROM settlement s, jsonb_array_elements(s.lines) l"
    " WHERE s.account_id = p.account_id AND s.subject = p.subject AND l->>'part' = "
    "'ADJUSTMENT'), p.unexplained_minor, p.settled_minor, p.reserve_minor) || E'\\r\\n', '' "
    "ORDER BY p.n) FILTER (WHERE p.n <= $8::bigint), ''), CASE WHEN count(*) > $8::bigint THEN "
    "max(cursor_of(p.settled_at, p.settlement_key)) FILTER (WHERE p.n = $8::bigint) ELSE '' END"
    " FROM page p"};

static const struct sp_rows *ask_page(struct sp_ctx *ctx, int64_t account_id,
                                      const struct settlement_filter *filter,
                                      const struct sp_statement *statement)
{
    const struct list_page *page = &filter->page;
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(account_id), sp_int(filter->shop_id), sp_time(filter->from_us),
                              sp_time(filter->until_us), sp_string(filter->state),
                              page->first ? sp_null() : sp_time(page->at_us),
                              sp_string(page->after), sp_int(page->limit)));
}

const struct sp_rows *store_list_settlements(struct sp_ctx *ctx, int64_t account_id,
                                             const struct settlement_filter *filter)
{
    bool unsettled = sp_text_is(filter->state, "UNSETTLED");
    return ask_page(ctx, account_id, filter, unsettled ? &list_unsettled : &list_settlements);
}

const struct sp_rows *store_settlement_csv(struct sp_ctx *ctx, int64_t account_id,
                                           const struct settlement_filter *filter)
{
    return ask_page(ctx, account_id, filter, &settlement_csv);
}

const struct sp_rows *store_settlement_report(struct sp_ctx *ctx, int64_t account_id,
                                              const struct settlement_filter *filter)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &settlement_report,
                    SP_PARAMS(sp_int(account_id), sp_int(filter->shop_id), sp_time(filter->from_us),
                              sp_time(filter->until_us)));
}
