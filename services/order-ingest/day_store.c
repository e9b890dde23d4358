/* Days as the marketplace lists them beside what the book holds. */
#include "services/order-ingest/day_store.h"

static const struct sp_statement claim_slices = {
    "INSERT INTO day_slice AS t (account_id, slice_key, upstream_rev, shop_id, day, check_number, "
    "slices, until_at, total) SELECT account_id, slice_key, upstream_rev, shop_id, day, "
    "check_number, slices, until_at, total FROM unnest($1::day_slice_row[]) "
    "ORDER BY account_id, slice_key ON CONFLICT (account_id, slice_key) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, check_number = excluded.check_number, "
    "slices = excluded.slices, until_at = excluded.until_at, total = excluded.total "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.slice_key, t.upstream_rev"};

/* Slices of one day wait for each other here: who comes last sees them all. */
static const struct sp_statement lock_days = {
    "INSERT INTO certificate AS c (account_id, shop_id, day) SELECT DISTINCT account_id, shop_id, "
    "day "
    "FROM unnest($1::day_key[]) ORDER BY account_id, shop_id, day "
    "ON CONFLICT (account_id, shop_id, day) DO UPDATE SET tries = c.tries"};

/* What has changed in the last ten minutes may be on its way. */
static const struct sp_statement compare = {
    "WITH slice AS (SELECT * FROM unnest($1::day_slice_row[])), "
    "listed AS (SELECT l.account_id, l.slice_key, l.order_id, o.order_id IS NULL AS missing, "
    " coalesce(o.updated_at < l.updated_at AND l.updated_at < now() - interval '10 minutes', "
    "false) "
    " AS stale FROM unnest($2::listed_order_row[]) l LEFT JOIN orders o "
    " ON o.account_id = l.account_id AND o.order_id = l.order_id), "
    "extra AS (SELECT s.account_id, s.slice_key, o.order_id FROM slice s JOIN orders o "
    " ON o.account_id = s.account_id AND o.shop_id = s.shop_id AND o.created_at >= s.from_at "
    " AND o.created_at < s.before_at WHERE NOT EXISTS (SELECT FROM listed l "
    " WHERE l.account_id = s.account_id AND l.slice_key = s.slice_key AND l.order_id = "
    "o.order_id)), "
    "figures AS (SELECT account_id, slice_key, count(*) AS listed, "
    " array_agg(order_id) FILTER (WHERE missing) AS missing, "
    " array_agg(order_id) FILTER (WHERE stale) AS stale FROM listed GROUP BY 1, 2), "
    "extras AS (SELECT account_id, slice_key, array_agg(order_id) AS extra FROM extra GROUP BY 1, "
    "2) "
    "UPDATE day_slice t SET listed = coalesce(f.listed, 0) + s.unreadable, "
    "held = coalesce(f.listed, 0) - coalesce(cardinality(f.missing), 0) "
    " + coalesce(cardinality(e.extra), 0), "
    "missing = coalesce(f.missing, '{}'), extra = coalesce(e.extra, '{}'), "
    "stale = coalesce(f.stale, '{}') FROM slice s LEFT JOIN figures f USING (account_id, "
    "slice_key) "
    "LEFT JOIN extras e USING (account_id, slice_key) "
    "WHERE t.account_id = s.account_id AND t.slice_key = s.slice_key"};

/* A day is certified when all slices of one check are there.  What the marketplace counts and does
 * not list is a difference too. */
static const struct sp_statement certify = {
    "WITH wanted AS (SELECT DISTINCT * FROM unnest($1::day_key[])), "
    "sums AS (SELECT s.account_id, s.shop_id, s.day, s.check_number, max(s.until_at) AS until_at, "
    " greatest(sum(s.listed), max(s.total))::bigint AS listed, sum(s.held)::bigint AS held, "
    " abs(sum(s.listed) - max(s.total))::bigint AS unlisted FROM day_slice s JOIN wanted "
    " USING (account_id, shop_id, day, check_number) GROUP BY 1, 2, 3, 4 "
    " HAVING count(*) = max(s.slices) AND max(s.slices) > 0), "
    "ids AS (SELECT m.account_id, m.shop_id, m.day, m.check_number, "
    " coalesce(array_agg(x.id ORDER BY x.id) FILTER (WHERE x.kind = 1), '{}') AS missing, "
    " coalesce(array_agg(x.id ORDER BY x.id) FILTER (WHERE x.kind = 2), '{}') AS extra, "
    " coalesce(array_agg(x.id ORDER BY x.id) FILTER (WHERE x.kind = 3), '{}') AS stale "
    " FROM sums m JOIN day_slice s USING (account_id, shop_id, day, check_number) LEFT JOIN "
    "LATERAL "
    " (SELECT 1 AS kind, unnest(s.missing) AS id UNION ALL SELECT 2, unnest(s.extra) "
    " UNION ALL SELECT 3, unnest(s.stale)) x ON true GROUP BY 1, 2, 3, 4) "
    "INSERT INTO certificate AS c (account_id, shop_id, day, check_number, until_at, listed, held, "
    "difference, missing, extra, stale, tries, found, checked_at) "
    "SELECT m.account_id, m.shop_id, m.day, m.check_number, m.until_at, m.listed, m.held, "
    "m.unlisted + cardinality(i.missing) + cardinality(i.extra), i.missing, i.extra, i.stale, 0, "
    "cardinality(i.missing) + cardinality(i.stale), now() "
    "FROM sums m JOIN ids i USING (account_id, shop_id, day, check_number) ORDER BY 1, 2, 3 "
    "ON CONFLICT (account_id, shop_id, day) DO UPDATE SET check_number = excluded.check_number, "
    "until_at = excluded.until_at, listed = excluded.listed, held = excluded.held, "
    "difference = excluded.difference, missing = excluded.missing, extra = excluded.extra, "
    "stale = excluded.stale, found = c.found + excluded.found, checked_at = excluded.checked_at, "
    "tries = CASE WHEN excluded.difference = 0 AND excluded.stale = '{}' THEN 0 "
    " ELSE least(c.tries + 1, 100) END WHERE c.check_number < excluded.check_number "
    "RETURNING c.account_id, c.shop_id, extract(epoch FROM c.day)::bigint, c.check_number, "
    "c.tries, "
    "array_to_string((c.missing || c.stale)[1:$2::bigint], ',')"};

static const struct sp_statement list_certificates = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY day DESC) AS n, * FROM ("
    "SELECT * FROM certificate_item WHERE account_id = $1::bigint AND shop_id = $2::bigint "
    "AND day < coalesce($3::timestamptz, 'infinity') ORDER BY day DESC LIMIT $4::bigint + 1) c) "
    "SELECT json_build_object('items', "
    "coalesce(json_agg(item ORDER BY n) FILTER (WHERE n <= $4::bigint), '[]'), "
    "'next_cursor', CASE WHEN count(*) > $4::bigint THEN max(cursor_of(day, '0')) "
    "FILTER (WHERE n = $4::bigint) END)::text FROM page"};

