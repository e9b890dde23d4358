/* Changes of a connected shop in the database. */
#include "services/connector/settings_store.h"

/* The row as it was is read under its lock, so that what is noted is what this change did. */
static const struct sp_statement change_shop = {
    "WITH old AS (SELECT account_id, shop_id, alias, warehouse_id, reserve_unpaid FROM shop "
    " WHERE account_id = $1::bigint AND shop_id = $2::bigint AND state <> 'DISCONNECTED' "
    " FOR UPDATE), "
    "new AS (UPDATE shop s SET alias = coalesce(nullif($4::text, ''), s.alias), "
    " warehouse_id = coalesce($5::bigint, s.warehouse_id), "
    " reserve_unpaid = coalesce($6::boolean, s.reserve_unpaid) FROM old "
    " WHERE s.account_id = old.account_id AND s.shop_id = old.shop_id "
    " RETURNING s.shop_id, s.alias, s.warehouse_id, s.reserve_unpaid), "
    "noted AS (INSERT INTO shop_event (account_id, shop_id, event, person, detail) "
    " SELECT $1::bigint, $2::bigint, e.event, nullif($3::text, ''), e.detail FROM old, new, "
    " LATERAL (VALUES (new.alias <> old.alias, 'renamed', old.alias || ' → ' || new.alias), "
    " (new.warehouse_id <> old.warehouse_id, 'warehouse-set', nullif(new.warehouse_id, 0)::text), "
    " (new.reserve_unpaid <> old.reserve_unpaid, CASE WHEN new.reserve_unpaid "
    "  THEN 'reserve-unpaid-on' ELSE 'reserve-unpaid-off' END, NULL)) e(differs, event, detail) "
    " WHERE e.differs) "
    "SELECT shop_id FROM new"};

/* The same numbers and the same rule as a history that is chosen at connecting. */
static const struct sp_statement begin_history = {
    "WITH old AS (SELECT account_id, shop_id FROM shop WHERE account_id = $1::bigint "
    " AND shop_id = $2::bigint AND state <> 'DISCONNECTED' FOR UPDATE), "
    "begun AS (INSERT INTO pull (account_id, shop_id, kind, run_id, reason, from_at, until_at, at) "
    " SELECT o.account_id, o.shop_id, 'run', -nextval('backfill_number'), 'backfill', "
    " to_timestamp($4::bigint), to_timestamp($5::bigint), to_timestamp($4::bigint) FROM old o "
    " WHERE NOT EXISTS (SELECT FROM pull p WHERE p.account_id = o.account_id "
    "  AND p.shop_id = o.shop_id AND p.kind = 'run' AND p.reason = 'backfill' "
    "  AND NOT p.finished) RETURNING account_id, shop_id), "
    "widened AS (UPDATE shop s SET orders_from = least(s.orders_from, to_timestamp($4::bigint)) "
    " FROM begun b WHERE s.account_id = b.account_id AND s.shop_id = b.shop_id "
    " AND $5::bigint >= floor(extract(epoch FROM now()))), "
    "noted AS (INSERT INTO shop_event (account_id, shop_id, event, person, detail) "
    " SELECT account_id, shop_id, 'history-wanted', nullif($3::text, ''), "
    " to_char(to_timestamp($4::bigint) AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ' – ' || "
    " to_char(to_timestamp($5::bigint) AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM begun) "
    "SELECT EXISTS (SELECT FROM begun) FROM old"};

static enum sp_result run(struct sp_ctx *ctx, const struct sp_statement *statement, int count,
                          const struct sp_param params[], const struct sp_rows **rows)
{
    *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement, count, params);
    if (*rows == NULL)
        return SP_RETRY;
    return sp_rows_count(*rows) > 0 ? SP_OK : sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such shop");
}

enum sp_result store_change_shop(struct sp_ctx *ctx, struct shop_key shop, struct sp_text person,
                                 const struct shop_settings *settings)
{
    const struct sp_rows *rows;
    return run(ctx, &change_shop,
               SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_string(person),
                         sp_string(settings->alias),
                         settings->has_warehouse ? sp_int(settings->warehouse_id) : sp_null(),
                         settings->has_reserve ? sp_boolean(settings->reserve_unpaid) : sp_null()),
               &rows);
}

enum sp_result store_begin_history(struct sp_ctx *ctx, struct shop_key shop, struct sp_text person,
                                   struct shop_history *history)
{
    const struct sp_rows *rows;
    enum sp_result result =
        run(ctx, &begin_history,
            SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_string(person),
                      sp_int(history->from_s), sp_int(history->until_s)),
            &rows);
    history->begun = result == SP_OK && sp_row_bool(rows, 0, 0);
    return result;
}
