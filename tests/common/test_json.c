/* Reading JSON: what is accepted, what is refused and where, and what the cursor gives. */
#include "common/json.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(json, .init = set_up, .fini = tear_down);

/* Parses from memory that ends exactly where the input does. */
static enum sp_result try_parse(struct sp_text input, struct sp_json *value, struct sp_error *err)
{
    struct sp_text exact = sp_arena_copy(arena, input);
    char *tight = malloc(input.size == 0 ? 1 : input.size);
    cr_assert_not_null(tight);
    memcpy(tight, exact.data, input.size);
    struct sp_json unused;
    enum sp_result result = sp_json_parse((struct sp_text){tight, input.size}, &unused, NULL);
    free(tight);
    cr_assert_eq(sp_json_parse(exact, value, err), result);
    return result;
}

static struct sp_json parse(struct sp_text input)
{
    struct sp_json value;
    struct sp_error err = {0};
    cr_assert_eq(try_parse(input, &value, &err), SP_OK, "%.*s: %s", SP_FMT(input), err.text);
    return value;
}

static void refuse(struct sp_text input, size_t at, const char *why)
{
    struct sp_json value;
    struct sp_error err = {0};
    char place[32];
    (void)snprintf(place, sizeof place, "at byte %zu", at);
    cr_assert_eq(try_parse(input, &value, &err), SP_REJECT, "%.*s", SP_FMT(input));
    cr_assert_eq(value.kind, SP_JSON_NONE);
    cr_assert_not_null(strstr(err.text, why), "%.*s: %s", SP_FMT(input), err.text);
    cr_assert_not_null(strstr(err.text, place), "%.*s: %s", SP_FMT(input), err.text);
}

Test(json, takes_every_kind_of_value)
{
    static const struct {
        const char *input;
        enum sp_json_kind kind;
    } cases[] = {{"null", SP_JSON_NULL},       {"true", SP_JSON_BOOL},
                 {"false", SP_JSON_BOOL},      {"0", SP_JSON_NUMBER},
                 {"-0", SP_JSON_NUMBER},       {"12.50", SP_JSON_NUMBER},
                 {"-1.5e+10", SP_JSON_NUMBER}, {"1E5", SP_JSON_NUMBER},
                 {"\"\"", SP_JSON_STRING},     {"\"x\"", SP_JSON_STRING},
                 {"[]", SP_JSON_ARRAY},        {"[1,[2],{}]", SP_JSON_ARRAY},
                 {"{}", SP_JSON_OBJECT},       {"{\"a\":{\"b\":[]}}", SP_JSON_OBJECT}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_json value = parse(sp_text_of(cases[i].input));
        cr_assert_eq(value.kind, cases[i].kind, "%s", cases[i].input);
        cr_assert(sp_text_is(value.raw, cases[i].input));
    }
}

