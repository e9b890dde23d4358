/* Tokens refreshed, refused and lost; what people are told. */
#include <criterion/criterion.h>
#include <string.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_grant, .init = set_up, .fini = tear_down);

static void refresh(void)
{
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now(), lease_until = '-infinity'");
    market_run(worker, "refresh-tokens");
}

static bool can_call(void)
{
    test_sql(worker, "UPDATE pull SET due = now(), tries = 0");
    market_run(worker, "pull-pages");
    return test_number(worker, "SELECT count(*) FROM pull WHERE tries > 0") == 0;
}

static const char *state(void)
{
    return test_text(worker, "SELECT state FROM seller_grant");
}

Test(jobs_grant, keeps_a_shop_working_by_refreshing)
{
    refresh();
    cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), 2);
    cr_assert(can_call());
    test_sql(worker, "UPDATE seller_grant SET lease_until = now()");
    (void)market_post("/sandbox/grants", "{\"expire\":\"access\"}");
    cr_assert_not(can_call());
    market_run(worker, "refresh-tokens");
    cr_assert(can_call());
}

Test(jobs_grant, comes_back_later_when_there_is_no_answer)
{
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"500\",\"count\":1}]}");
    refresh();
    cr_assert_str_eq(state(), "LIVE");
    cr_assert_eq(test_number(worker, "SELECT tries FROM seller_grant WHERE refresh_at > now()"), 1);
    refresh();
    cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), 2);
}

/* The marketplace replaced the pair and its answer was lost: the old access token still lives. */
Test(jobs_grant, goes_on_with_the_old_token_after_a_lost_answer)
{
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/api/v2/token/refresh\",\"kind\":"
                                         "\"drop\",\"count\":1}]}");
    refresh();
    cr_assert(can_call());
    refresh();
    cr_assert(can_call());
}

Test(jobs_grant, tells_people_when_the_seller_took_the_grant_back)
{
    size_t count;
    (void)market_post("/sandbox/grants", "{\"revoke\":true}");
    refresh();
    cr_assert_str_eq(state(), "FAILED");
    market_run(worker, "review-grants");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    cr_assert_not(can_call());
    market_run(worker, "review-grants");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_is(said[0].event, "SHOP_EXPIRING"));
    cr_assert(sp_text_is(said[1].event, "SHOP_EXPIRED"));
    const struct shop_saved *shops =
        test_emitted(worker, &shop_saved_message, "order-ingest", &count);
    cr_assert(sp_text_is(shops[count - 1].state, "EXPIRED"));
    cr_assert_geq(
        test_number(worker, "SELECT count(*) FROM shop_event WHERE event = 'grant-trouble'"), 2);
}

Test(jobs_grant, warns_before_a_grant_ends)
{
    size_t count;
    test_sql(worker, "UPDATE seller_grant SET ends_at = now() + interval '6 days'");
    market_run(worker, "review-grants");
    market_run(worker, "review-grants");
    const struct notice_raised *said =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    cr_assert_eq(count, 2);
    bool warned = false;
    for (size_t i = 0; i < count; i++)
        warned |= memmem(said[i].text.data, said[i].text.size, "7 days", 6) != NULL;
    cr_assert(warned);
}
