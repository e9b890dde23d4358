/* What the marketplace says of orders, placed or not, and what is then done about them. */
/* Covers: decision.c, order_store.c, price_store.c. */
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
}

TestSuite(orders, .init = begin);

static void place_one(void)
{
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    test_clear_outbox(worker);
}

Test(orders, follow_the_carrier)
{
    place_one();
    struct world_order transit = {
        .number = 1, .rev = 2, .status = "IN_TRANSIT", .collected_at = 50};
    world_feed(worker, &transit, 1);
    cr_assert_str_eq(world_stage(worker, 1), "IN_TRANSIT");
    struct world_order done = {
        .number = 1, .rev = 3, .status = "COMPLETED", .collected_at = 50, .delivered_at = 60};
    world_feed(worker, &done, 1);
    cr_assert_str_eq(world_stage(worker, 1), "DONE");
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    size_t count = 0;
    const struct order_staged *staged = test_emitted(worker, &order_staged_message, NULL, &count);
    cr_assert_eq(count, 2);
    cr_assert_eq(staged[1].charged_minor, PLAIN, "what was charged is told with every stage");
    cr_assert_gt(staged[1].placed_at, 0);
}

Test(orders, a_step_that_was_never_told_is_taken_all_the_same)
{
    place_one();
    struct world_order done = {
        .number = 1, .rev = 3, .status = "DELIVERED", .collected_at = 50, .delivered_at = 60};
    world_feed(worker, &done, 1);
    cr_assert_str_eq(world_stage(worker, 1), "DONE");
}

Test(orders, cancelled_after_collection_come_back)
{
    place_one();
    struct world_order back = {.number = 1, .rev = 2, .status = "CANCELLED", .collected_at = 50};
    world_feed(worker, &back, 1);
    cr_assert_str_eq(world_stage(worker, 1), "RETURNING");
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 0);
}

Test(orders, shipped_before_we_placed_are_elsewhere)
{
    struct world_order transit = {
        .number = 1, .rev = 2, .status = "IN_TRANSIT", .collected_at = 50};
    world_feed(worker, &transit, 1);
    cr_assert_str_eq(world_stage(worker, 1), "ELSEWHERE");
    cr_assert_str_eq(world_open_codes(worker, 1), "");
}

Test(orders, placed_keep_their_placing_when_the_allocation_changes)
{
    place_one();
    struct world_order other = {
        .number = 1, .rev = 2, .lines = {{.variant = 2, .units = 3, .missing = 3}}};
    world_feed(worker, &other, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 0);
}

Test(orders, every_open_condition_is_told)
{
    struct world_order order = {.number = 1,
                                .rev = 1,
                                .unpaid = true,
                                .wants_cancel = true,
                                .by_channel = true,
                                .lines = {{.variant = 1, .units = 2, .missing = 1},
                                          {.variant = 2, .units = 1, .problem = "UNMAPPED"},
                                          {.variant = 99, .units = 1},
                                          {.variant = 3, .units = 1, .problem = "DESIGN_MISSING"}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_open_codes(worker, 1),
                     "CANCEL_WANTED,LINE_DESIGN_MISSING,LINE_UNMAPPED,NOT_PAID,"
                     "SHIPPED_BY_MARKETPLACE,STOCK_SHORT,VARIANT_UNKNOWN");
    cr_assert_str_eq(world_stage(worker, 1), "UNSYNC");
}

Test(orders, on_hold_are_not_placed)
{
    struct world_order order = {.number = 1, .rev = 1, .status = "ON_HOLD"};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 1), "NOT_TO_SHIP");
}

Test(orders, with_goods_in_two_warehouses_wait)
{
    world_warehouse(worker, 11, 1, true);
    struct world_order order = {.number = 1,
                                .rev = 1,
                                .lines = {{.variant = 1, .units = 1, .warehouse = 11},
                                          {.variant = 2, .units = 1, .warehouse = WAREHOUSE}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 1), "WAREHOUSE_SPLIT");
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 0);
}

Test(orders, in_a_warehouse_that_is_not_approved_wait)
{
    world_warehouse(worker, 12, 1, false);
    struct world_order order = {
        .number = 1, .rev = 1, .lines = {{.variant = 1, .units = 1, .warehouse = 12}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_open_codes(worker, 1), "WAREHOUSE_NOT_APPROVED");
    world_warehouse(worker, 12, 2, true);
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
}

Test(orders, entered_by_hand_have_no_surcharge)
{
    struct world_order order = {.number = 1, .rev = 1, .manual = true};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), RICH - 100);
}

static int64_t charged(int64_t number)
{
    struct world_order order = {.number = number, .rev = 1};
    int64_t before = world_balance(worker);
    world_feed(worker, &order, 1);
    return before - world_balance(worker);
}

Test(orders, cost_what_is_known_by_heart_until_a_cost_changes)
{
    cr_assert_eq(charged(1), 100 + SURCHARGE);
    test_sql(worker, "UPDATE variant_cost SET cost_minor = 777 WHERE variant_id = 1");
    cr_assert_eq(charged(2), 100 + SURCHARGE, "nobody has said that it changed");
    world_variant(worker, 2, 2, 900, "USD");
    cr_assert_eq(charged(3), 777 + SURCHARGE, "any change of the account's has all read again");
    world_variant(worker, 1, 2, 250, "USD");
    cr_assert_eq(charged(4), 250 + SURCHARGE);
}
