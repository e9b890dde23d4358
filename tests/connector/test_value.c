/* Single values of the marketplace. */
#include "services/connector/value.h"

#include <criterion/criterion.h>

static struct sp_json parse(const char *json)
{
    struct sp_json value;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, NULL), SP_OK);
    return value;
}

Test(value, an_id_is_short_and_plain)
{
    cr_assert(tiktok_is_id(SP_TEXT("5764-a_B")));
    cr_assert(tiktok_is_id(SP_TEXT("01234567890123456789012345678901")));
    cr_assert_not(tiktok_is_id(SP_TEXT("012345678901234567890123456789012")));
    cr_assert_not(tiktok_is_id(SP_TEXT("")));
    cr_assert_not(tiktok_is_id(SP_TEXT("57 64")));
}

Test(value, no_id_is_zero_or_nothing)
{
    struct sp_arena *arena = sp_arena_open();
    cr_assert(sp_text_is(tiktok_id(parse("\"5764\""), arena), "5764"));
    cr_assert(sp_text_is(tiktok_id(parse("5764"), arena), "5764"));
    cr_assert_eq(tiktok_id(parse("\"0\""), arena).size, 0);
    cr_assert_eq(tiktok_id(parse("\"\""), arena).size, 0);
    cr_assert_eq(tiktok_id(parse("null"), arena).size, 0);
    sp_arena_close(&arena);
}

Test(value, a_time_is_of_our_age)
{
    cr_assert_eq(tiktok_time(parse("1735600000")), 1735600000);
    cr_assert_eq(tiktok_time(parse("\"1735600000\"")), 1735600000);
    cr_assert_eq(tiktok_time(parse("-1")), 0);
    cr_assert_eq(tiktok_time(parse("253402300800")), 0);
    cr_assert_eq(tiktok_time(parse("null")), 0);
}

Test(value, a_text_is_cut_to_its_limit)
{
    struct sp_arena *arena = sp_arena_open();
    cr_assert(sp_text_is(tiktok_text(parse("\"blue mug\""), 4, arena), "blue"));
    cr_assert_eq(tiktok_text(parse("{}"), 4, arena).size, 0);
    sp_arena_close(&arena);
}
