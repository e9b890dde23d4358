/* Stock changed at the marketplace by somebody else is found and told again.  Covers: jobs_probe.c
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "common/metrics.h"
#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;
static char sku[40], product[40], warehouse[40];

static void set_up(void)
{
    worker = market_shop(3);
    (void)snprintf(sku, sizeof sku, "%s",
                   test_text(worker, "SELECT min(sku_id) FROM channel_stock"));
    char sql[160];
    (void)snprintf(sql, sizeof sql, "SELECT min(product_id) FROM channel_stock WHERE sku_id = '%s'",
                   sku);
    (void)snprintf(product, sizeof product, "%s", test_text(worker, sql));
    (void)snprintf(warehouse, sizeof warehouse, "%s",
                   test_text(worker, "SELECT min(channel_warehouse_id) FROM channel_stock"));
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_probe, .init = set_up, .fini = tear_down);

static void want(int64_t quantity, int64_t rev)
{
    int64_t shop_id = test_number(worker, "SELECT shop_id FROM shop");
    char key[120];
    (void)snprintf(key, sizeof key, "%lld-%s-%s", (long long)shop_id, sku, warehouse);
    struct stock_level level = {.head = {.account_id = 1, .key = sp_text_of(key), .rev = rev},
                                .shop_id = shop_id,
                                .product_id = sp_text_of(product),
                                .sku_id = sp_text_of(sku),
                                .channel_warehouse_id = sp_text_of(warehouse),
                                .quantity = quantity};
    cr_assert_eq(sp_worker_feed(worker, &stock_level_message, &level, 1), SP_OK);
    market_run(worker, "push-stock");
}

static void probe(void)
{
    test_sql(worker, "UPDATE channel_stock SET probe_due = now() WHERE quantity IS NOT NULL");
    market_run(worker, "probe-stock");
}

Test(jobs_probe, finds_what_somebody_else_changed_and_corrects_it)
{
    want(12, 1);
    probe();
    cr_assert_eq(test_number(worker, "SELECT seen FROM channel_stock WHERE quantity = 12"), 12);
    /* Somebody sets 40 in the marketplace's own pages; told as ours, and forgotten here. */
    want(40, 2);
    test_sql(worker, "UPDATE channel_stock SET quantity = 12 WHERE quantity = 40");
    probe();
    cr_assert_eq(test_number(worker, "SELECT drift FROM channel_stock WHERE quantity = 12"), 40);
    test_sql(worker, "UPDATE pull SET done_at = clock_timestamp() WHERE kind = 'orders'");
    probe();
    cr_assert_eq(test_number(worker, "SELECT drifts FROM shop_count"), 1);
    market_run(worker, "push-stock");
    probe();
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE quantity = 12 "
                                     "AND seen = 12 AND drift IS NULL AND done = wanted"),
                 1);
    cr_assert_geq(test_number(worker, "SELECT push_delay_ms FROM shop_count"), 0);
}

Test(jobs_probe, keeps_what_it_cannot_read_for_later)
{
    want(12, 1);
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/product/202309/inventory/search\",\"kind\":\"500\","
                      "\"count\":1}]}");
    probe();
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE quantity = 12 AND "
                                     "probe_due BETWEEN now() AND now() + interval '1 minute'"),
                 1);
}
