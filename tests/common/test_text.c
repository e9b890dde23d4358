/* What is UTF-8, what may stand in a fact, and how outside text is made to fit. */
#include "common/text.h"

#include <criterion/criterion.h>
#include <string.h>

Test(text, knows_whole_characters)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {{"a", 1},
                 {"\x7f", 1},
                 {"\xc2\x80", 2},
                 {"\xdf\xbf", 2},
                 {"\xe0\xa0\x80", 3},
                 {"\xed\x9f\xbf", 3},
                 {"\xee\x80\x80", 3},
                 {"\xef\xbf\xbf", 3},
                 {"\xf0\x90\x80\x80", 4},
                 {"\xf4\x8f\xbf\xbf", 4},
                 /* and what is none */
                 {"", 0},
                 {"\x80", 0},
                 {"\xc0\x80", 0},
                 {"\xc1\xbf", 0},
                 {"\xc2", 0},
                 {"\xc2\x41", 0},
                 {"\xe0\x9f\xbf", 0},
                 {"\xe0\xa0", 0},
                 {"\xed\xa0\x80", 0},
                 {"\xed\xbf\xbf", 0},
                 {"\xf0\x8f\xbf\xbf", 0},
                 {"\xf0\x90\x80", 0},
                 {"\xf4\x90\x80\x80", 0},
                 {"\xf5\x80\x80\x80", 0},
                 {"\xff", 0}};
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(sp_text_character(cases[i].bytes, strlen(cases[i].bytes)), cases[i].length,
                     "case %zu", i);
}

/* Every byte at every place of a text that the fast path walks through. */
Test(text, finds_what_is_wrong_wherever_it_stands)
{
    char bytes[40];
    for (size_t size = 1; size <= sizeof bytes; size++) {
        for (size_t at = 0; at < size; at++) {
            for (int byte = 0; byte < 256; byte++) {
                memset(bytes, 'x', sizeof bytes);
                bytes[at] = (char)byte;
                struct sp_text text = {bytes, size};
                bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
                cr_assert_eq(sp_text_is_utf8(text), byte < 0x80, "%d at %zu", byte, at);
                cr_assert_eq(sp_text_is_plain(text), byte < 0x80 && !control, "%d at %zu", byte,
                             at);
            }
        }
    }
}

Test(text, knows_control_characters_beyond_ascii)
{
    cr_assert_not(sp_text_is_plain(SP_TEXT("\xc2\x80")));
    cr_assert_not(sp_text_is_plain(SP_TEXT("next line \xc2\x85 is one")));
    cr_assert_not(sp_text_is_plain(SP_TEXT("\xc2\x9f")));
    cr_assert(sp_text_is_plain(SP_TEXT("\xc2\xa0")));
    cr_assert(sp_text_is_utf8(SP_TEXT("\xc2\x85")));
    cr_assert(sp_text_is_plain(SP_TEXT("Quần jean nam ống rộng\n\tđẹp 😀")));
    cr_assert(sp_text_is_plain(SP_TEXT("")));
    cr_assert(sp_text_is_plain((struct sp_text){NULL, 0}));
}

static void check_fit(struct sp_text text, size_t max, struct sp_text expected)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_text fit = sp_text_fit(text, max, arena);
    cr_assert(sp_text_equal(fit, expected), "“%.*s” became “%.*s”", SP_FMT(text), SP_FMT(fit));
    cr_assert(sp_text_is_plain(fit));
    sp_arena_close(&arena);
}

Test(text, is_made_to_fit)
{
    check_fit(SP_TEXT("as it is"), 8, SP_TEXT("as it is"));
    check_fit(SP_TEXT("as it is"), 5, SP_TEXT("as it"));
    check_fit(SP_TEXT("as it is"), 0, SP_TEXT(""));
    check_fit(SP_TEXT("đỏ"), 5, SP_TEXT("đỏ"));
    check_fit(SP_TEXT("đỏ"), 4, SP_TEXT("đ"));
    check_fit(SP_TEXT("đỏ"), 1, SP_TEXT(""));
    check_fit(SP_TEXT("one\r\ntwo"), 99, SP_TEXT("one \ntwo"));
    check_fit(SP_TEXT("nul\0, \x1b, \x7f and \xc2\x85!"), 99, SP_TEXT("nul ,  ,   and  !"));
    check_fit(SP_TEXT("bad \xff\xfe bytes"), 99, SP_TEXT("bad    bytes"));
    check_fit(SP_TEXT("half \xe1\xbb"), 99, SP_TEXT("half   "));
    check_fit(SP_TEXT("\x80\x80\x80\x80"), 2, SP_TEXT(""));
}

Test(text, that_fits_is_not_copied)
{
    struct sp_text text = SP_TEXT("a product's name");
    struct sp_arena *arena = sp_arena_open();
    cr_assert_eq(sp_text_fit(text, 100, arena).data, text.data);
    cr_assert_eq(sp_text_fit(text, 5, arena).data, text.data);
    sp_arena_close(&arena);
}
