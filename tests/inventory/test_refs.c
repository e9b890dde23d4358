/* Ordered lists of references. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "services/inventory/store.h"

Test(refs, are_ordered_by_account_then_what_they_name)
{
    struct variant_ref variants[] = {{2, 1}, {1, 9}, {1, 3}, {1, 9}};
    qsort(variants, SP_COUNT(variants), sizeof *variants, variant_ref_compare);
    size_t count = unique_refs(variants, SP_COUNT(variants), sizeof *variants, variant_ref_compare);
    cr_assert_eq(count, 3);
    cr_assert_eq(variants[0].variant_id, 3);
    cr_assert_eq(variants[1].variant_id, 9);
    cr_assert_eq(variants[2].account_id, 2);
}

Test(refs, compare_keys_byte_by_byte)
{
    struct order_ref a = {1, SP_TEXT("3-9")}, b = {1, SP_TEXT("3-10")}, c = {1, SP_TEXT("3-1")};
    cr_assert_gt(order_ref_compare(&a, &b), 0);
    cr_assert_gt(order_ref_compare(&b, &c), 0);
    cr_assert_eq(order_ref_compare(&a, &a), 0);
    struct shop_ref first = {1, 2}, second = {1, 10};
    cr_assert_lt(shop_ref_compare(&first, &second), 0);
}

Test(refs, of_nothing_are_nothing)
{
    cr_assert_eq(unique_refs(NULL, 0, sizeof(struct shop_ref), shop_ref_compare), 0);
}
