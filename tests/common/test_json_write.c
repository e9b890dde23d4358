/* Writing JSON: commas, escapes, money; and that the reader takes what the writer wrote. */
#include "common/json.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct sp_buffer out;
static struct sp_json_writer json;

static void set_up(void)
{
    json = sp_json_writer(&out);
}

static void tear_down(void)
{
    sp_buffer_free(&out);
}

TestSuite(json_write, .init = set_up, .fini = tear_down);

static void check(const char *expected)
{
    struct sp_json value;
    struct sp_error err = {0};
    cr_assert(sp_text_is(sp_buffer_text(&out), expected), "%.*s", SP_FMT(sp_buffer_text(&out)));
    cr_assert_eq(sp_json_parse(sp_buffer_text(&out), &value, &err), SP_OK, "%s", err.text);
}

Test(json_write, puts_commas_where_they_belong)
{
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    sp_json_open_object(&json, NULL);
    sp_json_put_cstring(&json, "id", "7");
    sp_json_put_bool(&json, "ok", true);
    sp_json_close_object(&json);
    sp_json_open_object(&json, NULL);
    sp_json_close_object(&json);
    sp_json_put_int(&json, NULL, -5);
    sp_json_open_array(&json, NULL);
    sp_json_close_array(&json);
    sp_json_close_array(&json);
    sp_json_put_null(&json, "next");
    sp_json_put_bool(&json, "last", false);
    sp_json_put_raw(&json, "raw", SP_TEXT("[1,2]"));
    sp_json_close_object(&json);
    check("{\"items\":[{\"id\":\"7\",\"ok\":true},{},-5,[]],\"next\":null,\"last\":false,\"raw\":["
          "1,2]}");
}

Test(json_write, escapes_what_must_be)
{
    sp_json_put_string(&json, NULL, SP_TEXT("a\"b\\c/d\b\f\n\r\t\x01\x1f\x7f\0z"));
    check("\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000z\"");
}

Test(json_write, leaves_other_alphabets_as_they_are)
{
    sp_json_put_string(&json, NULL, SP_TEXT("Áo thun đỏ 漢 😀"));
    check("\"Áo thun đỏ 漢 😀\"");
}

Test(json_write, is_utf8_whatever_comes_in)
{
    sp_json_put_string(&json, NULL, SP_TEXT("bad \xff, half \xc3"));
    check("\"bad \xef\xbf\xbd, half \xef\xbf\xbd\"");
}

Test(json_write, escapes_names)
{
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "a\"b", 1);
    sp_json_close_object(&json);
    check("{\"a\\\"b\":1}");
}

Test(json_write, writes_empty_texts)
{
    sp_json_open_array(&json, NULL);
    sp_json_put_string(&json, NULL, (struct sp_text){NULL, 0});
    sp_json_put_cstring(&json, NULL, NULL);
    sp_json_close_array(&json);
    check("[\"\",\"\"]");
}

Test(json_write, writes_whole_numbers)
{
    sp_json_open_array(&json, NULL);
    sp_json_put_int(&json, NULL, INT64_MIN);
    sp_json_put_int(&json, NULL, INT64_MAX);
    sp_json_put_int(&json, NULL, 0);
    sp_json_close_array(&json);
    check("[-9223372036854775808,9223372036854775807,0]");
}

Test(json_write, writes_money)
{
    static const struct {
        int64_t minor;
        int digits;
        const char *expected;
    } cases[] = {{1290, 2, "\"12.90\""},
                 {0, 2, "\"0.00\""},
                 {5, 2, "\"0.05\""},
                 {-5, 2, "\"-0.05\""},
                 {-1290, 2, "\"-12.90\""},
                 {129000, 0, "\"129000\""},
                 {0, 0, "\"0\""},
                 {-7, 0, "\"-7\""},
                 {100, 2, "\"1.00\""},
                 {1, 9, "\"0.000000001\""},
                 {INT64_MAX, 2, "\"92233720368547758.07\""},
                 {INT64_MIN, 2, "\"-92233720368547758.08\""}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_buffer_reset(&out);
        json = sp_json_writer(&out);
        sp_json_put_minor(&json, NULL, cases[i].minor, cases[i].digits);
        check(cases[i].expected);
    }
}

/* Every escape of the reader against the writer's plain form, over all of Unicode in steps. */
Test(json_write, and_the_reader_agree_on_every_character)
{
    struct sp_arena *arena = sp_arena_open();
    for (unsigned code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 257) {
        char escaped[32];
        unsigned high = 0xd800 + ((code - 0x10000) >> 10), low = 0xdc00 + (code & 0x3ff);
        if (code >= 0xd800 && code < 0xe000)
            continue;
        if (code < 0x10000)
            (void)snprintf(escaped, sizeof escaped, "\"word \\u%04x\"", code);
        else
            (void)snprintf(escaped, sizeof escaped, "\"word \\u%04X\\u%04x\"", high, low);
        struct sp_json value, again;
        cr_assert_eq(sp_json_parse(sp_text_of(escaped), &value, NULL), SP_OK, "%s", escaped);
        struct sp_text text = sp_json_text(value, arena);
        sp_buffer_reset(&out);
        json = sp_json_writer(&out);
        sp_json_put_string(&json, NULL, text);
        cr_assert_eq(sp_json_parse(sp_buffer_text(&out), &again, NULL), SP_OK, "%s", escaped);
        cr_assert(sp_text_equal(sp_json_text(again, arena), text), "%s", escaped);
        sp_arena_reset(arena);
    }
    sp_arena_close(&arena);
}
