/* Product types: their attributes and values. */
#include "services/product-mapper/catalogue_store.h"

#define TYPE_DOCUMENT                                                                              \
    "json_build_object('id', t.type_id::text, 'name', t.name, 'needs_design', t.needs_design, "    \
    "'archived', t.archived, 'product_count', (SELECT count(*) FROM product p "                    \
    "WHERE p.account_id = t.account_id AND p.type_id = t.type_id AND NOT p.archived), "            \
    "'attributes', (SELECT coalesce(json_agg(json_build_object('id', a.attribute_id::text, "       \
    "'name', a.name, 'values', (SELECT coalesce(json_agg(json_build_object('id', "                 \
    "v.value_id::text, 'name', v.name) ORDER BY v.place), '[]') FROM attribute_value v "           \
    "WHERE v.account_id = a.account_id AND v.attribute_id = a.attribute_id)) ORDER BY a.place), "  \
    "'[]') FROM attribute a WHERE a.account_id = t.account_id AND a.type_id = t.type_id))"

static const struct sp_statement list_types = {
    "SELECT json_build_object('items', coalesce(json_agg(" TYPE_DOCUMENT
    " ORDER BY t.name, t.type_id), '[]'))::text FROM product_type t "
    "WHERE t.account_id = $1::bigint"};

static const struct sp_statement read_type = {
    "SELECT " TYPE_DOCUMENT "::text FROM product_type t "
    "WHERE t.account_id = $1::bigint AND t.type_id = $2::bigint"};

static const struct sp_statement read_known = {
    "SELECT a.attribute_id, coalesce(v.value_id, 0), v.name, coalesce(u.variants, 0) "
    "FROM attribute a LEFT JOIN attribute_value v USING (account_id, attribute_id) "
    "LEFT JOIN LATERAL (SELECT count(*) AS variants FROM variant x "
    "WHERE x.account_id = v.account_id AND x.value_ids @> ARRAY[v.value_id]) u ON true "
    "WHERE a.account_id = $1::bigint AND a.type_id = $2::bigint ORDER BY a.place, v.place"};

static const struct sp_statement put_type = {
    "INSERT INTO product_type AS t (account_id, type_id, name, needs_design) VALUES ($1::bigint, "
    "coalesce(nullif($2::bigint, 0), nextval('catalogue_id')), $3::text, $4::boolean) "
    "ON CONFLICT (account_id, type_id) DO UPDATE SET rev = t.rev + 1, name = excluded.name, "
    "needs_design = excluded.needs_design RETURNING t.type_id"};

static const struct sp_statement drop_attributes = {
    "DELETE FROM attribute WHERE account_id = $1::bigint AND attribute_id = ANY($2::bigint[])"};
static const struct sp_statement drop_values = {
    "DELETE FROM attribute_value WHERE account_id = $1::bigint AND value_id = ANY($2::bigint[])"};

static const struct sp_statement put_attributes = {
    "INSERT INTO attribute AS t (account_id, attribute_id, type_id, place, name) "
    "SELECT $1::bigint, coalesce(nullif(attribute_id, 0), nextval('catalogue_id')), $2::bigint, "
    "place, name FROM unnest($3::attribute_row[]) ORDER BY place "
    "ON CONFLICT (account_id, attribute_id) DO UPDATE SET place = excluded.place, "
    "name = excluded.name"};

/* A value names its attribute by its place: a new one has no number yet. */
static const struct sp_statement put_values = {
    "INSERT INTO attribute_value AS t (account_id, value_id, attribute_id, place, name) "
    "SELECT $1::bigint, coalesce(nullif(u.value_id, 0), nextval('catalogue_id')), a.attribute_id, "
    "u.place, u.name FROM unnest($3::attribute_value_row[]) u JOIN attribute a "
    "ON a.account_id = $1::bigint AND a.type_id = $2::bigint AND a.place = u.attribute "
    "ORDER BY u.attribute, u.place "
    "ON CONFLICT (account_id, value_id) DO UPDATE SET place = excluded.place, "
    "name = excluded.name"};

