/* What may be put into the archive, and what may come back. */
#include <criterion/criterion.h>

#include "services/product-mapper/archive_rules.h"

Test(archive_rules, names_kinds_both_ways)
{
    for (int kind = 0; kind < KINDS; kind++)
        cr_assert_eq(mapper_kind(sp_text_of(mapper_kind_name((enum catalogue_kind)kind))), kind);
    cr_assert_eq(mapper_kind(SP_TEXT("order")), KINDS);
}

Test(archive_rules, says_what_stands_in_the_way)
{
    static const struct {
        enum catalogue_kind kind;
        struct archive_facts facts;
        bool archived;
        const char *reason;
        int64_t count;
    } cases[] = {
        {KIND_VARIANT, {.links = 0}, true, NULL, 0},
        {KIND_VARIANT, {.links = 3, .bundles = 1}, true, "LINKED", 3},
        {KIND_VARIANT, {.bundles = 2}, true, "IN_BUNDLE", 2},
        {KIND_VARIANT, {.archived = true, .links = 3}, true, "UNCHANGED", 0},
        {KIND_VARIANT, {.archived = true}, false, NULL, 0},
        {KIND_VARIANT, {.archived = true, .parent_archived = true}, false, "PARENT_ARCHIVED", 0},
        {KIND_PRODUCT, {.members = 4}, true, "HAS_VARIANTS", 4},
        {KIND_PRODUCT, {.archived = true, .parent_archived = true}, false, "TYPE_ARCHIVED", 0},
        {KIND_TYPE, {.members = 5}, true, "HAS_PRODUCTS", 5},
        {KIND_TYPE, {.archived = false}, false, "UNCHANGED", 0},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        int64_t count = -1;
        const char *reason =
            mapper_archive_refusal(cases[i].kind, &cases[i].facts, cases[i].archived, &count);
        if (cases[i].reason == NULL)
            cr_assert_null(reason, "case %zu: %s", i, reason);
        else
            cr_assert(reason != NULL && sp_text_is(sp_text_of(reason), cases[i].reason), "case %zu",
                      i);
        cr_assert_eq(count, cases[i].count, "case %zu", i);
    }
}
