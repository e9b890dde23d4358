/* The sandbox's life of its own, on its clock. */
#include <criterion/criterion.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/life.h"
#include "services/sandbox/order_json.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

enum { HOUR = 3600, DAY = 86400 };

static struct sandbox *open_standing(void)
{
    struct sandbox_options options = rig_options();
    options.shops = 2;
    struct sandbox *sandbox = rig_open(&options);
    clock_set_speed(&sandbox->clock, sp_now_us(), 0); /* it moves when it is told to */
    return sandbox;
}

static void set(struct sandbox *sandbox, enum life_due rule, int64_t percent)
{
    sandbox->life.rules[rule].percent = percent;
    life_replan(sandbox);
}

static enum order_status status_of(const struct sandbox *sandbox, uint32_t at)
{
    return (enum order_status)sandbox->shops[0].book.orders[at].status;
}

Test(life, is_off_until_it_is_asked_for_but_for_the_hold)
{
    struct sandbox *sandbox = open_standing();
    uint32_t unpaid = rig_place(sandbox, 1, UNPAID), held = rig_place(sandbox, 1, ON_HOLD);
    uint32_t sent = rig_place(sandbox, 1, AWAITING_COLLECTION);
    rig_pass(sandbox, HOUR - 1);
    cr_assert_eq(status_of(sandbox, held), ON_HOLD);
    rig_pass(sandbox, 1);
    cr_assert_eq(status_of(sandbox, held), AWAITING_SHIPMENT);
    rig_pass(sandbox, 30 * DAY);
    cr_assert_eq(status_of(sandbox, unpaid), UNPAID);
    cr_assert_eq(status_of(sandbox, held), AWAITING_SHIPMENT);
    cr_assert_eq(status_of(sandbox, sent), AWAITING_COLLECTION);
    cr_assert_eq(sandbox->shops[0].book.order_count, 3);
    sandbox_close(&sandbox);
}

Test(life, cancels_what_is_not_paid_within_48_hours)
{
    struct sandbox *sandbox = open_standing();
    uint32_t at = rig_place(sandbox, 2, UNPAID);
    set(sandbox, LIFE_UNPAID, 100);
    cr_assert_eq(trade_happen(sandbox, &sandbox->shops[0], at + 1, PAY, NULL), SP_OK);
    rig_pass(sandbox, 2 * DAY - 1);
    cr_assert_eq(status_of(sandbox, at), UNPAID);
    rig_pass(sandbox, 1);
    cr_assert_eq(status_of(sandbox, at), CANCELLED);
    cr_assert_eq(sandbox->shops[0].book.orders[at].initiator, SYSTEM);
    cr_assert_eq(status_of(sandbox, at + 1), AWAITING_SHIPMENT);
    cr_assert_leq(sandbox->shops[0].book.orders[at].times.cancelled, sp_now_us() / 1000000);
    sandbox_close(&sandbox);
}

Test(life, lets_carriers_collect_and_deliver)
{
    struct sandbox *sandbox = open_standing();
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    set(sandbox, LIFE_COLLECT, 100);
    set(sandbox, LIFE_DELIVER, 100);
    set(sandbox, LIFE_COMPLETE, 100);
    rig_pass(sandbox, DAY);
    cr_assert_eq(status_of(sandbox, at), AWAITING_SHIPMENT); /* the seller has to ship */
    cr_assert_eq(trade_happen(sandbox, &sandbox->shops[0], at, SHIP, NULL), SP_OK);
    rig_pass(sandbox, 9 * HOUR);
    cr_assert_eq(status_of(sandbox, at), IN_TRANSIT);
    rig_pass(sandbox, 5 * DAY);
    cr_assert_eq(status_of(sandbox, at), DELIVERED);
    rig_pass(sandbox, 7 * DAY);
    cr_assert_eq(status_of(sandbox, at), COMPLETED);
    sandbox_close(&sandbox);
}

/* The order as the Open API shows it. */
static struct sp_json shown(struct sandbox *sandbox, uint32_t at, struct sp_arena *arena)
{
    struct sp_buffer out = {0}, scratch = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    struct sp_json value;
    order_json_put(&json, &sandbox->shops[0], &sandbox->shops[0].book.orders[at], ORDER_IN_SEARCH,
                   &scratch);
    cr_assert_eq(sp_json_parse(sp_arena_copy(arena, sp_buffer_text(&out)), &value, NULL), SP_OK);
    sp_buffer_free(&out);
    sp_buffer_free(&scratch);
    return value;
}

