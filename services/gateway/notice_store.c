#include "services/gateway/notice_store.h"

static const struct sp_statement claim_notices = {
    "INSERT INTO notice AS t (account_id, key, rev, event, subject, body, trace, emitted_at) "
    "SELECT account_id, key, rev, event, subject, body, trace, emitted_at "
    "FROM unnest($1::notice_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET rev = excluded.rev, number = "
    "nextval('notice_number'), "
    "event = excluded.event, subject = excluded.subject, body = excluded.body, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.rev < excluded.rev RETURNING account_id, key, rev"};

static const struct sp_statement list_notices = {
    "WITH found AS (SELECT number, key, event, subject, body, emitted_at FROM notice "
    "WHERE account_id = $1::bigint AND ($2::bigint = 0 OR number < $2::bigint) "
    "ORDER BY number DESC LIMIT $3::bigint + 1), "
    "page AS (SELECT * FROM found ORDER BY number DESC LIMIT $3::bigint) "
    "SELECT json_build_object('items', (SELECT coalesce(json_agg(json_build_object("
    "'id', key, 'event', event, 'subject', subject, 'text', body, 'raised_at', "
    "to_char(emitted_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')) ORDER BY number DESC), '[]') FROM "
    "page), "
    "'next_cursor', (SELECT CASE WHEN (SELECT count(*) FROM found) > $3::bigint "
    "THEN min(number)::text END FROM page))::text"};

static const struct sp_statement forget_notices = {
    "DELETE FROM notice WHERE (account_id, key) IN (SELECT account_id, key FROM notice "
    "WHERE committed_at <= now() - interval '90 days' LIMIT 10000)"};

int store_claim_notices(struct sp_db *db, const struct notice_raised notices[], size_t count)
{
    struct sp_set *set = sp_set_open(db, "notice_row");
    for (size_t i = 0; i < count; i++) {
        const struct notice_raised *notice = &notices[i];
        sp_set_row(set);
        sp_set_int(set, notice->head.account_id);
        sp_set_string(set, notice->head.key);
        sp_set_int(set, notice->head.rev);
        sp_set_string(set, notice->event);
        sp_set_string(set, notice->subject);
        sp_set_string(set, notice->text);
        sp_set_uuid(set, notice->head.trace);
        sp_set_time(set, notice->head.emitted_us);
    }
    return sp_queue(db, &claim_notices, SP_PARAMS(sp_set(set)));
}

enum sp_result store_list_notices(struct sp_ctx *ctx, int64_t account_id, int64_t before,
                                  int64_t limit, struct sp_buffer *json)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &list_notices,
                 SP_PARAMS(sp_int(account_id), sp_int(before), sp_int(limit)));
    if (rows == NULL)
        return sp_db_failure(db);
    sp_buffer_put_text(json, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result store_forget_notices(struct sp_db *db, struct sp_error *err)
{
    (void)sp_queue(db, &forget_notices, SP_NO_PARAMS);
    return sp_run(db, err);
}
