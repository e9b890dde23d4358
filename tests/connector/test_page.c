/* A page and the step behind it. */
#include "services/connector/page.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct pull_task task;
static struct pull_page page;
static const char *answer;
static enum tiktok_outcome outcome;

static void set_up(void)
{
    worker = shop_worker();
    task = (struct pull_task){.access.shop = {1, 1},
                              .kind = SP_TEXT("orders"),
                              .paging = {.sorted = true, .from = 100, .at = 100, .until = 900},
                              .page_size = 50};
    outcome = TIKTOK_DONE;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(page, .init = set_up, .fini = tear_down);

static enum sp_result read_page(struct sp_ctx *ctx)
{
    page = (struct pull_page){.task = &task};
    page_ask(ctx, &page);
    page.call.made = true;
    page.call.answer.outcome = outcome;
    page.call.answer.message = SP_TEXT("because");
    if (outcome == TIKTOK_DONE)
        cr_assert_eq(sp_json_parse(sp_text_of(answer), &page.call.answer.data, NULL), SP_OK);
    page_read(ctx, &page);
    page.step.problem = page.step.problem.size > 0 ? SP_TEXT("some") : (struct sp_text){0};
    task.paging.edge = NULL;
    task.paging.token = task.paging.token.size > 0 ? SP_TEXT("some") : (struct sp_text){0};
    return SP_OK;
}

static void read(void)
{
    cr_assert_eq(shop_run(worker, read_page), SP_OK);
}

static enum sp_result ask_page(struct sp_ctx *ctx)
{
    page = (struct pull_page){.task = &task};
    page_ask(ctx, &page);
    cr_assert(sp_text_is(page.call.body, answer), "%.*s", SP_FMT(page.call.body));
    return SP_OK;
}

Test(page, asks_for_a_half_open_window_of_orders_and_a_closed_one_of_listings)
{
    answer = "{\"update_time_ge\":100,\"update_time_lt\":900}";
    cr_assert_eq(shop_run(worker, ask_page), SP_OK);
    cr_assert(sp_text_is(page.call.path, "/order/202309/orders/search"));
    task.kind = SP_TEXT("listings");
    task.paging.sorted = false;
    task.paging.at = 0;
    answer = "{\"status\":\"ALL\",\"update_time_le\":900}";
    cr_assert_eq(shop_run(worker, ask_page), SP_OK);
}

static struct sp_text param(const char *name)
{
    for (size_t i = 0; i < page.call.param_count; i++) {
        if (sp_text_is(page.call.params[i].name, name))
            return page.call.params[i].value;
    }
    return (struct sp_text){0};
}

static enum sp_result ask_statements(struct sp_ctx *ctx)
{
    page = (struct pull_page){.task = &task};
    page_ask(ctx, &page);
    cr_assert_str_eq(page.call.method, "GET");
    cr_assert_eq(page.call.body.size, 0);
    cr_assert(sp_text_is(param("sort_field"), "statement_time"));
    cr_assert(sp_text_is(param("statement_time_ge"), "100"));
    cr_assert(sp_text_is(param("statement_time_lt"), "900"));
    return SP_OK;
}

Test(page, asks_for_statements_in_the_query)
{
    task.kind = SP_TEXT("statements");
    cr_assert_eq(shop_run(worker, ask_statements), SP_OK);
}

static enum sp_result ask_returns(struct sp_ctx *ctx)
{
    page = (struct pull_page){.task = &task};
    page_ask(ctx, &page);
    cr_assert(sp_text_is(param("page_size"), "10"));
    return SP_OK;
}

/* Fewer than ten are refused: a page of them that is too large cannot be made smaller. */
Test(page, asks_for_no_fewer_returns_than_may_be_asked_for)
{
    task.kind = SP_TEXT("returns");
    task.page_size = 2;
    cr_assert_eq(shop_run(worker, ask_returns), SP_OK);
    outcome = TIKTOK_TOO_BIG;
    read();
    cr_assert_gt(page.step.problem.size, 0);
}

Test(page, reads_cancellations_from_their_list)
{
    task.kind = SP_TEXT("cancellations");
    answer = "{\"cancellations\":[{\"cancel_id\":\"4\",\"order_id\":\"5\",\"update_time\":200},"
             "{\"cancel_id\":\"0\"}],\"next_page_token\":\"\",\"total_count\":2}";
    read();
    cr_assert_eq(page.count, 1);
    cr_assert(sp_text_is(page.returns[0].fact.return_id, "4"));
    cr_assert(page.step.done);
}

/* What is created stands still: a load reads by creation, so no change of an order moves it. */
Test(page, walks_a_run_by_creation)
{
    task.kind = SP_TEXT("run");
    answer = "{\"create_time_ge\":100,\"create_time_lt\":900}";
    cr_assert_eq(shop_run(worker, ask_page), SP_OK);
    answer = "{\"orders\":[{\"id\":\"1\",\"create_time\":150,\"update_time\":700},"
             "{\"id\":\"2\",\"create_time\":160,\"update_time\":300}],"
             "\"next_page_token\":\"t\",\"total_count\":9}";
    read();
    cr_assert_eq(task.paging.at, 160);
}

Test(page, pauses_between_the_pages_of_a_sweep)
{
    task.kind = SP_TEXT("month-sweep");
    answer = "{\"orders\":[{\"id\":\"1\",\"update_time\":200}],"
             "\"next_page_token\":\"t\",\"total_count\":9}";
    read();
    cr_assert(page.has_content);
    cr_assert_gt(page.step.wait_ms, 0);
    task.began_us = 900 * INT64_C(1000000);
    task.paging.edge_count = 0;
    answer = "{\"orders\":[{\"id\":\"2\",\"update_time\":300}],\"total_count\":1}";
    read();
    cr_assert(page.step.done);
    cr_assert_geq(page.step.wait_ms, 21 * 3600 * 1000);
}

Test(page, goes_on_from_the_last_update_time)
{
    answer = "{\"orders\":[{\"id\":\"1\",\"update_time\":200},{\"id\":\"2\",\"update_time\":300}],"
             "\"next_page_token\":\"t\",\"total_count\":9}";
    read();
    cr_assert(page.has_content);
    cr_assert_eq(page.count, 2);
    cr_assert_lt(page.step.wait_ms, 0);
    cr_assert_eq(task.paging.at, 300);
}

/* As when pages have become small: the window must not end with the first order that is unreadable.
 */
Test(page, goes_on_behind_a_page_of_which_nothing_can_be_read)
{
    answer = "{\"orders\":[{\"id\":\"1\"}],\"next_page_token\":\"t\",\"total_count\":9}";
    read();
    cr_assert(page.has_content);
    cr_assert_eq(page.count, 0);
    cr_assert_eq(page.refused_count, 1);
    cr_assert_not(page.step.done);
    cr_assert(sp_text_is(task.paging.token, "some"));
    task.kind = SP_TEXT("listings");
    task.paging = (struct paging){.sorted = false, .until = 900};
    answer = "{\"products\":[{\"title\":\"?\"}],\"next_page_token\":\"t\",\"total_count\":9}";
    read();
    cr_assert_not(page.step.done);
}

Test(page, closes_the_window_after_the_last_page)
{
    answer = "{\"orders\":[{\"id\":\"1\",\"update_time\":200}],\"next_page_token\":\"\","
             "\"total_count\":1}";
    task.began_us = 900 * INT64_C(1000000);
    read();
    cr_assert(page.step.done);
    cr_assert_not(page.step.finished);
    cr_assert_geq(page.step.wait_ms, 27000);
    cr_assert_leq(page.step.wait_ms, 33001);
}

Test(page, finishes_a_run_after_the_last_page)
{
    task.kind = SP_TEXT("run");
    answer = "{\"orders\":[],\"total_count\":0}";
    read();
    cr_assert(page.step.done);
    cr_assert(page.step.finished);
}

Test(page, waits_longer_each_time_and_shows_why_after_a_few)
{
    outcome = TIKTOK_LATER;
    int64_t last_ms = 0;
    for (int i = 1; i <= 6; i++) {
        read();
        cr_assert_not(page.has_content);
        cr_assert_geq(page.step.wait_ms, last_ms);
        cr_assert_eq(page.step.problem.size > 0, i >= 3);
        last_ms = page.step.wait_ms - 500;
    }
    cr_assert_eq(task.paging.at, 100);
}

Test(page, asks_for_smaller_pages_and_for_larger_ones_again)
{
    outcome = TIKTOK_TOO_BIG;
    read();
    cr_assert_eq(task.page_size, 25);
    cr_assert_lt(page.step.wait_ms, 0);
    read();
    cr_assert_eq(task.page_size, 12);
    outcome = TIKTOK_DONE;
    answer = "{\"orders\":[{\"id\":\"1\",\"update_time\":200}],\"next_page_token\":\"t\"}";
    read();
    cr_assert_eq(task.page_size, 16);
}

Test(page, gives_up_on_one_order_that_is_too_large)
{
    outcome = TIKTOK_TOO_BIG;
    task.page_size = 1;
    read();
    cr_assert_gt(page.step.problem.size, 0);
    cr_assert_gt(page.step.wait_ms, 0);
}

Test(page, begins_from_its_position_when_the_token_is_refused)
{
    outcome = TIKTOK_REFUSED;
    task.paging.token = SP_TEXT("old");
    read();
    cr_assert_eq(task.paging.token.size, 0);
    cr_assert_eq(task.tries, 1);
    cr_assert_not(page.step.finished);
}

Test(page, ends_a_run_that_is_refused_again_and_again)
{
    outcome = TIKTOK_REFUSED;
    task.kind = SP_TEXT("run");
    for (int i = 0; i < 6; i++)
        read();
    cr_assert(page.step.finished);
    cr_assert_gt(page.step.problem.size, 0);
}

Test(page, notes_a_refused_token)
{
    outcome = TIKTOK_TOKEN;
    read();
    cr_assert(page.token_refused);
    cr_assert_gt(page.step.wait_ms, 0);
}
