/* The routine part of a shop's history: together, bounded, of the right shop. */
#include "services/connector/activity_store.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct activity notes[4];
static size_t note_count;

static void set_up(void)
{
    worker = shop_begin();
    notes[0] = (struct activity){.account_id = 1, .shop_id = 1, .event = "orders-pulled"};
    note_count = 1;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(activity_store, .init = set_up, .fini = tear_down);

static enum sp_result note(struct sp_ctx *ctx)
{
    store_note_activities(ctx, notes, note_count);
    return SP_OK;
}

static void note_all(void)
{
    cr_assert_eq(shop_run(worker, note), SP_OK);
}

static const char *rows(void)
{
    return test_text(worker, "SELECT coalesce(string_agg(concat_ws(' ', event, times, items, "
                             "detail), ', ' ORDER BY event_id), '') FROM shop_event");
}

Test(activity_store, keeps_one_row_an_hour_for_what_is_the_same)
{
    notes[0].items = 3;
    note_all();
    notes[0].items = 4;
    note_all();
    cr_assert_str_eq(rows(), "orders-pulled 2 7");
    test_sql(worker, "UPDATE shop_event SET at = now() - interval '61 minutes'");
    note_all();
    cr_assert_str_eq(rows(), "orders-pulled 2 7, orders-pulled 1 4");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE until_at >= at"), 2);
}

Test(activity_store, tells_events_and_reasons_apart)
{
    notes[1] = (struct activity){
        .account_id = 1, .shop_id = 1, .event = "pull-failed", .detail = SP_TEXT("a")};
    notes[2] = (struct activity){
        .account_id = 1, .shop_id = 1, .event = "pull-failed", .detail = SP_TEXT("b")};
    note_count = 3;
    note_all();
    note_all();
    cr_assert_str_eq(rows(), "orders-pulled 2 0, pull-failed 2 0 a, pull-failed 2 0 b");
}

Test(activity_store, finds_the_shops_of_a_grant_and_the_one_a_notice_names)
{
    test_sql(worker, "INSERT INTO shop (account_id, channel_shop_id, cipher, name, alias, region, "
                     "state, grant_id) VALUES (1, '7491', 'c', 'n', 'a', 'VN', 'CONNECTED', 1), "
                     "(2, '7492', 'c', 'n', 'a', 'VN', 'CONNECTED', 1)");
    notes[0] = (struct activity){.account_id = 1, .grant_id = 1, .event = "token-refreshed"};
    notes[1] = (struct activity){.channel_shop_id = SP_TEXT("7492"), .event = "webhook-unknown"};
    note_count = 2;
    note_all();
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(channel_shop_id || ' ' || event, ', ' "
                                       "ORDER BY channel_shop_id) FROM shop_event "
                                       "JOIN shop USING (account_id, shop_id)"),
                     "7490 token-refreshed, 7491 token-refreshed, 7492 webhook-unknown");
}

Test(activity_store, keeps_a_thousand_rows_and_all_that_people_did)
{
    test_sql(worker, "INSERT INTO shop_event (account_id, shop_id, event) VALUES (1, 1, "
                     "'connected')");
    test_sql(worker, "INSERT INTO shop_event (account_id, shop_id, event, routine, detail) "
                     "SELECT 1, 1, 'pull-failed', true, n::text FROM generate_series(1, 2000) n");
    note_all();
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE routine"), 1000);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE NOT routine"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop_event WHERE detail = '2000'"), 1);
}

Test(activity_store, stays_out_of_the_short_history)
{
    note_all();
    cr_assert_str_eq(test_text(worker, "SELECT event FROM shop_event WHERE routine"),
                     "orders-pulled");
    const char *answer;
    cr_assert_eq(test_ask(worker, "connector.shop", NULL, &answer, "id", "1", NULL), 200);
    cr_assert_str_eq(market_member(answer, "history"), "[]");
}
