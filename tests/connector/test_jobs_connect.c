/* From the code to the choice, and what goes wrong on the way. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *connect_id, *code, *state;

static void set_up(void)
{
    const char *answer;
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
    cr_assert_eq(test_ask(worker, "connector.connect",
                          "{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"SELLER\","
                          "\"email\":\"a@example.com\"}",
                          &answer, "session", "s1", NULL),
                 201);
    connect_id = market_member(answer, "connect_id");
    market_consent(market_member(answer, "consent_url"), &code, &state);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_connect, .init = set_up, .fini = tear_down);

static void come_back(const char *with)
{
    cr_assert_eq(test_ask(worker, "connector.oauth-return", NULL, NULL, "code", with, "state",
                          state, "session", "s1", NULL),
                 200);
    market_run(worker, "advance-connects");
}

static const char *shown(const char *member)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, &answer, "id", connect_id, NULL),
                 200);
    return market_member(answer, member);
}

Test(jobs_connect, offers_the_shops_after_a_good_code)
{
    come_back(code);
    cr_assert_str_eq(shown("state"), "CHOOSING");
    cr_assert_not_null(strstr(shown("shops"), "channel_shop_id"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE state = 'PENDING' "
                                     "AND refresh_at BETWEEN now() + interval '3 days' "
                                     "AND now() + interval '6 days'"),
                 1);
}

Test(jobs_connect, fails_on_a_wrong_code)
{
    come_back("made-up");
    cr_assert_str_eq(shown("state"), "FAILED");
    cr_assert_gt(strlen(shown("problem")), 10);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant"), 0);
}

static void tries_again_after(const char *kind)
{
    char fault[128];
    (void)snprintf(fault, sizeof fault,
                   "{\"next\":[{\"path\":\"/api/v2/token/get\",\"kind\":\"%s\",\"count\":1}]}",
                   kind);
    (void)market_post("/sandbox/faults", fault);
    come_back(code);
    cr_assert_str_eq(shown("state"), "WAITING");
    test_sql(worker, "UPDATE connect SET due = now()");
    market_run(worker, "advance-connects");
    cr_assert_str_eq(shown("state"), "CHOOSING");
}

Test(jobs_connect, tries_again_when_the_marketplace_is_busy)
{
    tries_again_after("500");
}

Test(jobs_connect, tries_again_after_html_instead_of_tokens)
{
    tries_again_after("html");
}

/* The marketplace spent the code, its answer was lost: nothing is half-connected. */
Test(jobs_connect, starts_again_when_the_answer_was_lost)
{
    (void)market_post(
        "/sandbox/faults",
        "{\"next\":[{\"path\":\"/api/v2/token/get\",\"kind\":\"drop\",\"count\":1}]}");
    come_back(code);
    test_sql(worker, "UPDATE connect SET due = now() WHERE state = 'EXCHANGING'");
    market_run(worker, "advance-connects");
    cr_assert_str_eq(shown("state"), "FAILED");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant"), 0);
}

Test(jobs_connect, notes_a_shop_whose_test_call_fails)
{
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/logistics/202309/warehouses\","
                                         "\"kind\":\"500\",\"count\":1}]}");
    come_back(code);
    cr_assert_str_eq(shown("state"), "CHOOSING");
    cr_assert_eq(test_number(worker, "SELECT count(problem) FROM connect_shop"), 1);
}

/* A call that our own budget held back says nothing about the shop. */
Test(jobs_connect, waits_with_the_test_calls_while_the_budget_is_used_up)
{
    test_sql(worker,
             "INSERT INTO call_budget VALUES (0, 7998000000, 4000000000, extract(epoch FROM "
             "now() + interval '1 hour') * 1000000, 0, '{}', '{}', '{}', '{}')");
    come_back(code);
    cr_assert_str_eq(shown("state"), "WAITING");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect_shop"), 0);
    test_sql(worker, "DELETE FROM call_budget");
    test_sql(worker, "UPDATE connect SET due = now()");
    market_run(worker, "advance-connects");
    cr_assert_str_eq(shown("state"), "CHOOSING");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect_shop WHERE problem IS NULL"), 1);
}
