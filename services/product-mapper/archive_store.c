/* Archive, restore, and the history of types, products and variants. */
#include "services/product-mapper/catalogue_store.h"

#include "services/product-mapper/variant_saved_columns.h"

static const struct sp_statement type_facts = {
    "SELECT t.type_id, t.archived, false, 0::bigint, 0::bigint, (SELECT count(*) FROM product p "
    "WHERE p.account_id = t.account_id AND p.type_id = t.type_id AND NOT p.archived) "
    "FROM product_type t WHERE t.account_id = $1::bigint AND t.type_id = ANY($2::bigint[])"};

static const struct sp_statement product_facts = {
    "SELECT p.product_id, p.archived, t.archived, 0::bigint, 0::bigint, (SELECT count(*) "
    "FROM variant v WHERE v.account_id = p.account_id AND v.product_id = p.product_id "
    "AND NOT v.archived) FROM product p JOIN product_type t USING (account_id, type_id) "
    "WHERE p.account_id = $1::bigint AND p.product_id = ANY($2::bigint[])"};

static const struct sp_statement variant_facts = {
    "SELECT v.variant_id, v.archived, coalesce(p.archived, false) OR EXISTS (SELECT FROM "
    "jsonb_array_elements(v.parts) e(p) JOIN variant x ON x.account_id = v.account_id "
    "AND x.variant_id = (e.p->>'variant_id')::bigint WHERE x.archived), "
    "(SELECT count(*) FROM listing_sku s WHERE s.account_id = v.account_id AND s.parts <> '[]' "
    "AND s.parts @> me.part), (SELECT count(*) FROM variant b WHERE b.account_id = v.account_id "
    "AND b.parts <> '[]' AND b.parts @> me.part AND NOT b.archived), 0::bigint "
    "FROM variant v CROSS JOIN LATERAL (SELECT jsonb_build_array(jsonb_build_object("
    "'variant_id', v.variant_id)) AS part) me LEFT JOIN product p "
    "ON p.account_id = v.account_id AND p.product_id = v.product_id "
    "WHERE v.account_id = $1::bigint AND v.variant_id = ANY($2::bigint[])"};

#define ARCHIVE(table, id, kind)                                                                   \
    "WITH saved AS (UPDATE " table " t SET archived = $3::boolean, rev = t.rev + 1 "               \
    "WHERE t.account_id = $1::bigint AND t." id " = ANY($2::bigint[]) "                            \
    "AND t.archived <> $3::boolean RETURNING t.*) "                                                \
    "INSERT INTO catalogue_history (account_id, kind, id, rev, by_whom, state) "                   \
    "SELECT account_id, '" kind "', " id ", rev, $4::text, "                                       \
    "to_jsonb(saved) - '{account_id," id ",rev,search}'::text[] FROM saved"

static const struct sp_statement archive_types = {ARCHIVE("product_type", "type_id", "type")};
static const struct sp_statement archive_products = {ARCHIVE("product", "product_id", "product")};
static const struct sp_statement archive_variants = {
    "WITH saved AS (UPDATE variant t SET archived = $3::boolean, rev = greatest(t.rev + 1, "
    "$5::bigint), news = 1, saved_at = now(), saved_by = $4::text WHERE t.account_id = $1::bigint "
    "AND t.variant_id = ANY($2::bigint[]) AND t.archived <> $3::boolean "
    "RETURNING t.*, false AS made)" KEEP_HISTORY SAVED_COLUMNS};

static const struct sp_statement read_history = {
    "SELECT json_build_object('items', json_agg(json_build_object('at', to_char(at AT TIME ZONE "
    "'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'by', by_whom, 'state', state) "
    "ORDER BY rev DESC))::text FROM (SELECT * FROM catalogue_history WHERE account_id = $1::bigint "
    "AND kind = $2::text AND id = $3::bigint ORDER BY rev DESC LIMIT 200) h HAVING count(*) > 0"};

const struct sp_rows *store_find_archive_facts(struct sp_ctx *ctx, int64_t account_id,
                                               enum catalogue_kind kind, const int64_t ids[],
                                               size_t count)
{
    static const struct sp_statement *const statements[] = {&type_facts, &product_facts,
                                                            &variant_facts};
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), statements[kind],
                    SP_PARAMS(sp_int(account_id), sp_ints(db, ids, count)));
}

const struct sp_rows *store_archive(struct sp_ctx *ctx, const struct link_origin *origin,
                                    const struct archive_change *change)
{
    static const struct sp_statement *const statements[] = {&archive_types, &archive_products,
                                                            &archive_variants};
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_param params[] = {
        sp_int(origin->account_id),   sp_ints(db, change->ids, change->count),
        sp_boolean(change->archived), sp_string(origin->user),
        sp_int(sp_rev_floor(ctx)),
    };
    int count = change->kind == KIND_VARIANT ? SP_COUNT(params) : SP_COUNT(params) - 1;
    return sp_query(db, sp_ctx_error(ctx), statements[change->kind], count, params);
}

const struct sp_rows *store_read_history(struct sp_ctx *ctx, int64_t account_id,
                                         enum catalogue_kind kind, int64_t id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_history,
                    SP_PARAMS(sp_int(account_id), sp_cstring(mapper_kind_name(kind)), sp_int(id)));
}
