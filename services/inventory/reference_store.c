/* SQL about copies of others' facts: accounts, shops, variants, listings. */
#include <stdlib.h>

#include "services/inventory/store.h"

static const struct sp_statement claim_accounts = {
    "INSERT INTO account AS t (account_id, upstream_rev, name, currency, state, trace, emitted_at) "
    "SELECT account_id, upstream_rev, name, currency, state, trace, emitted_at "
    "FROM unnest($1::account_row[]) ORDER BY account_id "
    "ON CONFLICT (account_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "name = excluded.name, currency = excluded.currency, state = excluded.state, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, account_id::text, upstream_rev"};

static const struct sp_statement claim_shops = {
    "INSERT INTO shop AS t (account_id, shop_id, upstream_rev, alias, state, warehouse_id, "
    "reserve_unpaid, channel_warehouse, trace, emitted_at) "
    "SELECT account_id, shop_id, upstream_rev, alias, state, warehouse_id, reserve_unpaid, "
    "channel_warehouse, trace, emitted_at FROM unnest($1::shop_row[]) ORDER BY account_id, shop_id "
    "ON CONFLICT (account_id, shop_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "alias = excluded.alias, state = excluded.state, warehouse_id = excluded.warehouse_id, "
    "reserve_unpaid = excluded.reserve_unpaid, channel_warehouse = excluded.channel_warehouse, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, shop_id::text, upstream_rev"};

static const struct sp_statement claim_variants = {
    "INSERT INTO variant AS t (account_id, variant_id, upstream_rev, sku, barcode, name, unit, "
    "image, supply, archived, trace, emitted_at) "
    "SELECT account_id, variant_id, upstream_rev, sku, barcode, name, unit, image, supply, "
    "archived, "
    "trace, emitted_at FROM unnest($1::variant_row[]) ORDER BY account_id, variant_id "
    "ON CONFLICT (account_id, variant_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "sku = excluded.sku, barcode = excluded.barcode, name = excluded.name, unit = excluded.unit, "
    "image = excluded.image, supply = excluded.supply, archived = excluded.archived, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, variant_id::text, upstream_rev"};

static const struct sp_statement claim_listings = {
    "INSERT INTO listing AS t (account_id, key, upstream_rev, shop_id, product_id, sku_id, parts, "
    "warehouses, trace, emitted_at) "
    "SELECT account_id, key, upstream_rev, shop_id, product_id, sku_id, parts, "
    "warehouses, trace, emitted_at FROM unnest($1::listing_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "shop_id = excluded.shop_id, product_id = excluded.product_id, sku_id = excluded.sku_id, "
    "parts = excluded.parts, warehouses = excluded.warehouses, trace = excluded.trace, "
    "emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, key, upstream_rev"};

static const struct sp_statement save_uses = {
    "WITH mine AS (SELECT account_id, key, variant_id FROM unnest($1::order_key[]) k "
    "JOIN listing_part USING (account_id, key)), "
    "gone AS (DELETE FROM listing_use u USING unnest($1::order_key[]) k "
    "WHERE u.account_id = k.account_id AND u.listing_key = k.key AND NOT EXISTS "
    "(SELECT FROM mine m WHERE m.account_id = u.account_id AND m.key = u.listing_key "
    "AND m.variant_id = u.variant_id)) "
    "INSERT INTO listing_use (account_id, variant_id, listing_key) "
    "SELECT DISTINCT account_id, variant_id, key FROM mine ON CONFLICT DO NOTHING"};

static const struct sp_statement mark_listings = {
    "INSERT INTO level_mark (account_id, variants, listings) "
    "SELECT account_id, '{}', array_agg(key) FROM unnest($1::order_key[]) GROUP BY account_id"};

int store_claim_accounts(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct account_saved *accounts = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "account_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, accounts[i].head.account_id);
        sp_set_int(set, accounts[i].head.rev);
        sp_set_string(set, accounts[i].name);
        sp_set_string(set, accounts[i].currency);
        sp_set_string(set, accounts[i].state);
        sp_set_uuid(set, accounts[i].head.trace);
        sp_set_time(set, accounts[i].head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_accounts, SP_PARAMS(sp_set(set)));
}

/* The marketplace's default warehouse, or its only one. */
static struct sp_text channel_warehouse_of(const struct shop_saved *shop)
{
    for (size_t i = 0; i < shop->warehouses_count; i++) {
        if (shop->warehouses[i].is_default)
            return shop->warehouses[i].channel_warehouse_id;
    }
    return shop->warehouses_count > 0 ? shop->warehouses[0].channel_warehouse_id
                                      : (struct sp_text){0};
}

int store_claim_shops(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct shop_saved *shops = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "shop_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, shops[i].head.account_id);
        sp_set_int(set, shops[i].shop_id);
        sp_set_int(set, shops[i].head.rev);
        sp_set_string(set, shops[i].alias);
        sp_set_string(set, shops[i].state);
        sp_set_int(set, shops[i].warehouse_id);
        sp_set_bool(set, shops[i].reserve_unpaid);
        sp_set_string(set, channel_warehouse_of(&shops[i]));
        sp_set_uuid(set, shops[i].head.trace);
        sp_set_time(set, shops[i].head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_shops, SP_PARAMS(sp_set(set)));
}

int store_claim_variants(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct variant_saved *variants = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, variants[i].head.account_id);
        sp_set_int(set, variants[i].variant_id);
        sp_set_int(set, variants[i].head.rev);
        sp_set_string(set, variants[i].sku);
        sp_set_string(set, variants[i].barcode);
        sp_set_string(set, variants[i].name);
        sp_set_string(set, variants[i].unit);
        sp_set_string(set, variants[i].image);
        sp_set_string(set, variants[i].supply);
        sp_set_bool(set, variants[i].archived);
        sp_set_uuid(set, variants[i].head.trace);
        sp_set_time(set, variants[i].head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_variants, SP_PARAMS(sp_set(set)));
}

