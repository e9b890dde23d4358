/* The confirmed connection in the database: shops made or revived, and what begins with them. */
#include <string.h>

#include "services/connector/connect_store.h"

static const struct sp_statement take_choice = {
    "UPDATE connect SET state = 'DONE', due = 'infinity' WHERE account_id = $1::bigint "
    "AND connect_id::text = $2::text AND state = 'CHOOSING' AND ends_at > now() "
    "RETURNING grant_id"};

/* find_objection knows the numbers. */
enum objection { NOT_GRANTED, TEST_FAILED, LINKED_ELSEWHERE };
static const char *const codes[] = {[NOT_GRANTED] = "SHOP_NOT_GRANTED",
                                    [TEST_FAILED] = "SHOP_TEST_FAILED",
                                    [LINKED_ELSEWHERE] = "SHOP_LINKED_ELSEWHERE"};

/* What stands against a choice, the first reason only. */
static const struct sp_statement find_objection = {
    "SELECT CASE WHEN c.channel_shop_id IS NULL THEN 0 WHEN c.problem IS NOT NULL THEN 1 "
    " ELSE 2 END::bigint, r.channel_shop_id "
    "FROM unnest($3::shop_choice[]) r LEFT JOIN connect_shop c ON c.account_id = $1::bigint "
    "AND c.connect_id::text = $2::text AND c.channel_shop_id = r.channel_shop_id "
    "WHERE c.channel_shop_id IS NULL OR c.problem IS NOT NULL OR EXISTS (SELECT FROM shop s "
    "WHERE s.channel = 'tiktok' AND s.channel_shop_id = r.channel_shop_id "
    "AND s.state <> 'DISCONNECTED' AND s.account_id <> $1::bigint) LIMIT 1"};

static const struct sp_statement save_shops = {
    "INSERT INTO shop AS s (account_id, channel_shop_id, cipher, name, alias, region, grant_id, "
    "warehouse_id, orders_from) "
    "SELECT $1::bigint, c.channel_shop_id, c.cipher, c.name, "
    "coalesce(nullif(r.alias, ''), CASE WHEN $5::bigint = 1 THEN n.alias END, "
    "nullif(left(c.name, 120), ''), c.channel_shop_id), c.region, $4::bigint, r.warehouse_id, "
    "CASE WHEN r.history <> 'none' AND r.until_s >= floor(extract(epoch FROM now())) "
    " THEN to_timestamp(r.from_s) ELSE date_trunc('second', now()) END "
    "FROM unnest($3::shop_choice[]) r JOIN connect_shop c ON c.account_id = $1::bigint "
    "AND c.connect_id::text = $2::text AND c.channel_shop_id = r.channel_shop_id "
    "JOIN connect n ON n.account_id = c.account_id AND n.connect_id = c.connect_id "
    "ORDER BY c.channel_shop_id "
    "ON CONFLICT (account_id, channel, channel_shop_id) DO UPDATE SET cipher = excluded.cipher, "
    "name = excluded.name, region = excluded.region, grant_id = excluded.grant_id, "
    "state = 'CONNECTING', hooks_due = now(), connected_at = CASE WHEN s.state = 'DISCONNECTED' "
    "THEN now() "
    " ELSE s.connected_at END, "
    "alias = coalesce((SELECT nullif(r.alias, '') FROM unnest($3::shop_choice[]) r "
    " WHERE r.channel_shop_id = s.channel_shop_id), s.alias), "
    "warehouse_id = coalesce(nullif(excluded.warehouse_id, 0), s.warehouse_id), "
    "orders_from = least(s.orders_from, excluded.orders_from) "
    "RETURNING s.shop_id, s.connected_at < now()"};

/* A shop of the same seller that was connected before is reached with the new grant from now on. */
static const struct sp_statement move_shops = {
    "UPDATE shop s SET grant_id = $3::bigint, cipher = c.cipher FROM connect_shop c "
    "WHERE c.account_id = $1::bigint AND c.connect_id::text = $2::text "
    "AND s.account_id = $1::bigint AND s.channel = 'tiktok' "
    "AND s.channel_shop_id = c.channel_shop_id AND s.state <> 'DISCONNECTED' "
    "AND s.grant_id <> $3::bigint"};

