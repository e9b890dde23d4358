/* Streams and import runs in the database. */
#include "services/connector/pull_store.h"

#include "services/connector/stream.h"

/* A run's window opens when it is asked for and never changes; a cancelled one is over. */
static const struct sp_statement claim_runs = {
    "INSERT INTO pull AS p (account_id, shop_id, kind, run_id, upstream_rev, reason, from_at, "
    "until_at, at, finished) "
    "SELECT r.account_id, r.shop_id, 'run', r.run_id, r.upstream_rev, r.reason, "
    "to_timestamp(r.from_s), to_timestamp(r.until_s), to_timestamp(r.from_s), r.cancelled "
    "FROM unnest($1::run_row[]) r ORDER BY r.account_id, r.shop_id, r.run_id "
    "ON CONFLICT (account_id, shop_id, kind, run_id) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, finished = p.finished OR excluded.finished, "
    "epoch = p.epoch + 1, due = now() WHERE p.upstream_rev < excluded.upstream_rev "
    "RETURNING p.account_id, p.run_id::text, p.upstream_rev, p.pages, p.seen, p.total, p.finished, "
    "EXISTS (SELECT FROM shop s WHERE s.account_id = p.account_id AND s.shop_id = p.shop_id "
    " AND s.state <> 'DISCONNECTED')"};

static const struct sp_statement end_run = {
    "UPDATE pull SET finished = true, problem = 'SHOP_NOT_CONNECTED' "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND kind = 'run' "
    "AND run_id = $3::bigint"};

/* Longer than a call and its transaction may take: who is killed between two pages holds the window
 * up for so long.  A page of what has details makes more calls. */
#define LEASE                                                                                      \
    "CASE WHEN p.kind IN ('listings', 'returns', 'cancellations') THEN interval '60 seconds' "     \
    "ELSE interval '15 seconds' END"

/* The overlap re-reads the last two minutes: what the marketplace indexed late is found all the
 * same.  A statement says for weeks whether it has been paid.  What is found later still, a sweep
 * finds: its window does not begin where the last one ended, and it takes what place the others
 * leave. */
static const struct sp_statement take_pulls = {
    "WITH due AS (SELECT p.account_id, p.shop_id, p.kind, p.run_id, "
    " CASE WHEN p.until_at IS NOT NULL THEN p.from_at "
    " WHEN p.kind = 'day-sweep' THEN date_trunc('second', now()) - interval '24 hours' "
    " WHEN p.kind = 'month-sweep' THEN date_trunc('second', now()) - interval '30 days' "
    " WHEN p.done_at IS NOT NULL THEN p.from_at - CASE p.kind WHEN 'statements' "
    "  THEN interval '35 days' ELSE interval '120 seconds' END "
    " ELSE p.from_at END AS from_at FROM pull p "
    " JOIN shop s USING (account_id, shop_id) "
    " JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE NOT p.finished AND p.due <= now() "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') "
    " AND (s.pull_on OR p.kind IN ('listings', 'run')) AND g.access_sealed IS NOT NULL "
    " ORDER BY p.kind LIKE '%sweep', p.due LIMIT $1::bigint FOR UPDATE OF p SKIP LOCKED) "
    "UPDATE pull p SET epoch = p.epoch + 1, due = now() + " LEASE ", "
    "from_at = d.from_at, at = CASE WHEN p.until_at IS NULL THEN d.from_at ELSE p.at END, "
    "until_at = coalesce(p.until_at, greatest(d.from_at, date_trunc('second', now()))) "
    "FROM due d JOIN shop s USING (account_id, shop_id) "
    "JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE p.account_id = d.account_id AND p.shop_id = d.shop_id AND p.kind = d.kind "
    "AND p.run_id = d.run_id "
    "RETURNING p.account_id, p.shop_id, s.grant_id, s.cipher, g.access_sealed, p.kind, p.reason, "
    "p.run_id, p.epoch, extract(epoch FROM p.from_at)::bigint, "
    "extract(epoch FROM p.until_at)::bigint, extract(epoch FROM p.at)::bigint, p.token, "
    "array_to_string(p.edge, ','), p.total, p.here, p.again, p.shrunk, p.page_size, p.tries, "
    "extract(epoch FROM s.orders_from)::bigint, clock_timestamp(), p.done_at IS NULL"};

