/* The connector against a marketplace: from the consent to facts and stock, through the worker's
 * entry. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(20);
    worker = test_worker(&market_connector, market_settings());
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(market, .init = set_up, .fini = tear_down);

static int64_t count_truth(const char *name)
{
    int64_t value = -1;
    cr_assert(
        sp_text_to_int(sp_text_of(market_member(market_get("/sandbox/truth"), name)), &value));
    return value;
}

Test(market, connects_a_shop_and_says_so)
{
    size_t count;
    const char *shop = market_connect(worker, "{\"kind\":\"none\"}"), *answer;
    cr_assert_str_eq(shop, "1");
    const struct shop_saved *said = test_emitted(worker, &shop_saved_message, "inventory", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(said[0].state, "CONNECTING"));
    cr_assert_eq(said[0].warehouse_id, 7);
    market_run(worker, "pull-pages");
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", shop, NULL), 200);
    cr_assert_str_eq(market_member(answer, "state"), "CONNECTED", "%s", answer);
    cr_assert_eq(count_truth("listings"), test_number(worker, "SELECT count(*) FROM seen_listing"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_warehouse"), 1);
}

Test(market, loads_history_as_a_run)
{
    size_t count, pages;
    (void)market_post("/sandbox/orders", "{\"count\":230,\"webhook\":false}");
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
    test_sql(worker, "UPDATE pull SET until_at = until_at + interval '5 seconds' WHERE kind='run'");
    market_run(worker, "pull-pages");
    const struct channel_order *orders =
        test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_geq(count, 230);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), count_truth("orders"));
    cr_assert_gt(orders[0].lines_count, 0);
    const struct import_progressed *said =
        test_emitted(worker, &import_progressed_message, NULL, &pages);
    cr_assert_geq(pages, 5);
    int64_t ids = 0, finished = 0;
    for (size_t i = 0; i < pages; i++) {
        ids += (int64_t)said[i].order_ids_count;
        finished += said[i].finished;
        cr_assert_lt(said[i].run_id, 0);
    }
    cr_assert_eq(finished, 1);
    cr_assert_eq(ids, test_number(worker, "SELECT seen FROM pull WHERE kind = 'run'"));
    cr_assert_eq(ids, count_truth("orders"));
}

Test(market, fetches_what_a_webhook_names)
{
    size_t count;
    char body[512];
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    const char *id = market_order("{\"count\":1,\"webhook\":false}");
    (void)snprintf(body, sizeof body,
                   "{\"type\":1,\"tts_notification_id\":\"7400000000000000001\",\"shop_id\":\"%s\","
                   "\"timestamp\":1735689600,\"data\":{\"order_id\":\"%s\",\"update_time\":1}}",
                   test_text(worker, "SELECT channel_shop_id FROM shop"), id);
    test_clear_outbox(worker);
    cr_assert_eq(market_webhook(worker, body), 200);
    cr_assert_eq(market_webhook(worker, body), 200);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 1);
    market_run(worker, "fetch-orders");
    const struct channel_order *orders =
        test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(orders[0].channel_order_id, id));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
}

Test(market, tells_stock_for_all_warehouses_of_a_sku)
{
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    const char *product = test_text(worker, "SELECT product_id FROM channel_stock "
                                            "ORDER BY sku_id LIMIT 1");
    const char *sku = test_text(worker, "SELECT sku_id FROM channel_stock ORDER BY sku_id LIMIT 1");
    const char *where = test_text(worker, "SELECT channel_warehouse_id FROM channel_stock LIMIT 1");
    char key[128];
    (void)snprintf(key, sizeof key, "1-%s-%s", sku, where);
    struct stock_level level = {
        .head = {.account_id = 1, .key = sp_text_of(key), .rev = 1},
        .shop_id = 1,
        .product_id = sp_text_of(product),
        .sku_id = sp_text_of(sku),
        .channel_warehouse_id = sp_text_of(where),
        .quantity = 4321,
    };
    cr_assert_eq(sp_worker_feed(worker, &stock_level_message, &level, 1), SP_OK);
    market_run(worker, "push-stock");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE done < wanted"), 0);
    cr_assert_not_null(strstr(market_get("/sandbox/truth/stock"), "4321"));
}

/* ---- the consent ends, and comes again
 * --------------------------------------------------------------------- */

static int64_t calls(void)
{
    return strtoll(market_member(market_get("/sandbox"), "calls"), NULL, 10);
}

