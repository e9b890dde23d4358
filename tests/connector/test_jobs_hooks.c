/* A shop's webhooks lead to us, whatever was set before.  Covers: jobs_hooks.c, hook_store.c */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/market.h"

enum { MOST_SETTINGS = 40, TOPICS = 13 };

static struct sp_worker *worker;

static void open_with(const char *address)
{
    static char *settings[MOST_SETTINGS];
    static char setting[200];
    size_t count = 0;
    (void)market_open(3);
    for (char *const *one = market_settings(); *one != NULL; one++)
        settings[count++] = *one;
    (void)snprintf(setting, sizeof setting, "SAMPAN_TIKTOK_WEBHOOK_URL=%s", address);
    settings[count] = setting;
    worker = test_worker(&market_connector, settings);
    (void)market_connect(worker, "{\"kind\":\"none\"}");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_hooks, .fini = tear_down);

static void look(void)
{
    test_sql(worker, "UPDATE shop SET hooks_due = now()");
    market_run(worker, "register-hooks");
}

#define SET "SELECT coalesce(sum(items), 0) FROM shop_event WHERE event = 'webhooks-set'"
#define DUE "SELECT extract(epoch FROM hooks_due - now())::bigint / 60 FROM shop"

Test(jobs_hooks, are_set_once)
{
    open_with("https://hub.example.com/hooks/tiktok");
    market_run(worker, "register-hooks");
    cr_assert_eq(test_number(worker, SET), TOPICS);
    cr_assert_geq(test_number(worker, DUE), 23 * 60);
    look();
    cr_assert_eq(test_number(worker, SET), TOPICS, "they are there");
}

Test(jobs_hooks, are_tried_again_when_the_marketplace_does_not_answer)
{
    open_with("https://hub.example.com/hooks/tiktok");
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/event\",\"kind\":\"500\",\"count\":1}]}");
    look();
    cr_assert_leq(test_number(worker, DUE), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event = "
                                     "'webhooks-failed' AND detail <> ''"),
                 1);
    look();
    cr_assert_eq(test_number(worker, SET), TOPICS);
}

Test(jobs_hooks, wait_for_our_own_budget_without_a_word)
{
    open_with("https://hub.example.com/hooks/tiktok");
    test_sql(worker, "INSERT INTO call_budget SELECT shop_id, 400000000000, 1000000, "
                     "extract(epoch FROM now()) * 1000000, 0, '{}', '{}', '{}', '{}' FROM shop");
    look();
    cr_assert_leq(test_number(worker, DUE), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE event LIKE "
                                     "'webhooks-%'"),
                 0);
    test_sql(worker, "DELETE FROM call_budget");
    look();
    cr_assert_eq(test_number(worker, SET), TOPICS);
}

Test(jobs_hooks, are_left_to_the_partner_center_without_an_address)
{
    open_with("");
    look();
    cr_assert_eq(test_number(worker, SET), 0);
    cr_assert_leq(test_number(worker, DUE), 0);
}
