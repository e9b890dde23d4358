/* Listings and their SKUs as the marketplace has them. */
#include "services/product-mapper/store.h"

static const struct sp_statement claim_listings = {
    "INSERT INTO listing AS t (account_id, listing_id, upstream_rev, shop_id, product_id, title, "
    "state, "
    "image_url, updated_at) SELECT account_id, listing_id, upstream_rev, shop_id, product_id, "
    "title, "
    "state, image_url, updated_at FROM unnest($1::listing_row[]) ORDER BY account_id, listing_id "
    "ON CONFLICT (account_id, listing_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "shop_id = excluded.shop_id, product_id = excluded.product_id, title = excluded.title, "
    "state = excluded.state, image_url = excluded.image_url, updated_at = excluded.updated_at "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.listing_id, t.upstream_rev"};

/* `news` is 1 when something changed that links, stock levels or orders depend on. */
static const struct sp_statement put_skus = {
    "INSERT INTO listing_sku AS t (account_id, sku_key, listing_id, shop_id, product_id, sku_id, "
    "downloaded, seller_sku, title, currency, price_minor, warehouses, problem) "
    "SELECT account_id, sku_key, listing_id, shop_id, product_id, sku_id, true, seller_sku, title, "
    "currency, price_minor, warehouses, 'UNMAPPED' FROM unnest($1::listing_sku_row[]) "
    "ORDER BY account_id, sku_key ON CONFLICT (account_id, sku_key) DO UPDATE SET "
    "news = (NOT (t.downloaded AND t.sold) OR (t.listing_id, t.seller_sku, t.warehouses) "
    "IS DISTINCT FROM (excluded.listing_id, excluded.seller_sku, excluded.warehouses))::integer, "
    "listing_id = excluded.listing_id, product_id = excluded.product_id, downloaded = true, "
    "sold = true, seller_sku = excluded.seller_sku, title = excluded.title, "
    "currency = excluded.currency, price_minor = excluded.price_minor, "
    "warehouses = excluded.warehouses RETURNING t.sku_key, t.news"};

/* SKUs that their listing no longer has. */
static const struct sp_statement drop_skus = {
    "UPDATE listing_sku s SET sold = false, warehouses = '{}' WHERE s.account_id = $1::bigint "
    "AND s.listing_id = ANY($2::text[]) AND s.downloaded AND s.sold AND NOT s.sku_key = "
    "ANY($3::text[]) "
    "RETURNING s.sku_key, 1"};

/* What people see of one SKU; parts with what a line takes over from their variants. */
#define SKU_DOCUMENT                                                                               \
    "json_build_object('shop_id', s.shop_id::text, 'sku_id', s.sku_id, 'seller_sku', "             \
    "s.seller_sku, 'title', s.title, 'sold', s.sold, 'ordered', s.ordered, "                       \
    "'design_id', nullif(s.design_id, ''), "                                                       \
    "'parts', (SELECT coalesce(json_agg(json_build_object("                                        \
    "'variant_id', p->>'variant_id', 'sku', v.sku, 'name', v.name, 'image', nullif(v.image, ''), " \
    "'unit', nullif(v.unit, ''), 'pieces', p->'pieces') "                                          \
    "ORDER BY n), '[]') FROM jsonb_array_elements(s.parts) WITH ORDINALITY e(p, n) "               \
    "LEFT JOIN variant v ON v.account_id = s.account_id "                                          \
    "AND v.variant_id = (p->>'variant_id')::bigint), 'problem', nullif(s.problem, ''))"

/* How a listing stands, from it and all its SKUs: SYNCED when each that is sold or was ordered is
 * mapped and complete. */
#define STATE                                                                                      \
    "CASE WHEN l.upstream_rev = 0 THEN 'NOT_DOWNLOADED' WHEN l.state = 'DELETED' THEN 'ARCHIVED' " \
    "WHEN bool_and(s.problem = '') FILTER (WHERE s.sold OR s.ordered) THEN 'SYNCED' "              \
    "ELSE 'UNMAPPED' END AS state"
#define SYNCED "coalesce(bool_or(s.ordered OR s.parts <> '[]'), false) AS synced"

static const struct sp_statement list_listings = {
    "WITH found AS (SELECT l.*, st.state AS our_state FROM listing l CROSS JOIN LATERAL "
    "(SELECT " STATE ", " SYNCED " FROM listing_sku s "
    "WHERE s.account_id = l.account_id AND s.listing_id = l.listing_id) st "
    "WHERE l.account_id = $1::bigint AND ($2::bigint = 0 OR l.shop_id = $2::bigint) "
    "AND ($3::text = '' OR st.state = $3::text) AND (NOT $7::boolean OR st.synced) "
    "AND ($4::text = '' OR strpos(l.search, folded($4::text)) > 0 OR EXISTS (SELECT FROM "
    "listing_sku s WHERE s.account_id = l.account_id AND s.listing_id = l.listing_id "
    "AND strpos(lower(s.seller_sku), lower($4::text)) > 0)) AND l.listing_id > $5::text "
    "ORDER BY l.listing_id LIMIT $6::bigint + 1), "
    "page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY listing_id) AS n, * FROM found) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('id', p.listing_id, "
    "'shop_id', p.shop_id::text, 'product_id', p.product_id, 'title', p.title, 'state', "
    "p.our_state, "
    "'channel_state', nullif(p.state, ''), 'image_url', nullif(p.image_url, ''), "
    "'personalised', p.personalised, 'skus', (SELECT coalesce(json_agg(" SKU_DOCUMENT
    " ORDER BY s.sku_id), '[]') FROM listing_sku s "
    "WHERE s.account_id = p.account_id AND s.listing_id = p.listing_id)) ORDER BY p.n) "
    "FILTER (WHERE p.n <= $6::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $6::bigint "
    "THEN max(p.listing_id) FILTER (WHERE p.n = $6::bigint) END)::text FROM page p"};

static const struct sp_statement count_listings = {
    "WITH each AS (SELECT " STATE ", " SYNCED " FROM listing l LEFT JOIN listing_sku s "
    "USING (account_id, listing_id) WHERE l.account_id = $1::bigint "
    "AND ($2::bigint = 0 OR l.shop_id = $2::bigint) GROUP BY l.account_id, l.listing_id), "
    "states AS (SELECT state, count(*) AS many FROM each GROUP BY state) "
    "SELECT json_build_object('total', count(*), 'synced', count(*) FILTER (WHERE synced), "
    "'by_state', (SELECT coalesce(json_object_agg(state, many), '{}') FROM states))::text FROM "
    "each"};

/* With the listing's own title and picture, for the lines of an order. */
#define SHOWN_SKU                                                                                  \
    "json_build_object('key', s.sku_key, 'listing_id', s.listing_id, 'product_id', s.product_id, " \
    "'listing_title', coalesce(l.title, ''), 'image_url', nullif(l.image_url, ''), "               \
    "'personalised', coalesce(l.personalised, false), 'sku', " SKU_DOCUMENT ")"
#define OF_SKUS                                                                                    \
    " FROM listing_sku s LEFT JOIN listing l USING (account_id, listing_id) "                      \
    "WHERE s.account_id = $1::bigint AND s.sku_key = ANY($2::text[])"

static const struct sp_statement list_skus = {
    "SELECT json_build_object('items', coalesce(json_agg(" SHOWN_SKU
    " ORDER BY s.sku_key), '[]'))::text" OF_SKUS};
static const struct sp_statement show_skus = {"SELECT s.sku_key, " SHOWN_SKU "::text" OF_SKUS
                                              " ORDER BY s.sku_key"};

static const struct sp_statement read_sku = {
    "SELECT " SKU_DOCUMENT "::text FROM listing_sku s "
    "WHERE s.account_id = $1::bigint AND s.sku_key = $2::text"};

/* ---- the claim
 * ------------------------------------------------------------------------------------ */

int store_claim_listings(struct sp_ctx *ctx, const struct channel_listing listings[], size_t count)
{
    const int64_t last_second = INT64_C(253402300799); /* of the year 9999 */
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "listing_row");
    for (size_t i = 0; i < count; i++) {
        const struct channel_listing *listing = &listings[i];
        bool timed = listing->updated_at > 0 && listing->updated_at <= last_second;
        sp_set_row(set);
        sp_set_int(set, listing->head.account_id);
        sp_set_string(set, listing->head.key);
        sp_set_int(set, listing->head.rev);
        sp_set_int(set, listing->shop_id);
        sp_set_string(set, listing->product_id);
        sp_set_string(set, listing->title);
        sp_set_string(set, listing->state);
        sp_set_string(set, listing->image_url);
        sp_set_time(set, timed ? listing->updated_at * 1000000 : 0);
    }
    return sp_queue(db, &claim_listings, SP_PARAMS(sp_set(set)));
}

