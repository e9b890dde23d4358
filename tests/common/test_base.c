/* Results, text views, numbers in text. */
#include "common/base.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

Test(base, failing_is_one_statement)
{
    struct sp_error err = {0};
    cr_assert_eq(sp_fail(&err, SP_RETRY, "peer %s is away", "inventory"), SP_RETRY);
    cr_assert_str_eq(err.text, "peer inventory is away");
    cr_assert_eq(sp_fail(NULL, SP_REJECT, "nobody wants to know"), SP_REJECT);
}

Test(base, a_long_reason_is_cut)
{
    struct sp_error err;
    char reason[2000];
    memset(reason, 'x', sizeof reason);
    reason[sizeof reason - 1] = '\0';
    cr_assert_eq(sp_fail(&err, SP_REJECT, "%s", reason), SP_REJECT);
    cr_assert_eq(strlen(err.text), sizeof err.text - 1);
}

Test(base, texts_compare_by_their_bytes)
{
    cr_assert(sp_text_equal(SP_TEXT("abc"), sp_text_of("abc")));
    cr_assert_not(sp_text_equal(SP_TEXT("abc"), SP_TEXT("abd")));
    cr_assert_not(sp_text_equal(SP_TEXT("abc"), SP_TEXT("ab")));
    cr_assert(sp_text_equal((struct sp_text){NULL, 0}, SP_TEXT("")));
    cr_assert(sp_text_is(SP_TEXT("abc"), "abc"));
    cr_assert_not(sp_text_is(SP_TEXT("abc"), "abcd"));
    cr_assert_eq(sp_text_of(NULL).size, 0);
    cr_assert_lt(sp_text_compare(SP_TEXT("a"), SP_TEXT("b")), 0);
    cr_assert_lt(sp_text_compare(SP_TEXT("a"), SP_TEXT("aa")), 0);
    cr_assert_gt(sp_text_compare(SP_TEXT("\xff"), SP_TEXT("a")), 0);
    cr_assert_eq(sp_text_compare(SP_TEXT("7-1"), SP_TEXT("7-1")), 0);
    cr_assert_eq(sp_text_compare((struct sp_text){NULL, 0}, SP_TEXT("")), 0);
}

Test(base, reads_whole_numbers_only)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"007", 7},
                {"-42", -42},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "--1",
                                      "abc",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999"};
    int64_t value = 0;
    for (size_t i = 0; i < SP_COUNT(good); i++) {
        cr_assert(sp_text_to_int(sp_text_of(good[i].text), &value), "%s", good[i].text);
        cr_assert_eq(value, good[i].value, "%s", good[i].text);
    }
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_assert_not(sp_text_to_int(sp_text_of(bad[i]), &value), "%s", bad[i]);
}

Test(base, a_copy_is_its_own_and_ends_with_zero)
{
    char text[] = "abc";
    struct sp_text copy = sp_text_copy((struct sp_text){text, 3});
    text[0] = 'x';
    cr_assert_str_eq(copy.data, "abc");
    cr_assert_eq(copy.size, 3);
    free((char *)(uintptr_t)copy.data);
    copy = sp_text_copy((struct sp_text){NULL, 0});
    cr_assert_str_eq(copy.data, "");
    free((char *)(uintptr_t)copy.data);
}

Test(base, memory_comes_zeroed)
{
    char *memory = sp_alloc(100);
    for (size_t i = 0; i < 100; i++)
        cr_assert_eq(memory[i], 0);
    free(memory);
    memory = sp_alloc(0);
    cr_assert_not_null(memory);
    memory = sp_realloc(memory, 10);
    free(memory);
    memory = sp_strdup("abc");
    cr_assert_str_eq(memory, "abc");
    free(memory);
}

Test(base, the_clocks_move)
{
    int64_t wall = sp_now_us(), steady = sp_monotonic_us();
    cr_assert_gt(wall, INT64_C(1700000000) * 1000000);
    cr_assert_lt(wall, INT64_C(7000000000) * 1000000);
    cr_assert_geq(sp_monotonic_us(), steady);
}

Test(base, what_must_be_true_and_is_not_ends_the_process, .signal = SIGABRT)
{
    SP_ASSERT(1 + 1 == 3);
}

Test(base, finds_a_part_in_a_text)
{
    cr_expect(sp_text_holds(SP_TEXT("a stale token"), "stale"));
    cr_expect(sp_text_holds(SP_TEXT("token"), "token"));
    cr_expect(sp_text_holds((struct sp_text){0}, ""));
    cr_expect_not(sp_text_holds((struct sp_text){0}, "a"));
    cr_expect_not(sp_text_holds(SP_TEXT("toke"), "token"));
}

Test(base, finds_a_name_among_others)
{
    static const char *const names[] = {NULL, "one", "two"};
    cr_expect_eq(sp_text_among(SP_TEXT("two"), names, SP_COUNT(names)), 2);
    cr_expect_eq(sp_text_among(SP_TEXT("tw"), names, SP_COUNT(names)), -1);
    cr_expect_eq(sp_text_among((struct sp_text){0}, names, SP_COUNT(names)), -1, "NULL is no name");
    cr_expect_eq(sp_text_among(SP_TEXT("two"), names, 2), -1);
}
