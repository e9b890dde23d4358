/* Connections in the making, in the database. */
#include "services/connector/connect_store.h"

/* 10 minutes to consent, 24 hours to choose, 60 seconds for a job's call. */
static const struct sp_statement begin_connect = {
    "INSERT INTO connect (account_id, connect_id, state_hash, alias, region, account_type, email, "
    "phone, duration, asked_by, session, ends_at, due) VALUES ($1::bigint, gen_random_uuid(), "
    "$2::bytea, "
    "$3::text, $4::text, $5::text, $6::text, $7::text, coalesce(nullif($8::text, ''), "
    "'unlimited'), "
    "$9::text, $10::text, now() + interval '10 minutes', now() + interval '10 minutes') "
    "RETURNING connect_id::text"};

static const struct sp_statement find_return = {
    "SELECT connect_id::text, account_id = $2::bigint AND session = $3::text "
    "FROM connect WHERE state_hash = $1::bytea"};

static const struct sp_statement take_return = {
    "UPDATE connect SET consented_at = now(), due = now(), "
    "ends_at = greatest(ends_at, now() + interval '10 minutes'), "
    "state = CASE WHEN $2::bytea IS NULL OR ends_at <= now() THEN 'FAILED' ELSE 'EXCHANGING' END, "
    "problem = CASE WHEN ends_at <= now() THEN 'CONSENT_LATE' "
    " WHEN $2::bytea IS NULL THEN 'NO_CONSENT' END, "
    "code_sealed = CASE WHEN ends_at > now() THEN $2::bytea END "
    "WHERE account_id = $3::bigint AND state_hash = $1::bytea AND session = $4::text "
    "AND state = 'WAITING' RETURNING state = 'EXCHANGING'"};

static const struct sp_statement connect_document = {
    "SELECT jsonb_build_object('state', CASE WHEN c.state IN ('EXCHANGING', 'LISTING') "
    " THEN 'WAITING' WHEN c.state = 'WAITING' AND c.ends_at <= now() THEN 'FAILED' "
    " ELSE c.state END, "
    "'problem', CASE WHEN c.state = 'WAITING' AND c.ends_at <= now() "
    " THEN 'CONSENT_LATE' ELSE c.problem END, "
    "'alias', c.alias, 'region', c.region, "
    "'shops', (SELECT coalesce(jsonb_agg(jsonb_build_object("
    " 'channel_shop_id', s.channel_shop_id, 'name', s.name, 'region', s.region, "
    " 'problem', s.problem, "
    " 'alias', (SELECT o.alias FROM shop o WHERE o.account_id = c.account_id "
    "  AND o.channel = 'tiktok' AND o.channel_shop_id = s.channel_shop_id), "
    " 'linked', EXISTS (SELECT FROM shop o WHERE o.channel = 'tiktok' "
    "  AND o.channel_shop_id = s.channel_shop_id AND o.state <> 'DISCONNECTED' "
    "  AND o.account_id = c.account_id), "
    " 'linked_elsewhere', EXISTS (SELECT FROM shop o WHERE o.channel = 'tiktok' "
    "  AND o.channel_shop_id = s.channel_shop_id AND o.state <> 'DISCONNECTED' "
    "  AND o.account_id <> c.account_id)) ORDER BY s.channel_shop_id), '[]') "
    " FROM connect_shop s WHERE c.state = 'CHOOSING' AND s.account_id = c.account_id "
    " AND s.connect_id = c.connect_id))::text "
    "FROM connect c WHERE c.account_id = $1::bigint AND c.connect_id::text = $2::text"};

static const struct sp_statement end_late_connects = {
    "WITH late AS (UPDATE connect SET state = CASE WHEN state = 'CHOOSING' THEN 'DECLINED' "
    " ELSE 'FAILED' END, problem = coalesce(problem, 'CHOICE_LATE'), "
    " code_sealed = NULL WHERE due <= now() AND ends_at <= now() "
    " AND state IN ('WAITING', 'LISTING', 'CHOOSING', 'EXCHANGING') "
    " RETURNING account_id, grant_id) "
    "UPDATE seller_grant g SET state = 'ENDED', access_sealed = NULL, refresh_sealed = NULL, "
    "refresh_at = NULL FROM late WHERE g.account_id = late.account_id "
    "AND g.grant_id = late.grant_id AND g.state = 'PENDING'"};

