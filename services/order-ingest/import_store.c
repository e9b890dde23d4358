/* Import runs: their figures, and which orders each saw. */
#include "services/order-ingest/store.h"

static const struct sp_statement claim_pages = {
    "INSERT INTO import_page AS t (account_id, page_key, upstream_rev, run_id) "
    "SELECT account_id, page_key, upstream_rev, run_id FROM unnest($1::import_page_row[]) "
    "ORDER BY account_id, page_key ON CONFLICT (account_id, page_key) DO UPDATE "
    "SET upstream_rev = excluded.upstream_rev, run_id = excluded.run_id "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.page_key, t.upstream_rev"};

/* Maxima and "once finished": pages may come in any order.  A run we did not ask for begins with
 * the emission of its first page, which is not later than that of the orders it saw. */
static const struct sp_statement put_runs = {
    "INSERT INTO import_run AS t (account_id, run_id, shop_id, reason, started_at, finished_at, "
    "orders_total, orders_seen, failure, failure_rev) "
    "SELECT account_id, run_id, max(shop_id), CASE WHEN run_id < 0 THEN 'backfill' ELSE "
    "'automatic' "
    "END, min(emitted_at), "
    "max(emitted_at) FILTER (WHERE finished), max(orders_total), max(orders_seen), "
    "nullif((array_agg(failure ORDER BY upstream_rev DESC))[1], ''), max(upstream_rev) "
    "FROM unnest($1::import_page_row[]) GROUP BY account_id, run_id ORDER BY account_id, run_id "
    "ON CONFLICT (account_id, run_id) DO UPDATE SET "
    "started_at = CASE WHEN t.run_id < 0 THEN least(t.started_at, excluded.started_at) "
    "ELSE t.started_at END, finished_at = coalesce(t.finished_at, excluded.finished_at), "
    "orders_total = greatest(t.orders_total, excluded.orders_total), "
    "orders_seen = greatest(t.orders_seen, excluded.orders_seen), "
    "failure = CASE WHEN excluded.failure_rev > t.failure_rev THEN excluded.failure ELSE t.failure "
    "END, "
    "failure_rev = greatest(t.failure_rev, excluded.failure_rev)"};

/* Seen on two pages, and read on one of them: it was read. */
static const struct sp_statement put_lines = {
    "INSERT INTO run_line AS t (account_id, run_id, channel_order_id, order_id, problem) "
    "SELECT account_id, run_id, channel_order_id, order_id, min(problem) "
    "FROM unnest($1::run_line_row[]) GROUP BY account_id, run_id, channel_order_id, order_id "
    "ORDER BY account_id, run_id, channel_order_id "
    "ON CONFLICT (account_id, run_id, channel_order_id) DO UPDATE SET problem = excluded.problem "
    "WHERE t.problem > excluded.problem"};

static const struct sp_statement make_run = {
    "INSERT INTO import_run AS t (account_id, run_id, rev, shop_id, from_at, until_at, reason, "
    "requested_by, asked) SELECT $1::bigint, nextval('import_run_id'), greatest(1, $2::bigint), "
    "s.shop_id, coalesce($4::timestamptz, date_trunc('day', now() - interval '60 days', 'UTC')), "
    "coalesce($5::timestamptz, date_trunc('second', now())), 'manual', $6::text, "
    "coalesce($4::timestamptz::text || '/' || $5::timestamptz::text, 'all') FROM shop s "
    "WHERE s.account_id = $1::bigint AND s.shop_id = $3::bigint AND s.state <> 'DISCONNECTED' "
    "ON CONFLICT (account_id, shop_id, asked) WHERE finished_at IS NULL AND run_id > 0 "
    "DO UPDATE SET rev = t.rev RETURNING t.run_id, t.rev, t.xmax = 0 AS made, "
    "extract(epoch FROM t.from_at)::bigint, extract(epoch FROM t.until_at)::bigint"};

/* What nobody reads any more has ended; the connector lets it rest as well. */
static const struct sp_statement end_runs = {
    "UPDATE import_run SET finished_at = now(), failure = 'the shop was disconnected' "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND finished_at IS NULL"};

static const struct sp_statement list_runs = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY started_at DESC, run_id DESC) "
    "AS n, "
    "* FROM (SELECT * FROM import_run_item WHERE account_id = $1::bigint "
    "AND ($2::bigint = 0 OR shop_id = $2::bigint) "
    "AND (started_at, run_id) < (coalesce($3::timestamptz, 'infinity'), $4::bigint) "
    "ORDER BY started_at DESC, run_id DESC LIMIT $5::bigint + 1) r) "
    "SELECT json_build_object('items', "
    "coalesce(json_agg(item ORDER BY n) FILTER (WHERE n <= $5::bigint), '[]'), "
    "'next_cursor', CASE WHEN count(*) > $5::bigint THEN max(cursor_of(started_at, run_id::text)) "
    "FILTER (WHERE n = $5::bigint) END)::text FROM page"};

