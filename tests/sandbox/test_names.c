/* The table from texts to numbers. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "services/sandbox/names.h"

Test(names, finds_what_was_put_and_nothing_else)
{
    struct names names = {0};
    cr_assert_eq(names_find(&names, SP_TEXT("a")), NAMES_NONE);
    names_put(&names, SP_TEXT("a"), 3);
    names_put(&names, SP_TEXT(""), 4);
    cr_assert_eq(names_find(&names, SP_TEXT("a")), 3);
    cr_assert_eq(names_find(&names, SP_TEXT("")), 4);
    cr_assert_eq(names_find(&names, SP_TEXT("A")), NAMES_NONE);
    names_free(&names);
}

Test(names, keeps_everything_while_it_grows)
{
    enum { COUNT = 5000 };
    static char texts[COUNT][8];
    struct names names = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%u", i);
        names_put(&names, sp_text_of(texts[i]), i);
    }
    for (uint32_t i = 0; i < COUNT; i++)
        cr_assert_eq(names_find(&names, sp_text_of(texts[i])), i);
    names_free(&names);
}
