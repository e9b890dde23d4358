/* Workbooks: what is wanted, and the pieces of the file. */
#include "services/product-mapper/export_store.h"

static const struct sp_statement put_export = {
    "INSERT INTO sheet_export (account_id, export_id, filter, language, made_by) "
    "VALUES ($1::bigint, nextval('sheet_id'), $2::text::jsonb, $3::text, $4::text) "
    "RETURNING export_id"};

static const struct sp_statement read_export = {
    "SELECT json_build_object('id', export_id::text, 'state', state, 'lines', "
    "lines, 'problem', nullif(problem, ''))::text FROM sheet_export "
    "WHERE account_id = $1::bigint AND export_id = $2::bigint"};

static const struct sp_statement read_piece = {
    "SELECT p.body, EXISTS (SELECT FROM sheet_piece n WHERE n.account_id = p.account_id "
    "AND n.export_id = p.export_id AND n.piece = p.piece + 1) FROM sheet_piece p "
    "JOIN sheet_export e USING (account_id, export_id) WHERE p.account_id = $1::bigint "
    "AND p.export_id = $2::bigint AND p.piece = $3::bigint AND e.state = 'DONE'"};

/* 20 s without a word from the writer: somebody else begins anew. */
static const struct sp_statement take_export = {
    "WITH due AS (SELECT account_id, export_id FROM sheet_export WHERE state = 'WRITING' "
    "AND due <= now() ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED), "
    "gone AS (DELETE FROM sheet_piece p USING due WHERE p.account_id = due.account_id "
    "AND p.export_id = due.export_id) UPDATE sheet_export e SET attempt = e.attempt + 1, "
    "due = now() + interval '20 seconds' FROM due WHERE e.account_id = due.account_id "
    "AND e.export_id = due.export_id RETURNING e.account_id, e.export_id, e.attempt, e.language, "
    " e.filter::text"};

static const struct sp_statement hold_export = {
    "UPDATE sheet_export SET due = now() + interval '20 seconds' WHERE account_id = $1::bigint "
    "AND export_id = $2::bigint AND attempt = $3::integer AND state = 'WRITING' "
    "RETURNING export_id"};

static const struct sp_statement put_piece = {
    "INSERT INTO sheet_piece (account_id, export_id, piece, body) "
    "VALUES ($1::bigint, $2::bigint, $3::bigint, $4::bytea)"};

static const struct sp_statement end_export = {
    "UPDATE sheet_export SET state = CASE WHEN $4::text = '' THEN 'DONE' ELSE 'REFUSED' END, "
    "lines = $3::bigint, problem = $4::text WHERE account_id = $1::bigint "
    "AND export_id = $2::bigint"};

static const struct sp_statement forget_exports = {
    "DELETE FROM sheet_export WHERE made_at < now() - interval '1 day'"};

const struct sp_rows *store_put_export(struct sp_ctx *ctx, const struct sp_ask *ask,
                                       struct sp_text filter)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &put_export,
                    SP_PARAMS(sp_int(ask->account_id), sp_string(filter), sp_string(ask->language),
                              sp_string(ask->user)));
}

const struct sp_rows *store_read_export(struct sp_ctx *ctx, struct export_key key)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_export,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.export_id)));
}

const struct sp_rows *store_read_piece(struct sp_ctx *ctx, struct export_key key, int64_t piece)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_piece,
                    SP_PARAMS(sp_int(key.account_id), sp_int(key.export_id), sp_int(piece)));
}

const struct sp_rows *store_take_export(struct sp_ctx *ctx)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_export, SP_NO_PARAMS);
}

const struct sp_rows *store_hold_export(struct sp_ctx *ctx, struct export_key key, int64_t attempt)
{
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &hold_export,
        SP_PARAMS(sp_int(key.account_id), sp_int(key.export_id), sp_int4((int32_t)attempt)));
}

void store_put_piece(struct sp_ctx *ctx, struct export_key key, int64_t piece, struct sp_text body)
{
    (void)sp_queue(
        sp_ctx_db(ctx), &put_piece,
        SP_PARAMS(sp_int(key.account_id), sp_int(key.export_id), sp_int(piece), sp_string(body)));
}

void store_end_export(struct sp_ctx *ctx, struct export_key key, int64_t lines, const char *problem)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_export,
                   SP_PARAMS(sp_int(key.account_id), sp_int(key.export_id), sp_int(lines),
                             sp_cstring(problem)));
}

void store_forget_exports(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &forget_exports, SP_NO_PARAMS);
}