static const struct sp_statement worst_days = {
    "SELECT c.shop_id::text, sum(c.difference)::bigint AS difference, "
    "extract(epoch FROM now() - max(c.checked_at))::bigint AS age FROM certificate c JOIN shop s "
    "ON s.account_id = c.account_id AND s.shop_id = c.shop_id AND s.state <> 'DISCONNECTED' "
    "WHERE c.check_number > 0 GROUP BY c.account_id, c.shop_id "
    "ORDER BY difference DESC, age DESC, c.shop_id LIMIT $1::bigint"};

/* ---- slices
 * -----------------------------------------------------------------------------------------------
 */

static struct sp_set *slices_set(struct sp_db *db, const struct day_listed slices[], size_t count)
{
    struct sp_set *set = sp_set_open(db, "day_slice_row");
    for (size_t i = 0; i < count; i++) {
        const struct day_listed *slice = &slices[i];
        sp_set_row(set);
        sp_set_int(set, slice->head.account_id);
        sp_set_string(set, slice->head.key);
        sp_set_int(set, slice->head.rev);
        sp_set_int(set, slice->shop_id);
        sp_set_time(set, slice->day * 1000000);
        sp_set_int(set, slice->check_number);
        sp_set_int(set, slice->slices);
        sp_set_time(set, slice->until_at * 1000000);
        sp_set_int(set, slice->total);
        sp_set_time(set, slice->from_at * 1000000);
        sp_set_time(set, slice->before_at * 1000000);
        sp_set_int(set, slice->unreadable);
    }
    return set;
}

static struct sp_set *days_set(struct sp_db *db, const struct day_listed slices[], size_t count)
{
    struct sp_set *set = sp_set_open(db, "day_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, slices[i].head.account_id);
        sp_set_int(set, slices[i].shop_id);
        sp_set_time(set, slices[i].day * 1000000);
        sp_set_int(set, slices[i].check_number);
    }
    return set;
}

static struct sp_set *orders_set(struct sp_ctx *ctx, const struct day_listed slices[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "listed_order_row");
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < slices[i].orders_count; k++) {
            const struct listed_order *order = &slices[i].orders[k];
            sp_set_row(set);
            sp_set_int(set, slices[i].head.account_id);
            sp_set_string(set, slices[i].head.key);
            sp_set_string(set, sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s",
                                               (long long)slices[i].shop_id,
                                               SP_FMT(order->channel_order_id)));
            sp_set_time(set, order->updated_at * 1000000);
        }
    }
    return set;
}

int store_claim_slices(struct sp_ctx *ctx, const struct day_listed slices[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_queue(db, &claim_slices, SP_PARAMS(sp_set(slices_set(db, slices, count))));
}

const struct sp_rows *store_certify(struct sp_ctx *ctx, const struct day_listed slices[],
                                    size_t count, int64_t most)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(db, &lock_days, SP_PARAMS(sp_set(days_set(db, slices, count))));
    (void)sp_queue(
        db, &compare,
        SP_PARAMS(sp_set(slices_set(db, slices, count)), sp_set(orders_set(ctx, slices, count))));
    return sp_query(db, sp_ctx_error(ctx), &certify,
                    SP_PARAMS(sp_set(days_set(db, slices, count)), sp_int(most)));
}

/* ---- questions
 * -------------------------------------------------------------------------------------------- */

const struct sp_rows *store_list_certificates(struct sp_ctx *ctx, int64_t account_id,
                                              int64_t shop_id, const struct list_page *page)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_certificates,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id),
                              page->first ? sp_null() : sp_time(page->at_us), sp_int(page->limit)));
}

const struct sp_rows *store_worst_days(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &worst_days, SP_PARAMS(sp_int(most)));
}
