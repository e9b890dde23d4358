/* What people read of the order book: each list is one statement that builds the JSON document. */
#include "services/order-ingest/store.h"

/* From the keys of a page (at, order_id) to its document; one row more than the limit says that
 * there is a next page. */
#define LIST_DOCUMENT                                                                              \
    "page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY at DESC, order_id DESC) AS n, * "    \
    "FROM found), "                                                                                \
    "items AS (SELECT p.n, p.at, p.order_id, o.item FROM page p JOIN order_item o "                \
    "ON o.account_id = $1::bigint AND o.order_id = p.order_id WHERE p.n <= $6::bigint) "           \
    "SELECT json_build_object('items', coalesce(json_agg(item ORDER BY n), '[]'), 'next_cursor', " \
    "CASE WHEN (SELECT count(*) FROM page) > $6::bigint THEN max(cursor_of(at, order_id)) "        \
    "FILTER (WHERE n = $6::bigint) END)::text FROM items"

#define OF_SHOP_AND_STATUS                                                                         \
    "AND ($2::bigint = 0 OR o.shop_id = $2::bigint) "                                              \
    "AND ($3::text[] = '{}' OR o.channel_status = ANY($3::text[])) "

#define BEHIND_CURSOR "< (coalesce($4::timestamptz, 'infinity'), $5::text) "

#define WANTED_STAGES                                                                              \
    "WITH wanted AS (SELECT unnest($7::text[]) AS stage UNION "                                    \
    "SELECT stage FROM stage WHERE stage_group = $8::text), "

/* Without a stage: along the index, newest change at the marketplace first. */
static const struct sp_statement list_latest = {
    "WITH found AS (SELECT o.order_id, o.updated_at AS at FROM orders o "
    "WHERE o.account_id = $1::bigint " OF_SHOP_AND_STATUS
    "AND (o.updated_at, o.order_id) " BEHIND_CURSOR
    "ORDER BY o.updated_at DESC, o.order_id DESC LIMIT $6::bigint + 1), " LIST_DOCUMENT};

/* With stages: along the index of each, what came to its stage last first. */
static const struct sp_statement list_stage = {
    WANTED_STAGES "found AS (SELECT f.order_id, f.at FROM wanted w CROSS JOIN LATERAL ("
                  "SELECT t.order_id, t.since AS at FROM order_stage t "
                  "JOIN orders o ON o.account_id = $1::bigint AND o.order_id = t.order_id "
                  "WHERE t.account_id = $1::bigint AND t.stage = w.stage " OF_SHOP_AND_STATUS
                  "AND (t.since, t.order_id) " BEHIND_CURSOR
                  "ORDER BY t.since DESC, t.order_id DESC LIMIT $6::bigint + 1) f "
                  "ORDER BY f.at DESC, f.order_id DESC LIMIT $6::bigint + 1), " LIST_DOCUMENT};

/* By id, whole or its beginning: a range of the primary key for each shop and word.  '~' sorts
 * behind every character of an id. */
static const struct sp_statement list_found = {
    WANTED_STAGES
    "hits AS (SELECT DISTINCT o.order_id, o.updated_at AS at "
    "FROM shop, unnest($9::text[]) word, orders o "
    "WHERE shop.account_id = $1::bigint AND o.account_id = $1::bigint "
    "AND o.order_id >= shop.shop_id || '-' || word "
    "AND o.order_id < shop.shop_id || '-' || word || '~' " OF_SHOP_AND_STATUS
    "AND (NOT EXISTS (SELECT FROM wanted) OR EXISTS (SELECT FROM order_stage s "
    "JOIN wanted USING (stage) WHERE s.account_id = $1::bigint AND s.order_id = o.order_id))), "
    "found AS (SELECT order_id, at FROM hits WHERE (at, order_id) " BEHIND_CURSOR
    "ORDER BY at DESC, order_id DESC LIMIT $6::bigint + 1), " LIST_DOCUMENT};

#define COUNT_STATUSES                                                                             \
    "WITH statuses AS MATERIALIZED (SELECT channel_status, cause, count(*) AS orders FROM orders " \
    "WHERE account_id = $1::bigint AND ($2::bigint = 0 OR shop_id = $2::bigint) GROUP BY 1, 2), "  \
    "hubs AS (SELECT coalesce((SELECT r.hub_status FROM status_rule r "                            \
    "WHERE r.account_id IN (0, $1::bigint) AND r.channel_status = o.channel_status "               \
    "AND r.cause = o.cause ORDER BY r.account_id DESC LIMIT 1), 'UNKNOWN') AS hub_status, "        \
    "sum(orders) AS orders FROM statuses o GROUP BY 1), "

