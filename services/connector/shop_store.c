/* Shops in the database. */
#include "services/connector/shop_store.h"

#include <string.h>

static const struct sp_statement claim_accounts = {
    "INSERT INTO account AS a SELECT * FROM unnest($1::account_row[]) ORDER BY account_id "
    "ON CONFLICT (account_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "name = excluded.name, time_zone = excluded.time_zone, currency = excluded.currency, "
    "language = excluded.language, state = excluded.state "
    "WHERE a.upstream_rev < excluded.upstream_rev "
    "RETURNING a.account_id, a.account_id::text, a.upstream_rev"};

static const struct sp_statement raise_shops = {
    "UPDATE shop s SET rev = greatest(s.rev + 1, $3::bigint), changed_at = now() "
    "FROM unnest($1::bigint[], $2::bigint[]) k(account_id, shop_id) "
    "WHERE s.account_id = k.account_id AND s.shop_id = k.shop_id "
    "RETURNING s.account_id, s.shop_id, s.channel, s.channel_shop_id, s.alias, s.region, s.state, "
    "s.warehouse_id, s.reserve_unpaid, s.rev"};

static const struct sp_statement find_warehouses = {
    "SELECT w.account_id, w.shop_id, w.channel_warehouse_id, w.name, w.is_default "
    "FROM channel_warehouse w JOIN unnest($1::bigint[], $2::bigint[]) k(account_id, shop_id) "
    "USING (account_id, shop_id) ORDER BY w.channel_warehouse_id"};

static const struct sp_statement add_event = {
    "INSERT INTO shop_event (account_id, shop_id, event, person, detail, items) "
    "VALUES ($1::bigint, $2::bigint, $3::text, nullif($4::text, ''), nullif($5::text, ''), "
    "$6::bigint)"};

static const struct sp_statement count_more = {
    "INSERT INTO shop_count AS c (account_id, shop_id, orders, listings, delay_ms, delay_at) "
    "VALUES ($1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::bigint, "
    "CASE WHEN $5::bigint IS NOT NULL THEN now() END) "
    "ON CONFLICT (account_id, shop_id) DO UPDATE SET orders = c.orders + excluded.orders, "
    "listings = c.listings + excluded.listings, touched_at = now(), "
    "delay_ms = coalesce(excluded.delay_ms, c.delay_ms), "
    "delay_at = coalesce(excluded.delay_at, c.delay_at)"};

static const struct sp_statement save_warehouses = {
    "WITH new AS (SELECT * FROM unnest($3::channel_warehouse_row[])), "
    "gone AS (DELETE FROM channel_warehouse w WHERE w.account_id = $1::bigint "
    " AND w.shop_id = $2::bigint AND NOT EXISTS (SELECT FROM new n "
    " WHERE n.channel_warehouse_id = w.channel_warehouse_id) RETURNING 1), "
    "saved AS (INSERT INTO channel_warehouse AS w SELECT * FROM new "
    " ON CONFLICT (account_id, shop_id, channel_warehouse_id) DO UPDATE SET name = excluded.name, "
    " is_default = excluded.is_default WHERE (w.name, w.is_default) IS DISTINCT FROM "
    " (excluded.name, excluded.is_default) RETURNING 1) "
    "SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM saved)"};

static const struct sp_statement finish_connecting = {
    "UPDATE shop s SET state = 'CONNECTED' "
    "WHERE s.account_id = $1::bigint AND s.shop_id = $2::bigint AND s.state = 'CONNECTING' "
    "AND NOT EXISTS (SELECT FROM pull p WHERE p.account_id = s.account_id "
    " AND p.shop_id = s.shop_id AND ((p.kind = 'listings' AND p.done_at IS NULL) "
    " OR (p.kind = 'run' AND p.reason = 'backfill' AND NOT p.finished))) RETURNING s.shop_id"};

static const struct sp_statement switch_pull = {
    "UPDATE shop SET pull_on = $3::boolean WHERE account_id = $1::bigint "
    "AND shop_id = $2::bigint AND state <> 'DISCONNECTED' RETURNING shop_id"};

static const struct sp_statement pull_soon = {
    "UPDATE pull SET due = now() WHERE account_id = $1::bigint AND shop_id = $2::bigint "
    "AND kind = 'orders' AND due > now()"};

