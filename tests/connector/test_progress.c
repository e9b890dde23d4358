/* What others learn of a pull's progress. */
#include "services/connector/progress.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct pull_task task;

static void set_up(void)
{
    worker = shop_begin();
    task = (struct pull_task){.access.shop = {1, 1}, .kind = SP_TEXT("run"), .run_id = -3};
    task.paging.total = 70;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(progress, .init = set_up, .fini = tear_down);

static struct pull_step step;

static enum sp_result say(struct sp_ctx *ctx)
{
    struct accept_order orders[2] = {{.order.fact.channel_order_id = SP_TEXT("1")},
                                     {.order.fact.channel_order_id = SP_TEXT("2")}};
    struct accept_refusal refused[2] = {
        {.id = SP_TEXT("3"), .reason = "order 3 has no update time"},
        {.reason = "an order has no usable id"}};
    const struct pull_page page = {.task = &task,
                                   .orders = orders,
                                   .count = 2,
                                   .refused = refused,
                                   .refused_count = 2,
                                   .has_content = step.pages > 0};
    return progress_say(ctx, &page, &step);
}

static const struct import_progressed *said(size_t *count)
{
    return test_emitted(worker, &import_progressed_message, "order-ingest", count);
}

Test(progress, makes_a_fact_of_each_page_of_a_run)
{
    size_t count;
    for (int64_t i = 1; i <= 2; i++) {
        step = (struct pull_step){
            .task = &task, .stored = true, .pages = 1, .total_pages = i, .total_seen = 2 * i};
        cr_assert_eq(shop_run(worker, say), SP_OK);
    }
    const struct import_progressed *facts = said(&count);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_is(facts[0].head.key, "-3/1"));
    cr_assert(sp_text_is(facts[1].head.key, "-3/2"));
    cr_assert_eq(facts[0].order_ids_count, 3);
    cr_assert_eq(facts[0].order_ids[1].problem.size, 0);
    cr_assert(sp_text_is(facts[0].order_ids[2].channel_order_id, "3"));
    cr_assert(sp_text_is(facts[0].order_ids[2].problem, "order 3 has no update time"));
    cr_assert_eq(facts[1].orders_seen, 4);
    cr_assert_eq(facts[1].orders_total, 70);
    cr_assert_not(facts[1].finished);
}

Test(progress, says_nothing_when_the_lease_was_lost)
{
    size_t count;
    step = (struct pull_step){.task = &task, .pages = 1};
    cr_assert_eq(shop_run(worker, say), SP_OK);
    (void)said(&count);
    cr_assert_eq(count, 0);
}

Test(progress, says_why_a_run_ended)
{
    size_t count;
    step = (struct pull_step){.task = &task,
                              .stored = true,
                              .finished = true,
                              .total_seen = 7,
                              .problem = SP_TEXT("refused")};
    cr_assert_eq(shop_run(worker, say), SP_OK);
    const struct import_progressed *facts = said(&count);
    cr_assert_eq(count, 1);
    cr_assert(facts[0].finished);
    cr_assert(sp_text_is(facts[0].failure, "refused"));
    cr_assert_str_eq(test_text(worker, "SELECT event || ' ' || items FROM shop_event"),
                     "import-failed 7");
}

Test(progress, connects_a_shop_whose_first_sync_is_done)
{
    size_t count;
    test_sql(worker, "UPDATE shop SET state = 'CONNECTING'");
    task.kind = SP_TEXT("listings");
    step = (struct pull_step){.task = &task, .stored = true, .done = true};
    cr_assert_eq(shop_run(worker, say), SP_OK);
    const struct shop_saved *shops =
        test_emitted(worker, &shop_saved_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(shops[0].state, "CONNECTED"));
}
