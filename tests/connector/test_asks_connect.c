/* The beginning of a connection, the return from the consent page, declining. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_worker();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(asks_connect, .init = set_up, .fini = tear_down);

static int connect_with(const char *body, const char **answer)
{
    return test_ask(worker, "connector.connect", body, answer, "session", "s1", NULL);
}

static const char good[] = "{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"SELLER\","
                           "\"email\":\"a@example.com\"}";

Test(asks_connect, needs_what_the_consent_needs)
{
    static const struct {
        const char *body, *code;
    } wrong[] = {
        {"{", "BAD_REQUEST"},
        {"{\"region\":\"VN\",\"account_type\":\"S\",\"email\":\"a@b.c\"}", "ALIAS_MISSING"},
        {"{\"alias\":\"A\",\"account_type\":\"S\",\"email\":\"a@b.c\"}", "REGION_BAD"},
        {"{\"alias\":\"A\",\"region\":\"Vietnam\",\"account_type\":\"S\",\"email\":\"a@b.c\"}",
         "REGION_BAD"},
        {"{\"alias\":\"A\",\"region\":\"VN\",\"email\":\"a@b.c\"}", "ACCOUNT_TYPE_MISSING"},
        {"{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"S\"}", "EMAIL_BAD"},
        {"{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"S\",\"email\":\"a.b\"}",
         "EMAIL_BAD"},
        {"{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"S\",\"email\":\"a@@b.c\"}",
         "EMAIL_BAD"},
        {"{\"alias\":\"A\",\"region\":\"VN\",\"account_type\":\"S\",\"email\":\"@b.c\"}",
         "EMAIL_BAD"},
    };
    for (size_t i = 0; i < SP_COUNT(wrong); i++) {
        const char *answer;
        cr_assert_geq(connect_with(wrong[i].body, &answer), 400);
        cr_assert_str_eq(market_member(answer, "code"), wrong[i].code, "%s", wrong[i].body);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect"), 0);
}

Test(asks_connect, stores_no_phone_and_an_unlimited_duration)
{
    const char *answer;
    cr_assert_eq(connect_with(good, &answer), 201);
    cr_assert_str_eq(test_text(worker, "SELECT phone || duration FROM connect"), "unlimited");
}

Test(asks_connect, sends_the_us_to_its_own_consent_page_with_a_fresh_state)
{
    const char *first, *second, *us;
    cr_assert_eq(connect_with(good, &first), 201);
    cr_assert_eq(connect_with(good, &second), 201);
    cr_assert_eq(connect_with("{\"alias\":\"A\",\"region\":\"US\",\"account_type\":\"SELLER\","
                              "\"email\":\"a@example.com\"}",
                              &us),
                 201);
    const char *url = market_member(first, "consent_url");
    cr_assert_eq(strncmp(url, "https://services.tiktokshop.com/open/authorize?service_id=7172", 62),
                 0, "%s", url);
    cr_assert_str_neq(strstr(url, "state="),
                      strstr(market_member(second, "consent_url"), "state="));
    cr_assert_geq(strlen(strstr(url, "state=")), 6 + 43);
    cr_assert_not_null(strstr(market_member(us, "consent_url"), "services.us.tiktokshop.com"));
    /* Not even we could give the state away. */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect WHERE length(state_hash) = 32"),
                 3);
}

static const char *state_of(const char *answer)
{
    return strstr(market_member(answer, "consent_url"), "state=") + 6;
}

static int come_back(const char *session, const char *state, const char *code, const char **answer)
{
    return test_ask(worker, "connector.oauth-return", NULL, answer, "session", session, "code",
                    code, "state", state, NULL);
}

Test(asks_connect, begins_in_a_session_only)
{
    cr_assert_eq(test_ask(worker, "connector.connect", good, NULL, NULL), 400);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect"), 0);
}