#define COUNT_DOCUMENT                                                                             \
    "SELECT json_build_object("                                                                    \
    "'by_stage', (SELECT coalesce(json_object_agg(stage, orders), '{}') FROM stages), "            \
    "'by_status', (SELECT coalesce(json_object_agg(channel_status, orders), '{}') FROM "           \
    "(SELECT channel_status, sum(orders) AS orders FROM statuses GROUP BY 1) s), "                 \
    "'by_hub_status', (SELECT coalesce(json_object_agg(hub_status, orders), '{}') FROM hubs), "    \
    "'total', (SELECT coalesce(sum(orders), 0) FROM statuses))::text"

/* Both halves are index-only scans. */
static const struct sp_statement count_orders = {
    COUNT_STATUSES "stages AS (SELECT stage, count(*) AS orders FROM order_stage "
                   "WHERE account_id = $1::bigint GROUP BY stage) " COUNT_DOCUMENT};

/* The stage's index does not know the shop: its orders are a range of the primary key. */
static const struct sp_statement count_shop = {
    COUNT_STATUSES "stages AS (SELECT stage, count(*) AS orders FROM order_stage "
                   "WHERE account_id = $1::bigint AND order_id >= $2::bigint || '-' "
                   "AND order_id < $2::bigint || '.' GROUP BY stage) " COUNT_DOCUMENT};

/* Never the buyer: that is a column of its own, and still sealed. */
static const struct sp_statement read_order = {
    "SELECT (i.item || jsonb_build_object('paid_at', rfc3339(o.paid_at), "
    "'collected_at', rfc3339(o.collected_at), 'delivered_at', rfc3339(o.delivered_at), "
    "'cancelled_at', rfc3339(o.cancelled_at), 'cancel_initiator', o.cancel_initiator, "
    "'cancel_reason', o.cancel_reason, 'is_cod', o.is_cod, "
    "'buyer_wants_cancel', o.buyer_wants_cancel, "
    "'lines', (SELECT coalesce(jsonb_agg(l.line ORDER BY l.n), '[]') FROM order_line_seen l "
    "WHERE l.account_id = o.account_id AND l.order_id = o.order_id), "
    "'packages', coalesce(o.packages, '[]')::json, "
    "'history', (SELECT coalesce(jsonb_agg(e.event ORDER BY e.upstream_rev), '[]') FROM "
    "(SELECT event, upstream_rev FROM order_event e WHERE e.account_id = o.account_id "
    "AND e.order_id = o.order_id ORDER BY upstream_rev DESC LIMIT 500) e)))::text, "
    "CASE WHEN $3::boolean THEN (SELECT b.sealed FROM order_buyer b "
    "WHERE b.account_id = o.account_id AND b.order_id = o.order_id AND b.expires_at > now()) END "
    "FROM orders o JOIN order_item i USING (account_id, order_id) "
    "WHERE o.account_id = $1::bigint AND o.order_id = $2::text"};

static struct sp_param words(struct sp_db *db, struct word_list list)
{
    return sp_strings(db, list.words, list.count);
}

const struct sp_rows *store_list_orders(struct sp_ctx *ctx, int64_t account_id,
                                        const struct order_filter *filter)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct list_page *page = &filter->page;
    bool found = filter->tokens.count > 0;
    bool staged = found || filter->stages.count > 0 || filter->group.size > 0;
    const struct sp_statement *statement = found    ? &list_found
                                           : staged ? &list_stage
                                                    : &list_latest;
    const struct sp_param params[] = {
        sp_int(account_id),          sp_int(filter->shop_id),
        words(db, filter->statuses), page->first ? sp_null() : sp_time(page->at_us),
        sp_string(page->after),      sp_int(page->limit),
        words(db, filter->stages),   sp_string(filter->group),
        words(db, filter->tokens),
    };
    return sp_query(db, sp_ctx_error(ctx), statement, found ? 9 : staged ? 8 : 6, params);
}

const struct sp_rows *store_count_orders(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), shop_id == 0 ? &count_orders : &count_shop,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id)));
}

const struct sp_rows *store_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                                  bool with_buyer)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_order,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_boolean(with_buyer)));
}
