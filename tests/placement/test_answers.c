/* fulfilment.progressed in: accepted, refused, cancelled, issued, bought; each refund once. */
/* Covers: handlers.c, decision.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/placement/world.h"

static struct sp_worker *worker;

enum { RICH = 1000000, PLAIN = 100 + SURCHARGE };

static void begin(void)
{
    worker = world_open("USD");
    world_top_up(worker, RICH);
    world_auto_place(worker, true);
    world_settle(worker);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    test_clear_outbox(worker);
}

TestSuite(answers, .init = begin);

Test(answers, an_acceptance_is_noted_and_nothing_else)
{
    const char *stage = world_stage(worker, 1);
    world_hear(worker, &(struct world_answer){.number = 1, .attempt = 1, .rev = 1});
    cr_assert_str_eq(world_stage(worker, 1), stage);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0);
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
}

Test(answers, a_refusal_makes_it_a_draft_again_refunded_with_the_reason)
{
    struct world_answer refusal = {
        .number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED", .reason = "on hold"};
    world_hear(worker, &refusal);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 1), "REFUSED");
    cr_assert_eq(world_balance(worker), RICH);
    size_t count = 0;
    const struct order_staged *staged = test_emitted(worker, &order_staged_message, NULL, &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(staged->conditions[0].value, "on hold"));
    cr_assert_eq(staged->charged_minor, 0);
    cr_assert_eq(staged->placed_at, 0);
    world_check(worker);
}

Test(answers, a_refusal_told_twice_refunds_once)
{
    struct world_answer refusal = {.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"};
    world_hear(worker, &refusal);
    const char *rows = world_rows(worker);
    world_hear(worker, &refusal);
    cr_assert_str_eq(world_rows(worker), rows);
    refusal.rev = 2;
    world_hear(worker, &refusal);
    cr_assert_eq(world_balance(worker), RICH);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM wallet_entry WHERE kind = 'REFUND'"), 1);
}

Test(answers, a_long_reason_is_cut_and_not_a_dead_letter)
{
    char reason[257];
    memset(reason, 'x', sizeof reason - 1);
    reason[256] = '\0';
    world_hear(worker,
               &(struct world_answer){
                   .number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED", .reason = reason});
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
}

Test(answers, auto_place_tries_again_with_the_next_fact_only)
{
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    world_auto_place(worker, true);
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    struct world_order again = {.number = 1, .rev = 2};
    world_feed(worker, &again, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(test_number(worker, "SELECT attempt FROM decision"), 2);
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    /* The first attempt's news are of no interest any more. */
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 9, .answer = "REFUSED"});
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    world_check(worker);
}

Test(answers, goods_that_left_meanwhile_keep_the_money_and_show_a_conflict)
{
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &cancelled, 1);
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 2, .issued_at = 60});
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLING");
    cr_assert_str_eq(world_open_codes(worker, 1), "GOODS_ISSUED");
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    world_check(worker);
}

Test(answers, a_cancellation_told_twice_refunds_once)
{
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &cancelled, 1);
    for (int64_t rev = 2; rev < 5; rev++)
        world_hear(worker, &(struct world_answer){
                               .number = 1, .attempt = 1, .rev = rev, .cancelled_at = 60});
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLED");
    cr_assert_eq(world_balance(worker), RICH);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM wallet_entry WHERE kind = 'REFUND'"), 1);
    world_check(worker);
}

Test(answers, a_refusal_of_a_cancelled_order_ends_cancelled)
{
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &cancelled, 1);
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 2, .cancelled_at = 60});
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLED");
    cr_assert_eq(world_balance(worker), RICH);
    world_check(worker);
}

Test(answers, a_refusal_before_the_cancellation_ends_the_same)
{
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &cancelled, 1);
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLED");
    cr_assert_eq(world_balance(worker), RICH);
    world_check(worker);
}

