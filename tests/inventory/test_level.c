/* What is shown on the marketplace. */
#include <criterion/criterion.h>

#include "services/inventory/level.h"

Test(level, is_what_is_available)
{
    struct level_part part = {7, 1};
    cr_assert_eq(level_of(&part, 1, &level_rule_default), 7);
}

Test(level, of_a_bundle_follows_its_scarcest_part)
{
    struct level_part parts[] = {{100, 1}, {7, 2}, {50, 3}};
    cr_assert_eq(level_of(parts, 3, &level_rule_default), 3);
}

Test(level, is_never_negative_and_0_without_parts)
{
    struct level_part parts[] = {{-5, 1}, {10, 1}};
    cr_assert_eq(level_of(parts, 2, &level_rule_default), 0);
    cr_assert_eq(level_of(parts, 0, &level_rule_default), 0);
    struct level_part nothing = {10, 0};
    cr_assert_eq(level_of(&nothing, 1, &level_rule_default), 0);
}

Test(level, follows_the_rule_percent_then_reserve_then_most_then_threshold)
{
    struct level_part part = {100, 1};
    struct level_rule rule = {.percent = 50, .reserve = 10, .most = 30};
    cr_assert_eq(level_of(&part, 1, &rule), 30);
    rule.most = 0;
    cr_assert_eq(level_of(&part, 1, &rule), 40);
    rule.threshold = 41;
    cr_assert_eq(level_of(&part, 1, &rule), 0);
    rule.threshold = 40;
    cr_assert_eq(level_of(&part, 1, &rule), 40);
    rule.reserve = 60;
    cr_assert_eq(level_of(&part, 1, &rule), 0);
}