Test(json, passes_space_around_everything)
{
    struct sp_json value = parse(SP_TEXT(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n"));
    cr_assert(sp_text_is(value.raw, "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }"));
    struct sp_json_walk walk = sp_json_each(sp_json_get(value, "a"));
    struct sp_json element;
    cr_assert(sp_json_next(&walk, NULL, &element) && sp_json_int(element, 0) == 1);
    cr_assert(sp_json_next(&walk, NULL, &element) && sp_json_int(element, 0) == 2);
    cr_assert_not(sp_json_next(&walk, NULL, &element));
    cr_assert_eq(sp_json_get(value, "b").kind, SP_JSON_OBJECT);
}

Test(json, refuses_what_is_not_json_and_says_where)
{
    refuse(SP_TEXT("   "), 3, "ends too early");
    refuse(SP_TEXT("{"), 1, "ends too early");
    refuse(SP_TEXT("[1,"), 3, "ends too early");
    refuse(SP_TEXT("[1,]"), 3, "no value");
    refuse(SP_TEXT("[,1]"), 1, "no value");
    refuse(SP_TEXT("[1 2]"), 3, "comma");
    refuse(SP_TEXT("[1}"), 2, "comma or an end");
    refuse(SP_TEXT("{\"a\":1]"), 6, "comma or an end");
    refuse(SP_TEXT("{\"a\" 1}"), 5, "colon");
    refuse(SP_TEXT("{\"a\"}"), 4, "colon");
    refuse(SP_TEXT("{\"a\":}"), 5, "no value");
    refuse(SP_TEXT("{\"a\":1,}"), 7, "name");
    refuse(SP_TEXT("{a:1}"), 1, "name");
    refuse(SP_TEXT("{1:1}"), 1, "name");
    refuse(SP_TEXT("nul"), 0, "no value");
    refuse(SP_TEXT("nulL"), 0, "no value");
    refuse(SP_TEXT("True"), 0, "no value");
    refuse(SP_TEXT("'x'"), 0, "no value");
    refuse(SP_TEXT("<html>"), 0, "no value");
    refuse(SP_TEXT("]"), 0, "no value");
    refuse(SP_TEXT("1 2"), 2, "behind the value");
    refuse(SP_TEXT("{}{}"), 2, "behind the value");
    refuse(SP_TEXT("null,"), 4, "behind the value");
    refuse(SP_TEXT("truex"), 4, "behind the value");
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse((struct sp_text){NULL, 0}, &value, &err), SP_REJECT);
}

Test(json, refuses_numbers_that_are_none)
{
    refuse(SP_TEXT("-"), 0, "no value");
    refuse(SP_TEXT("+1"), 0, "no value");
    refuse(SP_TEXT(".5"), 0, "no value");
    refuse(SP_TEXT("1."), 0, "point");
    refuse(SP_TEXT("1.e5"), 0, "point");
    refuse(SP_TEXT("1e"), 0, "exponent");
    refuse(SP_TEXT("1e+"), 0, "exponent");
    refuse(SP_TEXT("01"), 1, "behind the value");
    refuse(SP_TEXT("0x10"), 1, "behind the value");
    refuse(SP_TEXT("[-01]"), 3, "comma");
}

Test(json, refuses_strings_that_are_none)
{
    refuse(SP_TEXT("\""), 1, "ends within a string");
    refuse(SP_TEXT("\"a long enough one to be read by words"), 38, "ends within a string");
    refuse(SP_TEXT("\"a\nb\""), 2, "control character");
    refuse(SP_TEXT("\"nul \0\""), 5, "control character");
    refuse(SP_TEXT("\"abc\xff\""), 4, "UTF-8");
    refuse(SP_TEXT("\"abc\xc3\""), 4, "UTF-8");
    refuse(SP_TEXT("\"\xed\xa0\x80\""), 1, "UTF-8");
    refuse(SP_TEXT("{\"\xff\":1}"), 2, "UTF-8");
}

Test(json, refuses_escapes_that_are_none)
{
    refuse(SP_TEXT("\"\\x41\""), 1, "escape");
    refuse(SP_TEXT("\"\\\""), 3, "ends within a string");
    refuse(SP_TEXT("\"\\"), 1, "escape");
    refuse(SP_TEXT("\"\\0\""), 1, "escape");
    refuse(SP_TEXT("\"\\u12\""), 1, "escape");
    refuse(SP_TEXT("\"\\u12g4\""), 1, "escape");
    refuse(SP_TEXT("\"\\ud800\""), 1, "escape");
    refuse(SP_TEXT("\"\\ud800\\u0041\""), 1, "escape");
    refuse(SP_TEXT("\"\\ud800x\""), 1, "escape");
    refuse(SP_TEXT("\"\\ud83d\\ud83d\""), 1, "escape");
    refuse(SP_TEXT("\"\\udc00\""), 1, "escape");
    refuse(SP_TEXT("\"\\ud83d\\u"), 1, "escape");
}

Test(json, decodes_escapes_into_the_arena)
{
    struct sp_json value = parse(SP_TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    cr_assert(sp_text_is(sp_json_text(value, arena), "\"\\/\b\f\n\r\t"));
    value = parse(SP_TEXT("\"a\\u0041\\u00e9\\u1EDF\\uD83D\\uDE00z\""));
    cr_assert(sp_text_is(sp_json_text(value, arena), "aAéở😀z"));
    value = parse(SP_TEXT("\"\\u0000\""));
    cr_assert(sp_text_equal(sp_json_text(value, arena), SP_TEXT("\0")));
    value = parse(SP_TEXT("\"\\uffff\\ud7ff\\ue000\\udbff\\udfff\""));
    cr_assert(sp_text_is(sp_json_text(value, arena),
                         "\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"));
}

Test(json, gives_views_where_nothing_is_escaped)
{
    struct sp_text input = SP_TEXT("{\"name\":\"Áo thun\"}");
    struct sp_json value;
    cr_assert_eq(sp_json_parse(input, &value, NULL), SP_OK);
    struct sp_text text = sp_json_text(sp_json_get(value, "name"), arena);
    cr_assert_eq(text.data, input.data + 9);
    cr_assert(sp_text_is(text, "Áo thun"));
}

Test(json, nests_to_a_depth_and_no_deeper)
{
    char deep[2 * 100000];
    memset(deep, '[', SP_JSON_DEPTH);
    memset(deep + SP_JSON_DEPTH, ']', SP_JSON_DEPTH);
    (void)parse((struct sp_text){deep, (size_t)2 * SP_JSON_DEPTH});
    memset(deep, '[', sizeof deep);
    refuse((struct sp_text){deep, sizeof deep}, SP_JSON_DEPTH, "nested too deeply");
    struct sp_text objects = SP_TEXT("{\"a\":");
    for (size_t i = 0; i < 1000; i++)
        memcpy(deep + i * objects.size, objects.data, objects.size);
    refuse((struct sp_text){deep, 1000 * objects.size}, SP_JSON_DEPTH * objects.size,
           "nested too deeply");
}

Test(json, keeps_the_digits_of_long_numbers)
{
    struct sp_json value =
        parse(SP_TEXT("{\"id\":12345678901234567890,\"order\":576461413038785752,\"s\":\"0012\"}"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(value, "id"), arena), "12345678901234567890"));
    cr_assert_eq(sp_json_int(sp_json_get(value, "order"), -1), INT64_C(576461413038785752));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(value, "s"), arena), "0012"));
}

