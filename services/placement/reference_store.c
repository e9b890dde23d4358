/* SQL about copies of others' facts, and about drafts to be evaluated anew because one of them
 * changed. */
#include <stdlib.h>

#include "services/placement/store.h"

static const struct sp_statement claim_accounts = {
    "INSERT INTO account AS t (account_id, upstream_rev, name, currency, time_zone, state, trace, "
    "emitted_at) SELECT account_id, upstream_rev, name, currency, time_zone, state, trace, "
    "emitted_at FROM unnest($1::account_row[]) ORDER BY account_id "
    "ON CONFLICT (account_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "name = excluded.name, currency = excluded.currency, time_zone = excluded.time_zone, "
    "state = excluded.state, trace = excluded.trace, emitted_at = excluded.emitted_at, "
    "committed_at = now() WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, account_id::text, upstream_rev"};

static const struct sp_statement claim_shops = {
    "INSERT INTO shop AS t (account_id, shop_id, upstream_rev, alias, state, warehouse_id, trace, "
    "emitted_at) SELECT account_id, shop_id, upstream_rev, alias, state, warehouse_id, trace, "
    "emitted_at FROM unnest($1::shop_row[]) ORDER BY account_id, shop_id "
    "ON CONFLICT (account_id, shop_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "alias = excluded.alias, state = excluded.state, warehouse_id = excluded.warehouse_id, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, shop_id::text, upstream_rev"};

static const struct sp_statement claim_warehouses = {
    "INSERT INTO warehouse AS t (account_id, warehouse_id, upstream_rev, name, kind, approved, "
    "trace, emitted_at) SELECT account_id, warehouse_id, upstream_rev, name, kind, approved, "
    "trace, "
    "emitted_at FROM unnest($1::warehouse_row[]) ORDER BY account_id, warehouse_id "
    "ON CONFLICT (account_id, warehouse_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "name = excluded.name, kind = excluded.kind, approved = excluded.approved, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, warehouse_id::text, upstream_rev"};

static const struct sp_statement claim_variants = {
    "INSERT INTO variant_cost AS t (account_id, variant_id, upstream_rev, sku, cost_minor, "
    "currency, "
    "trace, emitted_at) SELECT account_id, variant_id, upstream_rev, sku, cost_minor, currency, "
    "trace, emitted_at FROM unnest($1::variant_cost_row[]) ORDER BY account_id, variant_id "
    "ON CONFLICT (account_id, variant_id) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "sku = excluded.sku, cost_minor = excluded.cost_minor, currency = excluded.currency, "
    "trace = excluded.trace, emitted_at = excluded.emitted_at, committed_at = now() "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING account_id, variant_id::text, upstream_rev"};

/* The currency of a wallet that has been used stays. */
static const struct sp_statement make_setting = {
    "INSERT INTO setting AS s (account_id, currency) VALUES ($1::bigint, $2::text) "
    "ON CONFLICT (account_id) DO UPDATE SET currency = excluded.currency, rev = s.rev + 1 "
    "WHERE s.currency <> excluded.currency AND s.surcharge_minor IS NULL AND NOT EXISTS "
    "(SELECT FROM wallet_entry e WHERE e.account_id = excluded.account_id)"};

static const struct sp_statement make_ledgers = {
    "INSERT INTO ledger_balance (account_id, ledger) SELECT $1::bigint, l "
    "FROM unnest(ARRAY['CHARGES', 'FUNDING', 'WALLET']) l ON CONFLICT DO NOTHING"};

static const struct sp_statement mark_heals = {
    "INSERT INTO heal_mark (account_id) SELECT unnest($1::bigint[])"};

/* A walk that has begun goes on to its end first, so that new marks never keep it from getting
 * there. */
static const struct sp_statement take_heal = {
    "WITH first AS (SELECT mark_id, account_id, round, after_key FROM heal_mark "
    "WHERE due <= now() ORDER BY after_key = '', mark_id LIMIT 1 FOR UPDATE SKIP LOCKED), "
    "doubles AS (DELETE FROM heal_mark WHERE mark_id IN (SELECT m.mark_id FROM heal_mark m, first "
    "f "
    "WHERE m.account_id = f.account_id AND m.round = f.round AND m.due <= now() "
    "AND m.after_key = '' AND f.after_key = '' AND m.mark_id <> f.mark_id "
    "FOR UPDATE OF m SKIP LOCKED)) "
    "SELECT mark_id, account_id, round, after_key FROM first"};

static const struct sp_statement next_drafts = {
    "SELECT account_id, key FROM decision WHERE account_id = $1::bigint AND key > $2::text "
    "AND stage IN ('UNSYNC', 'NOT_READY') ORDER BY key LIMIT $3::bigint"};

static const struct sp_statement move_heal = {
    "UPDATE heal_mark SET after_key = $2::text WHERE mark_id = $1::bigint"};

static const struct sp_statement end_heal = {
    "WITH ended AS (DELETE FROM heal_mark WHERE mark_id = $1::bigint RETURNING *) "
    "INSERT INTO heal_mark (account_id, round, due) "
    "SELECT account_id, 2, now() + interval '10 seconds' FROM ended WHERE round = 1"};

static void put_tail(struct sp_set *set, const struct sp_head *head)
{
    sp_set_uuid(set, head->trace);
    sp_set_time(set, head->emitted_us);
}

int store_claim_accounts(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct account_saved *accounts = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "account_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, accounts[i].head.account_id);
        sp_set_int(set, accounts[i].head.rev);
        sp_set_string(set, accounts[i].name);
        sp_set_string(set, accounts[i].currency);
        sp_set_string(set, accounts[i].time_zone);
        sp_set_string(set, accounts[i].state);
        put_tail(set, &accounts[i].head);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_accounts, SP_PARAMS(sp_set(set)));
}

int store_claim_shops(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct shop_saved *shops = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "shop_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, shops[i].head.account_id);
        sp_set_int(set, shops[i].shop_id);
        sp_set_int(set, shops[i].head.rev);
        sp_set_string(set, shops[i].alias);
        sp_set_string(set, shops[i].state);
        sp_set_int(set, shops[i].warehouse_id);
        put_tail(set, &shops[i].head);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_shops, SP_PARAMS(sp_set(set)));
}

int store_claim_warehouses(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct warehouse_saved *warehouses = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "warehouse_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, warehouses[i].head.account_id);
        sp_set_int(set, warehouses[i].warehouse_id);
        sp_set_int(set, warehouses[i].head.rev);
        sp_set_string(set, warehouses[i].name);
        sp_set_string(set, warehouses[i].kind);
        sp_set_bool(set, warehouses[i].approved);
        put_tail(set, &warehouses[i].head);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_warehouses, SP_PARAMS(sp_set(set)));
}

