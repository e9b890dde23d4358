/* Webhooks taken in and orders to be fetched, in the database. */
#include "services/connector/fetch_store.h"

/* One statement, so that a webhook costs one round trip.  Which notices are new is looked up in a
 * hash (IS TRUE keeps PostgreSQL from making it a join, which would be a nested loop here: 256
 * times 256 comparisons); the hash of two notices being equal would cost one fetch.  An order that
 * is due or in flight keeps its time: who fetches it sees that it was wanted again.  A shop's
 * webhook_at is left alone while somebody counts in its row: taking in must never wait. */
static const struct sp_statement take_notices = {
    "WITH said AS (SELECT n.*, s.account_id, s.shop_id, s.pull_on FROM unnest($1::notice_row[]) n "
    " JOIN shop s ON s.channel = 'tiktok' AND s.channel_shop_id = n.channel_shop_id "
    " AND s.state <> 'DISCONNECTED'), "
    "kept AS (INSERT INTO notice (account_id, shop_id, notification_id, content_hash, type, "
    " unknown, content, kept_id) SELECT account_id, shop_id, notification_id, content_hash, type, "
    " unknown, content::jsonb, CASE WHEN unknown IS NOT NULL OR content IS NOT NULL "
    " THEN nextval('kept_notice_number') END FROM said "
    " ORDER BY account_id, shop_id, notification_id, content_hash ON CONFLICT DO NOTHING "
    " RETURNING account_id, shop_id, notification_id, content_hash), "
    "fresh AS (SELECT * FROM said "
    " WHERE (content_hash IN (SELECT content_hash FROM kept)) IS TRUE), "
    "wanted AS (INSERT INTO order_fetch AS f (account_id, shop_id, channel_order_id, notice_at) "
    " SELECT r.account_id, r.shop_id, o, to_timestamp(max(r.updated_s)) "
    " FROM fresh r, unnest(r.orders) o WHERE r.pull_on "
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 "
    " ON CONFLICT (account_id, shop_id, channel_order_id) DO UPDATE SET wanted = f.wanted + 1, "
    " notice_at = greatest(f.notice_at, excluded.notice_at), tries = 0, "
    " due = CASE WHEN f.tries = 0 THEN f.due ELSE now() END), "
    "touched AS (UPDATE shop_count c SET webhook_at = now(), touched_at = now(), "
    " webhook_delay_ms = coalesce((SELECT min(extract(epoch FROM now()) * 1000 - n.updated_s * "
    "1000) "
    "  FROM said n WHERE n.account_id = c.account_id AND n.shop_id = c.shop_id "
    "  AND n.updated_s > 0)::bigint, c.webhook_delay_ms) "
    " FROM (SELECT c.account_id, c.shop_id FROM shop_count c WHERE (c.account_id, c.shop_id) IN "
    " (SELECT account_id, shop_id FROM said) ORDER BY 1, 2 FOR UPDATE SKIP LOCKED) l "
    " WHERE c.account_id = l.account_id AND c.shop_id = l.shop_id "
    " AND (c.webhook_at IS NULL OR c.webhook_at < now() - interval '1 second')), "
    "listed AS (UPDATE pull p SET due = now() FROM fresh r "
    " WHERE p.account_id = r.account_id AND p.shop_id = r.shop_id AND p.until_at IS NULL "
    " AND ((p.kind = 'listings' AND r.effect = 'listing') "
    "  OR (p.kind = 'returns' AND r.effect IN ('return', 'reverse')) "
    "  OR (p.kind = 'cancellations' AND r.effect IN ('cancel', 'reverse')))) "
    "UPDATE seller_grant g SET refresh_at = least(g.refresh_at, now()), "
    "ends_at = least(g.ends_at, r.ends_at), "
    "taken_back_at = CASE WHEN r.taken_back THEN now() ELSE g.taken_back_at END "
    "FROM (SELECT s.account_id, s.grant_id, bool_or(f.effect = 'taken-back') AS taken_back, "
    " min(to_timestamp(nullif(f.ends_s, 0))) AS ends_at FROM fresh f "
    " JOIN shop s USING (account_id, shop_id) WHERE f.effect IN ('grant', 'taken-back') "
    " GROUP BY 1, 2) r WHERE g.account_id = r.account_id AND g.grant_id = r.grant_id "
    "AND g.state IN ('LIVE', 'FAILED')"};

static const struct sp_statement claim_wanted = {
    "INSERT INTO wanted_order AS w SELECT * FROM unnest($1::wanted_row[]) ORDER BY account_id, key "
    "ON CONFLICT (account_id, key) DO UPDATE SET upstream_rev = excluded.upstream_rev "
    "WHERE w.upstream_rev < excluded.upstream_rev "
    "RETURNING w.account_id, w.key, w.upstream_rev"};

