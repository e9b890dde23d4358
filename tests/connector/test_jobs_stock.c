/* Stock pushes: absolute, repeated when unsure, each SKU by itself. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = market_shop(30);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_stock, .init = set_up, .fini = tear_down);

static void want_everything(int quantity)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "UPDATE channel_stock SET quantity = %d, wanted = wanted + 1, due = now()",
                   quantity);
    test_sql(worker, sql);
}

static int64_t open_count(void)
{
    return test_number(worker, "SELECT count(*) FROM channel_stock WHERE done < wanted");
}

static size_t told(const char *quantity)
{
    char wanted[32];
    (void)snprintf(wanted, sizeof wanted, "\"quantity\":%s", quantity);
    size_t count = 0;
    const char *truth = market_get("/sandbox/truth/stock");
    for (const char *at = strstr(truth, wanted); at != NULL; at = strstr(at + 1, wanted))
        count++;
    return count;
}

Test(jobs_stock, tells_all_that_is_due)
{
    want_everything(777);
    market_run(worker, "push-stock");
    cr_assert_eq(open_count(), 0);
    cr_assert_eq((int64_t)told("777"), test_number(worker, "SELECT count(*) FROM channel_stock"));
}

Test(jobs_stock, tells_zero)
{
    want_everything(0);
    market_run(worker, "push-stock");
    cr_assert_eq(open_count(), 0);
}

Test(jobs_stock, tells_again_when_it_is_not_sure)
{
    static const char *const kinds[] = {"timeout", "500", "html"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        char body[200], quantity[16];
        (void)snprintf(body, sizeof body,
                       "{\"next\":[{\"path\":\"/product/202309/products\",\"kind\":\"%s\","
                       "\"count\":1}]}",
                       kinds[i]);
        (void)market_post("/sandbox/faults", body);
        want_everything((int)(800 + i));
        market_run(worker, "push-stock");
        cr_assert_gt(open_count(), 0, "%s", kinds[i]);
        test_sql(worker, "UPDATE channel_stock SET due = now() WHERE done < wanted");
        market_run(worker, "push-stock");
        cr_assert_eq(open_count(), 0, "%s", kinds[i]);
        (void)snprintf(quantity, sizeof quantity, "%d", (int)(800 + i));
        cr_assert_eq((int64_t)told(quantity),
                     test_number(worker, "SELECT count(*) FROM channel_stock"), "%s", kinds[i]);
    }
}

Test(jobs_stock, keeps_the_marketplaces_reason_for_a_sku)
{
    test_sql(worker,
             "INSERT INTO channel_stock (account_id, shop_id, sku_id, channel_warehouse_id, "
             "product_id, quantity, wanted) SELECT account_id, shop_id, '999', "
             "channel_warehouse_id, product_id, 5, 1 FROM channel_stock LIMIT 1");
    market_run(worker, "push-stock");
    cr_assert_eq(test_number(worker, "SELECT count(problem) FROM channel_stock WHERE tries = 1"),
                 1);
    cr_assert_eq(open_count(), 1);
}