Test(json, finds_members)
{
    struct sp_json value = parse(SP_TEXT(
        "{\"a\":1,\"deep\":{\"b\":\"inner ]}\",\"c\":[1,{\"b\":5}]},\"b\":2,\"a\":3,\"\":4}"));
    cr_assert_eq(sp_json_int(sp_json_get(value, "a"), 0), 1, "the first of equal names");
    cr_assert_eq(sp_json_int(sp_json_get(value, "b"), 0), 2, "not the one further in");
    cr_assert_eq(sp_json_int(sp_json_get(value, ""), 0), 4);
    cr_assert_eq(sp_json_get(value, "c").kind, SP_JSON_NONE);
    cr_assert_eq(sp_json_get(value, "dee").kind, SP_JSON_NONE);
    cr_assert_eq(sp_json_get(value, "deeper").kind, SP_JSON_NONE);
    cr_assert_eq(sp_json_get(sp_json_get(value, "no"), "such").kind, SP_JSON_NONE);
    cr_assert_eq(sp_json_get(parse(SP_TEXT("[\"a\",1]")), "a").kind, SP_JSON_NONE);
}

Test(json, is_not_misled_by_escaped_quotes)
{
    struct sp_json value = parse(SP_TEXT("{\"q\":\"\\\"},\\\\\",\"b\":[\"\\\"]\"],\"c\":6}"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(value, "q"), arena), "\"},\\"));
    cr_assert(sp_text_is(sp_json_get(value, "b").raw, "[\"\\\"]\"]"));
    cr_assert_eq(sp_json_int(sp_json_get(value, "c"), 0), 6);
}

Test(json, finds_many_members_in_one_pass)
{
    static const char *const names[] = {"z", "a", "none", "m", "b"};
    struct sp_json values[SP_COUNT(names)];
    struct sp_json value =
        parse(SP_TEXT("{\"a\":1,\"b\":2,\"other\":[{}],\"z\":26,\"a\":7,\"m\":null}"));
    sp_json_members(value, names, SP_COUNT(names), values);
    cr_assert_eq(sp_json_int(values[0], 0), 26);
    cr_assert_eq(sp_json_int(values[1], 0), 1, "the first of equal names");
    cr_assert_eq(values[2].kind, SP_JSON_NONE);
    cr_assert_eq(values[3].kind, SP_JSON_NULL);
    cr_assert_eq(sp_json_int(values[4], 0), 2);
    sp_json_members(sp_json_get(value, "other"), names, SP_COUNT(names), values);
    for (size_t i = 0; i < SP_COUNT(names); i++)
        cr_assert_eq(values[i].kind, SP_JSON_NONE);
}

Test(json, walks_containers)
{
    struct sp_json value = parse(SP_TEXT("{\"a\":[\"x,]\",{\"k\":[]},-1.5],\"b\\n\":null}"));
    struct sp_json_walk walk = sp_json_each(value);
    struct sp_json element;
    struct sp_text name;
    cr_assert(sp_json_next(&walk, &name, &element));
    cr_assert(sp_text_is(name, "a"));
    struct sp_json_walk inner = sp_json_each(element);
    static const char *const raws[] = {"\"x,]\"", "{\"k\":[]}", "-1.5"};
    for (size_t i = 0; i < SP_COUNT(raws); i++) {
        struct sp_json one;
        cr_assert(sp_json_next(&inner, NULL, &one));
        cr_assert(sp_text_is(one.raw, raws[i]));
    }
    cr_assert_not(sp_json_next(&inner, NULL, &element));
    cr_assert(sp_json_next(&walk, &name, &element));
    cr_assert(sp_text_is(name, "b\\n"), "names stay as they stand");
    cr_assert_eq(element.kind, SP_JSON_NULL);
    cr_assert_not(sp_json_next(&walk, &name, &element));
    cr_assert_not(sp_json_next(&walk, &name, &element));
    walk = sp_json_each(parse(SP_TEXT("\"text\"")));
    cr_assert_not(sp_json_next(&walk, &name, &element));
    walk = sp_json_each(parse(SP_TEXT("[ ]")));
    cr_assert_not(sp_json_next(&walk, NULL, &element));
}

