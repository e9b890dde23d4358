/* What suggestions are made from. */
#include "services/product-mapper/store.h"

/* Titles need not be close: the rule weighs them. */
static const struct sp_statement loosen = {
    "SELECT set_config('pg_trgm.similarity_threshold', '0.12', true)"};

static const struct sp_statement find_unlinked = {
    "SELECT s.sku_key FROM listing_sku s WHERE s.account_id = $1::bigint AND s.parts = '[]' "
    "AND s.downloaded AND s.sold AND ($2::bigint = 0 OR s.shop_id = $2::bigint) "
    "AND s.sku_key > $3::text ORDER BY s.sku_key LIMIT $4::bigint"};

static const struct sp_statement find_likenesses = {
    "WITH asked AS (SELECT s.*, folded(coalesce(l.title, '') || ' ' || s.title) AS words "
    "FROM listing_sku s LEFT JOIN listing l USING (account_id, listing_id) "
    "WHERE s.account_id = $1::bigint AND s.sku_key = ANY($2::text[])), "
    "candidate AS (SELECT a.sku_key, c.variant_id FROM asked a CROSS JOIN LATERAL ("
    " SELECT v.variant_id FROM variant v WHERE v.account_id = $1::bigint AND a.seller_sku <> '' "
    " AND upper(btrim(v.sku)) = upper(btrim(a.seller_sku)) AND NOT v.archived "
    " UNION SELECT v.variant_id FROM variant v WHERE v.account_id = $1::bigint "
    " AND a.seller_sku <> '' AND v.barcode = a.seller_sku AND NOT v.archived "
    " UNION (SELECT v.variant_id FROM variant v WHERE v.account_id = $1::bigint "
    " AND v.search % a.words AND NOT v.archived ORDER BY similarity(v.search, a.words) DESC "
    " LIMIT 10)) c) "
    "SELECT a.sku_key, v.variant_id::text, v.sku, v.name, v.image, v.sku = btrim(a.seller_sku), "
    "upper(btrim(v.sku)) = upper(btrim(a.seller_sku)), "
    "v.barcode <> '' AND v.barcode = a.seller_sku, "
    "(similarity(v.search, a.words) * 100)::integer, w.total, w.matched "
    "FROM candidate c JOIN asked a USING (sku_key) "
    "JOIN variant v ON v.account_id = $1::bigint AND v.variant_id = c.variant_id "
    "CROSS JOIN LATERAL (SELECT count(*) AS total, count(*) FILTER (WHERE strpos(' ' || v.search "
    "|| ' ', ' ' || folded(t) || ' ') > 0 OR folded(t) IN (SELECT folded(x.name) FROM "
    "attribute_value x WHERE x.account_id = $1::bigint AND x.value_id = ANY(v.value_ids))) "
    "AS matched FROM string_to_table(a.title, ', ') t WHERE btrim(t) <> '') w "
    "ORDER BY a.sku_key, v.variant_id"};

const struct sp_rows *store_find_unlinked(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_query *query)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_unlinked,
                    SP_PARAMS(sp_int(account_id), sp_int(query->shop_id), sp_string(query->after),
                              sp_int(query->limit)));
}

const struct sp_rows *store_find_likenesses(struct sp_ctx *ctx, int64_t account_id,
                                            struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    sp_db_plan_freely(db);
    (void)sp_queue(db, &loosen, SP_NO_PARAMS);
    return sp_query(db, sp_ctx_error(ctx), &find_likenesses,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, skus.keys, skus.count)));
}
