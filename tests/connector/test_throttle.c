/* Budgets of shops do not mix. */
#include "services/connector/throttle.h"

#include <criterion/criterion.h>

#include "common/crypto.h"

TestSuite(throttle, .init = sp_crypto_setup);

static const struct throttle_rate slow = {1, 2};

Test(throttle, counts_each_shop_and_kind_by_itself)
{
    cr_assert_eq(throttle_take(1001, 0, slow), 0);
    cr_assert_eq(throttle_take(1001, 0, slow), 0);
    cr_assert_gt(throttle_take(1001, 0, slow), 0);
    cr_assert_eq(throttle_take(1001, 1, slow), 0);
    cr_assert_eq(throttle_take(1002, 0, slow), 0);
}

Test(throttle, pauses_a_shop_that_was_told_so)
{
    const struct tiktok_answer busy = {.outcome = TIKTOK_LATER, .busy = true};
    throttle_note(1003, 0, &busy, 5000);
    cr_assert_geq(throttle_take(1003, 0, slow), 4900);
    cr_assert_eq(throttle_take(1004, 0, slow), 0);
}

Test(throttle, breaks_a_shop_that_does_not_answer)
{
    const struct tiktok_answer none = {.outcome = TIKTOK_LATER};
    for (int i = 0; i < 5; i++)
        throttle_note(1005, 0, &none, 0);
    cr_assert_gt(throttle_take(1005, 0, slow), 1000);
}
