/* Packages and what becomes of them.  Covers: package.c, package_book.c, package_follow.c,
 * package_group.c, package_trade.c */
#include <criterion/criterion.h>

#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

enum { UNITS = 6 };

TestSuite(package, .init = rig_begin, .fini = rig_finish);

static uint32_t place(bool by_seller, uint32_t units, enum order_status status)
{
    struct order_line lines[] = {{.sku = 0, .units = units - 1}, {.sku = 1, .units = 1}};
    struct order_draft draft = {
        .number = book_reserve(&rig.shop->book, 1), .lines = lines, .line_count = 2};
    int64_t now = sandbox_now(rig.sandbox);
    draft.order = (struct order){
        .times = life_past(status, now, now),
        .status = (uint8_t)status,
        .user = 5,
        .country = region_index(rig.shop->region),
        .by_seller = by_seller,
    };
    return trade_place(rig.sandbox, rig.shop, &draft, TRADE_SILENT);
}

static struct order *order_at(uint32_t at)
{
    return &rig.shop->book.orders[at];
}

static struct package *package_at(uint32_t at)
{
    return &rig.shop->packages.packages[at];
}

static uint32_t only(uint32_t order)
{
    return packages_only(&rig.shop->packages, order_at(order));
}

/* ---- rules
 * ------------------------------------------------------------------------------------------- */

Test(package, has_exactly_the_steps_that_are_documented)
{
    rig_table_is_documented(&package_life);
}

Test(package, comes_first_or_last_by_market_and_by_who_ships)
{
    static const struct {
        const char *region;
        bool by_seller;
        enum package_flow flow;
    } cases[] = {{"GB", false, FLOW_PACKAGE}, {"GB", true, FLOW_MARK},
                 {"DE", true, FLOW_MARK},     {"US", false, FLOW_LABEL},
                 {"US", true, FLOW_MARK},     {"VN", false, FLOW_PACKAGE},
                 {"VN", true, FLOW_PACKAGE},  {"DE", false, FLOW_PACKAGE}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct region *region = region_of_code(cases[i].region);
        cr_assert_eq(package_flow_of(region, cases[i].by_seller), cases[i].flow, "%zu", i);
        uint32_t carrier = carrier_default(region, cases[i].by_seller);
        cr_assert(carrier_serves(carrier, region, cases[i].by_seller));
        cr_assert_not(carrier_serves(carrier, region, !cases[i].by_seller));
    }
    cr_assert_not(carrier_serves((uint32_t)carrier_count(), region_of_code("GB"), true));
}

Test(package, is_picked_up_in_slots_that_are_not_over)
{
    struct pickup_slot slots[PACKAGE_SLOTS];
    int64_t midnight = 20000 * 86400LL;
    package_slots(midnight + 8 * 3600, slots);
    cr_assert_eq(slots[0].start, midnight + 9 * 3600);
    cr_assert_not(slots[0].available); /* one hour is too short */
    cr_assert(slots[1].available && slots[1].start == slots[0].end);
    cr_assert(slots[5].available && slots[5].start > midnight + 2 * 86400);
}

/* ---- after orders
 * ------------------------------------------------------------------------------------ */

Test(package, is_there_from_awaiting_shipment_on_where_the_marketplace_ships)
{
    uint32_t held = place(false, UNITS, ON_HOLD), by_seller = place(true, UNITS, AWAITING_SHIPMENT);
    cr_assert_eq(rig.shop->packages.count, 0);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, held, RELEASE, NULL), SP_OK);
    cr_assert_eq(package_at(only(held))->status, TO_FULFILL);
    cr_assert_eq(package_at(only(held))->shipped, 0);
    cr_assert_eq(only(by_seller), PACKAGE_NONE);
}

Test(package, goes_where_its_order_goes)
{
    static const struct {
        enum order_event event;
        enum package_status status;
    } way[] = {{SHIP, PROCESSING},
               {COLLECT, FULFILLING},
               {DELIVER, PACKAGE_DELIVERED},
               {COMPLETE, PACKAGE_DELIVERED}};
    uint32_t orders[] = {place(false, UNITS, AWAITING_SHIPMENT),
                         place(true, UNITS, AWAITING_SHIPMENT)};
    for (size_t i = 0; i < SP_COUNT(way); i++) {
        for (size_t k = 0; k < SP_COUNT(orders); k++) {
            cr_assert_eq(trade_happen(rig.sandbox, rig.shop, orders[k], way[i].event, NULL), SP_OK);
            cr_assert_eq(package_at(only(orders[k]))->status, way[i].status);
        }
    }
    cr_assert_eq(rig.shop->packages.count, 2);
}

