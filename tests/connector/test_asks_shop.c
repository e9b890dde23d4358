/* Connected shops: lists, the pull switch, disconnecting, changes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_begin();
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

static const char *shown(const char *member)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "1", NULL), 200);
    return market_member(answer, member);
}

Test(asks_shop, is_fresh_only_after_a_pull_that_came_to_its_end)
{
    cr_assert_str_eq(shown("freshness"), "FRESH");
    test_sql(worker, "UPDATE pull SET done_at = now() - interval '11 minutes', due = now()");
    cr_assert_str_eq(shown("freshness"), "STALE");
    test_sql(worker, "UPDATE pull SET done_at = NULL");
    cr_assert_str_eq(shown("freshness"), "STALE");
    test_sql(worker, "UPDATE pull SET done_at = now()");
    test_sql(worker, "UPDATE shop SET pull_on = false");
    cr_assert_str_eq(shown("freshness"), "OFF");
    test_sql(worker, "UPDATE shop SET pull_on = true, state = 'EXPIRED'");
    cr_assert_str_eq(shown("freshness"), "STOPPED");
}

Test(asks_shop, shows_how_far_a_load_is_and_when_it_will_be_done)
{
    test_sql(worker, "INSERT INTO pull (account_id, shop_id, kind, run_id, from_at, until_at, at, "
                     "seen, total, opened_at) VALUES (1, 1, 'run', -1, now(), now(), now(), 25, "
                     "100, now() - interval '10 minutes')");
    const char *progress = shown("progress");
    cr_assert_str_eq(market_member(progress, "orders_seen"), "25");
    cr_assert_str_eq(market_member(progress, "percent"), "25");
    const char *ends = market_member(progress, "ends_at");
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SELECT (abs(extract(epoch FROM '%s'::timestamptz - now()) - 1800) < 60)::int",
                   ends);
    cr_assert_eq(test_number(worker, sql), 1, "%s", ends);
    test_sql(worker, "UPDATE pull SET seen = 100, finished = true WHERE kind = 'run'");
    progress = shown("progress");
    cr_assert_str_eq(market_member(progress, "percent"), "100");
    cr_assert_str_eq(market_member(progress, "ends_at"), "");
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

static int change(const char *body, const char **answer)
{
    return test_ask(worker, "connector.settings", body, answer, "id", "1", NULL);
}

Test(asks_shop, changes_what_is_given_and_notes_what_is_another_now)
{
    const char *answer;
    size_t count;
    cr_assert_eq(change("{\"alias\":\"River\",\"warehouse_id\":\"9\"}", &answer), 200);
    cr_assert_str_eq(market_member(answer, "alias"), "River");
    cr_assert_str_eq(market_member(answer, "warehouse_id"), "9");
    cr_assert_str_eq(market_member(answer, "reserve_unpaid"), "true");
    cr_assert_eq(change("{\"alias\":\"River\",\"reserve_unpaid\":false}", &answer), 200);
    cr_assert_str_eq(market_member(answer, "reserve_unpaid"), "false");
    cr_assert_eq(change("{\"warehouse_id\":null}", &answer), 200);
    cr_assert_str_eq(market_member(answer, "warehouse_id"), "");
    const struct shop_saved *said = test_emitted(worker, &shop_saved_message, "inventory", &count);
    cr_assert_eq(count, 3);
    cr_assert_eq(said[0].warehouse_id, 9);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event"), 4);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event = 'renamed' "
                                     "AND detail = 'My shop → River'"),
                 1);
}

Test(asks_shop, refuses_settings_that_are_none)
{
    const char *answer;
    cr_assert_eq(change("{\"alias\":\"\"}", &answer), 422);
    cr_assert_eq(change("{\"warehouse_id\":\"-1\"}", &answer), 422);
    cr_assert_eq(change("{\"alias\":\"A\",\"history\":{\"kind\":\"none\"}}", &answer), 422);
    cr_assert_eq(change("[", &answer), 400);
    cr_assert_str_eq(shown("alias"), "My shop");
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED'");
    cr_assert_eq(change("{\"alias\":\"A\"}", &answer), 404);
}

Test(asks_shop, loads_more_history_once_at_a_time)
{
    const char *answer;
    const char *days = "{\"history\":{\"kind\":\"days\",\"days\":90}}";
    test_sql(worker, "UPDATE shop SET orders_from = now()");
    cr_assert_eq(change(days, &answer), 200);
    cr_assert_not_null(strstr(market_member(answer, "backfills"), "\"finished\": false"));
    cr_assert_eq(test_number(worker, "SELECT (orders_from = date_trunc('day', now() - interval "
                                     "'90 days', 'UTC'))::int FROM shop"),
                 1);
    cr_assert_eq(change(days, &answer), 409);
    test_sql(worker, "UPDATE pull SET finished = true WHERE kind = 'run'");
    cr_assert_eq(change("{\"history\":{\"kind\":\"range\",\"from\":\"2020-01-01T00:00:00Z\","
                        "\"until\":\"2020-02-01T00:00:00Z\"}}",
                        &answer),
                 200);
    cr_assert_eq(test_number(worker, "SELECT (orders_from > now() - interval '91 days')::int "
                                     "FROM shop"),
                 1, "a range that is over is loaded once");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'run' "
                                     "AND reason = 'backfill'"),
                 2);
}

Test(asks_shop, says_when_only_the_seller_can_mend_it)
{
    cr_assert_str_eq(shown("needs_consent"), "false");
    test_sql(worker, "UPDATE seller_grant SET tries = 3, access_ends_at = now()");
    cr_assert_str_eq(shown("needs_consent"), "false", "it is tried again");
    test_sql(worker, "UPDATE seller_grant SET ends_at = now()");
    cr_assert_str_eq(shown("needs_consent"), "true");
    test_sql(worker, "UPDATE seller_grant SET ends_at = now() + interval '9 days', "
                     "state = 'FAILED'");
    cr_assert_str_eq(shown("needs_consent"), "true");
    test_sql(worker, "INSERT INTO shop_event (account_id, shop_id, event) VALUES "
                     "(1, 1, 'connected'), (1, 1, 'taken-back')");
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED', grant_id = NULL");
    cr_assert_str_eq(shown("needs_consent"), "true");
    test_sql(worker, "INSERT INTO shop_event (account_id, shop_id, event) VALUES "
                     "(1, 1, 'disconnected')");
    cr_assert_str_eq(shown("needs_consent"), "false", "it was wanted");
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

Test(asks_shop, shows_disconnected_shops_when_they_are_asked_for)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, "disconnected", "true", NULL),
                 200);
    cr_assert_str_eq(market_member(answer, "items"), "[]");
    cr_assert_eq(test_ask(worker, "connector.disconnect", "{}", &answer, "id", "1", NULL), 200);
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, NULL), 200);
    cr_assert_str_eq(market_member(answer, "items"), "[]");
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, "disconnected", "true", NULL),
                 200);
    cr_assert_not_null(strstr(answer, "\"DISCONNECTED\""));
}

Test(asks_shop, pages_through_what_happened)
{
    const char *answer;
    test_sql(worker, "INSERT INTO shop_event (account_id, shop_id, event) SELECT 1, 1, 'e' || n "
                     "FROM generate_series(1, 5) n");
    cr_assert_eq(
        test_ask(worker, "connector.activity", NULL, &answer, "id", "1", "limit", "3", NULL), 200);
    cr_assert_not_null(strstr(answer, "\"e5\""));
    cr_assert_null(strstr(answer, "\"e2\""));
    cr_assert_eq(test_ask(worker, "connector.activity", NULL, &answer, "id", "1", "limit", "3",
                          "cursor", market_member(answer, "next_cursor"), NULL),
                 200);
    cr_assert_null(strstr(answer, "\"e3\""));
    cr_assert_not_null(strstr(answer, "\"e1\""));
    cr_assert_str_eq(market_member(answer, "next_cursor"), "");
    cr_assert_eq(test_ask(worker, "connector.activity", NULL, &answer, "id", "2", NULL), 404);
    cr_assert_eq(
        test_ask(worker, "connector.activity", NULL, &answer, "id", "1", "cursor", "x", NULL), 400);
    test_sql(worker, "UPDATE shop SET account_id = 2");
    cr_assert_eq(test_ask(worker, "connector.activity", NULL, &answer, "id", "1", NULL), 404);
}

Test(asks_shop, lists_the_notices_that_nobody_understood)
{
    const char *answer;
    cr_assert_eq(market_webhook(worker, "{\"type\":99,\"tts_notification_id\":\"9\",\"shop_id\":"
                                        "\"7490\",\"data\":{\"secret_name\":\"Jo\"}}"),
                 200);
    cr_assert_eq(market_webhook(worker, "{\"type\":12,\"tts_notification_id\":\"8\",\"shop_id\":"
                                        "\"7490\",\"data\":{\"return_id\":\"77\",\"order_id\":"
                                        "\"5\"}}"),
                 200);
    cr_assert_eq(test_ask(worker, "connector.notices", NULL, &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "unknown_count"), "1");
    cr_assert_not_null(strstr(answer, "\"secret_name\""));
    cr_assert_not_null(strstr(answer, "\"return_id\""));
    cr_assert_null(strstr(answer, "Jo"));
    cr_assert_eq(test_ask(worker, "connector.activity", NULL, &answer, "id", "1", NULL), 200);
    cr_assert_not_null(strstr(answer, "\"type 99\""));
}
