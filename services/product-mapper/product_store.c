/* Products: what variants are variants of. */
#include "services/product-mapper/catalogue_store.h"
#include "services/product-mapper/variant_document.h"

static const struct sp_statement put_product = {
    "WITH saved AS (INSERT INTO product AS t (account_id, product_id, type_id, name, image) "
    "SELECT $1::bigint, coalesce(o.product_id, nextval('catalogue_id')), "
    "coalesce(o.type_id, $3::bigint), $4::text, $5::text "
    "FROM (VALUES ($2::bigint)) u (id) LEFT JOIN product o "
    "ON o.account_id = $1::bigint AND o.product_id = u.id WHERE u.id = 0 OR o.product_id = u.id "
    "ON CONFLICT (account_id, product_id) DO UPDATE SET rev = t.rev + 1, name = excluded.name, "
    "image = excluded.image RETURNING t.*), "
    "kept AS (INSERT INTO catalogue_history (account_id, kind, id, rev, by_whom, state) "
    "SELECT account_id, 'product', product_id, rev, $6::text, "
    "to_jsonb(saved) - '{account_id,product_id,rev,search}'::text[] FROM saved) "
    "SELECT product_id FROM saved"};

static const struct sp_statement find_product = {
    "SELECT type_id, archived FROM product "
    "WHERE account_id = $1::bigint AND product_id = $2::bigint"};

#define PRODUCT_FIELDS                                                                             \
    "'id', p.product_id::text, 'name', p.name, 'image', nullif(p.image, ''), 'archived', "         \
    "p.archived, 'type', (SELECT json_build_object('id', t.type_id::text, 'name', t.name) FROM "   \
    "product_type t WHERE t.account_id = p.account_id AND t.type_id = p.type_id), "                \
    "'variant_count', (SELECT count(*) FROM variant v WHERE v.account_id = p.account_id "          \
    "AND v.product_id = p.product_id AND NOT v.archived)"

static const struct sp_statement list_products = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY product_id) AS n, * FROM "
    "(SELECT p.* FROM product p WHERE p.account_id = $1::bigint AND p.product_id > $2::bigint "
    "AND ($4::text = '' OR p.search LIKE holding($4::text)) "
    "AND ($5::text[] = '{}' OR NOT EXISTS (SELECT FROM unnest(ARRAY(SELECT folded(w) FROM "
    "unnest($5::text[]) w)) f WHERE strpos(p.search, f) = 0)) "
    "AND ($6::bigint = 0 OR p.type_id = $6::bigint) AND p.archived = $7::boolean "
    "ORDER BY p.product_id LIMIT $3::bigint + 1) p) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object(" PRODUCT_FIELDS
    ") ORDER BY n) FILTER (WHERE n <= $3::bigint), '[]'), 'next_cursor', "
    "CASE WHEN count(*) > $3::bigint THEN (max(product_id) FILTER (WHERE n = $3::bigint))::text "
    "END)::text FROM page p"};

static const struct sp_statement read_product = {
    "SELECT json_build_object(" PRODUCT_FIELDS
    ", 'variants', (SELECT coalesce(json_agg(" VARIANT_DOCUMENT
    " ORDER BY v.variant_id), '[]') FROM variant v WHERE v.account_id = "
    "p.account_id AND v.product_id = p.product_id))::text FROM product p "
    "WHERE p.account_id = $1::bigint AND p.product_id = $2::bigint"};

const struct sp_rows *store_put_product(struct sp_ctx *ctx, const struct link_origin *origin,
                                        const struct product_input *input)
{
    const struct sp_param params[] = {
        sp_int(origin->account_id), sp_int(input->product_id), sp_int(input->type_id),
        sp_string(input->name),     sp_string(input->image),   sp_string(origin->user),
    };
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &put_product, SP_COUNT(params), params);
}

const struct sp_rows *store_find_product(struct sp_ctx *ctx, int64_t account_id, int64_t product_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_product,
                    SP_PARAMS(sp_int(account_id), sp_int(product_id)));
}

const struct sp_rows *store_list_products(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_query *query)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_param params[] = {
        sp_int(account_id),
        sp_int(query->after),
        sp_int(query->limit),
        sp_string(query->words.longest),
        sp_strings(db, query->words.others, query->words.count),
        sp_int(query->type_id),
        sp_boolean(query->archived),
    };
    return sp_query(db, sp_ctx_error(ctx), &list_products, SP_COUNT(params), params);
}

const struct sp_rows *store_read_product(struct sp_ctx *ctx, int64_t account_id, int64_t product_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_product,
                    SP_PARAMS(sp_int(account_id), sp_int(product_id)));
}