/* ---- listings ---------------------------------------------------------------------- */

/* Only parts that stock is kept of limit what can be shown. */
static void set_parts(struct sp_ctx *ctx, struct sp_set *set, const struct listing_mapped *listing)
{
    int64_t *numbers = sp_arena_array(sp_ctx_arena(ctx), listing->parts_count * 2, sizeof *numbers);
    size_t count = 0;
    for (size_t i = 0; i < listing->parts_count; i++) {
        const struct line_part *part = &listing->parts[i];
        if (!sp_text_is(part->supply, "STOCKED") || part->pieces < 1 || part->pieces > MOST_PIECES)
            continue;
        numbers[count++] = part->variant_id;
        numbers[count++] = part->pieces;
    }
    sp_set_ints(set, numbers, count);
}

int store_claim_listings(struct sp_ctx *ctx, const void *messages, size_t count)
{
    enum { MOST_CHANNEL_WAREHOUSES = 50 };
    const struct listing_mapped *listings = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "listing_row");
    for (size_t i = 0; i < count; i++) {
        const struct listing_mapped *listing = &listings[i];
        struct sp_text warehouses[MOST_CHANNEL_WAREHOUSES];
        SP_ASSERT(listing->warehouses_count <= MOST_CHANNEL_WAREHOUSES); /* the schema's limit */
        for (size_t k = 0; k < listing->warehouses_count; k++)
            warehouses[k] = listing->warehouses[k].channel_warehouse_id;
        sp_set_row(set);
        sp_set_int(set, listing->head.account_id);
        sp_set_string(set, listing->head.key);
        sp_set_int(set, listing->head.rev);
        sp_set_int(set, listing->shop_id);
        sp_set_string(set, listing->product_id);
        sp_set_string(set, listing->sku_id);
        set_parts(ctx, set, listing);
        sp_set_strings(set, warehouses, listing->warehouses_count);
        sp_set_uuid(set, listing->head.trace);
        sp_set_time(set, listing->head.emitted_us);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_listings, SP_PARAMS(sp_set(set)));
}

void store_save_listing_uses(struct sp_ctx *ctx, const struct listing_mapped listings[],
                             size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "order_key");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, listings[i].head.account_id);
        sp_set_string(set, listings[i].head.key);
    }
    (void)sp_queue(sp_ctx_db(ctx), &save_uses, SP_PARAMS(sp_set(set)));
    (void)sp_queue(sp_ctx_db(ctx), &mark_listings, SP_PARAMS(sp_set(set)));
}