static const struct sp_statement start_grant = {
    "UPDATE seller_grant SET state = 'LIVE' WHERE account_id = $1::bigint "
    "AND grant_id = $2::bigint"};

static const struct sp_statement end_unused_grants = {
    "UPDATE seller_grant g SET state = 'ENDED', access_sealed = NULL, refresh_sealed = NULL, "
    "token_rev = token_rev + 1, refresh_at = NULL WHERE g.account_id = $1::bigint "
    "AND g.state IN ('LIVE', 'FAILED') AND NOT EXISTS (SELECT FROM shop s "
    "WHERE s.account_id = g.account_id AND s.grant_id = g.grant_id)"};

/* A shop that comes back goes on where it stood: the gap is filled.  Sweeps have nothing to look
 * for in the first hour.  Returns and statements begin with the history that was chosen: the
 * marketplace has no statements from before July 2023. */
static const struct sp_statement start_streams = {
    "WITH began AS (SELECT s.shop_id, date_trunc('second', least(now(), (SELECT min(p.from_at) "
    " FROM pull p WHERE p.account_id = s.account_id AND p.shop_id = s.shop_id "
    " AND p.kind = 'run'))) AS from_at FROM shop s "
    " WHERE s.account_id = $1::bigint AND s.shop_id = ANY($2::bigint[])) "
    "INSERT INTO pull AS p (account_id, shop_id, kind, from_at, at, due) "
    "SELECT $1::bigint, b.shop_id, k.kind, k.from_at, k.from_at, now() + k.wait FROM began b, "
    "LATERAL (VALUES ('orders', date_trunc('second', now()), interval '0'), "
    "('listings', to_timestamp(0), interval '0'), "
    "('returns', b.from_at, interval '0'), ('cancellations', b.from_at, interval '0'), "
    "('statements', greatest(b.from_at, '2023-07-01Z'), interval '0'), "
    "('day-sweep', now(), interval '1 hour'), ('month-sweep', now(), interval '1 day')) "
    "k(kind, from_at, wait) "
    "ON CONFLICT (account_id, shop_id, kind, run_id) DO UPDATE SET due = excluded.due, tries = 0, "
    "problem = NULL, epoch = p.epoch + 1"};

static const struct sp_statement start_backfills = {
    "INSERT INTO pull (account_id, shop_id, kind, run_id, reason, from_at, until_at, at) "
    "SELECT $1::bigint, s.shop_id, 'run', -nextval('backfill_number'), 'backfill', "
    "to_timestamp(r.from_s), to_timestamp(r.until_s), to_timestamp(r.from_s) "
    "FROM unnest($2::shop_choice[]) r JOIN shop s ON s.account_id = $1::bigint "
    "AND s.channel = 'tiktok' AND s.channel_shop_id = r.channel_shop_id "
    "WHERE r.history <> 'none'"};

static const struct sp_statement start_counts = {
    "INSERT INTO shop_count (account_id, shop_id) SELECT $1::bigint, s FROM unnest($2::bigint[]) s "
    "ON CONFLICT DO NOTHING"};

static const struct sp_statement start_fetches = {
    "UPDATE order_fetch SET due = now(), tries = 0 WHERE account_id = $1::bigint "
    "AND shop_id = ANY($2::bigint[])"};

static struct sp_set *choice_set(struct sp_db *db, const struct connect_choice choices[],
                                 size_t count)
{
    struct sp_set *set = sp_set_open(db, "shop_choice");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_string(set, choices[i].channel_shop_id);
        sp_set_string(set, choices[i].alias);
        sp_set_int(set, choices[i].warehouse_id);
        sp_set_string(set, choices[i].history);
        sp_set_int(set, choices[i].from_s);
        sp_set_int(set, choices[i].until_s);
    }
    return set;
}

