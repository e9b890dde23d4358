/* A connected shop in a fresh database. */
#include "tests/connector/shop.h"

static char *const settings[] = {
    (char[]){"SAMPAN_TIKTOK_API_URL=http://127.0.0.1:9"},
    (char[]){"SAMPAN_TIKTOK_AUTH_URL=http://127.0.0.1:9"},
    (char[]){"SAMPAN_TIKTOK_APP_KEY=demoappkey01"},
    (char[]){"SAMPAN_TIKTOK_APP_SECRET=demo-secret-000111222333"},
    (char[]){"SAMPAN_TIKTOK_SERVICE_ID=7172000000000000001"},
    NULL,
};

struct sp_worker *shop_worker(void)
{
    return test_worker(&market_connector, settings);
}

struct sp_worker *shop_second_worker(void)
{
    return test_worker_on(&market_connector, test_worker_url(), settings);
}

void shop_insert(struct sp_worker *worker)
{
    test_sql(worker,
             "INSERT INTO seller_grant (account_id, grant_id, open_id, seller_name, region, state, "
             "access_sealed, refresh_sealed, access_ends_at, ends_at, refresh_at) VALUES (1, "
             "nextval('grant_number'), 'o', 'Seller', 'VN', 'LIVE', 'a', 'r', "
             "now() + interval '7 days', now() + interval '300 days', now() + interval '4 days')");
    test_sql(worker,
             "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, "
             "state, grant_id, warehouse_id) VALUES (1, '7490', 'ROW_c', 'Shop', 'My shop', "
             "'VN', 'CONNECTED', 1, 7)");
    test_sql(worker, "INSERT INTO shop_count (account_id, shop_id) VALUES (1, 1)");
    test_sql(worker,
             "INSERT INTO pull (account_id, shop_id, kind, from_at, at, done_at) SELECT 1, 1, "
             "k, date_trunc('second', now()), date_trunc('second', now()), now() "
             "FROM unnest(ARRAY['orders', 'listings']) k");
}

struct sp_worker *shop_begin(void)
{
    struct sp_worker *worker = shop_worker();
    shop_insert(worker);
    return worker;
}

struct step {
    enum sp_result (*work)(struct sp_ctx *ctx);
};

static enum sp_result in_transaction(struct sp_ctx *ctx, void *context)
{
    const struct step *step = context;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = step->work(ctx);
    if (result == SP_OK)
        return sp_commit(ctx);
    sp_rollback(ctx);
    return result;
}

enum sp_result shop_run(struct sp_worker *worker, enum sp_result (*work)(struct sp_ctx *ctx))
{
    struct step step = {work};
    return sp_worker_call(worker, in_transaction, &step);
}