static const struct sp_statement take_connects = {
    "WITH due AS (SELECT account_id, connect_id FROM connect "
    " WHERE state IN ('EXCHANGING', 'LISTING') AND due <= now() ORDER BY due "
    " LIMIT $1::bigint FOR UPDATE SKIP LOCKED) "
    "UPDATE connect c SET due = now() + interval '60 seconds', tries = c.tries + 1 "
    "FROM due d "
    "WHERE c.account_id = d.account_id AND c.connect_id = d.connect_id "
    "RETURNING c.account_id, c.connect_id::text, c.state, c.code_sealed, "
    "(SELECT access_sealed FROM seller_grant g WHERE g.account_id = c.account_id "
    " AND g.grant_id = c.grant_id), coalesce(c.grant_id, 0), c.tries, "
    "extract(epoch FROM now())::bigint"};

static const struct sp_statement next_grant = {"SELECT nextval('grant_number')"};

/* Declined meanwhile: the tokens are not kept. */
static const struct sp_statement connect_exchanged = {
    "WITH moved AS (UPDATE connect SET state = 'LISTING', grant_id = $3::bigint, "
    " code_sealed = NULL, tries = 0, due = now() WHERE account_id = $1::bigint "
    " AND connect_id::text = $2::text AND state = 'EXCHANGING' RETURNING account_id) "
    "INSERT INTO seller_grant (account_id, grant_id, open_id, seller_name, region, state, "
    "access_sealed, refresh_sealed, access_ends_at, ends_at, refresh_at) "
    "SELECT account_id, $3::bigint, $4::text, $5::text, $6::text, 'PENDING', $7::bytea, "
    "$8::bytea, to_timestamp($9::bigint), to_timestamp($10::bigint), to_timestamp($11::bigint) "
    "FROM moved"};

static const struct sp_statement insert_shops = {
    "INSERT INTO connect_shop (account_id, connect_id, channel_shop_id, cipher, name, region, "
    "problem) SELECT $1::bigint, $2::text::uuid, r.channel_shop_id, r.cipher, r.name, r.region, "
    "nullif(r.problem, '') FROM unnest($3::connect_shop_row[]) r ON CONFLICT DO NOTHING"};

static const struct sp_statement connect_listed = {
    "UPDATE connect SET state = 'CHOOSING', ends_at = now() + interval '24 hours', "
    "due = now() + interval '24 hours' WHERE account_id = $1::bigint "
    "AND connect_id::text = $2::text AND state = 'LISTING'"};

static const struct sp_statement connect_failed = {
    "UPDATE connect SET state = 'FAILED', problem = $3::text, code_sealed = NULL, due = 'infinity' "
    "WHERE account_id = $1::bigint AND connect_id::text = $2::text "
    "AND state IN ('EXCHANGING', 'LISTING')"};

static const struct sp_statement end_grant = {
    "UPDATE seller_grant SET state = 'ENDED', access_sealed = NULL, refresh_sealed = NULL, "
    "refresh_at = NULL WHERE account_id = $1::bigint AND grant_id = $2::bigint "
    "AND state = 'PENDING'"};

static const struct sp_statement connect_later = {
    "UPDATE connect SET due = now() + $3::bigint * interval '1 millisecond' "
    "WHERE account_id = $1::bigint AND connect_id::text = $2::text"};

static const struct sp_statement decline = {
    "WITH declined AS (UPDATE connect SET state = 'DECLINED', code_sealed = NULL, "
    " due = 'infinity' WHERE account_id = $1::bigint AND connect_id::text = $2::text "
    " AND state IN ('WAITING', 'EXCHANGING', 'LISTING', 'CHOOSING') "
    " RETURNING account_id, grant_id), "
    "ended AS (UPDATE seller_grant g SET state = 'ENDED', access_sealed = NULL, "
    " refresh_sealed = NULL, refresh_at = NULL FROM declined d "
    " WHERE g.account_id = d.account_id AND g.grant_id = d.grant_id AND g.state = 'PENDING') "
    "SELECT count(*) FROM declined"};

enum sp_result store_begin_connect(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   const struct connect_request *request, struct sp_text state_hash,
                                   struct sp_text *connect_id)
{
    const struct sp_rows *rows = sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &begin_connect,
        SP_PARAMS(sp_int(ask->account_id), sp_string(state_hash), sp_string(request->alias),
                  sp_string(request->region), sp_string(request->account_type),
                  sp_string(request->email), sp_string(request->phone),
                  sp_string(request->duration), sp_string(ask->user), sp_string(request->session)));
    if (rows == NULL)
        return SP_RETRY;
    *connect_id = sp_row_text(rows, 0, 0);
    return SP_OK;
}

enum sp_result store_find_return(struct sp_ctx *ctx, struct connect_return *back)
{
    const struct sp_rows *rows = sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &find_return,
        SP_PARAMS(sp_string(back->state_hash), sp_int(back->account_id), sp_string(back->session)));
    if (rows == NULL)
        return SP_RETRY;
    if (sp_rows_count(rows) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "nobody is waiting for this return");
    back->connect_id = sp_row_text(rows, 0, 0);
    back->owned = sp_row_bool(rows, 0, 1);
    return SP_OK;
}

