/* From a fact and what was decided before to what is decided now; nothing but values. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/placement/decision.h"

static struct allocated_part part;
static struct allocated_line line;
static struct order_allocated fact;
static struct variant_price price;
static struct price_list prices;
static struct warehouse_terms warehouse;
static struct wallet wallet;
static struct findings scratch;
static struct decision_ground ground;
static struct placing_case order;

enum { NOW = 77, TOTAL = 169 };

/* A new order that meets everything, auto-place on, just enough money. */
static void begin(void)
{
    part = (struct allocated_part){.variant_id = 1,
                                   .pieces = 1,
                                   .supply = SP_TEXT("STOCKED"),
                                   .warehouse_id = 10,
                                   .reserved = 1};
    line = (struct allocated_line){.line = 1, .units = 1, .parts = &part, .parts_count = 1};
    fact = (struct order_allocated){.head = {.account_id = 1, .key = SP_TEXT("3-1"), .rev = 4},
                                    .shop_id = 3,
                                    .channel_status = SP_TEXT("AWAITING_SHIPMENT"),
                                    .paid_at = 5,
                                    .lines = &line,
                                    .lines_count = 1};
    price = (struct variant_price){1, 1, 100, SP_TEXT("USD")};
    prices = (struct price_list){&price, 1};
    warehouse = (struct warehouse_terms){1, 10, true, SP_TEXT("OWN")};
    wallet = (struct wallet){.terms = {.account_id = 1, .currency = "USD", .auto_place = true},
                             .known = true,
                             .locked = true,
                             .balance_minor = TOTAL};
    ground = (struct decision_ground){.arena = sp_arena_open(),
                                      .prices = &prices,
                                      .now_us = NOW,
                                      .rev_floor = 100,
                                      .findings = &scratch};
    order = (struct placing_case){.fact = &fact,
                                  .upstream_rev = 4,
                                  .trigger = BY_FACT,
                                  .wallet = &wallet,
                                  .shop_known = true,
                                  .warehouses = &warehouse,
                                  .warehouse_count = 1};
}

static void end(void)
{
    sp_arena_close(&ground.arena);
}

TestSuite(decision, .init = begin, .fini = end);

/* The order as it is after the decision before. */
static void go_on(void)
{
    struct placing_record after = order.after;
    order = (struct placing_case){.fact = &fact,
                                  .upstream_rev = ++fact.head.rev,
                                  .before = after,
                                  .wallet = &wallet,
                                  .shop_known = true,
                                  .warehouses = &warehouse,
                                  .warehouse_count = 1};
}

Test(decision, places_and_takes_the_money)
{
    cr_assert(decision_may_place(&order));
    decision_make(&ground, &order);
    cr_assert(order.placed);
    cr_assert(order.changed);
    cr_assert_eq(order.after.stage, AWAITING_SHIPMENT);
    cr_assert_eq(order.after.attempt, 1);
    cr_assert_eq(order.after.charged_minor, TOTAL);
    cr_assert_eq(order.after.since_us, NOW);
    cr_assert_eq(order.after.rev, 100);
    cr_assert_eq(wallet.balance_minor, 0);
    cr_assert_eq(order.balance_minor, 0);
}

Test(decision, never_moves_money_of_a_wallet_that_is_not_locked)
{
    wallet.locked = false;
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert_eq(wallet.balance_minor, TOTAL);
    cr_assert(wallet.terms.auto_place);
}

Test(decision, the_first_without_money_switches_off_and_the_next_are_held)
{
    wallet.balance_minor = TOTAL - 1;
    decision_make(&ground, &order);
    cr_assert(wallet.switched_off);
    cr_assert(!wallet.terms.auto_place);
    cr_assert(sp_text_is(wallet.failed_key, "3-1"));
    wallet.balance_minor = 10 * TOTAL;
    order.before = (struct placing_record){.found = false};
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert(strstr(order.after.conditions.data, "AUTO_PLACE_OFF") != NULL);
}