static const struct sp_statement disconnect_shop = {
    "WITH old AS (SELECT account_id, shop_id, grant_id FROM shop WHERE account_id = $1::bigint "
    " AND shop_id = $2::bigint AND state <> 'DISCONNECTED' FOR UPDATE) "
    "UPDATE shop s SET state = 'DISCONNECTED', grant_id = NULL FROM old "
    "WHERE s.account_id = old.account_id AND s.shop_id = old.shop_id "
    "RETURNING coalesce(old.grant_id, 0)"};

static const struct sp_statement drop_grant = {
    "UPDATE seller_grant g SET state = 'ENDED', access_sealed = NULL, refresh_sealed = NULL, "
    "token_rev = token_rev + 1, refresh_at = NULL "
    "WHERE g.account_id = $1::bigint AND g.grant_id = $2::bigint AND NOT EXISTS (SELECT FROM shop "
    "s "
    "WHERE s.account_id = g.account_id AND s.grant_id = g.grant_id)"};

static const struct sp_statement drop_fetches = {
    "DELETE FROM order_fetch WHERE account_id = $1::bigint AND shop_id = $2::bigint"};

static const struct sp_statement stop_runs = {
    "UPDATE pull SET finished = true, epoch = epoch + 1, problem = 'the shop was disconnected' "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND kind = 'run' AND NOT finished"};

static const struct sp_statement shops_document = {
    "SELECT jsonb_build_object('items', coalesce(jsonb_agg(document ORDER BY shop_id), '[]'), "
    "'unfinished', (SELECT coalesce(jsonb_agg(jsonb_build_object('connect_id', c.connect_id, "
    " 'alias', c.alias, 'region', c.region, 'ends_at', rfc3339(c.ends_at)) ORDER BY c.made), '[]') "
    " FROM connect c WHERE c.account_id = $1::bigint AND c.state = 'CHOOSING' "
    " AND c.ends_at > now()), "
    "'next_cursor', NULL)::text FROM shop_document "
    "WHERE account_id = $1::bigint AND (state = 'DISCONNECTED') = $2::boolean"};

static const struct sp_statement shop_document = {
    "SELECT (d.document || jsonb_build_object('history', (SELECT coalesce(jsonb_agg("
    "jsonb_build_object('at', rfc3339(e.at), 'event', e.event, 'user', e.person, "
    "'detail', e.detail) ORDER BY e.event_id DESC), '[]') FROM (SELECT * FROM shop_event "
    "WHERE account_id = $1::bigint AND shop_id = $2::bigint AND NOT routine "
    "ORDER BY event_id DESC LIMIT 200) e), "
    "'warehouses', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.channel_warehouse_id, "
    "'name', w.name, 'is_default', w.is_default) ORDER BY w.channel_warehouse_id), '[]') "
    "FROM channel_warehouse w WHERE w.account_id = $1::bigint AND w.shop_id = $2::bigint), "
    "'backfills', (SELECT coalesce(jsonb_agg(jsonb_build_object('run_id', p.run_id::text, "
    "'from', rfc3339(p.from_at), 'until', rfc3339(p.until_at), 'finished', p.finished) "
    "ORDER BY p.run_id), '[]') FROM pull p WHERE p.account_id = $1::bigint "
    "AND p.shop_id = $2::bigint AND p.kind = 'run' AND p.reason = 'backfill')))::text "
    "FROM shop_document d WHERE d.account_id = $1::bigint AND d.shop_id = $2::bigint"};

/* What was committed a moment ago may carry a time from before the last look: look 3 s back. */
static const struct sp_statement changes_document = {
    "WITH changed AS (SELECT s.account_id, s.shop_id FROM shop s LEFT JOIN shop_count c "
    " USING (account_id, shop_id) WHERE s.account_id = ANY($1::bigint[]) "
    " AND greatest(s.changed_at, c.touched_at) > to_timestamp($2::bigint / 1000000.0)), "
    "counted AS (SELECT account_id, count(*) AS n, "
    " jsonb_agg(shop_id::text ORDER BY shop_id) AS ids FROM changed GROUP BY account_id) "
    "SELECT jsonb_build_object('since', (extract(epoch FROM now()) * 1000000)::bigint - 3000000, "
    "'accounts', coalesce(jsonb_agg(jsonb_build_object('account_id', t.account_id::text, "
    "'counts', jsonb_build_object('shops', (SELECT count(*) FROM shop s "
    " WHERE s.account_id = t.account_id AND s.state <> 'DISCONNECTED'), "
    "'orders_seen', (SELECT coalesce(sum(c.orders), 0) FROM shop_count c "
    " WHERE c.account_id = t.account_id), "
    "'pending_fetches', (SELECT count(*) FROM order_fetch f WHERE f.account_id = t.account_id)), "
    "'ids', CASE WHEN t.n <= 200 THEN t.ids END) ORDER BY t.account_id), '[]'))::text "
    "FROM counted t"};

int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "account_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, accounts[i].head.account_id);
        sp_set_int(set, accounts[i].head.rev);
        sp_set_string(set, accounts[i].name);
        sp_set_string(set, accounts[i].time_zone);
        sp_set_string(set, accounts[i].currency);
        sp_set_string(set, accounts[i].language);
        sp_set_string(set, accounts[i].state);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_accounts, SP_PARAMS(sp_set(set)));
}

