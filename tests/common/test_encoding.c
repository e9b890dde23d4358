/* Text files in old and new encodings. */
#include <criterion/criterion.h>

#include "common/encoding.h"

static enum sp_result to_utf8(struct sp_text text, const char *language, struct sp_text *utf8)
{
    static struct sp_arena *arena;
    struct sp_error err;
    if (arena == NULL)
        arena = sp_arena_open();
    return sp_text_to_utf8(text, sp_text_of(language), arena, utf8, &err);
}

Test(encoding, reads_each_that_programs_for_tables_write)
{
    static const struct {
        const char *language;
        struct sp_text text;
        const char *utf8;
    } cases[] = {
        {"vi", {"\xD0i\xEA\xF2n Vi\xEA\xF2t", 11}, "Điện Việt"}, /* windows-1258 */
        {"th", {"\xE0\xCA\xD7\xE9\xCD", 5}, "เสื้อ"},              /* windows-874 */
        {"zh", {"\xB1\xAD\xD7\xD3", 4}, "杯子"},                 /* GBK */
        {"en", {"caf\xE9", 4}, "café"},                          /* windows-1252 */
        {"en",
         {"\xFF\xFE"
          "A\0\x6F\x67",
          6},
         "A杯"}, /* UTF-16, little end first */
        {"en",
         {"\xFE\xFF"
          "\0A\x67\x6F",
          6},
         "A杯"}, /* and big end first */
        {"zh", {"杯子", 6}, "杯子"},
        {"th", {"", 0}, ""},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_text utf8;
        cr_assert_eq(to_utf8(cases[i].text, cases[i].language, &utf8), SP_OK, "case %zu", i);
        if (utf8.size > 3 && utf8.data[0] == '\xEF') /* a mark: the reader of lines skips it */
            utf8 = (struct sp_text){utf8.data + 3, utf8.size - 3};
        cr_assert(sp_text_is(utf8, cases[i].utf8), "case %zu: %.*s", i, SP_FMT(utf8));
    }
}

Test(encoding, refuses_what_is_no_text)
{
    struct sp_text utf8;
    cr_assert_eq(to_utf8((struct sp_text){"a\0b", 3}, "en", &utf8), SP_REJECT);
    cr_assert_eq(to_utf8((struct sp_text){"\x81\xFF\xFF", 3}, "zh", &utf8), SP_REJECT);
    cr_assert_eq(to_utf8((struct sp_text){"\xFF\xFE"
                                          "A\0B",
                                          5},
                         "en", &utf8),
                 SP_REJECT);
}