static const struct sp_statement forget_wanted = {
    "DELETE FROM wanted_order WHERE account_id = $1::bigint AND key = $2::text"};

static const struct sp_statement want_orders = {
    "INSERT INTO order_fetch AS f (account_id, shop_id, channel_order_id, always) "
    "SELECT r.account_id, r.shop_id, r.channel_order_id, true FROM unnest($1::order_id[]) r "
    "JOIN shop s USING (account_id, shop_id) WHERE s.state <> 'DISCONNECTED' "
    "ORDER BY 1, 2, 3 ON CONFLICT (account_id, shop_id, channel_order_id) DO UPDATE SET "
    "wanted = f.wanted + 1, always = true, tries = 0, due = now()"};

/* A lease that a crash forgets costs one call more; a flush would cost every order its time. */
static const struct sp_statement no_flush = {"SET LOCAL synchronous_commit = off"};

/* What waits grows from nothing to thousands within a second: a plan that was right for nothing
 * reads and sorts all of it each time. */
static const struct sp_statement plan_anew = {"SET LOCAL plan_cache_mode = force_custom_plan"};

/* The lease is a little longer than a call may take (call.c): who dies with orders in hand holds
 * them up for seconds, and one that outlives it costs a call more.  OFFSET 0 keeps the look at the
 * shop apart: joined, the plan begins with the shops, and each call reads and sorts all that waits.
 */
static const struct sp_statement take_fetches = {
    "WITH due AS (SELECT f.account_id, f.shop_id, f.channel_order_id FROM order_fetch f "
    " WHERE f.due <= now() AND EXISTS (SELECT FROM shop s "
    " JOIN seller_grant g USING (account_id, grant_id) "
    " WHERE s.account_id = f.account_id AND s.shop_id = f.shop_id AND g.access_sealed IS NOT NULL "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') OFFSET 0) "
    " ORDER BY f.due LIMIT $1::bigint FOR UPDATE OF f SKIP LOCKED) "
    "UPDATE order_fetch f SET due = now() + interval '10 seconds' "
    "FROM due d JOIN shop s USING (account_id, shop_id) "
    "JOIN seller_grant g USING (account_id, grant_id) "
    "WHERE f.account_id = d.account_id AND f.shop_id = d.shop_id "
    "AND f.channel_order_id = d.channel_order_id "
    "RETURNING f.account_id, f.shop_id, s.grant_id, s.cipher, g.access_sealed, "
    "f.channel_order_id, f.wanted, extract(epoch FROM f.notice_at)::bigint, f.always, f.alone, "
    "f.tries, extract(epoch FROM s.orders_from)::bigint, clock_timestamp(), f.made"};

/* What was wanted once more during the call stays, and is due at once: the deletion looks at the
 * row as it is when its lock is granted, and the statement behind it sees what the deletion left.
 */
static const struct sp_statement drop_fetched = {
    "DELETE FROM order_fetch f USING unnest($1::fetch_row[]) e WHERE e.outcome = 'done' "
    "AND f.account_id = e.account_id AND f.shop_id = e.shop_id "
    "AND f.channel_order_id = e.channel_order_id AND f.wanted = e.taken AND f.made = e.made"};

/* A row that was made anew counts what is wanted from 1 on: it is not the one that was taken. */
static const struct sp_statement end_fetches = {
    "UPDATE order_fetch f SET done = CASE WHEN e.outcome = 'done' THEN e.taken ELSE f.done END, "
    "tries = CASE e.outcome WHEN 'again' THEN f.tries + 1 WHEN 'done' THEN 0 ELSE f.tries END, "
    "alone = f.alone OR e.outcome = 'alone', "
    "due = CASE WHEN e.outcome = 'done' OR f.wanted <> e.taken THEN now() "
    " ELSE now() + e.wait_ms * interval '1 millisecond' END "
    "FROM unnest($1::fetch_row[]) e WHERE f.account_id = e.account_id AND f.shop_id = e.shop_id "
    "AND f.channel_order_id = e.channel_order_id AND f.made = e.made"};

static const struct sp_statement prune_notices = {
    "DELETE FROM notice WHERE (account_id, shop_id, notification_id) IN (SELECT account_id, "
    "shop_id, notification_id FROM notice WHERE at < now() - interval '14 days' LIMIT 1000)"};

/* ---- webhooks
 * -------------------------------------------------------------------------------------------- */

static const char *effect_name(enum webhook_effect effect)
{
    static const char *const names[] = {"nothing", "order", "cancel",     "return", "reverse",
                                        "listing", "grant", "taken-back", "unknown"};
    return names[effect];
}

static void put_if(struct sp_set *set, bool is_there, struct sp_text text)
{
    if (is_there)
        sp_set_string(set, text);
    else
        sp_set_null(set);
}

