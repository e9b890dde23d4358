/* Variants as people see them: lists, search, one of them. */
#include "services/product-mapper/store.h"
#include "services/product-mapper/variant_document.h"

static const struct sp_statement find_variants = {
    "SELECT variant_id, sku, name, archived, parts <> '[]', product_id FROM variant "
    "WHERE account_id = $1::bigint AND (variant_id = ANY($2::bigint[]) OR sku = ANY($3::text[])) "
    "ORDER BY sku COLLATE \"C\""};

/* The index is asked for the longest word; the others are looked for in what it finds. */
#define PAGE                                                                                       \
    "SELECT v.* FROM variant v WHERE v.account_id = $1::bigint AND v.variant_id > $2::bigint "     \
    "AND ($4::text = '' OR v.search LIKE holding($4::text)) "                                      \
    "AND ($5::text[] = '{}' OR NOT EXISTS (SELECT FROM unnest(ARRAY(SELECT folded(w) FROM "        \
    "unnest($5::text[]) w)) f WHERE strpos(v.search, f) = 0)) "                                    \
    "AND ($6::bigint = 0 OR v.product_id IN (SELECT p.product_id FROM product p "                  \
    "WHERE p.account_id = $1::bigint AND p.type_id = $6::bigint)) "                                \
    "AND ($7::text = '' OR v.supply = $7::text) AND v.archived = $8::boolean "                     \
    "AND (NOT $9::boolean OR NOT EXISTS (SELECT FROM listing_sku s WHERE s.account_id = "          \
    "v.account_id AND s.parts <> '[]' AND s.parts @> jsonb_build_array(jsonb_build_object("        \
    "'variant_id', v.variant_id)))) AND (NOT $10::boolean OR " IS_LOW ") "                         \
    "ORDER BY v.variant_id LIMIT $3::bigint + 1"

static const struct sp_statement list_variants = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY variant_id) AS n, * FROM (" PAGE
    ") v) SELECT json_build_object('items', coalesce(json_agg(" VARIANT_DOCUMENT " ORDER BY n) "
    "FILTER (WHERE n <= $3::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $3::bigint "
    "THEN (max(variant_id) FILTER (WHERE n = $3::bigint))::text END)::text FROM page v"};

/* Semicolons between parts, unless a SKU has one: then a line for each. */
static const struct sp_statement read_goods = {
    "WITH page AS MATERIALIZED (" PAGE ") SELECT v.variant_id, v.sku, v.name, v.barcode, v.unit, "
    "v.image, v.source_link, v.supply, CASE WHEN v.parts = '[]' THEN v.cost_minor ELSE -1 END, "
    "CASE WHEN v.parts = '[]' THEN v.currency ELSE '' END, "
    "coalesce(nullif(v.weight_g, 0)::text, ''), coalesce(t.name, ''), coalesce(p.name, ''), "
    "coalesce((SELECT string_agg(a.name || '=' || w.name, '; ' ORDER BY a.place) "
    "FROM attribute_value w JOIN attribute a USING (account_id, attribute_id) "
    "WHERE w.account_id = v.account_id AND w.value_id = ANY(v.value_ids)), ''), "
    "coalesce((SELECT CASE WHEN bool_or(strpos(x.sku, ';') > 0) THEN string_agg(x.sku || '*' || "
    "(e.p->>'pieces'), E'\n' ORDER BY e.n) || E'\n' ELSE string_agg(x.sku || '*' || "
    "(e.p->>'pieces'), '; ' ORDER BY e.n) END FROM jsonb_array_elements(v.parts) "
    "WITH ORDINALITY e(p, n) JOIN variant x ON x.account_id = v.account_id "
    "AND x.variant_id = (e.p->>'variant_id')::bigint), '') FROM page v "
    "LEFT JOIN product p ON p.account_id = v.account_id AND p.product_id = v.product_id "
    "LEFT JOIN product_type t ON t.account_id = p.account_id AND t.type_id = p.type_id "
    "ORDER BY v.variant_id"};

static const struct sp_statement read_variant = {
    "SELECT " VARIANT_DOCUMENT "::text FROM variant v "
    "WHERE v.account_id = $1::bigint AND v.variant_id = $2::bigint"};

const struct sp_rows *store_find_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_refs *refs)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &find_variants,
                    SP_PARAMS(sp_int(account_id), sp_ints(db, refs->ids, refs->id_count),
                              sp_strings(db, refs->skus, refs->sku_count)));
}

static const struct sp_rows *page(struct sp_ctx *ctx, const struct sp_statement *statement,
                                  int64_t account_id, const struct variant_query *query)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_param params[] = {
        sp_int(account_id),
        sp_int(query->after),
        sp_int(query->limit),
        sp_string(query->words.longest),
        sp_strings(db, query->words.others, query->words.count),
        sp_int(query->type_id),
        sp_string(query->supply),
        sp_boolean(query->archived),
        sp_boolean(query->unmapped),
        sp_boolean(query->low),
    };
    return sp_query(db, sp_ctx_error(ctx), statement, SP_COUNT(params), params);
}

const struct sp_rows *store_list_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_query *query)
{
    return page(ctx, &list_variants, account_id, query);
}

const struct sp_rows *store_read_goods(struct sp_ctx *ctx, int64_t account_id,
                                       const struct variant_query *query)
{
    return page(ctx, &read_goods, account_id, query);
}

const struct sp_rows *store_read_variant(struct sp_ctx *ctx, int64_t account_id, int64_t variant_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_variant,
                    SP_PARAMS(sp_int(account_id), sp_int(variant_id)));
}
