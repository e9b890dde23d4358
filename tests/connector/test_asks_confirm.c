/* The end of connecting: which shops, and what stands against it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(asks_confirm, .init = set_up, .fini = tear_down);

static int confirm(const char *connect_id, const char *shop, const char *alias, const char **answer)
{
    char body[512];
    (void)snprintf(body, sizeof body,
                   "{\"shops\":[{\"channel_shop_id\":\"%s\",\"alias\":\"%s\",\"warehouse_id\":null,"
                   "\"history\":{\"kind\":\"none\"}}]}",
                   shop, alias);
    return test_ask(worker, "connector.confirm", body, answer, "id", connect_id, NULL);
}

Test(asks_confirm, pulls_nothing_before_the_confirmation)
{
    const char *answer, *connect_id = market_begin(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop"), 0);
    const char *shop = market_shop_id(worker, connect_id);
    cr_assert_eq(confirm(connect_id, shop, "A", &answer), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull"), 7);
    cr_assert_eq(confirm(connect_id, shop, "A", &answer), 409);
    cr_assert_str_eq(market_member(answer, "code"), "CONNECT_NOT_CHOOSING");
}

Test(asks_confirm, refuses_a_shop_that_another_account_has)
{
    const char *answer, *connect_id = market_begin(worker);
    const char *shop = market_shop_id(worker, connect_id);
    char sql[400];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, "
                   "grant_id) VALUES (2, '%s', 'c', 'n', 'a', 'VN', 99)",
                   shop);
    test_sql(worker, sql);
    cr_assert_eq(confirm(connect_id, shop, "A", &answer), 409);
    cr_assert_str_eq(market_member(answer, "code"), "SHOP_LINKED_ELSEWHERE");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM connect"), "CHOOSING");
    /* Once that account has let go of it, it is free. */
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED', grant_id = NULL");
    cr_assert_eq(confirm(connect_id, shop, "A", &answer), 200);
}

Test(asks_confirm, refuses_a_shop_the_consent_does_not_cover_or_that_does_not_answer)
{
    const char *answer, *connect_id = market_begin(worker);
    cr_assert_eq(confirm(connect_id, "999", "A", &answer), 409);
    cr_assert_str_eq(market_member(answer, "code"), "SHOP_NOT_GRANTED");
    test_sql(worker, "UPDATE connect_shop SET problem = 'no answer'");
    cr_assert_eq(confirm(connect_id, market_shop_id(worker, connect_id), "A", &answer), 409);
    cr_assert_str_eq(market_member(answer, "code"), "SHOP_TEST_FAILED");
    cr_assert_eq(
        test_ask(worker, "connector.confirm", "{\"shops\":[]}", &answer, "id", connect_id, NULL),
        422);
}

Test(asks_confirm, revives_a_shop_with_its_alias_and_cursor)
{
    const char *answer;
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    test_sql(worker, "UPDATE pull SET from_at = to_timestamp(1000) WHERE kind = 'orders'");
    test_sql(worker, "UPDATE shop SET state = 'EXPIRED'");
    const char *connect_id = market_begin(worker);
    cr_assert_eq(confirm(connect_id, market_shop_id(worker, connect_id), "", &answer), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop"), 1);
    cr_assert_str_eq(test_text(worker, "SELECT alias || warehouse_id || state FROM shop"),
                     "My shop7CONNECTING");
    cr_assert_eq(test_number(worker, "SELECT extract(epoch FROM from_at)::bigint FROM pull "
                                     "WHERE kind = 'orders'"),
                 1000);
    /* One grant serves it now; the old one's tokens are gone. */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE state = 'LIVE'"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) FROM seller_grant"), 1);
    market_run(worker, "pull-pages");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

Test(asks_confirm, connects_a_disconnected_shop_again)
{
    const char *shop = market_connect(worker, "{\"kind\":\"none\"}");
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", NULL, "id", shop, NULL), 200);
    cr_assert_str_eq(market_connect(worker, "{\"kind\":\"none\"}"), shop);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop WHERE state = 'CONNECTING'"), 1);
}