Test(decision, by_hand_places_whatever_the_switch_says)
{
    wallet.terms.auto_place = false;
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert_eq(order.after.stage, NOT_READY);
    go_on();
    order.trigger = BY_HAND;
    decision_make(&ground, &order);
    cr_assert(order.placed);
}

Test(decision, by_hand_without_money_switches_nothing)
{
    wallet.balance_minor = 0;
    order.trigger = BY_HAND;
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert(!wallet.switched_off);
}

Test(decision, a_placed_order_is_not_placed_again)
{
    decision_make(&ground, &order);
    wallet.balance_minor = 10 * TOTAL;
    go_on();
    order.trigger = BY_HAND;
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert(!order.changed);
    cr_assert_eq(wallet.balance_minor, 10 * TOTAL);
}

Test(decision, a_refusal_gives_back_what_was_taken)
{
    decision_make(&ground, &order);
    go_on();
    order.trigger = BY_ANSWER;
    order.before.answer = SP_TEXT("REFUSED");
    order.reason = SP_TEXT("gone");
    decision_make(&ground, &order);
    cr_assert_eq(order.after.stage, NOT_READY);
    cr_assert_eq(order.refund_minor, TOTAL);
    cr_assert_eq(order.after.charged_minor, 0);
    cr_assert_eq(wallet.balance_minor, TOTAL);
    cr_assert(sp_text_is(order.after.refused_reason, "gone"));
}

Test(decision, a_channel_cancellation_withdraws_once)
{
    decision_make(&ground, &order);
    fact.channel_status = SP_TEXT("CANCELLED");
    go_on();
    decision_make(&ground, &order);
    cr_assert(order.withdrawn);
    cr_assert_eq(order.after.stage, CANCELLING);
    cr_assert_eq(order.refund_minor, 0);
    go_on();
    decision_make(&ground, &order);
    cr_assert(!order.withdrawn);
    cr_assert(!order.changed);
}

/* The stage that each channel status leads to, from a stage; -1: it stays. */
static void check_channel(int from, const char *status, int64_t collected_at, int wanted)
{
    fact.channel_status = sp_text_of(status);
    fact.collected_at = collected_at;
    fact.delivered_at = strcmp(status, "DELIVERED") == 0 || strcmp(status, "COMPLETED") == 0;
    order.before = (struct placing_record){.found = true,
                                           .rev = 1,
                                           .stage = from,
                                           .attempt = stage_is_draft(from) ? 0 : 1,
                                           .charged_minor = stage_is_draft(from) ? 0 : TOTAL,
                                           .placed_us = stage_is_draft(from) ? 0 : 1};
    wallet.terms.auto_place = false;
    decision_make(&ground, &order);
    cr_assert_eq(order.after.stage, wanted < 0 ? from : wanted, "%s of %s gives %s",
                 stage_machine.states[from], status, stage_machine.states[order.after.stage]);
}

Test(decision, every_channel_status_of_every_stage)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        bool draft = stage_is_draft(stage) || stage == DELETED; /* it is not deleted any more */
        bool to_process = stage_is_to_process(stage);
        bool shipped = stage == IN_TRANSIT;
        check_channel(stage, "AWAITING_SHIPMENT", 0, draft ? NOT_READY : -1);
        check_channel(stage, "UNPAID", 0, draft ? NOT_READY : -1);
        check_channel(stage, "NEW_WORD", 0, draft ? NOT_READY : -1);
        check_channel(stage, "IN_TRANSIT", 5, draft ? ELSEWHERE : to_process ? IN_TRANSIT : -1);
        check_channel(stage, "DELIVERED", 5, draft ? ELSEWHERE : to_process || shipped ? DONE : -1);
        check_channel(stage, "COMPLETED", 5, draft ? ELSEWHERE : to_process || shipped ? DONE : -1);
        check_channel(stage, "CANCELLED", 0, draft ? CANCELLED : to_process ? CANCELLING : -1);
        check_channel(stage, "CANCELLED", 5,
                      draft                   ? ELSEWHERE
                      : to_process || shipped ? RETURNING
                                              : -1);
    }
}