static const struct sp_statement keep_type = {
    "INSERT INTO catalogue_history (account_id, kind, id, rev, by_whom, state) "
    "SELECT t.account_id, 'type', t.type_id, t.rev, $3::text, "
    "to_jsonb(" TYPE_DOCUMENT ") - '{id,product_count}'::text[] FROM product_type t "
    "WHERE t.account_id = $1::bigint AND t.type_id = $2::bigint"};

static const struct sp_statement find_type_users = {
    "SELECT DISTINCT s.sku_key FROM product p JOIN variant v USING (account_id, product_id) "
    "JOIN listing_sku s ON s.account_id = v.account_id AND s.parts <> '[]' AND s.parts @> "
    "jsonb_build_array(jsonb_build_object('variant_id', v.variant_id)) "
    "WHERE p.account_id = $1::bigint AND p.type_id = $2::bigint"};

static const struct sp_statement find_values = {
    "SELECT v.value_id, v.attribute_id, a.type_id FROM attribute_value v "
    "JOIN attribute a USING (account_id, attribute_id) "
    "WHERE v.account_id = $1::bigint AND v.value_id = ANY($2::bigint[])"};

const struct sp_rows *store_list_types(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_types, SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_read_type(struct sp_ctx *ctx, int64_t account_id, int64_t type_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_type,
                    SP_PARAMS(sp_int(account_id), sp_int(type_id)));
}

const struct sp_rows *store_read_known(struct sp_ctx *ctx, int64_t account_id, int64_t type_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_known,
                    SP_PARAMS(sp_int(account_id), sp_int(type_id)));
}

const struct sp_rows *store_put_type(struct sp_ctx *ctx, int64_t account_id,
                                     const struct type_input *input)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &put_type,
                    SP_PARAMS(sp_int(account_id), sp_int(input->type_id), sp_string(input->name),
                              sp_boolean(input->needs_design)));
}

void store_drop_values(struct sp_ctx *ctx, int64_t account_id, const struct type_drops *drops)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(
        db, &drop_attributes,
        SP_PARAMS(sp_int(account_id), sp_ints(db, drops->attributes, drops->attribute_count)));
    (void)sp_queue(db, &drop_values,
                   SP_PARAMS(sp_int(account_id), sp_ints(db, drops->values, drops->value_count)));
}

static void set_value(struct sp_set *set, size_t attribute, size_t place,
                      const struct value_input *value)
{
    sp_set_row(set);
    sp_set_int(set, value->value_id);
    sp_set_int4(set, (int32_t)attribute + 1);
    sp_set_int4(set, (int32_t)place + 1);
    sp_set_string(set, value->name);
}

void store_put_values(struct sp_ctx *ctx, const struct link_origin *origin,
                      const struct type_input *input)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *attributes = sp_set_open(db, "attribute_row");
    struct sp_set *values = sp_set_open(db, "attribute_value_row");
    for (size_t i = 0; i < input->count; i++) {
        const struct attribute_input *attribute = &input->attributes[i];
        sp_set_row(attributes);
        sp_set_int(attributes, attribute->attribute_id);
        sp_set_int4(attributes, (int32_t)i + 1);
        sp_set_string(attributes, attribute->name);
        for (size_t k = 0; k < attribute->count; k++)
            set_value(values, i, k, &attribute->values[k]);
    }
    struct sp_param account = sp_int(origin->account_id), type = sp_int(input->type_id);
    (void)sp_queue(db, &put_attributes, SP_PARAMS(account, type, sp_set(attributes)));
    (void)sp_queue(db, &put_values, SP_PARAMS(account, type, sp_set(values)));
    (void)sp_queue(db, &keep_type, SP_PARAMS(account, type, sp_string(origin->user)));
}

const struct sp_rows *store_find_type_users(struct sp_ctx *ctx, int64_t account_id, int64_t type_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_type_users,
                    SP_PARAMS(sp_int(account_id), sp_int(type_id)));
}

const struct sp_rows *store_find_values(struct sp_ctx *ctx, int64_t account_id, const int64_t ids[],
                                        size_t count)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_values,
                    SP_PARAMS(sp_int(account_id), sp_ints(sp_ctx_db(ctx), ids, count)));
}