Test(life, cancels_what_is_late_when_the_order_says_so)
{
    struct sandbox *sandbox = open_standing();
    set(sandbox, LIFE_LATE, 100);
    uint32_t at = rig_place(sandbox, 2, AWAITING_SHIPMENT);
    rig_pass(sandbox, 5 * DAY);
    cr_assert_eq(trade_happen(sandbox, &sandbox->shops[0], at + 1, SHIP, NULL), SP_OK);
    cr_assert_eq(trade_happen(sandbox, &sandbox->shops[0], at + 1, COLLECT, NULL), SP_OK);
    rig_pass(sandbox, DAY - 2);
    cr_assert_eq(status_of(sandbox, at), AWAITING_SHIPMENT);
    rig_pass(sandbox, 4);
    cr_assert_eq(status_of(sandbox, at), CANCELLED);
    cr_assert_eq(status_of(sandbox, at + 1), IN_TRANSIT);
    struct sp_arena *arena = sp_arena_open();
    cr_assert(sp_text_is(rig_text(shown(sandbox, at, arena), "cancel_reason", arena),
                         "system_cancel_order_reason_shipping_timeout"));
    sp_arena_close(&arena);
    sandbox_close(&sandbox);
}

Test(life, cancels_what_no_carrier_collects)
{
    struct sandbox *sandbox = open_standing();
    set(sandbox, LIFE_LATE, 100);
    set(sandbox, LIFE_UNCOLLECTED, 100);
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    cr_assert_eq(trade_happen(sandbox, &sandbox->shops[0], at, SHIP, NULL), SP_OK);
    rig_pass(sandbox, 10 * DAY - 2);
    cr_assert_eq(status_of(sandbox, at), AWAITING_COLLECTION);
    rig_pass(sandbox, 4);
    cr_assert_eq(status_of(sandbox, at), CANCELLED);
    cr_assert_eq(sandbox->shops[0].book.orders[at].initiator, SYSTEM);
    sandbox_close(&sandbox);
}

Test(life, tells_deadlines_as_they_come_at_the_clocks_speed)
{
    struct sandbox *sandbox = open_standing();
    clock_set_speed(&sandbox->clock, sp_now_us(), 60);
    struct sp_arena *arena = sp_arena_open();
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    struct sp_json value = shown(sandbox, at, arena);
    int64_t paid = sandbox->shops[0].book.orders[at].times.paid;
    cr_assert_eq(rig_int(value, "rts_sla_time"), paid + 2 * DAY / 60);
    cr_assert_eq(rig_int(value, "tts_sla_time"), paid + 4 * DAY / 60);
    cr_assert_eq(rig_int(value, "cancel_order_sla_time"), paid + 6 * DAY / 60);
    cr_assert_eq(rig_int(value, "collection_due_time"), paid + 10 * DAY / 60);
    sp_arena_close(&arena);
    sandbox_close(&sandbox);
}

Test(life, leaves_orders_alone_that_were_late_before)
{
    struct sandbox *sandbox = open_standing();
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    sandbox->shops[0].book.orders[at].times.paid -= 7 * DAY;
    set(sandbox, LIFE_LATE, 100);
    rig_pass(sandbox, 30 * DAY);
    cr_assert_eq(status_of(sandbox, at), AWAITING_SHIPMENT);
    sandbox_close(&sandbox);
}

Test(life, grants_a_request_that_nobody_answers)
{
    struct sandbox *sandbox = open_standing();
    set(sandbox, LIFE_REQUEST, 100);
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    rig_pass(sandbox, 2 * DAY);
    cr_assert_eq(status_of(sandbox, at), AWAITING_SHIPMENT);
    rig_pass(sandbox, 6 * HOUR);
    cr_assert_eq(status_of(sandbox, at), CANCELLED);
    cr_assert_eq(sandbox->shops[0].book.orders[at].initiator, BUYER);
    sandbox_close(&sandbox);
}

