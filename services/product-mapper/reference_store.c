/* Accounts and shops, as the gateway and the connector told us. */
#include "services/product-mapper/store.h"

/* The row may be there already: whoever changed a link first has made it. */
static const struct sp_statement claim_accounts = {
    "INSERT INTO account AS t (account_id, account_key, upstream_rev, name, currency) "
    "SELECT account_id, account_key, upstream_rev, name, currency FROM unnest($1::account_row[]) "
    "ORDER BY account_id ON CONFLICT (account_id) DO UPDATE SET account_key = "
    "excluded.account_key, "
    "upstream_rev = excluded.upstream_rev, name = excluded.name, currency = excluded.currency "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.account_key, t.upstream_rev"};

static const struct sp_statement claim_shops = {
    "INSERT INTO shop AS t (account_id, shop_key, upstream_rev, shop_id, alias, region, state) "
    "SELECT account_id, shop_key, upstream_rev, shop_id, alias, region, state "
    "FROM unnest($1::shop_row[]) ORDER BY account_id, shop_key "
    "ON CONFLICT (account_id, shop_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "shop_id = excluded.shop_id, alias = excluded.alias, region = excluded.region, "
    "state = excluded.state WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.shop_key, t.upstream_rev"};

static const struct sp_statement read_currency = {
    "SELECT currency FROM account WHERE account_id = $1::bigint"};

static void set_head(struct sp_set *set, const struct sp_head *head)
{
    sp_set_row(set);
    sp_set_int(set, head->account_id);
    sp_set_string(set, head->key);
    sp_set_int(set, head->rev);
}

int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "account_row");
    for (size_t i = 0; i < count; i++) {
        set_head(set, &accounts[i].head);
        sp_set_string(set, accounts[i].name);
        sp_set_string(set, accounts[i].currency);
    }
    return sp_queue(db, &claim_accounts, SP_PARAMS(sp_set(set)));
}

int store_claim_shops(struct sp_ctx *ctx, const struct shop_saved shops[], size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_set *set = sp_set_open(db, "shop_row");
    for (size_t i = 0; i < count; i++) {
        set_head(set, &shops[i].head);
        sp_set_int(set, shops[i].shop_id);
        sp_set_string(set, shops[i].alias);
        sp_set_string(set, shops[i].region);
        sp_set_string(set, shops[i].state);
    }
    return sp_queue(db, &claim_shops, SP_PARAMS(sp_set(set)));
}

const struct sp_rows *store_read_currency(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &read_currency,
                    SP_PARAMS(sp_int(account_id)));
}
