/* The states of an order, printed whole. */
#include <criterion/criterion.h>

#include "tests/sandbox/rig.h"

Test(order_life, has_exactly_the_steps_that_are_documented)
{
    rig_table_is_documented(&order_life);
}

Test(order_life, notes_when_each_thing_happened)
{
    static const enum order_event way[] = {PAY,     RELEASE, SHIP_PART, SHIP,
                                           COLLECT, DELIVER, COMPLETE};
    enum order_status status = UNPAID;
    struct order_times times = {.created = 100, .updated = 100};
    for (size_t i = 0; i < SP_COUNT(way); i++)
        cr_assert_eq(life_happen(&status, &times, way[i], 200 + (int64_t)i, NULL), SP_OK);
    cr_assert_eq(status, COMPLETED);
    cr_assert_eq(times.paid, 200);
    cr_assert_eq(times.arranged, 203);
    cr_assert_eq(times.collected, 204);
    cr_assert_eq(times.delivered, 205);
    cr_assert_eq(times.cancelled, 0);
    cr_assert_eq(times.updated, 206);
}

Test(order_life, refuses_a_step_that_is_not_in_the_table_and_says_which)
{
    enum order_status status = COMPLETED;
    struct order_times times = {0};
    struct sp_error err;
    cr_assert_eq(life_happen(&status, &times, CANCEL, 5, &err), SP_REJECT);
    cr_assert_str_eq(err.text, "an order in COMPLETED cannot cancel");
    cr_assert_eq(times.updated, 0);
}

Test(order_life, knows_each_status_by_its_name_and_the_event_that_leads_to_it)
{
    for (int i = 0; i < ORDER_STATUSES; i++)
        cr_assert_eq(life_status_of(sp_text_of(life_status_name((enum order_status)i))), i);
    cr_assert_eq(life_status_of(SP_TEXT("CANCEL")), -1);
    cr_assert_eq(life_event_to(UNPAID), -1);
    cr_assert_eq(life_event_to(CANCELLED), CANCEL);
    cr_assert_eq(life_initiator_of(SP_TEXT("BUYER")), BUYER);
    cr_assert_eq(life_initiator_of(SP_TEXT("")), -1);
}

Test(order_life, makes_up_times_that_follow_each_other)
{
    struct order_times times = life_past(DELIVERED, 1000, 100000000);
    cr_assert(times.created < times.paid && times.paid < times.arranged);
    cr_assert(times.arranged < times.collected && times.collected < times.delivered);
    cr_assert_eq(times.updated, times.delivered);
    times = life_past(CANCELLED, 1000, 100000000);
    cr_assert(times.paid > 0 && times.arranged == 0 && times.cancelled == times.updated);
    times = life_past(COMPLETED, 1000, 1000);
    cr_assert_eq(times.updated, 1000);
    times = life_past(UNPAID, 1000, 2000);
    cr_assert(times.paid == 0 && times.updated == 1000);
}

Test(order_life, hides_the_address_until_the_hold_is_over)
{
    cr_assert_not(life_shows_address(UNPAID));
    cr_assert_not(life_shows_address(ON_HOLD));
    cr_assert(life_shows_address(AWAITING_SHIPMENT));
    cr_assert(life_is_open(PARTIALLY_SHIPPING));
    cr_assert_not(life_is_open(AWAITING_COLLECTION));
}
