/* Ordered faults. */
#include <criterion/criterion.h>

#include "services/sandbox/faults.h"

static struct fault fault(const char *path, enum fault_kind kind, int64_t count)
{
    struct fault made = {.kind = kind, .count = count};
    for (size_t i = 0; path[i] != '\0'; i++)
        made.path[i] = path[i];
    return made;
}

static enum fault_kind take(struct faults *faults, const char *path)
{
    return faults_take(faults, sp_text_of(path)).kind;
}

Test(faults, strike_as_often_as_ordered_and_in_that_order)
{
    static struct faults faults;
    struct fault two = fault("/order", FAULT_TOO_MANY, 2), one = fault("/order", FAULT_HTML, 1);
    cr_assert(faults_add(&faults, &two));
    cr_assert(faults_add(&faults, &one));
    cr_assert_eq(take(&faults, "/product/x"), FAULT_NONE);
    cr_assert_eq(take(&faults, "/order/202309/orders"), FAULT_TOO_MANY);
    cr_assert_eq(take(&faults, "/order"), FAULT_TOO_MANY);
    cr_assert_eq(take(&faults, "/order/x"), FAULT_HTML);
    cr_assert_eq(take(&faults, "/order/x"), FAULT_NONE);
    cr_assert_eq(faults.by_kind[FAULT_TOO_MANY], 2);
}

Test(faults, are_told_apart_by_path)
{
    static struct faults faults;
    struct fault order = fault("/order", FAULT_DROP, 1),
                 token = fault("/api/v2", FAULT_INTERNAL, 1);
    cr_assert(faults_add(&faults, &order));
    cr_assert(faults_add(&faults, &token));
    cr_assert_eq(take(&faults, "/api/v2/token/get"), FAULT_INTERNAL);
    cr_assert_eq(take(&faults, "/ord"), FAULT_NONE);
    cr_assert_eq(take(&faults, "/order"), FAULT_DROP);
}

Test(faults, have_a_limit_and_can_be_cleared)
{
    static struct faults faults;
    struct fault one = fault("/", FAULT_TIMEOUT, 1);
    for (int i = 0; i < FAULTS; i++)
        cr_assert(faults_add(&faults, &one));
    cr_assert_not(faults_add(&faults, &one));
    faults_clear(&faults);
    cr_assert_eq(take(&faults, "/x"), FAULT_NONE);
}

Test(faults, are_known_by_name)
{
    for (enum fault_kind kind = FAULT_TOO_MANY; kind < FAULT_KINDS; kind++)
        cr_assert_eq(faults_kind_of(sp_text_of(faults_kind_name(kind))), kind);
    cr_assert_eq(faults_kind_of(SP_TEXT("404")), FAULT_NONE);
}