Test(life, leaves_a_request_alone_that_was_answered)
{
    struct sandbox *sandbox = open_standing();
    struct shop *shop = &sandbox->shops[0];
    set(sandbox, LIFE_REQUEST, 100);
    uint32_t at = rig_place(sandbox, 1, AWAITING_SHIPMENT);
    rig_pass(sandbox, 7 * HOUR);
    cr_assert(shop->book.orders[at].wants_cancel);
    cr_assert_eq(cancels_reject(sandbox, shop, 0), API_OK);
    rig_pass(sandbox, 30 * DAY);
    cr_assert_eq(status_of(sandbox, at), AWAITING_SHIPMENT);
    sandbox_close(&sandbox);
}

Test(life, brings_buyers_at_their_rate_who_pay_or_not)
{
    struct sandbox *sandbox = open_standing();
    life_switch_on(&sandbox->life);
    sandbox->life.per_hour = 60;
    life_replan(sandbox);
    rig_pass(sandbox, DAY);
    size_t orders = sandbox->shops[0].book.order_count + sandbox->shops[1].book.order_count;
    cr_assert(orders > 1300 && orders < 1580, "%zu", orders);
    cr_assert(sandbox->shops[0].book.order_count > 500);
    const uint64_t *now = sandbox->shops[0].book.by_status;
    cr_assert(now[UNPAID] > 0 && now[ON_HOLD] > 0 && now[AWAITING_SHIPMENT] > 0);
    cr_assert(now[CANCELLED] > 0);
    rig_pass(sandbox, 9 * DAY);
    cr_assert(now[CANCELLED] > now[AWAITING_SHIPMENT]);
    sandbox->life.per_hour = 0;
    life_replan(sandbox);
    rig_pass(sandbox, 30 * DAY);
    cr_assert_eq(now[UNPAID] + now[ON_HOLD] + now[AWAITING_SHIPMENT], 0);
    sandbox_close(&sandbox);
}

Test(life, is_the_same_from_the_same_seed_in_whatever_steps)
{
    struct sandbox *leap = open_standing(), *steps = open_standing();
    struct sandbox *both[] = {leap, steps};
    for (size_t i = 0; i < SP_COUNT(both); i++) {
        life_switch_on(&both[i]->life);
        both[i]->life.per_hour = 30;
        life_replan(both[i]);
    }
    rig_pass(leap, 5 * DAY);
    for (int i = 0; i < 5 * 24; i++)
        rig_pass(steps, HOUR);
    const struct order_book *a = &leap->shops[0].book, *b = &steps->shops[0].book;
    cr_assert_eq(a->order_count, b->order_count);
    for (size_t i = 0; i < a->order_count; i++)
        cr_assert_eq(a->orders[i].status, b->orders[i].status, "%zu", i);
    sandbox_close(&leap);
    sandbox_close(&steps);
}

Test(life, ends_tokens_and_the_grant_by_the_clock)
{
    struct sandbox *sandbox = open_standing();
    rig_authorize(sandbox);
    struct sp_text token = sp_text_of(sandbox->grants.access);
    rig_pass(sandbox, 7 * DAY - 1);
    cr_assert_eq(grants_check(&sandbox->grants, token, sandbox_clock(sandbox)), TOKEN_GOOD);
    rig_pass(sandbox, 1);
    cr_assert_eq(grants_check(&sandbox->grants, token, sandbox_clock(sandbox)), TOKEN_EXPIRED);
    rig_pass(sandbox, 358 * DAY);
    cr_assert_not(grants_is_live(&sandbox->grants, sandbox_clock(sandbox)));
    sandbox_close(&sandbox);
}

Test(life, forgets_its_plans_on_reset)
{
    struct sandbox *sandbox = open_standing();
    life_switch_on(&sandbox->life);
    sandbox->life.per_hour = 60;
    life_replan(sandbox);
    rig_pass(sandbox, HOUR);
    cr_assert_eq(sandbox_reset(sandbox, NULL), SP_OK);
    cr_assert_eq(sandbox->schedule.count, 1); /* the next midnight */
    cr_assert_eq(sandbox->clock.speed, 1);
    rig_pass(sandbox, DAY);
    cr_assert_eq(sandbox->shops[0].book.order_count, 0);
    sandbox_close(&sandbox);
}