Test(json, texts_of_scalars_only)
{
    cr_assert(sp_text_is(sp_json_text(parse(SP_TEXT("-12.50")), arena), "-12.50"));
    cr_assert(sp_text_is(sp_json_text(parse(SP_TEXT("true")), arena), "true"));
    cr_assert_eq(sp_json_text(parse(SP_TEXT("null")), arena).size, 0);
    cr_assert_eq(sp_json_text(parse(SP_TEXT("[1]")), arena).size, 0);
    cr_assert_eq(sp_json_text(parse(SP_TEXT("{}")), arena).size, 0);
    cr_assert_eq(sp_json_text((struct sp_json){0}, arena).size, 0);
}

Test(json, reads_truth)
{
    cr_assert(sp_json_bool(parse(SP_TEXT("true"))));
    cr_assert(sp_json_bool(parse(SP_TEXT("\"true\""))));
    cr_assert(sp_json_bool(parse(SP_TEXT("1"))));
    static const char *const untrue[] = {"false", "0", "null", "\"\"", "\"yes\"", "[true]", "2"};
    for (size_t i = 0; i < SP_COUNT(untrue); i++)
        cr_assert_not(sp_json_bool(parse(sp_text_of(untrue[i]))), "%s", untrue[i]);
    cr_assert_not(sp_json_bool((struct sp_json){0}));
}

Test(json, reads_whole_numbers)
{
    cr_assert_eq(sp_json_int(parse(SP_TEXT("1735689600")), -1), 1735689600);
    cr_assert_eq(sp_json_int(parse(SP_TEXT("\"1735689600\"")), -1), 1735689600);
    cr_assert_eq(sp_json_int(parse(SP_TEXT("-7")), -1), -7);
    cr_assert_eq(sp_json_int(parse(SP_TEXT("9223372036854775807")), -1), INT64_MAX);
    static const char *const none[] = {"null", "\"\"", "\"x\"", "1.5",
                                       "1e3",  "[1]",  "true",  "9223372036854775808"};
    for (size_t i = 0; i < SP_COUNT(none); i++)
        cr_assert_eq(sp_json_int(parse(sp_text_of(none[i])), -1), -1, "%s", none[i]);
    cr_assert_eq(sp_json_int((struct sp_json){0}, 42), 42);
}

Test(json, reads_money)
{
    static const struct {
        const char *input;
        int digits;
        int64_t minor;
    } good[] = {{"\"12.90\"", 2, 1290},
                {"12.9", 2, 1290},
                {"\"12\"", 2, 1200},
                {"129000", 0, 129000},
                {"\"129000.00\"", 0, 129000},
                {"\"0.05\"", 2, 5},
                {"\"-0.05\"", 2, -5},
                {"\"12.9000\"", 2, 1290},
                {"\"\"", 2, 0},
                {"null", 2, 0},
                {"\"1.234\"", 3, 1234},
                {"\"92233720368547758.07\"", 2, INT64_MAX}};
    static const char *const bad[] = {"\"12.905\"",
                                      "\"12,90\"",
                                      "\"abc\"",
                                      "\".5\"",
                                      "\"5.\"",
                                      "\"-\"",
                                      "\"--1\"",
                                      "1e3",
                                      "\"1.2.3\"",
                                      "true",
                                      "[1]",
                                      "\" 1\"",
                                      "\"92233720368547758.08\"",
                                      "\"99999999999999999999\""};
    int64_t minor;
    for (size_t i = 0; i < SP_COUNT(good); i++) {
        struct sp_json value = parse(sp_text_of(good[i].input));
        cr_assert_eq(sp_json_minor(value, good[i].digits, &minor), SP_OK, "%s", good[i].input);
        cr_assert_eq(minor, good[i].minor, "%s", good[i].input);
    }
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        cr_assert_eq(sp_json_minor(parse(sp_text_of(bad[i])), 2, &minor), SP_REJECT, "%s", bad[i]);
        cr_assert_eq(minor, 0);
    }
    cr_assert_eq(sp_json_minor((struct sp_json){0}, 2, &minor), SP_OK);
    cr_assert_eq(minor, 0);
}

Test(json, counts_what_a_container_holds)
{
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {{"[]", 0}, {"[1,[2,3],{}]", 3}, {"{}", 0}, {"{\"a\":1,\"b\":[1,2]}", 2},
                 {"7", 0},  {"\"[1,2]\"", 0}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_json value;
        cr_assert_eq(sp_json_parse(sp_text_of(cases[i].text), &value, NULL), SP_OK);
        cr_expect_eq(sp_json_count(value), cases[i].count, "%s", cases[i].text);
    }
    cr_expect_eq(sp_json_count((struct sp_json){0}), 0);
}