static const struct sp_statement step_pulls = {
    "UPDATE pull p SET from_at = to_timestamp(n.from_s), "
    "until_at = CASE WHEN n.until_s > 0 THEN to_timestamp(n.until_s) END, "
    "at = to_timestamp(n.at_s), token = n.token, edge = n.edge, total = n.total, here = n.here, "
    "again = n.again, shrunk = n.shrunk, page_size = n.page_size, pages = p.pages + n.pages, "
    "seen = p.seen + n.seen, tries = n.tries, problem = nullif(n.problem, ''), "
    "due = now() + CASE WHEN n.wait_ms < 0 THEN " LEASE " "
    " ELSE n.wait_ms * interval '1 millisecond' END, "
    "done_at = CASE WHEN n.done THEN now() ELSE p.done_at END, finished = n.finished "
    "FROM unnest($1::pull_row[]) n WHERE p.account_id = n.account_id AND p.shop_id = n.shop_id "
    "AND p.kind = n.kind AND p.run_id = n.run_id AND p.epoch = n.epoch AND NOT p.finished "
    "RETURNING p.account_id, p.shop_id, p.kind, p.run_id, p.pages, p.seen, clock_timestamp()"};

static const struct sp_statement listings_soon = {
    "UPDATE pull SET due = now() WHERE account_id = $1::bigint AND shop_id = $2::bigint "
    "AND kind = 'listings' AND due > now() AND until_at IS NULL"};

/* Whoever has a page of the old walk in hand has lost it by the epoch.  Two minutes are the overlap
 * that the window begins earlier by. */
static const struct sp_statement walk_listings_anew = {
    "UPDATE pull SET from_at = to_timestamp(CASE WHEN done_at IS NULL THEN 0 ELSE 120 END), "
    "until_at = NULL, token = '', edge = '{}', total = 0, here = 0, again = 0, shrunk = false, "
    "tries = 0, "
    "epoch = epoch + 1, due = now() WHERE account_id = $1::bigint AND shop_id = $2::bigint "
    "AND kind = 'listings' AND EXISTS (SELECT FROM shop s WHERE s.account_id = $1::bigint "
    "AND s.shop_id = $2::bigint AND s.state <> 'DISCONNECTED') RETURNING 1"};
static const struct sp_statement forget_listings = {
    "UPDATE seen_listing SET hash = 0 WHERE account_id = $1::bigint AND shop_id = $2::bigint"};

static const struct sp_statement oldest_pulls = {
    "SELECT s.shop_id::text, greatest(0, extract(epoch FROM now() - coalesce(p.done_at, "
    "s.connected_at)))::bigint AS age FROM shop s LEFT JOIN pull p "
    "ON p.account_id = s.account_id AND p.shop_id = s.shop_id AND p.kind = 'orders' "
    "AND p.run_id = 0 WHERE s.state <> 'DISCONNECTED' AND s.pull_on "
    "ORDER BY age DESC, s.shop_id LIMIT $1::bigint"};

static const struct sp_statement latest_news = {
    "SELECT c.shop_id::text, c.delay_ms / 1000 FROM shop_count c JOIN shop s "
    "USING (account_id, shop_id) WHERE c.delay_at > now() - interval '1 hour' "
    "AND s.state <> 'DISCONNECTED' ORDER BY c.delay_ms DESC, c.shop_id LIMIT $1::bigint"};

int store_claim_runs(struct sp_ctx *ctx, const struct import_requested runs[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "run_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, runs[i].head.account_id);
        sp_set_int(set, runs[i].head.rev);
        sp_set_int(set, runs[i].run_id);
        sp_set_int(set, runs[i].shop_id);
        sp_set_int(set, runs[i].from_at);
        sp_set_int(set, runs[i].until_at);
        sp_set_string(set, runs[i].reason);
        sp_set_bool(set, runs[i].cancelled);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_runs, SP_PARAMS(sp_set(set)));
}

void store_end_run(struct sp_ctx *ctx, const struct import_requested *run)
{
    (void)sp_queue(
        sp_ctx_db(ctx), &end_run,
        SP_PARAMS(sp_int(run->head.account_id), sp_int(run->shop_id), sp_int(run->run_id)));
}

/* ---- taking
 * ------------------------------------------------------------------------------------------- */

/* "1,2,3" to texts; ids hold no comma. */
static void read_edge(struct sp_ctx *ctx, struct sp_text joined, struct paging *paging)
{
    if (joined.size == 0)
        return;
    size_t most = 1;
    for (size_t i = 0; i < joined.size; i++)
        most += joined.data[i] == ',';
    struct sp_text *edge = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *edge);
    size_t start = 0;
    for (size_t i = 0; i <= joined.size; i++) {
        if (i < joined.size && joined.data[i] != ',')
            continue;
        edge[paging->edge_count++] = (struct sp_text){joined.data + start, i - start};
        start = i + 1;
    }
    paging->edge = edge;
}

struct shop_access store_read_access(const struct sp_rows *rows, size_t row)
{
    return (struct shop_access){.shop = {sp_row_int(rows, row, 0), sp_row_int(rows, row, 1)},
                                .grant_id = sp_row_int(rows, row, 2),
                                .cipher = sp_row_text(rows, row, 3),
                                .access_sealed = sp_row_text(rows, row, 4)};
}

