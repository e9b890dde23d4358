/* The marketplace's warehouses of a shop. */
#include "services/connector/warehouses.h"

#include <criterion/criterion.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(warehouses, .init = set_up, .fini = tear_down);

Test(warehouses, are_told_once_and_when_they_change)
{
    size_t before, after;
    market_run(worker, "pull-pages");
    const struct shop_saved *shops =
        test_emitted(worker, &shop_saved_message, "product-mapper", &before);
    cr_assert_eq(shops[before - 1].warehouses_count, 1);
    test_sql(worker, "UPDATE pull SET due = now()");
    market_run(worker, "pull-pages");
    (void)test_emitted(worker, &shop_saved_message, "product-mapper", &after);
    cr_assert_eq(after, before);
    test_sql(worker, "UPDATE channel_warehouse SET name = 'Old name'");
    test_sql(worker, "UPDATE pull SET due = now()");
    market_run(worker, "pull-pages");
    (void)test_emitted(worker, &shop_saved_message, "product-mapper", &after);
    cr_assert_eq(after, before + 1);
}

Test(warehouses, stay_as_they_are_when_the_call_fails)
{
    market_run(worker, "pull-pages");
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/logistics/202309/warehouses\","
                                         "\"kind\":\"500\",\"count\":1}]}");
    test_sql(worker, "UPDATE pull SET due = now()");
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_warehouse"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE tries > 0"), 0);
}
