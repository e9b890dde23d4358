/* Comma-separated lines. */
#include <criterion/criterion.h>

#include "services/sandbox/csv.h"

enum { LIMIT = 4 };

struct split {
    struct sp_arena *arena;
    struct sp_text fields[LIMIT];
    size_t count;
    enum sp_result result;
};

static struct split split(const char *line)
{
    struct split found = {.arena = sp_arena_open()};
    found.result = csv_split(sp_text_of(line), found.arena, found.fields, LIMIT, &found.count);
    return found;
}

Test(csv, splits_plain_and_quoted_fields)
{
    struct split found = split("a,\"b,c\",,\"say \"\"hi\"\"\"");
    cr_assert_eq(found.result, SP_OK);
    cr_assert_eq(found.count, 4);
    cr_assert(sp_text_is(found.fields[0], "a"));
    cr_assert(sp_text_is(found.fields[1], "b,c"));
    cr_assert(sp_text_is(found.fields[2], ""));
    cr_assert(sp_text_is(found.fields[3], "say \"hi\""));
    sp_arena_close(&found.arena);
}

Test(csv, takes_an_empty_line_as_one_empty_field_and_a_last_comma_as_one_more)
{
    struct split found = split("");
    cr_assert_eq(found.count, 1);
    sp_arena_close(&found.arena);
    found = split("a,");
    cr_assert_eq(found.count, 2);
    sp_arena_close(&found.arena);
}

Test(csv, refuses_quotes_that_do_not_match_and_too_many_fields)
{
    static const char *const broken[] = {"\"a", "\"a\"b,c", "a,b,c,d,e", "\"\"\""};
    for (size_t i = 0; i < SP_COUNT(broken); i++) {
        struct split found = split(broken[i]);
        cr_assert_eq(found.result, SP_REJECT, "%s", broken[i]);
        sp_arena_close(&found.arena);
    }
}

Test(csv, cuts_lines_with_either_ending)
{
    struct sp_text rest = SP_TEXT("one\r\ntwo\n\nthree"), line;
    static const char *const wanted[] = {"one", "two", "", "three"};
    for (size_t i = 0; i < SP_COUNT(wanted); i++) {
        cr_assert(csv_next_line(&rest, &line));
        cr_assert(sp_text_is(line, wanted[i]));
    }
    cr_assert_not(csv_next_line(&rest, &line));
}
