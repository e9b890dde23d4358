/* Names and settings that other services own: shops, accounts, warehouses. */
#include "services/order-ingest/store.h"

static const struct sp_statement claim_shops = {
    "INSERT INTO shop AS t (account_id, shop_key, upstream_rev, shop_id, channel, channel_shop_id, "
    "alias, "
    "region, state) SELECT account_id, shop_key, upstream_rev, shop_id, channel, channel_shop_id, "
    "alias, "
    "region, state FROM unnest($1::shop_row[]) ORDER BY account_id, shop_key "
    "ON CONFLICT (account_id, shop_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "shop_id = excluded.shop_id, channel = excluded.channel, "
    "channel_shop_id = excluded.channel_shop_id, alias = excluded.alias, region = excluded.region, "
    "state = excluded.state WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.shop_key, t.upstream_rev"};

static const struct sp_statement claim_accounts = {
    "INSERT INTO account AS t (account_id, account_key, upstream_rev, name, time_zone, currency, "
    "language, "
    "state) SELECT account_id, account_key, upstream_rev, name, time_zone, currency, language, "
    "state "
    "FROM unnest($1::account_row[]) ORDER BY account_id, account_key "
    "ON CONFLICT (account_id, account_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "name = excluded.name, time_zone = excluded.time_zone, currency = excluded.currency, "
    "language = excluded.language, state = excluded.state "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.account_key, t.upstream_rev"};

static const struct sp_statement claim_warehouses = {
    "INSERT INTO warehouse AS t (account_id, warehouse_key, upstream_rev, warehouse_id, name, "
    "kind, "
    "approved) SELECT account_id, warehouse_key, upstream_rev, warehouse_id, name, kind, approved "
    "FROM unnest($1::warehouse_row[]) ORDER BY account_id, warehouse_key "
    "ON CONFLICT (account_id, warehouse_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "warehouse_id = excluded.warehouse_id, name = excluded.name, kind = excluded.kind, "
    "approved = excluded.approved WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.warehouse_key, t.upstream_rev"};

static void set_head(struct sp_set *set, const struct sp_head *head)
{
    sp_set_row(set);
    sp_set_int(set, head->account_id);
    sp_set_string(set, head->key);
    sp_set_int(set, head->rev);
}

int store_claim_shops(struct sp_ctx *ctx, const struct shop_saved shops[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "shop_row");
    for (size_t i = 0; i < count; i++) {
        set_head(set, &shops[i].head);
        sp_set_int(set, shops[i].shop_id);
        sp_set_string(set, shops[i].channel);
        sp_set_string(set, shops[i].channel_shop_id);
        sp_set_string(set, shops[i].alias);
        sp_set_string(set, shops[i].region);
        sp_set_string(set, shops[i].state);
    }
    return sp_queue(db, &claim_shops, SP_PARAMS(sp_set(set)));
}

int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "account_row");
    for (size_t i = 0; i < count; i++) {
        set_head(set, &accounts[i].head);
        sp_set_string(set, accounts[i].name);
        sp_set_string(set, accounts[i].time_zone);
        sp_set_string(set, accounts[i].currency);
        sp_set_string(set, accounts[i].language);
        sp_set_string(set, accounts[i].state);
    }
    return sp_queue(db, &claim_accounts, SP_PARAMS(sp_set(set)));
}

int store_claim_warehouses(struct sp_ctx *ctx, const struct warehouse_saved warehouses[],
                           size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "warehouse_row");
    for (size_t i = 0; i < count; i++) {
        set_head(set, &warehouses[i].head);
        sp_set_int(set, warehouses[i].warehouse_id);
        sp_set_string(set, warehouses[i].name);
        sp_set_string(set, warehouses[i].kind);
        sp_set_bool(set, warehouses[i].approved);
    }
    return sp_queue(db, &claim_warehouses, SP_PARAMS(sp_set(set)));
}