static void read_task(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                      struct pull_task *task)
{
    *task = (struct pull_task){
        .access = store_read_access(rows, row),
        .kind = sp_row_text(rows, row, 5),
        .reason = sp_row_text(rows, row, 6),
        .run_id = sp_row_int(rows, row, 7),
        .epoch = sp_row_int(rows, row, 8),
        .paging = {.from = sp_row_int(rows, row, 9),
                   .until = sp_row_int(rows, row, 10),
                   .at = sp_row_int(rows, row, 11),
                   .token = sp_row_text(rows, row, 12),
                   .total = sp_row_int(rows, row, 14),
                   .here = sp_row_int(rows, row, 15),
                   .again = (int)sp_row_int(rows, row, 16),
                   .shrunk = sp_row_bool(rows, row, 17)},
        .page_size = (int)sp_row_int(rows, row, 18),
        .tries = (int)sp_row_int(rows, row, 19),
        .orders_from_s = sp_row_int(rows, row, 20),
        .began_us = sp_row_time(rows, row, 21),
        .first_window = sp_row_bool(rows, row, 22),
    };
    task->paging.sorted = stream_of(task->kind)->time != NULL;
    read_edge(ctx, sp_row_text(rows, row, 13), &task->paging);
}

enum sp_result store_take_pulls(struct sp_ctx *ctx, struct pull_task *tasks, size_t most,
                                size_t *count)
{
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_pulls, SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++)
        read_task(ctx, rows, row, &tasks[row]);
    return SP_OK;
}

/* ---- moving on
 * ------------------------------------------------------------------------------------------ */

static void put_step(struct sp_set *set, const struct pull_step *step)
{
    const struct pull_task *task = step->task;
    const struct paging *paging = &task->paging;
    /* A completed window closes: the next one begins where it ended. */
    bool closed = step->done && !step->finished;
    sp_set_row(set);
    sp_set_int(set, task->access.shop.account_id);
    sp_set_int(set, task->access.shop.shop_id);
    sp_set_string(set, task->kind);
    sp_set_int(set, task->run_id);
    sp_set_int(set, task->epoch);
    sp_set_int(set, closed ? paging->until : paging->from);
    sp_set_int(set, closed ? 0 : paging->until);
    sp_set_int(set, closed ? paging->until : paging->at);
    sp_set_string(set, closed ? (struct sp_text){0} : paging->token);
    sp_set_strings(set, paging->edge, closed ? 0 : paging->edge_count);
    sp_set_int(set, closed ? 0 : paging->total);
    sp_set_int(set, closed ? 0 : paging->here);
    sp_set_int4(set, closed ? 0 : paging->again);
    sp_set_bool(set, !closed && paging->shrunk);
    sp_set_int4(set, task->page_size);
    sp_set_int4(set, step->pages);
    sp_set_int(set, step->seen);
    sp_set_int(set, step->wait_ms);
    sp_set_int4(set, task->tries);
    sp_set_string(set, step->problem);
    sp_set_bool(set, step->done);
    sp_set_bool(set, step->finished);
}

static bool is_row_of(const struct sp_rows *rows, size_t row, const struct pull_task *task)
{
    return sp_row_int(rows, row, 0) == task->access.shop.account_id &&
           sp_row_int(rows, row, 1) == task->access.shop.shop_id &&
           sp_text_equal(sp_row_text(rows, row, 2), task->kind) &&
           sp_row_int(rows, row, 3) == task->run_id;
}

enum sp_result store_step_pulls(struct sp_ctx *ctx, struct pull_step steps[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "pull_row");
    for (size_t i = 0; i < count; i++)
        put_step(set, &steps[i]);
    int slot = sp_queue(db, &step_pulls, SP_PARAMS(sp_set(set)));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(db, slot);
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        for (size_t i = 0; i < count; i++) {
            if (!is_row_of(rows, row, steps[i].task))
                continue;
            steps[i].stored = true;
            steps[i].total_pages = sp_row_int(rows, row, 4);
            steps[i].total_seen = sp_row_int(rows, row, 5);
            steps[i].began_us = sp_row_time(rows, row, 6);
        }
    }
    return SP_OK;
}

void store_listings_soon(struct sp_ctx *ctx, struct shop_key shop)
{
    (void)sp_queue(sp_ctx_db(ctx), &listings_soon,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
}

enum sp_result store_listings_anew(struct sp_ctx *ctx, struct shop_key shop)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int slot =
        sp_queue(db, &walk_listings_anew, SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    (void)sp_queue(db, &forget_listings, SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result == SP_OK && sp_rows_count(sp_result(db, slot)) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such connected shop");
    return result;
}

const struct sp_rows *store_oldest_pulls(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &oldest_pulls, SP_PARAMS(sp_int(most)));
}

const struct sp_rows *store_latest_news(struct sp_ctx *ctx, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &latest_news, SP_PARAMS(sp_int(most)));
}
