/* Print files in the database. */
#include "services/product-mapper/design_store.h"

#define DESIGN_DOCUMENT                                                                            \
    "json_build_object('id', d.design_id, 'name', d.name, 'kind', d.kind, 'bytes', d.bytes, "      \
    "'width', nullif(d.width, 0), 'height', nullif(d.height, 0), 'added_at', "                     \
    "rfc3339(d.added_at), 'user', d.added_by)"

static const struct sp_statement add_design = {
    "WITH added AS (INSERT INTO design (account_id, design_id, name, kind, bytes, width, height, "
    "added_by) VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::bigint, $6::integer, "
    "$7::integer, $8::text) ON CONFLICT (account_id, design_id) DO UPDATE SET added_at = now(), "
    "had_at = now() RETURNING *) SELECT " DESIGN_DOCUMENT "::text FROM added d"};

static const struct sp_statement list_designs = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY d.added_at DESC, d.design_id "
    "DESC) "
    "AS n, d.* FROM design d WHERE d.account_id = $1::bigint AND ($2::text = '' OR "
    "strpos(folded(d.name), folded($2::text)) > 0) AND ($3::text = '' OR (d.added_at, "
    "d.design_id) < (SELECT added_at, design_id FROM design WHERE account_id = $1::bigint "
    "AND design_id = $3::text)) ORDER BY d.added_at DESC, d.design_id DESC LIMIT $4::bigint + 1) "
    "SELECT json_build_object('items', coalesce(json_agg(" DESIGN_DOCUMENT " ORDER BY n) FILTER "
    "(WHERE n <= $4::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $4::bigint THEN "
    "max(d.design_id) FILTER (WHERE n = $4::bigint) END)::text FROM page d"};

/* Whoever forgets designs meanwhile waits, and then sees that these are wanted. */
static const struct sp_statement hold_designs = {
    "WITH held AS (UPDATE design SET had_at = now() WHERE account_id = $1::bigint "
    "AND design_id = ANY($2::text[]) RETURNING design_id, name) "
    "SELECT design_id, name FROM held ORDER BY design_id"};

static const struct sp_statement strange_designs = {
    "SELECT json_build_object('unknown', coalesce(json_agg(k), '[]'))::text FROM "
    "unnest($2::text[]) k WHERE NOT EXISTS (SELECT FROM design WHERE account_id = $1::bigint "
    "AND design_id = k)"};

static const struct sp_statement note_had = {
    "UPDATE design d SET had_at = now() WHERE d.had_at < now() - interval '1 day' AND (EXISTS "
    "(SELECT FROM listing_sku s WHERE s.account_id = d.account_id AND s.design_id = d.design_id "
    "AND s.design_id <> '') OR EXISTS (SELECT FROM line_design l WHERE l.account_id = "
    "d.account_id AND l.design_id = d.design_id))"};

static const struct sp_statement forget_designs = {
    "DELETE FROM design WHERE had_at < now() - interval '30 days'"};

static const struct sp_statement note_design = {
    "INSERT INTO design_history (account_id, subject, old_design, new_design, by_whom) "
    "SELECT account_id, sku_key, design_id, $2::text, $4::text FROM listing_sku "
    "WHERE account_id = $1::bigint AND sku_key = ANY($3::text[]) AND design_id <> $2::text"};

static const struct sp_statement attach_design = {
    "UPDATE listing_sku SET design_id = $2::text WHERE account_id = $1::bigint "
    "AND sku_key = ANY($3::text[]) AND design_id <> $2::text"};

static const struct sp_statement find_named = {
    "SELECT s.sku_key, n.sku FROM listing_sku s CROSS JOIN LATERAL (SELECT s.seller_sku AS sku "
    "UNION SELECT v.sku FROM jsonb_array_elements(s.parts) p JOIN variant v "
    "ON v.account_id = s.account_id AND v.variant_id = (p->>'variant_id')::bigint) n "
    "WHERE s.account_id = $1::bigint AND n.sku <> '' AND strpos(upper($2::text), upper(n.sku)) > 0 "
    "ORDER BY s.sku_key LIMIT 2000"};

static const struct sp_statement personalise = {
    "WITH marked AS (UPDATE listing SET personalised = $3::boolean WHERE account_id = $1::bigint "
    "AND listing_id = $2::text RETURNING account_id, listing_id) "
    "SELECT s.sku_key FROM marked JOIN listing_sku s USING (account_id, listing_id) "
    "ORDER BY s.sku_key"};

