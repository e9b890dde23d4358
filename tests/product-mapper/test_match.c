/* When two SKUs are the same thing. */
#include <criterion/criterion.h>

#include "services/product-mapper/match.h"

Test(match, links_only_what_is_certain)
{
    cr_assert_eq(mapper_match(0, 0), MATCH_UNKNOWN);
    cr_assert_eq(mapper_match(1, 1), MATCH_LINKED);
    cr_assert_eq(mapper_match(1, 0), MATCH_AMBIGUOUS, "differs in case or blanks");
    cr_assert_eq(mapper_match(2, 1), MATCH_AMBIGUOUS, "another one is alike");
}
