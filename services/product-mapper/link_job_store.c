/* Links in bulk, in the database. */
#include "services/product-mapper/link_jobs.h"

static const struct sp_statement make_job = {
    "WITH job AS (INSERT INTO link_job (account_id, job_id, by_whom, total) VALUES ($1::bigint, "
    "nextval('link_job_id'), $2::text, cardinality($3::text[])) RETURNING job_id), "
    "items AS (INSERT INTO link_job_item (account_id, job_id, n, wish) SELECT $1::bigint, "
    "(SELECT job_id FROM job), w.n, w.wish FROM unnest($3::text[]) WITH ORDINALITY w(wish, n)) "
    "SELECT json_build_object('id', job_id::text, 'total', cardinality($3::text[]))::text FROM "
    "job"};

static const struct sp_statement take_job = {
    "SELECT account_id, job_id, by_whom FROM link_job WHERE ended_at IS NULL "
    "ORDER BY made_at LIMIT 1 FOR UPDATE SKIP LOCKED"};

static const struct sp_statement take_items = {
    "SELECT n, wish FROM link_job_item WHERE account_id = $1::bigint AND job_id = $2::bigint "
    "AND result IS NULL ORDER BY n LIMIT $3::bigint"};

/* An item ends once: another replica may have been there. */
static const struct sp_statement end_items = {
    "WITH ended AS (UPDATE link_job_item i SET result = CASE WHEN r.reason = '' THEN 'LINKED' "
    "ELSE 'FAILED' END, reason = r.reason FROM unnest($3::link_result_row[]) r "
    "WHERE i.account_id = $1::bigint AND i.job_id = $2::bigint AND i.n = r.n "
    "AND i.result IS NULL RETURNING i.result), "
    "counted AS (SELECT count(*) AS ended, count(*) FILTER (WHERE result = 'FAILED') AS failed "
    "FROM ended) UPDATE link_job j SET done = j.done + c.ended, failed = j.failed + c.failed, "
    "ended_at = CASE WHEN j.done + c.ended = j.total THEN clock_timestamp() END FROM counted c "
    "WHERE j.account_id = $1::bigint AND j.job_id = $2::bigint"};

/* Those that failed come first: they are what somebody must look at. */
static const struct sp_statement read_job = {
    "SELECT json_build_object('id', j.job_id::text, 'state', CASE WHEN j.ended_at IS NULL THEN "
    "'RUNNING' ELSE 'DONE' END, 'total', j.total, 'done', j.done, 'failed', j.failed, "
    "'user', j.by_whom, 'made_at', rfc3339(j.made_at), 'ended_at', rfc3339(j.ended_at), "
    "'items', (SELECT coalesce(json_agg(json_build_object('shop_id', i.wish::json->>'shop_id', "
    "'sku_id', i.wish::json->>'sku_id', 'result', i.result, 'reason', nullif(i.reason, '')) "
    "ORDER BY i.result, i.n), '[]') FROM (SELECT * FROM link_job_item i WHERE i.account_id = "
    "j.account_id AND i.job_id = j.job_id ORDER BY i.result, i.n LIMIT $3::bigint) i))::text "
    "FROM link_job j WHERE j.account_id = $1::bigint AND j.job_id = $2::bigint"};

static const struct sp_statement forget_jobs = {
    "DELETE FROM link_job WHERE ended_at < now() - interval '30 days'"};

const struct sp_rows *store_make_job(struct sp_ctx *ctx, int64_t account_id, struct sp_text user,
                                     struct key_list wishes)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(db, &forget_jobs, SP_NO_PARAMS);
    return sp_query(
        db, sp_ctx_error(ctx), &make_job,
        SP_PARAMS(sp_int(account_id), sp_string(user), sp_strings(db, wishes.keys, wishes.count)));
}

const struct sp_rows *store_take_job(struct sp_ctx *ctx)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_job, SP_NO_PARAMS);
}

const struct sp_rows *store_take_items(struct sp_ctx *ctx, const struct link_job *job, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_items,
                    SP_PARAMS(sp_int(job->account_id), sp_int(job->job_id), sp_int(most)));
}

void store_end_items(struct sp_ctx *ctx, const struct link_job *job,
                     const struct link_job_end ends[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "link_result_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int4(set, (int32_t)ends[i].n);
        sp_set_string(set, sp_text_of(ends[i].reason));
    }
    (void)sp_queue(db, &end_items,
                   SP_PARAMS(sp_int(job->account_id), sp_int(job->job_id), sp_set(set)));
}

const struct sp_rows *store_read_job(struct sp_ctx *ctx, int64_t account_id, int64_t job_id,
                                     int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_job,
                    SP_PARAMS(sp_int(account_id), sp_int(job_id), sp_int(most)));
}