enum sp_result store_take_return(struct sp_ctx *ctx, struct connect_return *back,
                                 struct sp_text code_sealed)
{
    struct sp_param code = back->code.size > 0 ? sp_string(code_sealed) : sp_null();
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_return,
                 SP_PARAMS(sp_string(back->state_hash), code, sp_int(back->account_id),
                           sp_string(back->session)));
    if (rows == NULL)
        return SP_RETRY;
    back->taken = sp_rows_count(rows) > 0 && sp_row_bool(rows, 0, 0);
    return SP_OK;
}

enum sp_result store_connect_document(struct sp_ctx *ctx, int64_t account_id,
                                      struct sp_text connect_id, struct sp_buffer *document)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &connect_document,
                                          SP_PARAMS(sp_int(account_id), sp_string(connect_id)));
    if (rows == NULL)
        return SP_RETRY;
    if (sp_rows_count(rows) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such connection");
    sp_buffer_put_text(document, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result store_take_connects(struct sp_ctx *ctx, struct connect_task *tasks, size_t most,
                                   size_t *count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(db, &end_late_connects, SP_NO_PARAMS);
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &take_connects, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++) {
        tasks[row] = (struct connect_task){
            .account_id = sp_row_int(rows, row, 0),
            .connect_id = sp_row_text(rows, row, 1),
            .state = sp_row_text(rows, row, 2),
            .code_sealed = sp_row_text(rows, row, 3),
            .access_sealed = sp_row_text(rows, row, 4),
            .grant_id = sp_row_int(rows, row, 5),
            .tries = (int)sp_row_int(rows, row, 6),
            .now_s = sp_row_int(rows, row, 7),
        };
    }
    return SP_OK;
}

enum sp_result store_next_grant(struct sp_ctx *ctx, int64_t *grant_id)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &next_grant, SP_NO_PARAMS);
    if (rows == NULL)
        return SP_RETRY;
    *grant_id = sp_row_int(rows, 0, 0);
    return SP_OK;
}

void store_exchanged(struct sp_ctx *ctx, const struct connect_task *task,
                     const struct grant_tokens *tokens)
{
    (void)sp_queue(sp_ctx_db(ctx), &connect_exchanged,
                   SP_PARAMS(sp_int(task->account_id), sp_string(task->connect_id),
                             sp_int(task->grant_id), sp_string(tokens->open_id),
                             sp_string(tokens->seller_name), sp_string(tokens->region),
                             sp_string(tokens->access_sealed), sp_string(tokens->refresh_sealed),
                             sp_int(tokens->access_ends_s), sp_int(tokens->ends_s),
                             sp_int(tokens->refresh_s)));
}

void store_listed(struct sp_ctx *ctx, const struct connect_task *task,
                  const struct connect_shop shops[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "connect_shop_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_string(set, shops[i].channel_shop_id);
        sp_set_string(set, shops[i].cipher);
        sp_set_string(set, shops[i].name);
        sp_set_string(set, shops[i].region);
        sp_set_string(set, shops[i].problem);
    }
    (void)sp_queue(db, &insert_shops,
                   SP_PARAMS(sp_int(task->account_id), sp_string(task->connect_id), sp_set(set)));
    (void)sp_queue(db, &connect_listed,
                   SP_PARAMS(sp_int(task->account_id), sp_string(task->connect_id)));
}

void store_connect_failed(struct sp_ctx *ctx, const struct connect_task *task, const char *problem)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(
        db, &connect_failed,
        SP_PARAMS(sp_int(task->account_id), sp_string(task->connect_id), sp_cstring(problem)));
    (void)sp_queue(db, &end_grant, SP_PARAMS(sp_int(task->account_id), sp_int(task->grant_id)));
}

void store_connect_later(struct sp_ctx *ctx, const struct connect_task *task, int64_t wait_ms)
{
    (void)sp_queue(
        sp_ctx_db(ctx), &connect_later,
        SP_PARAMS(sp_int(task->account_id), sp_string(task->connect_id), sp_int(wait_ms)));
}

enum sp_result store_decline(struct sp_ctx *ctx, int64_t account_id, struct sp_text connect_id)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &decline,
                                          SP_PARAMS(sp_int(account_id), sp_string(connect_id)));
    if (rows == NULL)
        return SP_RETRY;
    return sp_row_int(rows, 0, 0) > 0
               ? SP_OK
               : sp_fail(sp_ctx_error(ctx), SP_REJECT, "no connection waits for an answer");
}