static void run_everything(void)
{
    static const char *const jobs[] = {"refresh-tokens", "review-grants", "pull-pages",
                                       "fetch-orders",   "push-stock",    "run-tasks",
                                       "open-days",      "list-days"};
    test_sql(worker, "UPDATE pull SET due = now(), tries = 0");
    for (size_t i = 0; i < SP_COUNT(jobs); i++)
        market_run(worker, jobs[i]);
}

Test(market, fills_the_gap_after_a_new_consent)
{
    const char *shop = market_connect(worker, "{\"kind\":\"none\"}"), *answer;
    run_everything();
    cr_assert_eq(
        test_ask(worker, "connector.pull-switch", "{\"on\":true}", &answer, "id", shop, NULL), 200);
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now(), lease_until = '-infinity'");
    for (int i = 0; i < 3; i++)
        run_everything();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
    (void)market_post("/sandbox/orders", "{\"count\":7,\"webhook\":false}");
    int64_t before = test_number(worker, "SELECT count(*) FROM seen_order"), made = calls();
    run_everything();
    cr_assert_eq(calls(), made);
    cr_assert_str_eq(market_connect(worker, "{\"kind\":\"none\"}"), shop);
    (void)sleep(2); /* the window's end is a full second ago */
    run_everything();
    run_everything(); /* the first one ends the window that the refusal left open */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), before + 7);
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", shop, NULL), 200);
    cr_assert_str_eq(market_member(answer, "alias"), "My shop");
    cr_assert_str_eq(market_member(answer, "warehouse_id"), "7");
    cr_assert_str_eq(market_member(answer, "state"), "CONNECTED");
}

Test(market, calls_nobody_for_a_disconnected_shop_and_keeps_what_it_has)
{
    (void)market_post("/sandbox/orders", "{\"count\":3,\"webhook\":false}");
    const char *shop = market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
    run_everything();
    int64_t orders = test_number(worker, "SELECT count(*) FROM seen_order");
    test_sql(worker, "UPDATE channel_stock SET quantity = 5, wanted = wanted + 1, due = now()");
    test_sql(worker, "INSERT INTO order_fetch (account_id, shop_id, channel_order_id) "
                     "SELECT account_id, shop_id, channel_order_id FROM seen_order");
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", NULL, "id", shop, NULL), 200);
    int64_t made = calls();
    run_everything();
    cr_assert_eq(calls(), made);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), orders);
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) FROM seller_grant"), 0);
}

Test(market, writes_down_what_it_did_for_a_shop)
{
    const char *shop = market_connect(worker, "{\"kind\":\"none\"}"), *answer;
    run_everything();
    test_sql(worker, "UPDATE channel_stock SET quantity = 5, wanted = wanted + 1, due = now()");
    run_everything();
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/order/202309/orders/search\","
                                         "\"kind\":\"500\",\"count\":1}]}");
    test_sql(worker, "UPDATE pull SET due = now(), tries = 9 WHERE kind = 'orders'");
    market_run(worker, "pull-pages");
    cr_assert_eq(
        test_ask(worker, "connector.activity", NULL, &answer, "id", shop, "limit", "200", NULL),
        200);
    static const char *const events[] = {"connected",       "orders-pulled", "listings-pulled",
                                         "first-sync-done", "stock-told",    "pull-failed"};
    for (size_t i = 0; i < SP_COUNT(events); i++) {
        char quoted[40];
        (void)snprintf(quoted, sizeof quoted, "\"%s\"", events[i]);
        cr_assert_not_null(strstr(answer, quoted), "%s in %s", events[i], answer);
    }
}

/* Every buyer of the sandbox bears a word that must turn up nowhere but sealed. */
Test(market, keeps_buyers_out_of_every_table_and_fact)
{
    (void)market_post("/sandbox/orders", "{\"count\":60,\"webhook\":false}");
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
    test_sql(worker, "UPDATE pull SET until_at = until_at + interval '5 seconds' WHERE kind='run'");
    market_run(worker, "pull-pages");
    cr_assert_gt(test_number(worker, "SELECT count(*) FROM outbox WHERE type = 'channel.order'"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox WHERE "
                                     "position('Canary'::bytea in body) > 0"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull p WHERE p::text LIKE '%Canary%'"),
                 0);
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM seen_order o WHERE o::text LIKE '%Canary%'"), 0);
}