/* A page of a run's lines, one more than the limit says that there is a next one. */
#define LINES                                                                                      \
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY channel_order_id) AS n, * "     \
    "FROM (SELECT * FROM run_line_result WHERE account_id = $1::bigint AND run_id = $2::bigint "   \
    "AND ($3::text[] = '{}' OR result = ANY ($3::text[])) "                                        \
    "AND channel_order_id > $4::text ORDER BY channel_order_id LIMIT $5::bigint + 1) l) "

#define NEXT                                                                                       \
    "CASE WHEN count(*) > $5::bigint THEN '0.' || max(channel_order_id) "                          \
    "FILTER (WHERE n = $5::bigint) END"

static const struct sp_statement list_run_lines = {
    LINES "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
          "'channel_order_id', channel_order_id, 'order_id', order_id, 'result', result, "
          "'detail', about, 'at', rfc3339(committed_at), 'asked_at', rfc3339(asked_at)) "
          "ORDER BY n) FILTER (WHERE n <= $5::bigint), '[]'), 'next_cursor', " NEXT
          ")::text FROM page"};

/* Its first line is in asks_import.c. */
static const struct sp_statement run_lines_csv = {
    LINES "SELECT coalesce(string_agg(concat_ws(',', csv_field(channel_order_id), result, "
          "csv_field(about), coalesce(rfc3339(committed_at), ''), "
          "coalesce(rfc3339(asked_at), '')) || E'\\r\\n', '' ORDER BY n) "
          "FILTER (WHERE n <= $5::bigint), ''), " NEXT " FROM page"};

static const struct sp_statement find_run = {
    "SELECT r.shop_id, r.finished_at IS NOT NULL, coalesce(s.state <> 'DISCONNECTED', false) "
    "FROM import_run r LEFT JOIN shop s ON s.account_id = r.account_id AND s.shop_id = r.shop_id "
    "WHERE r.account_id = $1::bigint AND r.run_id = $2::bigint"};

/* What was asked for within a minute is on its way; what was never asked for goes first. */
static const struct sp_statement want_lines = {
    "WITH unready AS MATERIALIZED (SELECT channel_order_id, asked_at FROM run_line_result "
    "WHERE account_id = $1::bigint AND run_id = $2::bigint AND result = ANY ($3::text[]) "
    "AND (asked_at IS NULL OR asked_at < now() - interval '1 minute') "
    "ORDER BY asked_at NULLS FIRST, channel_order_id LIMIT $4::bigint + 1), "
    "wanted AS (SELECT channel_order_id FROM unready "
    "ORDER BY asked_at NULLS FIRST, channel_order_id LIMIT $4::bigint) "
    "UPDATE run_line l SET asked_at = now(), rev = greatest(l.rev + 1, $5::bigint) FROM wanted w "
    "WHERE l.account_id = $1::bigint AND l.run_id = $2::bigint "
    "AND l.channel_order_id = w.channel_order_id "
    "RETURNING l.channel_order_id, l.order_id, l.rev, "
    "(SELECT count(*) FROM unready) > $4::bigint"};

static void set_page(struct sp_set *set, const struct import_progressed *page)
{
    sp_set_row(set);
    sp_set_int(set, page->head.account_id);
    sp_set_string(set, page->head.key);
    sp_set_int(set, page->head.rev);
    sp_set_time(set, page->head.emitted_us > 0 ? page->head.emitted_us : 1);
    sp_set_int(set, page->run_id);
    sp_set_int(set, page->shop_id);
    sp_set_int(set, page->orders_total);
    sp_set_int(set, page->orders_seen);
    sp_set_bool(set, page->finished);
    sp_set_string(set, page->failure);
}

