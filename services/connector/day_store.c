/* The days that are listed beside the import, in the database. */
#include "services/connector/day_store.h"

/* The youngest orders may still be on their way to the book: a check ends before them. */
#define SETTLED "date_trunc('second', now() - interval '5 minutes')"

/* History that was chosen at connecting or later, and is there. */
#define LOADED_HISTORY "kind = 'run' AND reason = 'backfill' AND finished AND problem IS NULL"

/* Days of what is imported by itself, those of the last 60; and, once, those of history that was
 * chosen and has been loaded, however old: no shop is older than five years. */
static const struct sp_statement open_days = {
    "WITH loaded AS (UPDATE pull SET days_open = true WHERE " LOADED_HISTORY " AND NOT days_open "
    " RETURNING account_id, shop_id, from_at, until_at), "
    "covered AS (SELECT account_id, shop_id, greatest(orders_from, now() - interval '60 days') "
    " AS from_at, " SETTLED " AS until_at FROM shop WHERE state <> 'DISCONNECTED' "
    " UNION ALL SELECT account_id, shop_id, greatest(from_at, now() - interval '5 years'), "
    " least(until_at, " SETTLED ") FROM loaded) "
    "INSERT INTO day_check (account_id, shop_id, day) SELECT DISTINCT c.account_id, c.shop_id, d "
    "FROM covered c, generate_series(date_trunc('day', c.from_at, 'UTC'), "
    "c.until_at - interval '1 second', interval '1 day') d ON CONFLICT DO NOTHING"};

static const struct sp_statement claim_days = {
    "INSERT INTO day_check AS d (account_id, shop_id, day, upstream_rev, due) "
    "SELECT r.account_id, r.shop_id, r.day, r.upstream_rev, now() + r.after_s * interval '1 "
    "second' "
    "FROM unnest($1::day_row[]) r ORDER BY r.account_id, r.shop_id, r.day "
    "ON CONFLICT (account_id, shop_id, day) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "due = least(d.due, excluded.due) WHERE d.upstream_rev < excluded.upstream_rev "
    "RETURNING d.account_id, d.shop_id || '/' || extract(epoch FROM d.day)::bigint, "
    "d.upstream_rev"};

/* A check is numbered by the clock, so that a day's number grows even when its row was made anew.
 * It is of what the book should hold of the day, of one stretch without a gap: the longest. */
#define COVERED_DAY                                                                                \
    "SELECT lower(p) AS from_at, upper(p) AS until_at FROM unnest((SELECT range_agg(tstzrange("    \
    "c.from_at, c.until_at)) FROM (SELECT s.orders_from AS from_at, 'infinity'::timestamptz AS "   \
    "until_at UNION ALL SELECT from_at, until_at FROM pull WHERE account_id = s.account_id "       \
    "AND shop_id = s.shop_id AND " LOADED_HISTORY ") c) * tstzmultirange(tstzrange(d.day, "        \
    "greatest(d.day, least(d.day + interval '1 day', " SETTLED "))))) p "                          \
    "ORDER BY upper(p) - lower(p) DESC LIMIT 1"
static const struct sp_statement take_days = {
    "WITH due AS (SELECT d.account_id, d.shop_id, d.day, d.until_at IS NULL AS fresh, "
    " c.from_at, c.until_at FROM day_check d JOIN shop s USING (account_id, shop_id) "
    " JOIN seller_grant g USING (account_id, grant_id) "
    " JOIN LATERAL (" COVERED_DAY ") c ON true WHERE d.due <= now() AND s.pull_on "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " AND NOT EXISTS (SELECT FROM pull p WHERE p.account_id = s.account_id "
    " AND p.shop_id = s.shop_id AND p.kind = 'run' AND p.reason = 'backfill' AND NOT p.finished) "
    " ORDER BY d.due LIMIT $1::bigint FOR UPDATE OF d SKIP LOCKED) "
    "UPDATE day_check d SET epoch = d.epoch + 1, due = now() + interval '60 seconds', "
    "check_number = CASE WHEN u.fresh THEN greatest(d.check_number + 1, "
    " extract(epoch FROM now())::bigint) ELSE d.check_number END, "
    "from_at = CASE WHEN u.fresh THEN u.from_at ELSE d.from_at END, "
    "until_at = CASE WHEN u.fresh THEN u.until_at ELSE d.until_at END, "
    "before_at = CASE WHEN u.fresh THEN u.until_at ELSE d.before_at END, "
    "slice = CASE WHEN u.fresh THEN 0 ELSE d.slice END, "
    "listed = CASE WHEN u.fresh THEN 0 ELSE d.listed END, "
    "page_size = CASE WHEN u.fresh THEN 100 ELSE d.page_size END "
    "FROM due u JOIN shop s USING (account_id, shop_id) "
    "JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE d.account_id = u.account_id AND d.shop_id = u.shop_id AND d.day = u.day "
    "RETURNING d.account_id, d.shop_id, s.grant_id, s.cipher, g.access_sealed, "
    "extract(epoch FROM d.day)::bigint, extract(epoch FROM d.until_at)::bigint, "
    "extract(epoch FROM d.from_at)::bigint, extract(epoch FROM d.before_at)::bigint, "
    "d.check_number, d.slice, d.listed, d.total, d.epoch, "
    "extract(epoch FROM now() - d.day)::bigint / 86400, clock_timestamp(), d.page_size, d.tries"};