/* ---- facts
 * ---------------------------------------------------------------------------------------- */

static void read_fact(struct sp_ctx *ctx, const struct sp_rows *rows, size_t row,
                      struct shop_saved *fact)
{
    *fact = (struct shop_saved){
        .head.account_id = sp_row_int(rows, row, 0),
        .head.rev = sp_row_int(rows, row, 9),
        .shop_id = sp_row_int(rows, row, 1),
        .channel = sp_row_text(rows, row, 2),
        .channel_shop_id = sp_row_text(rows, row, 3),
        .alias = sp_row_text(rows, row, 4),
        .region = sp_row_text(rows, row, 5),
        .state = sp_row_text(rows, row, 6),
        .warehouse_id = sp_row_int(rows, row, 7),
        .reserve_unpaid = sp_row_bool(rows, row, 8),
    };
    fact->head.key = sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)fact->shop_id);
}

static void add_warehouses(struct sp_ctx *ctx, const struct sp_rows *rows, struct shop_saved *fact)
{
    size_t count = sp_rows_count(rows);
    struct channel_warehouse *list = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *list);
    size_t used = 0;
    for (size_t row = 0; row < count && used < 50; row++) {
        if (sp_row_int(rows, row, 0) != fact->head.account_id ||
            sp_row_int(rows, row, 1) != fact->shop_id)
            continue;
        list[used++] = (struct channel_warehouse){
            sp_row_text(rows, row, 2), sp_row_text(rows, row, 3), sp_row_bool(rows, row, 4)};
    }
    fact->warehouses = list;
    fact->warehouses_count = used;
}

enum sp_result store_say_shops(struct sp_ctx *ctx, const struct shop_key shops[], size_t count,
                               struct shop_saved **facts, size_t *fact_count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *accounts);
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++) {
        accounts[i] = shops[i].account_id;
        ids[i] = shops[i].shop_id;
    }
    int raised = sp_queue(db, &raise_shops,
                          SP_PARAMS(sp_ints(db, accounts, count), sp_ints(db, ids, count),
                                    sp_int(sp_rev_floor(ctx))));
    int found = sp_queue(db, &find_warehouses,
                         SP_PARAMS(sp_ints(db, accounts, count), sp_ints(db, ids, count)));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(db, raised);
    *fact_count = sp_rows_count(rows);
    *facts = sp_arena_array(sp_ctx_arena(ctx), *fact_count + 1, sizeof **facts);
    for (size_t row = 0; row < *fact_count; row++) {
        read_fact(ctx, rows, row, &(*facts)[row]);
        add_warehouses(ctx, sp_result(db, found), &(*facts)[row]);
    }
    return SP_OK;
}

void store_shop_event(struct sp_ctx *ctx, struct shop_key shop, const char *event,
                      struct sp_text person, struct sp_text detail)
{
    (void)sp_queue(sp_ctx_db(ctx), &add_event,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_cstring(event),
                             sp_string(person), sp_string(detail), sp_int(0)));
}