/* ---- SKUs
 * ------------------------------------------------------------------------------------------ */

static void set_sku(struct sp_ctx *ctx, struct sp_set *set, const struct channel_listing *listing,
                    const struct listing_sku *sku)
{
    struct sp_text *warehouses =
        sp_arena_array(sp_ctx_arena(ctx), sku->stock_count, sizeof *warehouses);
    for (size_t i = 0; i < sku->stock_count; i++)
        warehouses[i] = sku->stock[i].channel_warehouse_id;
    sp_set_row(set);
    sp_set_int(set, listing->head.account_id);
    sp_set_string(set, mapper_key(sp_ctx_arena(ctx), listing->shop_id, sku->sku_id));
    sp_set_string(set, listing->head.key);
    sp_set_int(set, listing->shop_id);
    sp_set_string(set, listing->product_id);
    sp_set_string(set, sku->sku_id);
    sp_set_string(set, sku->seller_sku);
    sp_set_string(set, sku->title);
    sp_set_string(set, sku->currency);
    sp_set_int(set, sku->price_minor);
    sp_set_strings(set, warehouses, sku->stock_count);
}

const struct sp_rows *store_put_listing_skus(struct sp_ctx *ctx,
                                             const struct channel_listing listings[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "listing_sku_row");
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < listings[i].skus_count; k++)
            set_sku(ctx, set, &listings[i], &listings[i].skus[k]);
    }
    return sp_query(db, sp_ctx_error(ctx), &put_skus, SP_PARAMS(sp_set(set)));
}

