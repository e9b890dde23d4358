/* SQL about levels: what may have changed, what is available, what was told last. */
#include <stdlib.h>

#include "services/inventory/store.h"

enum { MARKS_AT_ONCE = 2000 };

/* ARRAY: as a set the marks would be looked for, and locked, once for each of them. */
static const struct sp_statement take_marks = {
    "WITH taken AS (DELETE FROM level_mark WHERE mark_id = ANY (ARRAY (SELECT mark_id FROM "
    "level_mark ORDER BY mark_id LIMIT $1::bigint FOR UPDATE SKIP LOCKED)) "
    "RETURNING account_id, variants, listings), "
    "touched AS (SELECT u.account_id, u.listing_key FROM "
    "(SELECT DISTINCT t.account_id, v.variant_id FROM taken t, unnest(t.variants) v (variant_id)) "
    "d "
    "JOIN listing_use u ON u.account_id = d.account_id AND u.variant_id = d.variant_id "
    "UNION SELECT t.account_id, l.key FROM taken t, unnest(t.listings) l (key)) "
    "SELECT account_id, listing_key, (SELECT count(*) FROM taken) FROM touched ORDER BY 1, 2"};

/* One for each account, until the transaction ends: by a number of inventory's own and the account
 * (2^31 accounts further on two share one, which costs time and nothing else). */
static const struct sp_statement lock_account = {
    "SELECT pg_advisory_xact_lock(7001, ($1::bigint % 2147483648)::integer)"};

/* A shop that is bound shows what its warehouse has, another one what all have. */
static const struct sp_statement read_listings = {
    "SELECT l.account_id, l.key, l.shop_id, l.product_id, l.sku_id, "
    "CASE WHEN s.channel_warehouse <> '' AND (cardinality(l.warehouses) = 0 "
    "OR s.channel_warehouse = ANY (l.warehouses)) THEN s.channel_warehouse "
    "ELSE coalesce(l.warehouses[1], '') END, "
    "coalesce(r.percent, 100), coalesce(r.reserve, 0), coalesce(r.most, 0), "
    "coalesce(r.threshold, 0), l.parts[i + 1], coalesce(a.available, 0)::bigint "
    "FROM unnest($1::order_key[]) k "
    "JOIN listing l ON l.account_id = k.account_id AND l.key = k.key "
    "JOIN shop s ON s.account_id = l.account_id AND s.shop_id = l.shop_id "
    "LEFT JOIN push_rule r ON r.account_id = l.account_id AND r.shop_id = l.shop_id "
    "CROSS JOIN LATERAL generate_series(1, cardinality(l.parts), 2) i "
    "LEFT JOIN LATERAL (SELECT sum(greatest(0, t.on_hand - t.held - t.quarantined "
    "- t.waiting)) AS available FROM stock t WHERE t.account_id = l.account_id "
    "AND t.variant_id = l.parts[i] AND (s.warehouse_id = 0 OR t.warehouse_id = s.warehouse_id)"
    ") a ON true ORDER BY l.account_id, l.key"};

static const struct sp_statement tell_levels = {
    "INSERT INTO level_told AS t (account_id, key, rev, quantity) "
    "SELECT account_id, key, $2::bigint, quantity FROM unnest($1::level_row[]) "
    "ON CONFLICT (account_id, key) DO UPDATE SET quantity = excluded.quantity, "
    "rev = greatest(t.rev + 1, excluded.rev), told_at = now() "
    "WHERE t.quantity <> excluded.quantity RETURNING account_id, key, rev"};

enum sp_result store_take_level_marks(struct sp_ctx *ctx, struct order_ref **listings,
                                      size_t *count, bool *more)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_marks, SP_PARAMS(sp_int(MARKS_AT_ONCE)));
    *count = sp_rows_count(rows);
    *more = *count > 0 && sp_row_int(rows, 0, 2) == MARKS_AT_ONCE;
    *listings = sp_arena_array(sp_ctx_arena(ctx), *count, sizeof **listings);
    for (size_t i = 0; i < *count; i++)
        (*listings)[i] = (struct order_ref){sp_row_int(rows, i, 0), sp_row_text(rows, i, 1)};
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}

static int queue_listings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "order_key");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || refs[i].account_id != refs[i - 1].account_id)
            (void)sp_queue(db, &lock_account, SP_PARAMS(sp_int(refs[i].account_id)));
        sp_set_row(set);
        sp_set_int(set, refs[i].account_id);
        sp_set_string(set, refs[i].key);
    }
    return sp_queue(db, &read_listings, SP_PARAMS(sp_set(set)));
}

static struct listing_row listing_of(const struct sp_rows *rows, size_t row,
                                     struct level_part *parts)
{
    return (struct listing_row){.ref = {sp_row_int(rows, row, 0), sp_row_text(rows, row, 1)},
                                .shop_id = sp_row_int(rows, row, 2),
                                .product_id = sp_row_text(rows, row, 3),
                                .sku_id = sp_row_text(rows, row, 4),
                                .channel_warehouse = sp_row_text(rows, row, 5),
                                .rule = {sp_row_int(rows, row, 6), sp_row_int(rows, row, 7),
                                         sp_row_int(rows, row, 8), sp_row_int(rows, row, 9)},
                                .parts = parts};
}

enum sp_result store_load_listings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct listing_row **listings, size_t *found)
{
    int slot = queue_listings(ctx, refs, count);
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(sp_ctx_db(ctx), slot);
    *found = 0;
    *listings = sp_arena_array(sp_ctx_arena(ctx), count, sizeof **listings);
    struct level_part *parts =
        sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(rows), sizeof *parts);
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        struct listing_row next = listing_of(rows, row, parts + row);
        if (next.channel_warehouse.size == 0)
            continue;
        if (*found == 0 || order_ref_compare(&(*listings)[*found - 1].ref, &next.ref) != 0)
            (*listings)[(*found)++] = next;
        struct listing_row *listing = &(*listings)[*found - 1];
        listing->parts[listing->part_count++] =
            (struct level_part){sp_row_int(rows, row, 11), sp_row_int(rows, row, 10)};
    }
    return SP_OK;
}

enum sp_result store_tell_levels(struct sp_ctx *ctx, struct level_row levels[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "level_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, levels[i].ref.account_id);
        sp_set_string(set, levels[i].ref.key);
        sp_set_int(set, levels[i].quantity);
    }
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &tell_levels,
                                          SP_PARAMS(sp_set(set), sp_int(sp_rev_floor(ctx))));
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        struct order_ref ref = {sp_row_int(rows, row, 0), sp_row_text(rows, row, 1)};
        struct level_row *level = bsearch(&ref, levels, count, sizeof *levels, order_ref_compare);
        SP_ASSERT(level != NULL);
        level->rev = sp_row_int(rows, row, 2);
    }
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}
