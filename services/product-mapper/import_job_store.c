/* Imports of sheets, as the job takes them on. */
#include "services/product-mapper/import_store.h"

static const struct sp_statement take_import = {
    "SELECT i.account_id, i.import_id, i.state, i.attempt, i.made_by, i.language, "
    "to_json(i.heading)::text, i.position, i.file, a.currency FROM (SELECT * FROM sheet_import "
    "WHERE state IN ('READING', 'CHECKING', 'SAVING') AND due <= now() ORDER BY due LIMIT 1 "
    "FOR UPDATE SKIP LOCKED) i LEFT JOIN account a USING (account_id)"};

/* 20 s without a word from the reader: somebody else begins anew. */
static const struct sp_statement begin_reading = {
    "WITH gone AS (DELETE FROM sheet_line WHERE account_id = $1::bigint "
    "AND import_id = $2::bigint) UPDATE sheet_import SET attempt = attempt + 1, "
    "due = now() + interval '20 seconds' WHERE account_id = $1::bigint AND import_id = $2::bigint"};

static const struct sp_statement stage_lines = {
    "WITH held AS (UPDATE sheet_import SET due = now() + interval '20 seconds' "
    "WHERE account_id = $1::bigint AND import_id = $2::bigint AND state = 'READING' "
    "AND attempt = $3::integer RETURNING import_id), "
    "staged AS (INSERT INTO sheet_line (account_id, import_id, position, line, sku, fields, "
    "readable) SELECT $1::bigint, held.import_id, u.position, u.line, u.sku, u.fields, u.readable "
    "FROM held, unnest($4::sheet_line_row[]) u) SELECT import_id FROM held"};

static const struct sp_statement end_reading = {
    "UPDATE sheet_import SET state = CASE WHEN $4::text <> '' THEN 'REFUSED' "
    "WHEN check_only THEN 'CHECKING' ELSE 'SAVING' END, problem = $4::text, file = NULL, "
    "heading = $5::text[], ignored = $6::text[], lines = $7::bigint, due = now() "
    "WHERE account_id = $1::bigint AND import_id = $2::bigint AND state = 'READING' "
    "AND attempt = $3::integer"};

static const struct sp_statement next_lines = {
    "SELECT l.position, l.line, to_json(l.fields)::text, l.readable, EXISTS (SELECT "
    "FROM sheet_line e WHERE e.account_id = l.account_id AND e.import_id = l.import_id "
    "AND e.sku = l.sku AND e.line < l.line AND e.readable) FROM sheet_line l "
    "WHERE l.account_id = $1::bigint AND l.import_id = $2::bigint AND l.position > $3::bigint "
    "AND (l.position < $5::bigint OR NOT EXISTS (SELECT FROM sheet_line p WHERE p.account_id = "
    "$1::bigint AND p.import_id = $2::bigint AND p.position > $3::bigint "
    "AND p.position < $5::bigint)) "
    "ORDER BY l.position LIMIT $4::bigint"};

static const struct sp_statement find_checked = {
    "SELECT DISTINCT sku FROM sheet_line WHERE account_id = $1::bigint AND import_id = $2::bigint "
    "AND sku = ANY($3::text[]) AND outcome = 'CREATED'"};

static const struct sp_statement find_references = {
    "SELECT u.at, coalesce(t.type_id, 0), coalesce(p.product_id, 0), "
    "coalesce(t.archived OR p.archived, false), n.ids, CASE WHEN t.type_id IS NULL THEN u.type "
    "ELSE n.unknown END FROM unnest($2::sheet_reference_row[]) u "
    "LEFT JOIN product_type t ON t.account_id = $1::bigint AND t.name = u.type "
    "LEFT JOIN product p ON p.account_id = t.account_id AND p.type_id = t.type_id "
    "AND p.name = u.product CROSS JOIN LATERAL (SELECT "
    "array_agg(w.value_id ORDER BY w.value_id) FILTER (WHERE w.value_id IS NOT NULL) AS ids, "
    "string_agg(x.a || '=' || x.v, '; ') FILTER (WHERE w.value_id IS NULL) AS unknown "
    "FROM unnest(u.attributes, u.attribute_values) x (a, v) "
    "LEFT JOIN attribute b ON b.account_id = t.account_id AND b.type_id = t.type_id "
    "AND b.name = x.a LEFT JOIN attribute_value w ON w.account_id = b.account_id "
    "AND w.attribute_id = b.attribute_id AND w.name = x.v) n"};