const struct sp_rows *store_drop_listing_skus(struct sp_ctx *ctx, int64_t account_id,
                                              struct key_list listing_ids, struct key_list kept)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &drop_skus,
                    SP_PARAMS(sp_int(account_id),
                              sp_strings(db, listing_ids.keys, listing_ids.count),
                              sp_strings(db, kept.keys, kept.count)));
}

/* ---- lists
 * ------------------------------------------------------------------------------------------ */

const struct sp_rows *store_list_listings(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_query *query)
{
    const struct sp_param params[] = {
        sp_int(account_id),        sp_int(query->shop_id),  sp_string(query->state),
        sp_string(query->q),       sp_string(query->after), sp_int(query->limit),
        sp_boolean(query->synced),
    };
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_listings, SP_COUNT(params), params);
}

const struct sp_rows *store_count_listings(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &count_listings,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id)));
}

const struct sp_rows *store_list_skus(struct sp_ctx *ctx, int64_t account_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &list_skus,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count)));
}

const struct sp_rows *store_show_skus(struct sp_ctx *ctx, int64_t account_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &show_skus,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count)));
}

const struct sp_rows *store_read_sku(struct sp_ctx *ctx, int64_t account_id, struct sp_text sku_key)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_sku,
                    SP_PARAMS(sp_int(account_id), sp_string(sku_key)));
}
