/* Which shops /metrics shows, and with what. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/metrics.h"
#include "tests/connector/shop.h"
#include "tests/support/promtool.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_measure, .init = set_up, .fini = tear_down);

enum { NOT_SHOWN = -99999999 };

/* Looks anew; the gauge's value for the shop. */
static int64_t shown(const char *gauge, const char *shop)
{
    market_run(worker, "measure-shops");
    struct sp_buffer out = {0};
    char series[128];
    (void)snprintf(series, sizeof series, "\n%s{shop=\"%s\"} ", gauge, shop);
    sp_metrics_write(&out);
    sp_buffer_put(&out, "", 1);
    const char *at = strstr(out.data, series);
    int64_t value = at == NULL ? NOT_SHOWN : strtoll(at + strlen(series), NULL, 10);
    sp_buffer_free(&out);
    return value;
}

static void expect_about(const char *gauge, int64_t seconds)
{
    enum { SLOW_MACHINE_S = 60 };
    int64_t value = shown(gauge, "1");
    cr_expect(llabs(value - seconds) <= SLOW_MACHINE_S, "%s is %lld, not %lld", gauge,
              (long long)value, (long long)seconds);
}

#define PULL_AGE "sampan_connector_pull_age_seconds"
#define GRANT_LEFT "sampan_connector_grant_left_seconds"

Test(jobs_measure, a_pull_ages_from_its_last_completed_window)
{
    test_sql(worker, "UPDATE pull SET done_at = now() - interval '7 minutes', due = now() "
                     "WHERE kind = 'orders'");
    expect_about(PULL_AGE, 7 * 60);
    test_sql(worker, "UPDATE pull SET done_at = NULL");
    test_sql(worker, "UPDATE shop SET connected_at = now() - interval '1 hour'");
    expect_about(PULL_AGE, 3600);
}

Test(jobs_measure, shops_that_are_not_to_be_pulled_are_not_shown)
{
    cr_expect_neq(shown(PULL_AGE, "1"), NOT_SHOWN);
    test_sql(worker, "UPDATE shop SET pull_on = false");
    cr_expect_eq(shown(PULL_AGE, "1"), NOT_SHOWN);
    cr_expect_neq(shown(GRANT_LEFT, "1"), NOT_SHOWN);
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED'");
    cr_expect_eq(shown(GRANT_LEFT, "1"), NOT_SHOWN);
}

Test(jobs_measure, a_grant_has_what_is_left_of_it)
{
    enum { DAY_S = 24 * 3600 };
    expect_about(GRANT_LEFT, 300 * DAY_S);
    test_sql(worker, "UPDATE seller_grant SET state = 'FAILED'"); /* the access token still works */
    expect_about(GRANT_LEFT, 7 * DAY_S);
    test_sql(worker, "UPDATE seller_grant SET state = 'LIVE', ends_at = now() - interval '1 day'");
    expect_about(GRANT_LEFT, -DAY_S);
    test_sql(worker, "UPDATE seller_grant SET state = 'ENDED', access_sealed = NULL, "
                     "refresh_sealed = NULL, ends_at = now() + interval '1 day'");
    expect_about(GRANT_LEFT, 0);
}

#define NEWS_DELAY "sampan_connector_news_delay_seconds"
#define PUSH_WAIT "sampan_connector_push_wait_seconds"

Test(jobs_measure, late_news_are_shown_while_they_are_news)
{
    cr_expect_eq(shown(NEWS_DELAY, "1"), NOT_SHOWN);
    test_sql(worker, "UPDATE shop_count SET delay_ms = 95000, delay_at = now()");
    cr_expect_eq(shown(NEWS_DELAY, "1"), 95);
    test_sql(worker, "UPDATE shop_count SET delay_at = now() - interval '2 hours'");
    cr_expect_eq(shown(NEWS_DELAY, "1"), NOT_SHOWN);
}

Test(jobs_measure, a_quantity_waits_until_it_is_told)
{
    test_sql(worker,
             "INSERT INTO channel_stock (account_id, shop_id, sku_id, channel_warehouse_id, "
             "product_id, quantity, wanted, asked_at) VALUES "
             "(1, 1, '101', '7068', '17', 10, 1, now() - interval '1 hour')");
    expect_about(PUSH_WAIT, 3600);
    test_sql(worker, "UPDATE channel_stock SET done = wanted");
    cr_expect_eq(shown(PUSH_WAIT, "1"), NOT_SHOWN);
}

Test(jobs_measure, of_many_shops_those_that_need_somebody_are_shown)
{
    test_sql(worker,
             "INSERT INTO shop (account_id, shop_id, channel_shop_id, cipher, name, alias, region, "
             "state, grant_id, connected_at) SELECT 1, n, n::text, 'c', 'n', 'n', 'VN', "
             "'CONNECTED', 1, now() - n * interval '1 hour' FROM generate_series(101, 150) n");
    cr_expect_neq(shown(PULL_AGE, "150"), NOT_SHOWN);
    cr_expect_neq(shown(PULL_AGE, "131"), NOT_SHOWN);
    cr_expect_eq(shown(PULL_AGE, "130"), NOT_SHOWN);
    cr_expect_eq(shown(PULL_AGE, "1"), NOT_SHOWN);
}

Test(jobs_measure, prometheus_has_nothing_to_say_of_them)
{
    cr_expect_neq(shown(PULL_AGE, "1"), NOT_SHOWN);
    cr_expect_eq(test_promtool_all(), 0);
}
