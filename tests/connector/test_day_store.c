/* Days to be listed: which are taken when, and the fence around them. */
#include "services/connector/day_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct day_task tasks[80];
static size_t count;
static struct day_step step;

static enum sp_result open_all(struct sp_ctx *ctx)
{
    store_open_days(ctx);
    return SP_OK;
}

static void set_up(void)
{
    worker = shop_begin();
    test_sql(worker, "UPDATE shop SET orders_from = now() - interval '3 days'");
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(day_store, .init = set_up, .fini = tear_down);

static enum sp_result take(struct sp_ctx *ctx)
{
    enum sp_result result = store_take_days(ctx, tasks, SP_COUNT(tasks), &count);
    for (size_t i = 0; i < count && result == SP_OK; i++)
        tasks[i].access.cipher = tasks[i].access.access_sealed = (struct sp_text){0};
    return result;
}

static void take_all(size_t expected)
{
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, expected, "%zu", count);
}

static enum sp_result move_on(struct sp_ctx *ctx)
{
    return store_step_day(ctx, &step);
}

static void make_due(void)
{
    test_sql(worker, "UPDATE day_check SET due = now()");
}

Test(day_store, has_a_row_for_each_day_from_the_first_order_on)
{
    int64_t days = test_number(worker, "SELECT count(*) FROM day_check");
    cr_assert(days == 4 || days == 3, "%lld", (long long)days); /* 3: just after midnight */
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check"), days);
    test_sql(worker, "UPDATE shop SET orders_from = to_timestamp(0)");
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
    cr_assert_leq(test_number(worker, "SELECT count(*) FROM day_check"), 61);
}

/* Two hours of the 1st, all of the 2nd, the morning of the 3rd. */
static void load_range(const char *state)
{
    char sql[400];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO pull (account_id, shop_id, kind, run_id, reason, from_at, "
                   "until_at, at, finished, problem) SELECT 1, 1, 'run', -7, 'backfill', "
                   "'2024-03-01 22:00Z', '2024-03-03 09:30Z', '2024-03-01 22:00Z', %s",
                   state);
    test_sql(worker, sql);
    test_sql(worker, "UPDATE day_check SET due = 'infinity'");
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
}

Test(day_store, certifies_the_days_of_a_chosen_range)
{
    load_range("true, NULL");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE day < '2024-04-01Z'"),
                 3);
    take_all(3);
    cr_assert_str_eq(
        test_text(worker,
                  "SELECT string_agg(to_char(from_at AT TIME ZONE 'UTC', 'DD HH24:MI-') "
                  "|| to_char(until_at AT TIME ZONE 'UTC', 'DD HH24:MI'), ' ' ORDER BY day) "
                  "FROM day_check WHERE day < '2024-04-01Z'"),
        "01 22:00-02 00:00 02 00:00-03 00:00 03 00:00-03 09:30");
    test_sql(worker, "DELETE FROM day_check WHERE day < '2024-04-01Z'");
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE day < '2024-04-01Z'"), 0,
                 "opened once");
}

Test(day_store, certifies_no_range_that_is_not_there)
{
    load_range("false, NULL");
    test_sql(worker, "UPDATE pull SET finished = true, problem = 'refused' WHERE kind = 'run'");
    cr_assert_eq(shop_run(worker, open_all), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE day < '2024-04-01Z'"),
                 0);
}

/* One range ends where the next begins, within a day: that day is whole. */
Test(day_store, takes_ranges_together_that_touch)
{
    load_range("true, NULL");
    test_sql(worker, "INSERT INTO pull (account_id, shop_id, kind, run_id, reason, from_at, "
                     "until_at, at, finished) SELECT 1, 1, 'run', -8, 'backfill', "
                     "'2024-03-03 09:30Z', '2024-03-04 01:00Z', '2024-03-04 01:00Z', true");
    take_all(3);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE day = '2024-03-03Z' "
                                     "AND from_at = day AND until_at = day + interval '1 day'"),
                 1);
}