static const struct sp_statement step_day = {
    "UPDATE day_check SET before_at = to_timestamp($5::bigint), slice = $6::bigint, "
    "listed = $7::bigint, total = $8::bigint, page_size = $9::bigint, tries = $10::bigint, "
    "problem = nullif($11::text, ''), due = CASE WHEN $12::bigint < 0 THEN 'infinity' "
    " ELSE now() + $12::bigint * interval '1 millisecond' END, "
    "until_at = CASE WHEN NOT $13::boolean THEN until_at END, "
    "done_at = CASE WHEN $14::boolean THEN now() ELSE done_at END "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND day = to_timestamp($3::bigint) "
    "AND epoch = $4::bigint RETURNING shop_id"};

void store_open_days(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &open_days, SP_NO_PARAMS);
}

int store_claim_days(struct sp_ctx *ctx, const struct day_wanted wanted[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "day_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, wanted[i].head.account_id);
        sp_set_string(set, wanted[i].head.key);
        sp_set_int(set, wanted[i].head.rev);
        sp_set_int(set, wanted[i].shop_id);
        sp_set_time(set, wanted[i].day * 1000000);
        sp_set_int(set, wanted[i].after_s);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_days, SP_PARAMS(sp_set(set)));
}

static struct day_task read_task(const struct sp_rows *rows, size_t row)
{
    return (struct day_task){
        .access = store_read_access(rows, row),
        .day_s = sp_row_int(rows, row, 5),
        .until_s = sp_row_int(rows, row, 6),
        .from_s = sp_row_int(rows, row, 7),
        .before_s = sp_row_int(rows, row, 8),
        .check_number = sp_row_int(rows, row, 9),
        .slice = sp_row_int(rows, row, 10),
        .listed = sp_row_int(rows, row, 11),
        .total = sp_row_int(rows, row, 12),
        .epoch = sp_row_int(rows, row, 13),
        .age_days = sp_row_int(rows, row, 14),
        .began_us = sp_row_time(rows, row, 15),
        .page_size = (int)sp_row_int(rows, row, 16),
        .tries = (int)sp_row_int(rows, row, 17),
    };
}

enum sp_result store_take_days(struct sp_ctx *ctx, struct day_task *tasks, size_t most,
                               size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_days, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++)
        tasks[row] = read_task(rows, row);
    return SP_OK;
}

enum sp_result store_step_day(struct sp_ctx *ctx, struct day_step *step)
{
    const struct day_task *task = step->task;
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &step_day,
                 SP_PARAMS(sp_int(task->access.shop.account_id), sp_int(task->access.shop.shop_id),
                           sp_int(task->day_s), sp_int(task->epoch), sp_int(task->before_s),
                           sp_int(task->slice), sp_int(task->listed), sp_int(task->total),
                           sp_int(task->page_size), sp_int(task->tries), sp_string(step->problem),
                           sp_int(step->wait_ms), sp_boolean(step->over), sp_boolean(step->done)));
    if (rows == NULL)
        return SP_RETRY;
    step->stored = sp_rows_count(rows) > 0;
    return SP_OK;
}
