/* Statements: read when they are new, and anew when they say something else. */
#include "services/connector/statement_store.h"

#include <criterion/criterion.h>

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

TestSuite(statement_store, .init = set_up, .fini = tear_down);

static int64_t said;

static size_t times = 1; /* that the page lists it */

static enum sp_result want(struct sp_ctx *ctx)
{
    struct statement_item items[2];
    for (size_t i = 0; i < times; i++)
        items[i] = (struct statement_item){
            .shop = {1, 1},
            .fact = {.head = {.emitted_us = 1, .account_id = 1, .key = SP_TEXT("7238"), .rev = 1},
                     .statement_id = SP_TEXT("7238"),
                     .currency = SP_TEXT("GBP"),
                     .settled_minor = said},
            .hash = said};
    return store_want_statements(ctx, items, times);
}

static void list(int64_t what)
{
    said = what;
    cr_assert_eq(shop_run(worker, want), SP_OK);
}

static struct statement_task task;
static size_t taken;

static enum sp_result take(struct sp_ctx *ctx)
{
    struct statement_task tasks[4];
    enum sp_result result = store_take_statements(ctx, tasks, 4, &taken);
    if (result != SP_OK || taken == 0)
        return result;
    task = tasks[0];
    cr_assert(sp_text_is(task.fact.statement_id, "7238"));
    cr_assert_eq(task.fact.settled_minor, said);
    task.fact.statement_id = SP_TEXT("7238");
    task.token = task.token.size > 0 ? SP_TEXT("next") : (struct sp_text){0};
    return result;
}

static struct statement_step step;

static enum sp_result move(struct sp_ctx *ctx)
{
    step.task = &task;
    step.stored = false;
    return store_step_statements(ctx, &step, 1);
}

Test(statement_store, reads_a_statement_once)
{
    list(100);
    list(100);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 1);
    cr_assert_eq(task.reading, 1);
    step = (struct statement_step){.done = true};
    cr_assert_eq(shop_run(worker, move), SP_OK);
    cr_assert(step.stored);
    list(100);
    test_sql(worker, "UPDATE statement SET due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 0);
}

Test(statement_store, takes_a_page_that_lists_a_statement_twice)
{
    times = 2;
    list(100);
    list(200);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM statement"), 2);
}

Test(statement_store, goes_on_where_it_stood_and_anew_when_something_else_is_said)
{
    list(100);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    task.token = SP_TEXT("next");
    task.told = 100;
    step = (struct statement_step){.done = false};
    cr_assert_eq(shop_run(worker, move), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert(sp_text_is(task.token, "next"));
    cr_assert_eq(task.told, 100);
    list(200);
    test_sql(worker, "UPDATE statement SET due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(task.token.size, 0);
    cr_assert_eq(task.told, 0);
    cr_assert_eq(task.reading, 2);
}

/* Changed while its last page was on the way: read again. */
Test(statement_store, is_not_done_with_what_was_said_before)
{
    list(100);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    list(200);
    step = (struct statement_step){.done = true};
    cr_assert_eq(shop_run(worker, move), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 1);
    cr_assert_eq(task.reading, 2);
}

Test(statement_store, lets_nobody_move_it_who_lost_his_lease)
{
    list(100);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    struct statement_task late = task;
    test_sql(worker, "UPDATE statement SET due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    task = late;
    step = (struct statement_step){.done = true};
    cr_assert_eq(shop_run(worker, move), SP_OK);
    cr_assert_not(step.stored);
    cr_assert_eq(test_number(worker, "SELECT done FROM statement"), 0);
}

Test(statement_store, waits_for_the_pull_switch)
{
    list(100);
    test_sql(worker, "UPDATE shop SET pull_on = false");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 0);
}