Test(day_store, lists_a_day_from_the_shops_first_order_and_not_to_the_last_minutes)
{
    take_all((size_t)test_number(worker, "SELECT count(*) FROM day_check"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE from_at < "
                                     "now() - interval '3 days 1 minute'"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE until_at > "
                                     "now() - interval '5 minutes' OR from_at >= until_at OR "
                                     "until_at > day + interval '1 day'"),
                 0);
    take_all(0); /* all are leased */
}

Test(day_store, waits_for_the_history_and_for_whoever_may_be_pulled)
{
    static const char *const forbidden[] = {
        "UPDATE shop SET pull_on = false", "UPDATE shop SET pull_on = true, state = 'EXPIRED'",
        "UPDATE shop SET state = 'DISCONNECTED'",
        "UPDATE shop SET state = 'CONNECTING'; INSERT INTO pull (account_id, shop_id, kind, "
        "run_id, "
        "reason, from_at, at) VALUES (1, 1, 'run', -1, 'backfill', now(), now())"};
    for (size_t i = 0; i < SP_COUNT(forbidden); i++) {
        test_sql(worker, forbidden[i]);
        take_all(0);
    }
    test_sql(worker, "UPDATE pull SET finished = true WHERE kind = 'run'");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_gt(count, 0);
}

Test(day_store, goes_on_where_a_slice_ended_and_begins_anew_when_the_check_is_over)
{
    take_all((size_t)test_number(worker, "SELECT count(*) FROM day_check"));
    struct day_task task = tasks[0];
    int64_t first = task.check_number, before = task.before_s;
    task.before_s = before - 100;
    task.slice = 1;
    task.listed = 7;
    step = (struct day_step){.task = &task};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert(step.stored);
    take_all(1);
    cr_assert_eq(tasks[0].check_number, first);
    cr_assert_eq(tasks[0].before_s, before - 100);
    cr_assert_eq(tasks[0].slice, 1);
    cr_assert_eq(tasks[0].listed, 7);
    task = tasks[0];
    step = (struct day_step){.task = &task, .over = true, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    take_all(1);
    cr_assert_gt(tasks[0].check_number, first);
    cr_assert_geq(tasks[0].before_s, before);
    cr_assert_eq(tasks[0].slice, 0);
}

Test(day_store, stores_nothing_for_who_lost_the_lease)
{
    take_all((size_t)test_number(worker, "SELECT count(*) FROM day_check"));
    struct day_task slow = tasks[0];
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    step = (struct day_step){.task = &slow, .over = true, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert_not(step.stored);
}

Test(day_store, never_comes_back_to_what_is_too_old)
{
    take_all((size_t)test_number(worker, "SELECT count(*) FROM day_check"));
    step = (struct day_step){.task = &tasks[0], .wait_ms = -1, .over = true, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE due = 'infinity'"), 1);
}

Test(day_store, brings_a_day_forward_once_for_each_revision)
{
    test_sql(worker, "UPDATE day_check SET due = now() + interval '1 hour'");
    int64_t day = test_number(worker, "SELECT extract(epoch FROM min(day))::bigint FROM day_check");
    char key[40];
    (void)snprintf(key, sizeof key, "1/%lld", (long long)day);
    struct day_wanted wanted = {.head = {.account_id = 1, .key = sp_text_of(key), .rev = 5},
                                .shop_id = 1,
                                .day = day,
                                .after_s = 60};
    static const char *const soon =
        "SELECT count(*) FROM day_check WHERE due < now() + interval '2 minutes'";
    cr_assert_eq(sp_worker_feed(worker, &day_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(test_number(worker, soon), 1);
    test_sql(worker, "UPDATE day_check SET due = now() + interval '1 hour'");
    cr_assert_eq(sp_worker_feed(worker, &day_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(test_number(worker, soon), 0);
}