static void put_notice(struct sp_set *rows, const struct webhook_notice *notice)
{
    size_t orders = webhook_names_orders(notice) ? notice->order_count : 0;
    sp_set_row(rows);
    sp_set_string(rows, notice->channel_shop_id);
    sp_set_string(rows, notice->notification_id);
    sp_set_int(rows, notice->content_hash);
    sp_set_int4(rows, (int32_t)notice->type);
    sp_set_string(rows, sp_text_of(effect_name(notice->effect)));
    put_if(rows, !notice->known, notice->fields);
    put_if(rows, notice->content.size > 0, notice->content);
    sp_set_int(rows, notice->ends_s);
    sp_set_int(rows, notice->updated_at);
    sp_set_strings(rows, notice->orders, orders);
}

void store_take_notices(struct sp_ctx *ctx, const struct webhook_notice *const notices[],
                        size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *rows = sp_set_open(db, "notice_row");
    for (size_t i = 0; i < count; i++)
        put_notice(rows, notices[i]);
    (void)sp_queue(db, &take_notices, SP_PARAMS(sp_set(rows)));
}

int store_claim_wanted(struct sp_ctx *ctx, const struct order_wanted wanted[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "wanted_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, wanted[i].head.account_id);
        sp_set_string(set, wanted[i].head.key);
        sp_set_int(set, wanted[i].head.rev);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_wanted, SP_PARAMS(sp_set(set)));
}

void store_forget_wanted(struct sp_ctx *ctx, const struct sp_head *head)
{
    (void)sp_queue(sp_ctx_db(ctx), &forget_wanted,
                   SP_PARAMS(sp_int(head->account_id), sp_string(head->key)));
}

void store_want_orders(struct sp_ctx *ctx, const struct order_wanted *const wanted[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "order_id");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, wanted[i]->head.account_id);
        sp_set_int(set, wanted[i]->shop_id);
        sp_set_string(set, wanted[i]->channel_order_id);
    }
    (void)sp_queue(sp_ctx_db(ctx), &want_orders, SP_PARAMS(sp_set(set)));
}

/* ---- tasks
 * -----------------------------------------------------------------------------------------------
 */

static int64_t shop_of(const struct fetch_task *task)
{
    return task->access.shop.shop_id;
}

/* The rows come in any order; calls are made by shop. */
static void sort_by_shop(struct fetch_task tasks[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct fetch_task task = tasks[i];
        size_t at = i;
        for (; at > 0 && shop_of(&tasks[at - 1]) > shop_of(&task); at--)
            tasks[at] = tasks[at - 1];
        tasks[at] = task;
    }
}

enum sp_result store_take_fetches(struct sp_ctx *ctx, struct fetch_task *tasks, size_t most,
                                  size_t *count)
{
    (void)sp_queue(sp_ctx_db(ctx), &no_flush, SP_NO_PARAMS);
    (void)sp_queue(sp_ctx_db(ctx), &plan_anew, SP_NO_PARAMS);
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_fetches,
                                          SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++) {
        tasks[row] = (struct fetch_task){
            .access = store_read_access(rows, row),
            .id = sp_row_text(rows, row, 5),
            .taken = sp_row_int(rows, row, 6),
            .notice_s = sp_row_int(rows, row, 7),
            .always = sp_row_bool(rows, row, 8),
            .alone = sp_row_bool(rows, row, 9),
            .tries = (int)sp_row_int(rows, row, 10),
            .orders_from_s = sp_row_int(rows, row, 11),
            .began_us = sp_row_time(rows, row, 12),
            .made_us = sp_row_time(rows, row, 13),
        };
    }
    sort_by_shop(tasks, *count);
    return SP_OK;
}

void store_end_fetches(struct sp_ctx *ctx, const struct fetch_end ends[], size_t count)
{
    static const char *const outcomes[] = {"done", "again", "alone", "later"};
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "fetch_row");
    for (size_t i = 0; i < count; i++) {
        const struct fetch_task *task = ends[i].task;
        sp_set_row(set);
        sp_set_int(set, task->access.shop.account_id);
        sp_set_int(set, task->access.shop.shop_id);
        sp_set_string(set, task->id);
        sp_set_int(set, task->taken);
        sp_set_time(set, task->made_us);
        sp_set_string(set, sp_text_of(outcomes[ends[i].outcome]));
        sp_set_int(set, ends[i].wait_ms);
    }
    (void)sp_queue(sp_ctx_db(ctx), &drop_fetched, SP_PARAMS(sp_set(set)));
    (void)sp_queue(sp_ctx_db(ctx), &end_fetches, SP_PARAMS(sp_set(set)));
}

enum sp_result store_prune_notices(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &prune_notices, SP_NO_PARAMS);
    return sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
}
