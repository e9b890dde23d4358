/* One order: as it is, as it was, and what happened to it. */
#include "services/order-ingest/store.h"

#define WITH_DELETION                                                                              \
    "|| jsonb_build_object('deletion', deletion_at($1::bigint, $2::text, "                         \
    "coalesce($3::timestamptz, 'infinity'))) "

/* Of 500 changes the newest are shown; nobody has seen an order with more. */
#define WITH_HISTORY                                                                               \
    "|| jsonb_build_object('history', (SELECT coalesce(jsonb_agg(e.event ORDER BY e.at, "          \
    "e.upstream_rev), '[]') FROM (SELECT event, at, upstream_rev FROM (SELECT * FROM order_event " \
    "UNION ALL SELECT * FROM order_mark_event) e "                                                 \
    "WHERE e.account_id = $1::bigint AND e.order_id = $2::text AND e.at <= "                       \
    "coalesce($3::timestamptz, 'infinity') ORDER BY at DESC, upstream_rev DESC LIMIT 500) e))"

/* Never the buyer: who looks at one asks for him by himself, and it is noted. */
static const struct sp_statement read_order = {
    "SELECT (order_details(o, s) || jsonb_build_object('tags', i.item->'tags') " WITH_DELETION
        WITH_HISTORY ")::text FROM orders o JOIN order_item i ON i.account_id = $1::bigint "
    "AND i.order_id = $2::text LEFT JOIN order_stage s "
    "ON s.account_id = $1::bigint AND s.order_id = o.order_id "
    "WHERE o.account_id = $1::bigint AND o.order_id = $2::text "
    "AND $3::timestamptz IS NULL"};

static const struct sp_statement read_past = {
    "SELECT (order_details(o, s) || jsonb_build_object('as_of', rfc3339($3::timestamptz)) " //
    WITH_DELETION WITH_HISTORY ")::text "
    "FROM order_at($1::bigint, $2::text, $3::timestamptz) o "
    "LEFT JOIN stage_at($1::bigint, $2::text, $3::timestamptz) s ON true"};

const struct sp_rows *store_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_order,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_null()));
}

const struct sp_rows *store_order_at(struct sp_ctx *ctx, int64_t account_id,
                                     struct sp_text order_id, int64_t at_us)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_past,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_time(at_us)));
}
