/* Products fetched again because a person asked.  Covers: asks_shop.c (ask_download), pull_store.c,
 * jobs_task.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proto/messages.h"
#include "tests/connector/shop.h"

enum { PRODUCTS = 3 };

static struct sp_worker *worker;
static const char *shop;

static void begin(void)
{
    (void)market_open(PRODUCTS);
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    shop = test_text(worker, "SELECT shop_id::text FROM shop");
}

static void end(void)
{
    sp_worker_close(&worker);
}

TestSuite(download, .init = begin, .fini = end);

static int ask_for(const char *body)
{
    const char *answer;
    return test_ask(worker, "connector.download", body, &answer, "id", shop, NULL);
}

static size_t listings_told(void)
{
    size_t count;
    (void)test_emitted(worker, &channel_listing_message, "product-mapper", &count);
    return count;
}

static void make_pulls_due(void)
{
    test_sql(worker, "UPDATE pull SET due = CASE WHEN kind = 'listings' THEN now() "
                     "ELSE now() + interval '1 hour' END");
}

Test(download, all_products_are_told_again)
{
    make_pulls_due();
    market_run(worker, "pull-pages");
    cr_assert_eq(listings_told(), PRODUCTS);
    make_pulls_due();
    market_run(worker, "pull-pages");
    cr_assert_eq(listings_told(), PRODUCTS, "the stream tells what changed");
    cr_assert_eq(ask_for("{}"), 202);
    market_run(worker, "pull-pages");
    cr_assert_eq(listings_told(), 2 * PRODUCTS);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event = "
                                     "'listings-wanted'"),
                 1);
}

Test(download, one_product_is_told_although_nobody_has_seen_it)
{
    char body[96];
    test_sql(worker, "UPDATE pull SET due = now() + interval '1 hour'");
    make_pulls_due();
    market_run(worker, "pull-pages");
    const char *product = test_text(worker, "SELECT min(product_id) FROM seen_listing");
    test_sql(worker, "DELETE FROM seen_listing");
    test_clear_outbox(worker);
    (void)snprintf(body, sizeof body, "{\"product_id\":\"%s\"}", product);
    for (size_t times = 1; times <= 2; times++) {
        cr_assert_eq(ask_for(body), 202);
        market_run(worker, "run-tasks");
        test_sql(worker, "UPDATE seen_listing SET began_at = began_at - interval '2 seconds'");
        cr_assert_eq(listings_told(), times);
    }
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "DONE");
}

Test(download, what_the_marketplace_does_not_have_is_refused_with_its_words)
{
    cr_assert_eq(ask_for("{\"product_id\":\"1\"}"), 202);
    market_run(worker, "run-tasks");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "REFUSED");
    cr_assert_gt(test_number(worker, "SELECT length(problem) FROM task"), 0);
    cr_assert_eq(listings_told(), 0);
}

Test(download, asks_for_nothing_that_cannot_be_meant)
{
    const char *answer;
    cr_assert_eq(ask_for("{\"product_id\":\"a/b\"}"), 400);
    cr_assert_eq(test_ask(worker, "connector.download", "{}", &answer, "id", "99", NULL), 404);
    cr_assert_eq(
        test_ask(worker, "connector.download", "{\"product_id\":\"1\"}", &answer, "id", "99", NULL),
        404);
}
