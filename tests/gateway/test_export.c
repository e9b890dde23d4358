/* Pages of a file, as services answer them. */
#include <criterion/criterion.h>

#include "services/gateway/export.h"

Test(export, takes_the_cursor_off_a_page_and_nothing_for_a_page_that_is_none)
{
    struct sp_text cursor, page;
    cr_assert(export_split(SP_TEXT("17\na,b\nc,d\n"), &cursor, &page));
    cr_assert(sp_text_is(cursor, "17") && sp_text_is(page, "a,b\nc,d\n"));
    cr_assert(export_split(SP_TEXT("\n"), &cursor, &page));
    cr_assert(cursor.size == 0 && page.size == 0);
    cr_assert(!export_split(SP_TEXT("{}"), &cursor, &page));
    cr_assert(!export_split((struct sp_text){0}, &cursor, &page));
}
