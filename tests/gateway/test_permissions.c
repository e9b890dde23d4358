/* Roles and what they may do. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/gateway/permissions.h"

static const enum role roles[] = {ROLE_OWNER, ROLE_MANAGER, ROLE_PACKER, ROLE_FINANCE, ROLE_VIEWER};

/* The whole matrix, written out: a change of the table must be a change here. */
static const struct {
    const char *permission;
    const char *may; /* one letter for each role in their order, '-' for no */
} matrix[] = {
    {"shops.read", "OMPFV"},     {"shops.write", "OM---"},  {"orders.read", "OMPFV"},
    {"orders.write", "OM---"},   {"orders.place", "OM---"}, {"products.read", "OMPFV"},
    {"products.write", "OM---"}, {"stock.read", "OMPFV"},   {"stock.write", "OM---"},
    {"money.read", "OM-F-"},     {"money.write", "O--F-"},  {"settings.read", "OM-FV"},
    {"settings.write", "OM---"}, {"pii.read", "O----"},     {"system.read", "OM---"},
    {"system.write", "O----"},
};

Test(permissions, are_what_the_matrix_says)
{
    for (size_t i = 0; i < SP_COUNT(matrix); i++)
        for (size_t r = 0; r < SP_COUNT(roles); r++)
            cr_expect_eq(role_may(roles[r], matrix[i].permission), matrix[i].may[r] != '-',
                         "%s of %s", matrix[i].permission, role_name(roles[r]));
}

Test(permissions, of_the_owner_are_all_that_there_are)
{
    struct sp_arena *arena = sp_arena_open();
    size_t count;
    const struct sp_text *names = role_permissions(ROLE_OWNER, arena, &count);
    cr_expect_eq(count, SP_COUNT(matrix));
    for (size_t i = 0; i < count; i++)
        cr_expect(sp_text_is(names[i], matrix[i].permission));
    sp_arena_close(&arena);
}

Test(permissions, sent_along_are_those_the_role_has)
{
    struct sp_arena *arena = sp_arena_open();
    for (size_t r = 0; r < SP_COUNT(roles); r++) {
        size_t count, expected = 0;
        (void)role_permissions(roles[r], arena, &count);
        for (size_t i = 0; i < SP_COUNT(matrix); i++)
            expected += matrix[i].may[r] != '-';
        cr_expect_eq(count, expected, "%s", role_name(roles[r]));
    }
    sp_arena_close(&arena);
}

Test(permissions, that_nobody_knows_nobody_has)
{
    for (size_t r = 0; r < SP_COUNT(roles); r++) {
        cr_expect_not(role_may(roles[r], "everything"));
        cr_expect_not(role_may(roles[r], ""));
        cr_expect(role_may(roles[r], NULL), "none is wanted");
    }
}

Test(permissions, packers_see_no_money_and_no_settings)
{
    cr_expect_not(role_may(ROLE_PACKER, "money.read"));
    cr_expect_not(role_may(ROLE_PACKER, "settings.read"));
}

Test(permissions, roles_go_by_their_names)
{
    for (size_t r = 0; r < SP_COUNT(roles); r++)
        cr_expect_eq(role_of(sp_text_of(role_name(roles[r]))), (int)roles[r]);
    cr_expect_eq(role_of(SP_TEXT("owner")), -1);
    cr_expect_eq(role_of(SP_TEXT("")), -1);
    cr_expect_eq(role_of(SP_TEXT("OWNERS")), -1);
}