/* ---- put away and taken out again
 * ------------------------------------------------------------------------------ */

/* The stage that the fact leads to from another one; auto-place is off. */
static int stage_from(int from)
{
    order.before = (struct placing_record){.found = true, .rev = 1, .stage = from};
    wallet.terms.auto_place = false;
    decision_make(&ground, &order);
    return order.after.stage;
}

Test(decision, a_deleted_draft_is_put_away_and_nothing_else_is)
{
    fact.deleted = true;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        bool put_away = stage_is_draft(stage) || stage == CANCELLED;
        cr_expect_eq(stage_from(stage), put_away ? DELETED : stage, "%s",
                     stage_machine.states[stage]);
    }
}

Test(decision, what_the_marketplace_says_of_a_deleted_order_does_not_bring_it_back)
{
    static const char *const statuses[] = {"AWAITING_SHIPMENT", "IN_TRANSIT", "COMPLETED",
                                           "CANCELLED"};
    fact.deleted = true;
    for (size_t i = 0; i < SP_COUNT(statuses); i++) {
        fact.channel_status = sp_text_of(statuses[i]);
        cr_expect_eq(stage_from(DELETED), DELETED, "%s", statuses[i]);
        cr_expect_eq(stage_from(NOT_READY), DELETED, "%s before the deletion was heard of",
                     statuses[i]);
    }
}

Test(decision, a_restored_order_is_what_it_would_be_now)
{
    cr_assert_eq(stage_from(DELETED), NOT_READY);
    line.problem = SP_TEXT("UNMAPPED");
    cr_assert_eq(stage_from(DELETED), UNSYNC);
    fact.channel_status = SP_TEXT("CANCELLED");
    cr_assert_eq(stage_from(DELETED), CANCELLED);
    fact.collected_at = 5;
    cr_assert_eq(stage_from(DELETED), ELSEWHERE);
}

Test(decision, a_restored_order_may_be_placed_and_a_deleted_one_may_not)
{
    order.before = (struct placing_record){.found = true, .rev = 1, .stage = DELETED};
    cr_assert(decision_may_place(&order));
    decision_make(&ground, &order);
    cr_assert(order.placed, "auto-place is on and there is money");
    fact.deleted = true;
    order.before.stage = NOT_READY;
    order.trigger = BY_HAND;
    cr_assert(!decision_may_place(&order));
    wallet.balance_minor = TOTAL;
    order.placed = false;
    decision_make(&ground, &order);
    cr_assert(!order.placed);
    cr_assert_eq(order.after.stage, DELETED);
    cr_assert_eq(order.after.conditions.size, 0);
}

Test(decision, a_refused_order_that_was_deleted_meanwhile_is_put_away_and_refunded)
{
    decision_make(&ground, &order);
    fact.deleted = true;
    go_on();
    order.trigger = BY_ANSWER;
    order.before.answer = SP_TEXT("REFUSED");
    decision_make(&ground, &order);
    cr_assert_eq(order.after.stage, DELETED);
    cr_assert_eq(order.refund_minor, TOTAL);
    cr_assert_eq(wallet.balance_minor, TOTAL);
}

Test(decision, conditions_are_written_as_json)
{
    struct findings none = {.count = 0};
    cr_assert_eq(decision_conditions(ground.arena, &none).size, 0);
    struct findings one = {.count = 2};
    one.list[0] = (struct finding){
        {.code = SP_TEXT("A"), .value = SP_TEXT("\"x\""), .line = 2}, false, "", ""};
    one.list[1] = (struct finding){{.code = SP_TEXT("MET")}, true, "", ""};
    cr_assert(sp_text_is(decision_conditions(ground.arena, &one),
                         "[{\"code\":\"A\",\"value\":\"\\\"x\\\"\",\"wanted\":\"\",\"line\":2}]"));
}