Test(package, of_an_order_of_the_past_is_as_far_as_the_order)
{
    static const enum package_status expected[] = {[AWAITING_COLLECTION] = PROCESSING,
                                                   [IN_TRANSIT] = FULFILLING,
                                                   [DELIVERED] = PACKAGE_DELIVERED,
                                                   [COMPLETED] = PACKAGE_DELIVERED};
    for (int i = AWAITING_COLLECTION; i <= COMPLETED; i++) {
        uint32_t at = place(true, UNITS, (enum order_status)i);
        cr_assert_eq(package_at(only(at))->status, expected[i], "%d", i);
        cr_assert(package_at(only(at))->shipped > 0);
    }
}

Test(package, is_cancelled_with_its_order_but_not_after_delivery)
{
    uint32_t open = place(false, UNITS, AWAITING_SHIPMENT);
    uint32_t sent = place(false, UNITS, AWAITING_COLLECTION);
    uint32_t refunded = place(false, UNITS, IN_TRANSIT);
    uint32_t done = place(false, UNITS, DELIVERED);
    cr_assert_eq(trade_cancel(rig.sandbox, rig.shop, open, BUYER, NULL), SP_OK);
    cr_assert_eq(trade_cancel(rig.sandbox, rig.shop, sent, BUYER, NULL), SP_OK);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, refunded, COMPLETE, NULL), SP_OK);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, done, COMPLETE, NULL), SP_OK);
    cr_assert_eq(package_at(only(open))->status, PACKAGE_CANCELLED);
    cr_assert_eq(package_at(only(sent))->status, PACKAGE_CANCELLED);
    cr_assert_eq(package_at(only(refunded))->status, PACKAGE_CANCELLED);
    cr_assert_eq(package_at(only(done))->status, PACKAGE_DELIVERED);
}

Test(package, is_two_when_an_order_is_shipped_in_part)
{
    uint32_t at = place(false, UNITS, AWAITING_SHIPMENT), whole = only(at);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, SHIP_PART, NULL), SP_OK);
    cr_assert_eq(package_at(whole)->status, PACKAGE_REPLACED);
    cr_assert_eq(only(at), PACKAGE_NONE);
    uint32_t sent = packages_first(&rig.shop->packages, order_at(at))->package;
    cr_assert_eq(package_at(sent)->status, PROCESSING);
    cr_assert_eq(packages_units(&rig.shop->packages, order_at(at), sent), UNITS - 1);
    cr_assert_eq(package_at(sent + 1)->status, TO_FULFILL);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, SHIP, NULL), SP_OK);
    cr_assert_eq(package_at(sent + 1)->status, PROCESSING);
    cr_assert_eq(package_at(sent + 1)->tag, PACKAGE_SPLIT);
}

/* ---- after packages
 * ---------------------------------------------------------------------------------- */

static const struct shipment drop_off = {.handover = HANDOVER_DROP_OFF};

Test(package, ships_its_order_when_it_is_the_last)
{
    static const uint32_t group[UNITS] = {0, 1, 0, 2, 2, 2};
    uint32_t at = place(false, UNITS, AWAITING_SHIPMENT);
    uint32_t first = package_split(rig.sandbox, rig.shop, at, group, 3);
    package_send(rig.sandbox, rig.shop, first + 1, &drop_off);
    cr_assert_eq(order_at(at)->status, PARTIALLY_SHIPPING);
    package_send(rig.sandbox, rig.shop, first, &drop_off);
    cr_assert_eq(order_at(at)->status, PARTIALLY_SHIPPING);
    package_send(rig.sandbox, rig.shop, first + 2, &drop_off);
    cr_assert_eq(order_at(at)->status, AWAITING_COLLECTION);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, COLLECT, NULL), SP_OK);
    package_arrive(rig.sandbox, rig.shop, first);
    package_arrive(rig.sandbox, rig.shop, first + 2);
    cr_assert_eq(order_at(at)->status, IN_TRANSIT);
    package_arrive(rig.sandbox, rig.shop, first + 1);
    cr_assert_eq(order_at(at)->status, DELIVERED);
}

