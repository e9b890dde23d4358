/* A seller who closes the tab while he connects a shop: at whatever step, nothing is left half
 * done.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *connect_id, *consent_url;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(closed_tab, .init = set_up, .fini = tear_down);

static void begin(void)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.connect",
                          "{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"SELLER\","
                          "\"email\":\"a@example.com\"}",
                          &answer, "session", "s1", NULL),
                 201);
    connect_id = market_member(answer, "connect_id");
    consent_url = market_member(answer, "consent_url");
}

static int come_back(const char *code, const char *state)
{
    return test_ask(worker, "connector.oauth-return", NULL, NULL, "code", code, "state", state,
                    "session", "s1", NULL);
}

static const char *shown(const char *member)
{
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, &answer, "id", connect_id, NULL),
                 200);
    return market_member(answer, member);
}

/* The time of whatever is open runs out, and every job has its turn. */
static void wait_long(void)
{
    static const char *const jobs[] = {"advance-connects", "refresh-tokens", "review-grants",
                                       "pull-pages",       "fetch-orders",   "push-stock"};
    test_sql(worker, "UPDATE connect SET ends_at = now() - interval '1 second', due = now()");
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now() WHERE state <> 'ENDED'");
    for (size_t i = 0; i < SP_COUNT(jobs); i++)
        market_run(worker, jobs[i]);
}

static void nothing_is_left(void)
{
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(code_sealed) FROM connect"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) + count(refresh_sealed) "
                                     "FROM seller_grant"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect WHERE state NOT IN "
                                     "('FAILED', 'DECLINED')"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0);
}

Test(closed_tab, before_the_consent_page)
{
    begin();
    wait_long();
    cr_assert_str_eq(shown("state"), "FAILED");
    nothing_is_left();
}

Test(closed_tab, between_the_consent_and_the_way_back)
{
    const char *code, *state;
    begin();
    market_consent(consent_url, &code, &state);
    wait_long();
    nothing_is_left();
    /* The way back after all, too late: nothing comes of it. */
    cr_assert_eq(come_back(code, state), 200);
    wait_long();
    nothing_is_left();
}

Test(closed_tab, right_after_the_way_back)
{
    const char *code, *state;
    begin();
    market_consent(consent_url, &code, &state);
    cr_assert_eq(come_back(code, state), 200);
    market_run(worker, "advance-connects");
    cr_assert_str_eq(shown("state"), "CHOOSING");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop"), 0);
    wait_long();
    cr_assert_str_eq(shown("state"), "DECLINED");
    nothing_is_left();
}

Test(closed_tab, before_the_code_was_exchanged)
{
    const char *code, *state;
    begin();
    market_consent(consent_url, &code, &state);
    cr_assert_eq(come_back(code, state), 200);
    wait_long();
    cr_assert_str_eq(shown("state"), "FAILED");
    nothing_is_left();
}

Test(closed_tab, while_choosing_and_opened_again)
{
    const char *answer;
    connect_id = market_begin(worker);
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, NULL), 200);
    cr_assert_not_null(strstr(market_member(answer, "unfinished"), connect_id));
    cr_assert_not_null(strstr(shown("shops"), "channel_shop_id"));
    wait_long();
    cr_assert_eq(test_ask(worker, "connector.shops", NULL, &answer, NULL), 200);
    cr_assert_str_eq(market_member(answer, "unfinished"), "[]");
    nothing_is_left();
}

/* The confirmation is the one step after which nobody is needed. */
Test(closed_tab, after_the_confirmation)
{
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
    wait_long();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM connect"), "DONE");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE state = 'LIVE' "
                                     "AND access_sealed IS NOT NULL"),
                 1);
}