/* Locks the connection and looks for what stands against the choice. */
static enum sp_result take(struct sp_ctx *ctx, int64_t account_id, const struct sp_set *choices,
                           struct connect_confirm *confirm, int64_t *grant_id)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param id = sp_string(confirm->connect_id);
    int taken = sp_queue(db, &take_choice, SP_PARAMS(sp_int(account_id), id));
    int objected =
        sp_queue(db, &find_objection, SP_PARAMS(sp_int(account_id), id, sp_set(choices)));
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_result(db, taken);
    if (sp_rows_count(rows) == 0) {
        confirm->code = "CONNECT_NOT_CHOOSING";
        return sp_fail(sp_ctx_error(ctx), SP_REJECT, "the connection waits for no choice");
    }
    *grant_id = sp_row_int(rows, 0, 0);
    rows = sp_result(db, objected);
    if (sp_rows_count(rows) == 0)
        return SP_OK;
    int64_t objection = sp_row_int(rows, 0, 0);
    SP_ASSERT(objection >= 0 && objection < (int64_t)SP_COUNT(codes));
    confirm->code = codes[objection];
    return sp_fail(sp_ctx_error(ctx), SP_REJECT, "shop %.*s cannot be connected: %s",
                   SP_FMT(sp_row_text(rows, 0, 1)), confirm->code);
}

/* Queues what begins with the shops. */
static void start(struct sp_ctx *ctx, int64_t account_id, const struct sp_set *choices,
                  const int64_t shop_ids[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct sp_statement *const by_id[] = {&start_streams, &start_counts, &start_fetches};
    (void)sp_queue(db, &start_backfills, SP_PARAMS(sp_int(account_id), sp_set(choices)));
    for (size_t i = 0; i < SP_COUNT(by_id); i++)
        (void)sp_queue(db, by_id[i], SP_PARAMS(sp_int(account_id), sp_ints(db, shop_ids, count)));
    (void)sp_queue(db, &end_unused_grants, SP_PARAMS(sp_int(account_id)));
}

static enum sp_result save(struct sp_ctx *ctx, int64_t account_id, const struct sp_set *choices,
                           struct connect_confirm *confirm)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int64_t grant_id = 0, ids[CONNECT_SHOPS];
    enum sp_result result = take(ctx, account_id, choices, confirm, &grant_id);
    if (result != SP_OK)
        return result;
    struct sp_param id = sp_string(confirm->connect_id);
    int saved = sp_queue(db, &save_shops,
                         SP_PARAMS(sp_int(account_id), id, sp_set(choices), sp_int(grant_id),
                                   sp_int((int64_t)confirm->count)));
    (void)sp_queue(db, &move_shops, SP_PARAMS(sp_int(account_id), id, sp_int(grant_id)));
    (void)sp_queue(db, &start_grant, SP_PARAMS(sp_int(account_id), sp_int(grant_id)));
    result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    for (size_t row = 0; row < confirm->count; row++) {
        ids[row] = sp_row_int(sp_result(db, saved), row, 0);
        confirm->shops[row] = (struct shop_key){account_id, ids[row]};
        confirm->again[row] = sp_row_bool(sp_result(db, saved), row, 1);
    }
    start(ctx, account_id, choices, ids, confirm->count);
    return SP_OK;
}

enum sp_result store_confirm(struct sp_ctx *ctx, const struct sp_ask *ask,
                             struct connect_confirm *confirm)
{
    struct sp_set *choices = choice_set(sp_ctx_db(ctx), confirm->choices, confirm->count);
    confirm->code = NULL;
    enum sp_result result = save(ctx, ask->account_id, choices, confirm);
    /* Another account confirmed the same shop in this very moment: the unique index held. */
    if (result == SP_REJECT && confirm->code == NULL &&
        strcmp(sp_db_sqlstate(sp_ctx_db(ctx)), "23505") == 0)
        confirm->code = codes[LINKED_ELSEWHERE];
    for (size_t i = 0; i < confirm->count && result == SP_OK; i++)
        store_shop_event(ctx, confirm->shops[i], confirm->again[i] ? "agreed-again" : "connected",
                         ask->user, (struct sp_text){0});
    return result;
}

enum sp_result store_now(struct sp_ctx *ctx, int64_t *now_s)
{
    static const struct sp_statement now = {"SELECT extract(epoch FROM now())::bigint"};
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &now, SP_NO_PARAMS);
    if (rows == NULL)
        return SP_RETRY;
    *now_s = sp_row_int(rows, 0, 0);
    return SP_OK;
}