static const struct sp_statement make_products = {
    "WITH saved AS (INSERT INTO product (account_id, product_id, type_id, name) "
    "SELECT $1::bigint, nextval('catalogue_id'), type_id, name FROM (SELECT DISTINCT type_id, "
    "name FROM unnest($2::product_row[])) u ORDER BY type_id, name "
    "ON CONFLICT DO NOTHING RETURNING *), "
    "kept AS (INSERT INTO catalogue_history (account_id, kind, id, rev, by_whom, state) "
    "SELECT account_id, 'product', product_id, rev, $3::text, "
    "to_jsonb(saved) - '{account_id,product_id,rev,search}'::text[] FROM saved) "
    "SELECT type_id, name, product_id FROM saved"};

static const struct sp_statement find_rivals = {
    "SELECT u.sku FROM (SELECT *, row_number() OVER (PARTITION BY product_id, value_ids "
    "ORDER BY sku) AS n FROM unnest($2::variant_row[]) WHERE product_id > 0 "
    "AND value_ids <> '{}') u LEFT JOIN variant v ON v.account_id = $1::bigint "
    "AND v.product_id = u.product_id AND v.value_ids = u.value_ids AND v.value_ids <> '{}' "
    "AND v.sku <> u.sku WHERE u.n > 1 OR v.variant_id IS NOT NULL"};

static const struct sp_statement put_outcomes = {
    "WITH counted AS (SELECT max(position) AS last, count(*) FILTER (WHERE outcome = 'CREATED') "
    "AS created, count(*) FILTER (WHERE outcome = 'UPDATED') AS updated, count(*) FILTER (WHERE "
    "outcome = 'UNCHANGED') AS unchanged, count(*) FILTER (WHERE outcome = 'WRONG') AS wrong "
    "FROM unnest($4::sheet_outcome_row[])), "
    "held AS (UPDATE sheet_import i SET position = c.last, due = now(), "
    "created = i.created + c.created, updated = i.updated + c.updated, "
    "unchanged = i.unchanged + c.unchanged, wrong = i.wrong + c.wrong FROM counted c "
    "WHERE i.account_id = $1::bigint AND i.import_id = $2::bigint AND i.position = $3::bigint "
    "AND i.state = CASE WHEN $5::boolean THEN 'CHECKING' ELSE 'SAVING' END "
    "RETURNING i.import_id), "
    "written AS (UPDATE sheet_line l SET outcome = u.outcome, code = u.code, problem = u.problem "
    "FROM held, unnest($4::sheet_outcome_row[]) u WHERE l.account_id = $1::bigint "
    "AND l.import_id = held.import_id AND l.position = u.position) SELECT import_id FROM held"};

static const struct sp_statement end_import = {
    "UPDATE sheet_import SET state = CASE WHEN state = 'CHECKING' THEN 'CHECKED' ELSE 'DONE' END "
    "WHERE account_id = $1::bigint AND import_id = $2::bigint "
    "AND state IN ('CHECKING', 'SAVING')"};

static const struct sp_statement refuse_import = {
    "UPDATE sheet_import SET state = 'REFUSED', problem = $4::text "
    "WHERE account_id = $1::bigint AND import_id = $2::bigint AND position = $3::bigint "
    "AND state = CASE WHEN $5::boolean THEN 'CHECKING' ELSE 'SAVING' END"};

static const struct sp_statement forget_imports = {
    "DELETE FROM sheet_import WHERE made_at < now() - interval '30 days'"};

const struct sp_rows *store_take_import(struct sp_ctx *ctx)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_import, SP_NO_PARAMS);
}

void store_begin_reading(struct sp_ctx *ctx, struct import_key key)
{
    (void)sp_queue(sp_ctx_db(ctx), &begin_reading,
                   SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id)));
}