static struct sp_set *pages_set(struct sp_db *db, const struct import_progressed pages[],
                                size_t count)
{
    struct sp_set *set = sp_set_open(db, "import_page_row");
    for (size_t i = 0; i < count; i++)
        set_page(set, &pages[i]);
    return set;
}

int store_claim_pages(struct sp_ctx *ctx, const struct import_progressed pages[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_queue(db, &claim_pages, SP_PARAMS(sp_set(pages_set(db, pages, count))));
}

static void set_line(struct sp_ctx *ctx, struct sp_set *set, const struct import_progressed *page,
                     const struct seen_order *seen)
{
    sp_set_row(set);
    sp_set_int(set, page->head.account_id);
    sp_set_int(set, page->run_id);
    sp_set_string(set, seen->channel_order_id);
    sp_set_string(set, sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s", (long long)page->shop_id,
                                       SP_FMT(seen->channel_order_id)));
    sp_set_string(set, seen->problem);
}

void store_put_pages(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct import_progressed *pages = batch->messages;
    (void)sp_queue(db, &put_runs, SP_PARAMS(sp_set(pages_set(db, pages, batch->count))));
    struct sp_set *lines = sp_set_open(db, "run_line_row");
    for (size_t i = 0; i < batch->count; i++) {
        for (size_t k = 0; k < pages[i].order_ids_count; k++)
            set_line(ctx, lines, &pages[i], &pages[i].order_ids[k]);
    }
    if (sp_set_count(lines) > 0)
        (void)sp_queue(db, &put_lines, SP_PARAMS(sp_set(lines)));
}

void store_end_runs(struct sp_ctx *ctx, const struct shop_saved *shop)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_runs,
                   SP_PARAMS(sp_int(shop->head.account_id), sp_int(shop->shop_id)));
}

const struct sp_rows *store_make_run(struct sp_ctx *ctx, const struct run_request *request)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &make_run,
                    SP_PARAMS(sp_int(request->account_id), sp_int(sp_rev_floor(ctx)),
                              sp_int(request->shop_id), sp_time(request->from_us),
                              sp_time(request->until_us), sp_string(request->user)));
}

const struct sp_rows *store_list_runs(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id,
                                      const struct list_page *page)
{
    int64_t after = INT64_MAX;
    if (!page->first && !sp_text_to_int(page->after, &after))
        after = 0;
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_runs,
                    SP_PARAMS(sp_int(account_id), sp_int(shop_id),
                              page->first ? sp_null() : sp_time(page->at_us), sp_int(after),
                              sp_int(page->limit)));
}

static const struct sp_rows *ask_lines(struct sp_ctx *ctx, const struct run_line_query *query,
                                       const struct sp_statement *statement)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(query->run.account_id), sp_int(query->run.run_id),
                              sp_strings(db, query->results.words, query->results.count),
                              sp_string(query->page.after), sp_int(query->page.limit)));
}

const struct sp_rows *store_list_run_lines(struct sp_ctx *ctx, const struct run_line_query *query)
{
    return ask_lines(ctx, query, &list_run_lines);
}

const struct sp_rows *store_run_lines_csv(struct sp_ctx *ctx, const struct run_line_query *query)
{
    return ask_lines(ctx, query, &run_lines_csv);
}

const struct sp_rows *store_find_run(struct sp_ctx *ctx, struct run_key run)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_run,
                    SP_PARAMS(sp_int(run.account_id), sp_int(run.run_id)));
}

const struct sp_rows *store_want_lines(struct sp_ctx *ctx, struct run_key run,
                                       struct word_list results, int64_t most)
{
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_query(db, sp_ctx_error(ctx), &want_lines,
                    SP_PARAMS(sp_int(run.account_id), sp_int(run.run_id),
                              sp_strings(db, results.words, results.count), sp_int(most),
                              sp_int(sp_rev_floor(ctx))));
}