int store_claim_variants(struct sp_ctx *ctx, const void *messages, size_t count)
{
    const struct variant_saved *variants = messages;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "variant_cost_row");
    for (size_t i = 0; i < count; i++) {
        sp_set_row(set);
        sp_set_int(set, variants[i].head.account_id);
        sp_set_int(set, variants[i].variant_id);
        sp_set_int(set, variants[i].head.rev);
        sp_set_string(set, variants[i].sku);
        sp_set_int(set, variants[i].cost_minor);
        sp_set_string(set, variants[i].currency);
        put_tail(set, &variants[i].head);
    }
    return sp_queue(sp_ctx_db(ctx), &claim_variants, SP_PARAMS(sp_set(set)));
}

void store_make_wallets(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t account_id = accounts[i].head.account_id;
        (void)sp_queue(sp_ctx_db(ctx), &make_setting,
                       SP_PARAMS(sp_int(account_id), sp_string(accounts[i].currency)));
        (void)sp_queue(sp_ctx_db(ctx), &make_ledgers, SP_PARAMS(sp_int(account_id)));
    }
}

/* ---- drafts to be evaluated anew ---------------------------------------------------------------
 */

void store_mark_heals(struct sp_ctx *ctx, const int64_t accounts[], size_t count)
{
    (void)sp_queue(sp_ctx_db(ctx), &mark_heals,
                   SP_PARAMS(sp_ints(sp_ctx_db(ctx), accounts, count)));
}

enum sp_result store_take_heal(struct sp_ctx *ctx, struct heal_mark *mark)
{
    *mark = (struct heal_mark){.mark_id = 0};
    const struct sp_rows *rows =
        sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_heal, SP_NO_PARAMS);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 1)
        *mark = (struct heal_mark){sp_row_int(rows, 0, 0), sp_row_int(rows, 0, 1),
                                   sp_row_int(rows, 0, 2), sp_row_text(rows, 0, 3)};
    return SP_OK;
}

enum sp_result store_next_drafts(struct sp_ctx *ctx, const struct heal_mark *mark,
                                 struct order_ref **refs, size_t *count)
{
    const struct sp_rows *rows = sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &next_drafts,
        SP_PARAMS(sp_int(mark->account_id), sp_string(mark->after_key), sp_int(STORE_WALK_ORDERS)));
    *count = sp_rows_count(rows);
    *refs = sp_arena_array(sp_ctx_arena(ctx), *count, sizeof **refs);
    for (size_t i = 0; i < *count; i++)
        (*refs)[i] = (struct order_ref){sp_row_int(rows, i, 0), sp_row_text(rows, i, 1)};
    return rows == NULL ? sp_db_failure(sp_ctx_db(ctx)) : SP_OK;
}

void store_move_heal(struct sp_ctx *ctx, const struct heal_mark *mark)
{
    (void)sp_queue(sp_ctx_db(ctx), &move_heal,
                   SP_PARAMS(sp_int(mark->mark_id), sp_string(mark->after_key)));
}

void store_end_heal(struct sp_ctx *ctx, const struct heal_mark *mark)
{
    (void)sp_queue(sp_ctx_db(ctx), &end_heal, SP_PARAMS(sp_int(mark->mark_id)));
}