Test(package, that_was_split_is_replaced_and_its_units_keep_their_places)
{
    static const uint32_t group[UNITS] = {0, 1, 0, 1, 1, 0};
    uint32_t of_unit[UNITS], at = place(false, UNITS, AWAITING_SHIPMENT), old = only(at);
    uint32_t first = package_split(rig.sandbox, rig.shop, at, group, 2);
    cr_assert_eq(package_at(old)->status, PACKAGE_REPLACED);
    packages_read(&rig.shop->packages, order_at(at), of_unit);
    for (size_t i = 0; i < UNITS; i++)
        cr_assert_eq(of_unit[i], first + group[i]);
    const struct package_part *part = packages_other(&rig.shop->packages, order_at(at), NULL);
    cr_assert_eq(part->package, first);
    part = packages_other(&rig.shop->packages, order_at(at), part);
    cr_assert_eq(part->package, first + 1);
    cr_assert(packages_other(&rig.shop->packages, order_at(at), part) == NULL);
}

Test(package, parts_are_used_again)
{
    static const uint32_t group[UNITS] = {0, 1, 0, 1, 0, 1};
    uint32_t at = place(false, UNITS, AWAITING_SHIPMENT);
    (void)package_split(rig.sandbox, rig.shop, at, group, 2);
    size_t parts = rig.shop->packages.part_count;
    for (int i = 0; i < 100; i++)
        (void)package_split(rig.sandbox, rig.shop, at, group, 2);
    cr_assert_eq(rig.shop->packages.part_count, parts);
}

Test(package, takes_several_orders_and_they_go_together)
{
    uint32_t orders[3];
    for (size_t i = 0; i < 3; i++)
        orders[i] = place(false, UNITS, AWAITING_SHIPMENT);
    uint32_t old = only(orders[1]), made = package_combine(rig.sandbox, rig.shop, orders, 3);
    cr_assert_eq(package_at(old)->status, PACKAGE_REPLACED);
    package_send(rig.sandbox, rig.shop, made, &drop_off);
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(order_at(orders[i])->status, AWAITING_COLLECTION);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, orders[1], COLLECT, NULL), SP_OK);
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(order_at(orders[i])->status, IN_TRANSIT);
    package_arrive(rig.sandbox, rig.shop, made);
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(order_at(orders[i])->status, DELIVERED);
    cr_assert_eq(package_at(made)->status, PACKAGE_DELIVERED);
}

Test(package, is_left_by_an_order_that_is_cancelled)
{
    uint32_t orders[2] = {place(false, UNITS, AWAITING_SHIPMENT),
                          place(false, UNITS, AWAITING_SHIPMENT)};
    uint32_t made = package_combine(rig.sandbox, rig.shop, orders, 2);
    cr_assert_eq(trade_cancel(rig.sandbox, rig.shop, orders[0], BUYER, NULL), SP_OK);
    cr_assert_neq(only(orders[0]), made);
    cr_assert_eq(package_at(only(orders[0]))->status, PACKAGE_CANCELLED);
    cr_assert_eq(only(orders[1]), made);
    cr_assert_eq(package_at(made)->status, TO_FULFILL);
    cr_assert_eq(package_at(made)->tag, PACKAGE_WHOLE);
    cr_assert_eq(package_at(made)->order, orders[1]);
    cr_assert_eq(package_next_order(rig.shop, orders[1]), BOOK_NONE);
    package_send(rig.sandbox, rig.shop, made, &drop_off);
    cr_assert_eq(order_at(orders[1])->status, AWAITING_COLLECTION);
    cr_assert_eq(order_at(orders[0])->status, CANCELLED);
}

Test(package, is_taken_apart_into_new_ones)
{
    uint32_t orders[3];
    for (size_t i = 0; i < 3; i++)
        orders[i] = place(false, UNITS, AWAITING_SHIPMENT);
    uint32_t made = package_combine(rig.sandbox, rig.shop, orders, 3);
    uint32_t first = package_uncombine(rig.sandbox, rig.shop, made, &orders[1], 1);
    cr_assert_eq(package_at(made)->status, PACKAGE_REPLACED);
    cr_assert_eq(only(orders[0]), first);
    cr_assert_eq(only(orders[2]), first);
    cr_assert_eq(package_at(first)->tag, PACKAGE_COMBINED);
    cr_assert_eq(only(orders[1]), first + 1);
    cr_assert_eq(package_at(first + 1)->tag, PACKAGE_WHOLE);
    cr_assert_eq(package_next_order(rig.shop, orders[1]), BOOK_NONE);
}

Test(package, is_frozen_while_a_buyer_waits_for_an_answer)
{
    uint32_t orders[2] = {place(false, UNITS, AWAITING_SHIPMENT),
                          place(false, UNITS, AWAITING_SHIPMENT)};
    uint32_t made = package_combine(rig.sandbox, rig.shop, orders, 2);
    cr_assert_not(package_is_frozen(rig.shop, package_at(made)));
    order_at(orders[1])->wants_cancel = true;
    cr_assert(package_is_frozen(rig.shop, package_at(made)));
}
