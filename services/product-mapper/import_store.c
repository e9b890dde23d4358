/* Imports of sheets, as people ask for them. */
#include "services/product-mapper/import_store.h"

static const struct sp_statement put_import = {
    "INSERT INTO sheet_import (account_id, import_id, check_only, name, language, made_by, file) "
    "VALUES ($1::bigint, nextval('sheet_id'), $2::boolean, $3::text, $4::text, $5::text, "
    "$6::bytea) RETURNING import_id"};

static const struct sp_statement run_import = {
    "UPDATE sheet_import SET state = 'SAVING', check_only = false, due = now(), position = 0, "
    "created = 0, updated = 0, unchanged = 0, wrong = 0 "
    "WHERE account_id = $1::bigint AND import_id = $2::bigint AND state = 'CHECKED' "
    "RETURNING import_id"};

#define IMPORT_DOCUMENT                                                                            \
    "json_build_object('id', i.import_id::text, 'state', i.state, 'check_only', i.check_only, "    \
    "'name', i.name, 'made_at', to_char(i.made_at AT TIME ZONE 'UTC', "                            \
    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'made_by', i.made_by, 'problem', nullif(i.problem, ''), "  \
    "'ignored', i.ignored, 'lines', i.lines, 'done', i.created + i.updated + i.unchanged + "       \
    "i.wrong, 'created', i.created, 'updated', i.updated, 'unchanged', i.unchanged, 'wrong', "     \
    "i.wrong)"

static const struct sp_statement read_import = {
    "SELECT " IMPORT_DOCUMENT "::text FROM sheet_import i "
    "WHERE i.account_id = $1::bigint AND i.import_id = $2::bigint"};

static const struct sp_statement list_imports = {
    "SELECT json_build_object('items', coalesce(json_agg(" IMPORT_DOCUMENT
    " ORDER BY i.import_id DESC), '[]'))::text FROM (SELECT * FROM sheet_import "
    "WHERE account_id = $1::bigint ORDER BY import_id DESC LIMIT 20) i"};

static const struct sp_statement list_lines = {
    "WITH page AS (SELECT * FROM sheet_line WHERE account_id = $1::bigint "
    "AND import_id = $2::bigint AND position > $3::bigint AND outcome <> '' "
    "AND ($4::text = '' OR outcome = $4::text) ORDER BY position LIMIT $5::bigint) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object('line', line, 'sku', "
    "sku, 'outcome', outcome, 'code', nullif(code, ''), 'problem', nullif(problem, '')) "
    "ORDER BY position), '[]'), 'next_cursor', CASE WHEN count(*) = $5::bigint "
    "THEN max(position)::text END)::text FROM page"};

static const struct sp_statement read_wrong = {
    "SELECT l.position, l.line, l.code, l.problem, to_json(l.fields)::text, "
    "to_json(i.heading)::text FROM sheet_line l JOIN sheet_import i USING (account_id, import_id) "
    "WHERE l.account_id = $1::bigint AND l.import_id = $2::bigint AND l.position > $3::bigint "
    "AND l.outcome = 'WRONG' ORDER BY l.position LIMIT $4::bigint"};

const struct sp_rows *store_put_import(struct sp_ctx *ctx, const struct sp_ask *ask,
                                       const struct import_upload *upload)
{
    const struct sp_param params[] = {
        sp_int(ask->account_id),  sp_boolean(upload->check_only), sp_string(upload->name),
        sp_string(ask->language), sp_string(ask->user),           sp_string(upload->file),
    };
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &put_import, SP_COUNT(params), params);
}

static const struct sp_rows *by_key(struct sp_ctx *ctx, const struct sp_statement *statement,
                                    struct import_key key)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id)));
}

const struct sp_rows *store_run_import(struct sp_ctx *ctx, struct import_key key)
{
    return by_key(ctx, &run_import, key);
}

const struct sp_rows *store_read_import(struct sp_ctx *ctx, struct import_key key)
{
    return by_key(ctx, &read_import, key);
}

const struct sp_rows *store_list_imports(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_imports,
                    SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_list_lines(struct sp_ctx *ctx, struct import_key key,
                                       const struct line_query *query)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_lines,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id), sp_int(query->after),
                              sp_string(query->outcome), sp_int(query->limit)));
}

const struct sp_rows *store_read_wrong(struct sp_ctx *ctx, struct import_key key, int64_t after,
                                       int64_t most)
{
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &read_wrong,
        SP_PARAMS(sp_int(key.account_id), sp_int(key.import_id), sp_int(after), sp_int(most)));
}
