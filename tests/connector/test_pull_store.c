/* Windows, positions, and the fence around them. */
#include "services/connector/pull_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct pull_task tasks[8];
static size_t count, most;
static struct pull_step step;

static void set_up(void)
{
    worker = shop_worker();
    most = SP_COUNT(tasks);
    shop_insert(worker);
    test_sql(worker, "UPDATE pull SET due = now() + interval '1 hour' WHERE kind = 'listings'");
    test_sql(worker, "UPDATE pull SET from_at = to_timestamp(1000), at = to_timestamp(1000) "
                     "WHERE kind = 'orders'");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(pull_store, .init = set_up, .fini = tear_down);

static struct sp_text kept_kind(struct sp_text kind)
{
    static const char *const kinds[] = {"orders", "run", "day-sweep", "month-sweep"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        if (sp_text_is(kind, kinds[i]))
            return sp_text_of(kinds[i]);
    }
    return SP_TEXT("orders");
}

static enum sp_result take(struct sp_ctx *ctx)
{
    enum sp_result result = store_take_pulls(ctx, tasks, most, &count);
    for (size_t i = 0; i < count && result == SP_OK; i++) {
        /* The row lives as long as the unit of work; these tests look later. */
        tasks[i].kind = kept_kind(tasks[i].kind);
        tasks[i].reason = tasks[i].access.cipher = tasks[i].access.access_sealed =
            (struct sp_text){0};
        if (tasks[i].paging.edge_count > 0)
            cr_assert(sp_text_is(tasks[i].paging.edge[0], "576"));
        tasks[i].paging.edge = NULL;
        cr_assert_eq(tasks[i].paging.token.size, 0);
    }
    return result;
}

static enum sp_result move_on(struct sp_ctx *ctx)
{
    return store_step_pulls(ctx, &step, 1);
}

static void take_one(void)
{
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
}

Test(pull_store, opens_a_window_with_an_overlap_and_a_fixed_end)
{
    take_one();
    cr_assert_eq(tasks[0].paging.from, 1000 - 120);
    cr_assert_eq(tasks[0].paging.at, 1000 - 120);
    cr_assert_gt(tasks[0].paging.until, 1000);
    int64_t until = tasks[0].paging.until;
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'orders'");
    take_one();
    cr_assert_eq(tasks[0].paging.until, until);
    cr_assert_eq(tasks[0].paging.from, 1000 - 120);
}

Test(pull_store, has_no_overlap_before_the_first_window)
{
    test_sql(worker, "UPDATE pull SET done_at = NULL WHERE kind = 'orders'");
    take_one();
    cr_assert_eq(tasks[0].paging.from, 1000);
    cr_assert(tasks[0].first_window);
}

Test(pull_store, leases_what_it_takes)
{
    take_one();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

Test(pull_store, takes_nothing_of_a_shop_that_may_not_be_pulled)
{
    static const char *const forbidden[] = {"UPDATE shop SET pull_on = false",
                                            "UPDATE shop SET pull_on = true, state = 'EXPIRED'",
                                            "UPDATE shop SET state = 'DISCONNECTED'"};
    for (size_t i = 0; i < SP_COUNT(forbidden); i++) {
        test_sql(worker, forbidden[i]);
        cr_assert_eq(shop_run(worker, take), SP_OK);
        cr_assert_eq(count, 0);
    }
}

Test(pull_store, keeps_position_and_edge_of_a_page)
{
    const struct sp_text edge[] = {SP_TEXT("576"), SP_TEXT("577")};
    take_one();
    tasks[0].paging.at = 2000;
    tasks[0].paging.edge = edge;
    tasks[0].paging.edge_count = 2;
    tasks[0].paging.total = 9;
    step = (struct pull_step){.task = &tasks[0], .pages = 1, .seen = 3, .wait_ms = 0};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert(step.stored);
    cr_assert_eq(step.total_pages, 1);
    cr_assert_eq(step.total_seen, 3);
    take_one();
    cr_assert_eq(tasks[0].paging.at, 2000);
    cr_assert_eq(tasks[0].paging.edge_count, 2);
    cr_assert_eq(tasks[0].paging.total, 9);
}

Test(pull_store, moves_the_cursor_when_the_window_is_done)
{
    take_one();
    int64_t until = tasks[0].paging.until;
    step = (struct pull_step){.task = &tasks[0], .pages = 1, .wait_ms = 60000, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM pull WHERE kind = 'orders' AND until_at IS NULL "
                   "AND from_at = to_timestamp(%lld) AND due > now()",
                   (long long)until);
    cr_assert_eq(test_number(worker, sql), 1);
}

/* A replica that slept past its lease must not rewind what another has done since. */
Test(pull_store, stores_nothing_for_who_lost_the_lease)
{
    take_one();
    struct pull_task slow = tasks[0];
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'orders'");
    take_one();
    step = (struct pull_step){.task = &slow, .pages = 1, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert_not(step.stored);
    step = (struct pull_step){.task = &tasks[0], .pages = 1, .done = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert(step.stored);
}

static enum sp_result listings_soon(struct sp_ctx *ctx)
{
    store_listings_soon(ctx, (struct shop_key){1, 1});
    return SP_OK;
}

Test(pull_store, brings_listings_forward)
{
    cr_assert_eq(shop_run(worker, listings_soon), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE due <= now()"), 2);
}

Test(pull_store, takes_a_run_even_when_the_pull_is_off)
{
    struct import_requested run = {.head = {.account_id = 1, .key = SP_TEXT("9"), .rev = 1},
                                   .run_id = 9,
                                   .shop_id = 1,
                                   .from_at = 0,
                                   .until_at = 5000,
                                   .reason = SP_TEXT("manual")};
    test_sql(worker, "UPDATE shop SET pull_on = false");
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    take_one();
    cr_assert_eq(tasks[0].run_id, 9);
    cr_assert_eq(tasks[0].paging.from, 0);
    cr_assert_eq(tasks[0].paging.until, 5000);
    step = (struct pull_step){.task = &tasks[0], .pages = 1, .done = true, .finished = true};
    cr_assert_eq(shop_run(worker, move_on), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE finished AND run_id = 9"), 1);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

static void add_sweeps(const char *due)
{
    char sql[300];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO pull (account_id, shop_id, kind, from_at, at, due, done_at) SELECT "
                   "1, 1, k, now(), now(), %s, now() FROM unnest(ARRAY['day-sweep', "
                   "'month-sweep']) k",
                   due);
    test_sql(worker, sql);
}

static const struct pull_task *task_of(const char *kind)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_is(tasks[i].kind, kind))
            return &tasks[i];
    }
    cr_assert_fail("no %s among %zu", kind, count);
    return NULL;
}

Test(pull_store, sweeps_a_day_and_a_month_whatever_was_swept_before)
{
    static const struct {
        const char *kind;
        int64_t span_s;
    } sweeps[] = {{"day-sweep", 86400}, {"month-sweep", 30 * 86400}};
    add_sweeps("now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    for (size_t i = 0; i < SP_COUNT(sweeps); i++) {
        const struct paging *paging = &task_of(sweeps[i].kind)->paging;
        cr_assert_eq(paging->until - paging->from, sweeps[i].span_s);
        cr_assert_eq(paging->at, paging->from);
        cr_assert(paging->sorted);
    }
}

Test(pull_store, takes_sweeps_last)
{
    add_sweeps("now() - interval '1 day'");
    most = 1;
    take_one();
    cr_assert(sp_text_is(tasks[0].kind, "orders"));
    take_one();
    cr_assert_not(sp_text_is(tasks[0].kind, "orders"));
}

Test(pull_store, sweeps_nothing_while_the_pull_is_off)
{
    add_sweeps("now()");
    test_sql(worker, "UPDATE shop SET pull_on = false");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}