const struct sp_rows *store_stage_lines(struct sp_ctx *ctx, struct import_key key, int64_t attempt,
                                        const struct staged_line lines[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "sheet_line_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, lines[i].position);
        sp_set_int(set, lines[i].line);
        sp_set_string(set, lines[i].sku);
        sp_set_strings(set, lines[i].fields, lines[i].count);
        sp_set_bool(set, lines[i].readable);
    }
    return sp_query(db, sp_ctx_error(ctx), &stage_lines,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id),
                              sp_int4((int32_t)attempt), sp_set(set)));
}

void store_end_reading(struct sp_ctx *ctx, struct import_key key, int64_t attempt,
                       const struct import_reading *reading)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_param params[] = {
        sp_int(key.account_id),
        sp_int(key.import_id),
        sp_int4((int32_t)attempt),
        sp_cstring(reading->problem == NULL ? "" : reading->problem),
        sp_strings(db, reading->heading, reading->heading_count),
        sp_strings(db, reading->ignored, reading->ignored_count),
        sp_int(reading->lines),
    };
    (void)sp_queue(db, &end_reading, SP_COUNT(params), params);
}

const struct sp_rows *store_next_lines(struct sp_ctx *ctx, struct import_key key, int64_t after,
                                       int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &next_lines,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id), sp_int(after),
                              sp_int(most), sp_int(FIRST_BUNDLE)));
}

const struct sp_rows *store_find_checked(struct sp_ctx *ctx, struct import_key key,
                                         struct key_list skus)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &find_checked,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id),
                              sp_strings(db, skus.keys, skus.count)));
}

const struct sp_rows *store_find_references(struct sp_ctx *ctx, int64_t account_id,
                                            const struct sheet_line lines[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "sheet_reference_row");
    for (size_t i = 0; i < count; i++) {
        if (lines[i].type.size == 0)
            continue;
        sp_set_row(set);
        sp_set_int(set, (int64_t)i);
        sp_set_string(set, lines[i].type);
        sp_set_string(set, lines[i].product);
        sp_set_strings(set, lines[i].attributes, lines[i].value_count);
        sp_set_strings(set, lines[i].values, lines[i].value_count);
    }
    return sp_query(db, sp_ctx_error(ctx), &find_references,
                    SP_PARAMS(sp_int(account_id), sp_set(set)));
}

const struct sp_rows *store_make_products(struct sp_ctx *ctx, const struct link_origin *origin,
                                          const struct new_product products[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "product_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, products[i].type_id);
        sp_set_string(set, products[i].name);
    }
    return sp_query(db, sp_ctx_error(ctx), &make_products,
                    SP_PARAMS(sp_int(origin->account_id), sp_set(set), sp_string(origin->user)));
}

const struct sp_rows *store_find_rivals(struct sp_ctx *ctx, int64_t account_id,
                                        const struct variant_input inputs[], size_t count)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_rivals,
                    SP_PARAMS(sp_int(account_id), sp_set(store_variant_set(ctx, inputs, count))));
}

const struct sp_rows *store_put_outcomes(struct sp_ctx *ctx, const struct import_place *place,
                                         const struct line_outcome outcomes[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "sheet_outcome_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, outcomes[i].position);
        sp_set_string(set, sp_text_of(outcomes[i].outcome));
        sp_set_string(set, sp_text_of(outcomes[i].code));
        sp_set_string(set, sp_text_of(outcomes[i].problem));
    }
    const struct sp_param params[] = {
        sp_int(place->key.account_id), sp_int(place->key.import_id),
        sp_int(place->position),       sp_set(set),
        sp_boolean(place->checking),
    };
    return sp_query(db, sp_ctx_error(ctx), &put_outcomes, SP_COUNT(params), params);
}

void store_end_import(struct sp_ctx *ctx, struct import_key key)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_import,
                   SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id)));
}

void store_refuse_import(struct sp_ctx *ctx, const struct import_place *place,
                         struct sp_text problem)
{
    (void)sp_queue(sp_ctx_db(ctx), &refuse_import,
                   SP_PARAMS(sp_int(place->key.account_id), sp_int(place->key.import_id),
                             sp_int(place->position), sp_string(problem),
                             sp_boolean(place->checking)));
}

void store_forget_imports(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &forget_imports, SP_NO_PARAMS);
}
