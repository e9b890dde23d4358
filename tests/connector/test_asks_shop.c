/* Connected shops: lists, the pull switch, disconnecting, changes. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_worker();
    shop_insert(worker);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(asks_shop, .init = set_up, .fini = tear_down);

Test(asks_shop, lists_and_shows)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, NULL), 200);
    cr_assert_not_null(strstr(answer, "\"7490\""));
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "id"), "1");
    cr_assert_str_eq(market_member(answer, "history"), "[]");
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "2", NULL), 404);
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "x", NULL), 404);
}

Test(asks_shop, shows_nothing_of_another_account)
{
    const char *answer;
    test_sql(worker, "UPDATE shop SET account_id = 2");
    test_sql(worker, "UPDATE seller_grant SET account_id = 2");
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "1", NULL), 404);
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", &answer, "id", "1", NULL), 404);
    cr_assert_eq(
        test_ask(worker, "connector.pull-switch", "{\"on\":false}", &answer, "id", "1", NULL), 404);
}

Test(asks_shop, switches_the_pull_and_tells_everybody)
{
    const char *answer;
    size_t count;
    cr_assert_eq(
        test_ask(worker, "connector.pull-switch", "{\"on\":false}", &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "pull_on"), "false");
    cr_assert_eq(
        test_ask(worker, "connector.pull-switch", "{\"on\":true}", &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "pull_on"), "true");
    cr_assert_eq(test_ask(worker, "connector.pull-switch", "{}", &answer, "id", "1", NULL), 400);
    (void)test_emitted(worker, &shop_saved_message, "order-ingest", &count);
    cr_assert_eq(count, 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event"), 2);
}

Test(asks_shop, disconnects_and_says_so)
{
    const char *answer;
    size_t count;
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "state"), "DISCONNECTED");
    const struct shop_saved *said = test_emitted(worker, &shop_saved_message, "placement", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(said[0].state, "DISCONNECTED"));
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", &answer, "id", "1", NULL), 404);
}

Test(asks_shop, tells_changes_since_a_moment)
{
    const char *answer;
    cr_assert_eq(
        test_ask(worker, "connector.changes", "{\"accounts\":[\"1\"],\"since\":0}", &answer, NULL),
        200);
    cr_assert_not_null(strstr(answer, "\"ids\": [\"1\"]"), "%s", answer);
    cr_assert_gt(strlen(market_member(answer, "since")), 10);
    cr_assert_eq(test_ask(worker, "connector.changes",
                          "{\"accounts\":[1],\"since\":99999999999999999}", &answer, NULL),
                 200);
    cr_assert_str_eq(market_member(answer, "accounts"), "[]");
    cr_assert_eq(test_ask(worker, "connector.changes", "{", &answer, NULL), 400);
}
