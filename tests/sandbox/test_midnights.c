/* When the caller saw the midnights. */
#include <criterion/criterion.h>

#include "services/sandbox/midnights.h"

enum { DAY = 86400 };

Test(midnights, are_the_callers_own_until_the_first_has_passed)
{
    struct midnights midnights = {0};
    cr_assert_eq(midnights_seen(&midnights, 20000), INT64_C(20000) * DAY);
    midnights_pass(&midnights, 20000, 7);
    cr_assert_eq(midnights_seen(&midnights, 19999), INT64_C(19999) * DAY);
    cr_assert_eq(midnights_seen(&midnights, 20000), 7);
    midnights_free(&midnights);
}

Test(midnights, are_kept_however_many_there_are)
{
    struct midnights midnights = {0};
    for (int64_t day = 20000; day < 21000; day++)
        midnights_pass(&midnights, day, day * 2);
    for (int64_t day = 20000; day < 21000; day++)
        cr_assert_eq(midnights_seen(&midnights, day), day * 2);
    midnights_free(&midnights);
    cr_assert_eq(midnights.count, 0);
}