Test(answers, bought_goods_go_through_purchased_to_awaiting_shipment)
{
    struct world_order order = {
        .number = 2, .rev = 1, .lines = {{.variant = 1, .units = 1, .supply = "PURCHASED"}}};
    world_feed(worker, &order, 1);
    world_hear(worker,
               &(struct world_answer){.number = 2, .attempt = 1, .rev = 2, .purchased_at = 60});
    cr_assert_str_eq(world_stage(worker, 2), "PURCHASED");
    world_hear(worker,
               &(struct world_answer){
                   .number = 2, .attempt = 1, .rev = 3, .purchased_at = 60, .inspected_at = 70});
    cr_assert_str_eq(world_stage(worker, 2), "AWAITING_SHIPMENT");
}

Test(answers, inspected_at_once_takes_both_steps)
{
    struct world_order order = {
        .number = 2, .rev = 1, .lines = {{.variant = 1, .units = 1, .supply = "PURCHASED"}}};
    world_feed(worker, &order, 1);
    world_hear(worker,
               &(struct world_answer){
                   .number = 2, .attempt = 1, .rev = 3, .purchased_at = 60, .inspected_at = 70});
    cr_assert_str_eq(world_stage(worker, 2), "AWAITING_SHIPMENT");
}

Test(answers, goods_that_inventory_cancels_by_itself_are_a_late_refusal)
{
    world_hear(worker, &(struct world_answer){.number = 1, .attempt = 1, .rev = 1});
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 2, .cancelled_at = 60});
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 1), "REFUSED");
    cr_assert_eq(world_balance(worker), RICH);
    world_check(worker);
}

Test(answers, explain_shows_the_conflict)
{
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    const char *why;
    world_feed(worker, &cancelled, 1);
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 2, .issued_at = 60});
    cr_assert_eq(test_ask(worker, "placement.explain", NULL, &why, "id", "3-1", NULL), 200);
    cr_assert(strstr(why, "{\"code\":\"GOODS_ISSUED\",\"ok\":false") != NULL);
}

Test(answers, an_acceptance_that_comes_late_changes_nothing)
{
    struct world_order cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &cancelled, 1);
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 2, .cancelled_at = 60});
    const char *rows = world_rows(worker);
    world_hear(worker, &(struct world_answer){.number = 1, .attempt = 1, .rev = 1});
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    cr_assert_str_eq(world_rows(worker), rows);
    cr_assert_eq(world_balance(worker), RICH);
}

Test(answers, issued_goods_were_bought_and_inspected)
{
    struct world_order order = {
        .number = 2, .rev = 1, .lines = {{.variant = 1, .units = 1, .supply = "PURCHASED"}}};
    world_feed(worker, &order, 1);
    world_hear(worker, &(struct world_answer){.number = 2,
                                              .attempt = 1,
                                              .rev = 3,
                                              .purchased_at = 60,
                                              .inspected_at = 70,
                                              .issued_at = 80});
    cr_assert_str_eq(world_stage(worker, 2), "AWAITING_SHIPMENT");
}

Test(answers, an_answer_to_nothing_is_let_go)
{
    const char *rows = world_rows(worker);
    world_hear(worker,
               &(struct world_answer){.number = 77, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 7, .rev = 1, .answer = "REFUSED"});
    cr_assert_str_eq(world_rows(worker), rows);
}

Test(answers, are_hops_on_the_orders_way)
{
    struct world_answer answer = {.number = 1, .attempt = 1, .rev = 1, .issued_at = 1700000000};
    world_hear(worker, &answer);
    world_hear(worker, &answer);
    answer.rev = 2;
    world_hear(worker, &answer);
    world_hear(worker, &(struct world_answer){.number = 1, .attempt = 7, .rev = 3});
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(fact, ',' ORDER BY fact) FROM order_hop "
                                       "WHERE order_id = '3-1'"),
                     "fulfilment.progressed,fulfilment.progressed,order.allocated");
}