static const struct sp_statement note_line_design = {
    "INSERT INTO design_history (account_id, subject, old_design, new_design, by_whom) "
    "SELECT $1::bigint, $2::text || '/' || $3::bigint, coalesce((SELECT design_id FROM line_design "
    "WHERE account_id = $1::bigint AND order_id = $2::text AND line = $3::bigint), ''), $4::text, "
    "$5::text"};

static const struct sp_statement drop_line_design = {
    "DELETE FROM line_design WHERE account_id = $1::bigint AND order_id = $2::text "
    "AND line = $3::bigint AND $4::text = '' AND $5::text <> ''"};

static const struct sp_statement put_line_design = {
    "INSERT INTO line_design (account_id, order_id, line, design_id, by_whom) "
    "SELECT $1::bigint, $2::text, $3::bigint, $4::text, $5::text WHERE $4::text <> '' "
    "ON CONFLICT (account_id, order_id, line) DO UPDATE SET design_id = excluded.design_id, "
    "at = now(), by_whom = excluded.by_whom"};

static const struct sp_statement list_line_designs = {
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('line', l.line, "
    "'at', rfc3339(l.at), 'user', l.by_whom, 'design', " DESIGN_DOCUMENT ") ORDER BY l.line), '[]'"
    "))::text FROM line_design l JOIN design d USING (account_id, design_id) "
    "WHERE l.account_id = $1::bigint AND l.order_id = $2::text"};

const struct sp_rows *store_add_design(struct sp_ctx *ctx, int64_t account_id,
                                       const struct design *design, struct sp_text user)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &add_design,
                    SP_PARAMS(sp_int(account_id), sp_string(design->design_id),
                              sp_string(design->name), sp_string(design->kind),
                              sp_int(design->bytes), sp_int4((int32_t)design->width),
                              sp_int4((int32_t)design->height), sp_string(user)));
}

const struct sp_rows *store_list_designs(struct sp_ctx *ctx, int64_t account_id,
                                         const struct list_query *query)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_designs,
                    SP_PARAMS(sp_int(account_id), sp_string(query->q), sp_string(query->after),
                              sp_int(query->limit)));
}

static const struct sp_rows *query_ids(struct sp_ctx *ctx, const struct sp_statement *statement,
                                       int64_t account_id, struct key_list ids)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(account_id), sp_strings(db, ids.keys, ids.count)));
}

const struct sp_rows *store_hold_designs(struct sp_ctx *ctx, int64_t account_id,
                                         struct key_list design_ids)
{
    return query_ids(ctx, &hold_designs, account_id, design_ids);
}

const struct sp_rows *store_strange_designs(struct sp_ctx *ctx, int64_t account_id,
                                            struct key_list design_ids)
{
    return query_ids(ctx, &strange_designs, account_id, design_ids);
}

void store_forget_designs(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &note_had, SP_NO_PARAMS);
    (void)sp_queue(sp_ctx_db(ctx), &forget_designs, SP_NO_PARAMS);
}

void store_attach_design(struct sp_ctx *ctx, const struct link_origin *origin,
                         struct sp_text design_id, struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param keys = sp_strings(db, skus.keys, skus.count);
    (void)sp_queue(
        db, &note_design,
        SP_PARAMS(sp_int(origin->account_id), sp_string(design_id), keys, sp_string(origin->user)));
    (void)sp_queue(db, &attach_design,
                   SP_PARAMS(sp_int(origin->account_id), sp_string(design_id), keys));
}

const struct sp_rows *store_find_named(struct sp_ctx *ctx, int64_t account_id, struct sp_text name)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_named,
                    SP_PARAMS(sp_int(account_id), sp_string(name)));
}

const struct sp_rows *store_personalise(struct sp_ctx *ctx, int64_t account_id,
                                        struct sp_text listing_id, bool on)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &personalise,
                    SP_PARAMS(sp_int(account_id), sp_string(listing_id), sp_boolean(on)));
}

/* History first: it reads what is about to be replaced. */
void store_attach_line_design(struct sp_ctx *ctx, const struct line_design *design)
{
    static const struct sp_statement *const statements[] = {&note_line_design, &drop_line_design,
                                                            &put_line_design};
    const struct sp_param params[] = {sp_int(design->account_id), sp_string(design->order_id),
                                      sp_int(design->line), sp_string(design->design_id),
                                      sp_string(design->user)};
    for (size_t i = 0; i < SP_COUNT(statements); i++)
        (void)sp_queue(sp_ctx_db(ctx), statements[i], SP_COUNT(params), params);
}

const struct sp_rows *store_list_line_designs(struct sp_ctx *ctx, int64_t account_id,
                                              struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_line_designs,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}
