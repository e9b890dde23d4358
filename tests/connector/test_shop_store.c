/* Shops: what others are told, what people see. */
#include "services/connector/shop_store.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static const struct shop_key shop = {1, 1};
static int64_t revs[2];
static bool flag;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(shop_store, .init = set_up, .fini = tear_down);

static enum sp_result say(struct sp_ctx *ctx)
{
    struct shop_saved *facts;
    size_t count = 0;
    cr_assert_eq(store_say_shops(ctx, &shop, 1, &facts, &count), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(facts[0].head.key, "1"));
    cr_assert(sp_text_is(facts[0].channel, "tiktok"));
    cr_assert_eq(facts[0].warehouses_count, 2);
    revs[0] = revs[1];
    revs[1] = facts[0].head.rev;
    return SP_OK;
}

static const struct channel_warehouse two[] = {{{"A", 1}, {"Hanoi", 5}, true},
                                               {{"B", 1}, {"Hue", 3}, false}};

static enum sp_result save_two(struct sp_ctx *ctx)
{
    return store_save_warehouses(ctx, shop, two, 2, &flag);
}

static enum sp_result save_one(struct sp_ctx *ctx)
{
    return store_save_warehouses(ctx, shop, two, 1, &flag);
}

Test(shop_store, raises_the_revision_each_time_it_speaks)
{
    cr_assert_eq(shop_run(worker, save_two), SP_OK);
    cr_assert_eq(shop_run(worker, say), SP_OK);
    cr_assert_eq(shop_run(worker, say), SP_OK);
    cr_assert_gt(revs[0], 0);
    cr_assert_eq(revs[1], revs[0] + 1);
}

Test(shop_store, knows_when_warehouses_are_others)
{
    cr_assert_eq(shop_run(worker, save_two), SP_OK);
    cr_assert(flag);
    cr_assert_eq(shop_run(worker, save_two), SP_OK);
    cr_assert_not(flag);
    cr_assert_eq(shop_run(worker, save_one), SP_OK);
    cr_assert(flag);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_warehouse"), 1);
}

static enum sp_result finish(struct sp_ctx *ctx)
{
    return store_finish_connecting(ctx, shop, &flag);
}

Test(shop_store, is_connected_once_listings_and_history_are_in)
{
    test_sql(worker, "UPDATE shop SET state = 'CONNECTING'");
    test_sql(worker, "UPDATE pull SET done_at = NULL");
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_not(flag);
    test_sql(worker, "UPDATE pull SET done_at = now() WHERE kind = 'listings'");
    test_sql(worker, "INSERT INTO pull (account_id, shop_id, kind, run_id, reason, from_at, at) "
                     "VALUES (1, 1, 'run', -1, 'backfill', now(), now())");
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_not(flag);
    test_sql(worker, "UPDATE pull SET finished = true WHERE kind = 'run'");
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert(flag);
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_not(flag);
}

static enum sp_result switch_off(struct sp_ctx *ctx)
{
    return store_switch_pull(ctx, shop, false);
}

static enum sp_result disconnect(struct sp_ctx *ctx)
{
    return store_disconnect(ctx, shop);
}

Test(shop_store, destroys_the_tokens_when_the_last_shop_goes)
{
    test_sql(worker, "INSERT INTO order_fetch (account_id, shop_id, channel_order_id) "
                     "VALUES (1, 1, '5')");
    cr_assert_eq(shop_run(worker, disconnect), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "DISCONNECTED");
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) + count(refresh_sealed) "
                                     "FROM seller_grant"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
    cr_assert_eq(shop_run(worker, disconnect), SP_REJECT);
    cr_assert_eq(shop_run(worker, switch_off), SP_REJECT);
}

Test(shop_store, keeps_the_tokens_for_the_grants_other_shops)
{
    test_sql(worker, "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, "
                     "state, grant_id) VALUES (1, '7491', 'c', 'n', 'a', 'VN', 'CONNECTED', 1)");
    cr_assert_eq(shop_run(worker, disconnect), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) FROM seller_grant"), 1);
}

static struct sp_buffer document;

static enum sp_result list(struct sp_ctx *ctx)
{
    return store_shops_document(ctx, 1, false, &document);
}

static enum sp_result show(struct sp_ctx *ctx)
{
    store_shop_event(ctx, shop, "pull-on", SP_TEXT("ann"), (struct sp_text){0});
    store_count_more(ctx, shop, &(struct shop_more){5, 2, true, 1500});
    store_count_more(ctx, shop, &(struct shop_more){0});
    return store_shop_document(ctx, shop, &document);
}

static enum sp_result look_for_changes(struct sp_ctx *ctx)
{
    const int64_t accounts[] = {1, 2};
    return store_changes_document(ctx, accounts, 2, 0, &document);
}

static const char *shown(enum sp_result (*work)(struct sp_ctx *ctx))
{
    sp_buffer_reset(&document);
    cr_assert_eq(shop_run(worker, work), SP_OK);
    sp_buffer_put(&document, "", 1);
    return document.data;
}

Test(shop_store, lists_connected_shops)
{
    const char *text = shown(list);
    cr_assert_not_null(strstr(text, "\"channel_shop_id\": \"7490\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"warehouse_id\": \"7\""));
    cr_assert_not_null(strstr(text, "\"next_cursor\": null"));
    cr_assert_eq(shop_run(worker, disconnect), SP_OK);
    cr_assert_null(strstr(shown(list), "7490"));
}

Test(shop_store, shows_counts_and_history)
{
    const char *text = shown(show);
    cr_assert_not_null(strstr(text, "\"orders_seen\": 5"), "%s", text);
    cr_assert_not_null(strstr(text, "\"delay_ms\": 1500"), "no news leaves it as it was");
    cr_assert_not_null(strstr(text, "\"event\": \"pull-on\""));
    cr_assert_not_null(strstr(text, "\"user\": \"ann\""));
}

Test(shop_store, tells_which_shops_changed)
{
    const char *text = shown(look_for_changes);
    cr_assert_not_null(strstr(text, "\"ids\": [\"1\"]"), "%s", text);
    cr_assert_null(strstr(text, "\"account_id\": \"2\""));
}
