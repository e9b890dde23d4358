/* Orders at a rate. */
#include <criterion/criterion.h>

#include "services/sandbox/drips.h"

static size_t take(struct drip *drip, int64_t now_us)
{
    size_t due = drips_due(drip, now_us);
    for (size_t i = 0; i < due; i++)
        (void)drips_next(drip);
    return due;
}

Test(drips, come_evenly_and_not_before_their_time)
{
    struct drip drip = {.next_number = 10, .count = 50, .per_second = 20, .began_us = 1000000};
    cr_assert_eq(take(&drip, 1000000), 1);
    cr_assert_eq(take(&drip, 1049999), 0);
    cr_assert_eq(take(&drip, 1050000), 1);
    cr_assert_eq(take(&drip, 2000000), 19);
    cr_assert_eq(take(&drip, 99000000), 29);
    cr_assert_eq(take(&drip, 99000000), 0);
    cr_assert_eq(drip.next_number, 60);
}

Test(drips, have_a_limit_and_reuse_places_that_are_done)
{
    static struct drips drips;
    struct drip drip = {.count = 2, .per_second = 1};
    for (int i = 0; i < DRIPS; i++)
        cr_assert(drips_add(&drips, &drip));
    cr_assert_not(drips_add(&drips, &drip));
    cr_assert_eq(drips_waiting(&drips), 2 * DRIPS);
    (void)take(&drips.places[3], 10000000);
    cr_assert(drips_add(&drips, &drip));
    drips_clear(&drips);
    cr_assert_eq(drips_waiting(&drips), 0);
}