void store_import_event(struct sp_ctx *ctx, struct shop_key shop, int64_t orders,
                        struct sp_text problem)
{
    (void)sp_queue(sp_ctx_db(ctx), &add_event,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id),
                             sp_cstring(problem.size == 0 ? "import-done" : "import-failed"),
                             sp_null(), sp_string(problem), sp_int(orders)));
}

void store_count_more(struct sp_ctx *ctx, struct shop_key shop, const struct shop_more *more)
{
    (void)sp_queue(sp_ctx_db(ctx), &count_more,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_int(more->orders),
                             sp_int(more->listings),
                             more->has_news ? sp_int(more->delay_ms) : sp_null()));
}

/* ---- changes
 * ---------------------------------------------------------------------------------------- */

enum sp_result store_save_warehouses(struct sp_ctx *ctx, struct shop_key shop,
                                     const struct channel_warehouse warehouses[], size_t count,
                                     bool *changed)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "channel_warehouse_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, shop.account_id);
        sp_set_int(set, shop.shop_id);
        sp_set_string(set, warehouses[i].channel_warehouse_id);
        sp_set_string(set, warehouses[i].name);
        sp_set_bool(set, warehouses[i].is_default);
    }
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &save_warehouses,
                 SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_set(set)));
    if (rows == NULL)
        return SP_RETRY;
    *changed = sp_row_int(rows, 0, 0) > 0;
    return SP_OK;
}

/* Runs a statement about one shop.  SP_REJECT: it found none. */
static enum sp_result run_for_shop(struct sp_ctx *ctx, const struct sp_statement *statement,
                                   struct shop_key shop, const struct sp_rows **rows)
{
    *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                     SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    if (*rows == NULL)
        return SP_RETRY;
    return sp_rows_count(*rows) > 0 ? SP_OK : sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such shop");
}

enum sp_result store_finish_connecting(struct sp_ctx *ctx, struct shop_key shop, bool *connected)
{
    const struct sp_rows *rows;
    enum sp_result result = run_for_shop(ctx, &finish_connecting, shop, &rows);
    *connected = result == SP_OK;
    return result == SP_REJECT ? SP_OK : result;
}

enum sp_result store_switch_pull(struct sp_ctx *ctx, struct shop_key shop, bool on)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int slot = sp_queue(db, &switch_pull,
                        SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id), sp_boolean(on)));
    if (on)
        (void)sp_queue(db, &pull_soon, SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result == SP_OK && sp_rows_count(sp_result(db, slot)) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "no such shop");
    return result;
}

enum sp_result store_disconnect(struct sp_ctx *ctx, struct shop_key shop)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_rows *rows;
    enum sp_result result = run_for_shop(ctx, &disconnect_shop, shop, &rows);
    if (result != SP_OK)
        return result;
    int64_t grant_id = sp_row_int(rows, 0, 0);
    (void)sp_queue(db, &drop_grant, SP_PARAMS(sp_int(shop.account_id), sp_int(grant_id)));
    (void)sp_queue(db, &drop_fetches, SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    (void)sp_queue(db, &stop_runs, SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id)));
    return sp_run(db, sp_ctx_error(ctx));
}

/* ---- questions
 * ---------------------------------------------------------------------------------------- */

enum sp_result store_shops_document(struct sp_ctx *ctx, int64_t account_id, bool disconnected,
                                    struct sp_buffer *document)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &shops_document,
                                          SP_PARAMS(sp_int(account_id), sp_boolean(disconnected)));
    if (rows == NULL)
        return SP_RETRY;
    sp_buffer_put_text(document, sp_row_text(rows, 0, 0));
    return SP_OK;
}

enum sp_result store_shop_document(struct sp_ctx *ctx, struct shop_key shop,
                                   struct sp_buffer *document)
{
    const struct sp_rows *rows;
    enum sp_result result = run_for_shop(ctx, &shop_document, shop, &rows);
    if (result == SP_OK)
        sp_buffer_put_text(document, sp_row_text(rows, 0, 0));
    return result;
}

enum sp_result store_changes_document(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                      int64_t since_us, struct sp_buffer *document)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &changes_document,
                 SP_PARAMS(sp_ints(db, accounts, count), sp_int(since_us)));
    if (rows == NULL)
        return SP_RETRY;
    sp_buffer_put_text(document, sp_row_text(rows, 0, 0));
    return SP_OK;
}
