/* One order: as it is, as it was, and what happened to it. */
#include "services/order-ingest/store.h"

/* Of 500 changes the newest are shown; nobody has seen an order with more. */
#define WITH_HISTORY                                                                               \
    "|| jsonb_build_object('history', (SELECT coalesce(jsonb_agg(e.event ORDER BY e.at, "          \
    "e.upstream_rev), '[]') FROM (SELECT event, at, upstream_rev FROM order_event e "              \
    "WHERE e.account_id = $1::bigint AND e.order_id = $2::text AND e.at <= "                       \
    "coalesce($4::timestamptz, 'infinity') ORDER BY at DESC, upstream_rev DESC LIMIT 500) e))"

/* Never the buyer: that is a column of its own, and still sealed. */
static const struct sp_statement read_order = {
    "SELECT (order_details(o, s) " WITH_HISTORY ")::text, "
    "CASE WHEN $3::boolean THEN (SELECT b.sealed FROM order_buyer b "
    "WHERE b.account_id = o.account_id AND b.order_id = o.order_id AND b.expires_at > now()) END "
    "FROM orders o LEFT JOIN order_stage s "
    "ON s.account_id = $1::bigint AND s.order_id = o.order_id "
    "WHERE o.account_id = $1::bigint AND o.order_id = $2::text "
    "AND $4::timestamptz IS NULL"};

/* The buyer as known then is not kept: what expires must be gone. */
static const struct sp_statement read_past = {
    "SELECT (order_details(o, s) || jsonb_build_object('as_of', rfc3339($4::timestamptz)) " //
    WITH_HISTORY ")::text, NULL::bytea "
    "FROM order_at($1::bigint, $2::text, $4::timestamptz) o "
    "LEFT JOIN stage_at($1::bigint, $2::text, $4::timestamptz) s ON true WHERE NOT $3::boolean"};

const struct sp_rows *store_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                                  bool with_buyer)
{
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &read_order,
        SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_boolean(with_buyer), sp_null()));
}

const struct sp_rows *store_order_at(struct sp_ctx *ctx, int64_t account_id,
                                     struct sp_text order_id, int64_t at_us)
{
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &read_past,
        SP_PARAMS(sp_int(account_id), sp_string(order_id), sp_boolean(false), sp_time(at_us)));
}