Test(asks_connect, takes_a_return_once_and_leads_a_repeated_one_to_the_same_place)
{
    const char *answer, *first, *second;
    cr_assert_eq(connect_with(good, &answer), 201);
    const char *state = state_of(answer);
    cr_assert_eq(come_back("s1", state, "c1", &first), 200);
    cr_assert_eq(come_back("s1", state, "c2", &second), 200);
    cr_assert_str_eq(first, second);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM connect"), "EXCHANGING");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect WHERE consented_at "
                                     "BETWEEN made AND now()"),
                 1);
    cr_assert_eq(test_number(worker, "SELECT position('c1' in encode(code_sealed, 'escape')) "
                                     "FROM connect"),
                 0);
}

Test(asks_connect, knows_no_guessed_return)
{
    const char *answer, *refused;
    cr_assert_eq(connect_with(good, &answer), 201);
    cr_assert_eq(come_back("s1", "guess", "c", &refused), 404);
    cr_assert_str_eq(market_member(refused, "code"), "CONNECT_UNKNOWN");
    cr_assert_eq(come_back("s1", "", "c", NULL), 400);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM connect"), "WAITING");
}

/* A link with a state that somebody else began: nothing is taken from it, nothing is lost. */
Test(asks_connect, takes_a_return_only_in_the_session_and_the_account_that_began)
{
    const char *answer, *refused;
    cr_assert_eq(connect_with(good, &answer), 201);
    const char *state = state_of(answer);
    static const char *const others[] = {"", "s2", "s11", "S1"};
    for (size_t i = 0; i < SP_COUNT(others); i++) {
        cr_assert_eq(come_back(others[i], state, "c", &refused), 403, "%s", others[i]);
        cr_assert_str_eq(market_member(refused, "code"), "CONNECT_ELSEWHERE");
        cr_assert_eq(come_back(others[i], state, "", NULL), 403, "a refused consent neither");
    }
    test_sql(worker, "UPDATE connect SET account_id = 2");
    cr_assert_eq(come_back("s1", state, "c", NULL), 403);
    test_sql(worker, "UPDATE connect SET account_id = 1");
    cr_assert_str_eq(test_text(worker, "SELECT state || coalesce(code_sealed::text, '-') "
                                       "FROM connect"),
                     "WAITING-");
    cr_assert_eq(come_back("s1", state, "c", NULL), 200);
    cr_assert_eq(come_back("s2", state, "c", NULL), 403, "not even when it has moved on");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM connect"), "EXCHANGING");
}

Test(asks_connect, says_that_a_late_or_refused_consent_failed)
{
    const char *answer, *shown;
    cr_assert_eq(connect_with(good, &answer), 201);
    const char *id = market_member(answer, "connect_id");
    cr_assert_eq(come_back("s1", state_of(answer), "", NULL), 200);
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, &shown, "id", id, NULL), 200);
    cr_assert_str_eq(market_member(shown, "state"), "FAILED");
    cr_assert_str_eq(market_member(shown, "problem"), "NO_CONSENT");
    cr_assert_eq(connect_with(good, &answer), 201);
    id = market_member(answer, "connect_id");
    test_sql(worker, "UPDATE connect SET ends_at = now()");
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, &shown, "id", id, NULL), 200);
    cr_assert_str_eq(market_member(shown, "state"), "FAILED");
}

Test(asks_connect, hides_connections_of_other_accounts)
{
    const char *answer;
    cr_assert_eq(connect_with(good, &answer), 201);
    const char *id = market_member(answer, "connect_id");
    test_sql(worker, "UPDATE connect SET account_id = 2");
    cr_assert_eq(test_ask(worker, "connector.connect-state", NULL, NULL, "id", id, NULL), 404);
    cr_assert_eq(test_ask(worker, "connector.decline", "{}", NULL, "id", id, NULL), 409);
}

Test(asks_connect, declines_once)
{
    const char *answer;
    cr_assert_eq(connect_with(good, &answer), 201);
    const char *id = market_member(answer, "connect_id");
    cr_assert_eq(test_ask(worker, "connector.decline", "{}", NULL, "id", id, NULL), 200);
    cr_assert_eq(test_ask(worker, "connector.decline", "{}", NULL, "id", id, NULL), 409);
}
