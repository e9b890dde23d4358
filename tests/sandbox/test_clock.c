/* The clock: its pace, its jumps, what callers are told. */
#include <criterion/criterion.h>

#include "services/sandbox/clock.h"

#define SECOND INT64_C(1000000)
#define START (INT64_C(1800000000) * SECOND)

static struct clock started(void)
{
    struct clock clock;
    clock_start(&clock, START);
    return clock;
}

Test(clock, goes_with_the_callers_until_it_is_told_otherwise)
{
    struct clock clock = started();
    cr_assert_eq(clock_due_us(&clock, START + 5 * SECOND), START + 5 * SECOND);
    clock_set_speed(&clock, START + 5 * SECOND, 60);
    cr_assert_eq(clock_due_us(&clock, START + 5 * SECOND), START + 5 * SECOND);
    cr_assert_eq(clock_due_us(&clock, START + 7 * SECOND), START + 125 * SECOND);
    clock_set_speed(&clock, START + 7 * SECOND, 0);
    cr_assert_eq(clock_due_us(&clock, START + 900 * SECOND), START + 125 * SECOND);
    clock_advance(&clock, 3600 * SECOND);
    cr_assert_eq(clock_due_us(&clock, START + 900 * SECOND), START + 3725 * SECOND);
}

Test(clock, never_goes_back)
{
    struct clock clock = started();
    clock_reach(&clock, START + 10 * SECOND);
    clock_reach(&clock, START + 9 * SECOND);
    cr_assert_eq(clock.at_us, START + 10 * SECOND);
    cr_assert_eq(clock_due_us(&clock, START - 50 * SECOND), START + 10 * SECOND);
    int64_t stamp = clock_stamp(&clock, START + 20 * SECOND);
    cr_assert_eq(clock_stamp(&clock, START + 3 * SECOND), stamp);
}

Test(clock, is_capped_instead_of_overflowing)
{
    struct clock clock = started();
    clock_set_speed(&clock, START, CLOCK_SPEED);
    cr_assert_eq(clock_due_us(&clock, INT64_MAX), INT64_MAX);
    clock_advance(&clock, INT64_MAX);
    cr_assert_eq(clock_due_us(&clock, START + SECOND), INT64_MAX);
}

Test(clock, stamps_with_the_callers_time_however_fast_it_runs)
{
    struct clock clock = started();
    clock_set_speed(&clock, START, 1000);
    clock_reach(&clock, clock_due_us(&clock, START + 60 * SECOND));
    cr_assert_eq(clock_stamp(&clock, START + 60 * SECOND), START / SECOND + 60);
}

Test(clock, tells_what_is_to_come_as_the_caller_will_see_it_come)
{
    struct clock clock = started();
    int64_t end = START / SECOND + 86400;
    cr_assert_eq(clock_told(&clock, START, end), end);
    clock_set_speed(&clock, START, 60);
    cr_assert_eq(clock_told(&clock, START, end), START / SECOND + 1440);
    cr_assert_eq(clock_told(&clock, START, START / SECOND - 30), START / SECOND - 30);
}

Test(clock, knows_when_the_caller_saw_its_present)
{
    struct clock clock = started();
    clock_reach(&clock, START + 100 * SECOND);
    cr_assert_eq(clock_seen(&clock, START + 105 * SECOND), START / SECOND + 100);
    clock_set_speed(&clock, START + 105 * SECOND, 60);
    clock_reach(&clock, START + (105 + 600) * SECOND);
    cr_assert_eq(clock_seen(&clock, START + 200 * SECOND), START / SECOND + 115);
    clock_advance(&clock, 86400 * SECOND); /* it jumps over all until then */
    clock_reach(&clock, START + 7200 * SECOND);
    cr_assert_eq(clock_seen(&clock, START + 200 * SECOND), START / SECOND + 200);
    clock.ahead = true;
    cr_assert_eq(clock_seen(&clock, START + 200 * SECOND), START / SECOND + 7200);
}

Test(clock, stamps_and_tells_its_own_time_when_it_is_ahead)
{
    struct clock clock = started();
    clock.ahead = true;
    clock_set_speed(&clock, START, 60);
    clock_reach(&clock, START + 3600 * SECOND);
    cr_assert_eq(clock_stamp(&clock, START), START / SECOND + 3600);
    cr_assert_eq(clock_told(&clock, START, START / SECOND + 86400), START / SECOND + 86400);
}
