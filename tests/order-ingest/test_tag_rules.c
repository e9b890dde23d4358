/* Tags: what one may be called, and what putting them on and taking them off does. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "services/order-ingest/tag_rules.h"

static struct sp_arena *arena;

static void begin(void)
{
    arena = sp_arena_open();
}

static void end(void)
{
    sp_arena_close(&arena);
}

TestSuite(tag_rules, .init = begin, .fini = end);

static struct sp_json json_of(const char *text)
{
    struct sp_json json;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &json, NULL), SP_OK, "%s", text);
    return json;
}

Test(tag_rules, a_tag_has_a_short_name_and_a_colour_of_the_palette)
{
    struct tag_form form;
    for (size_t i = 0; tag_colours[i] != NULL; i++) {
        const char *text =
            sp_arena_printf(arena, "{\"name\":\"Gấp\",\"colour\":\"%s\"}", tag_colours[i]).data;
        cr_expect_eq(tag_read_form(json_of(text), arena, &form, NULL), SP_OK, "%s", text);
    }
    static const char *const bad[] = {
        "{\"name\":\"\",\"colour\":\"red\"}", "{\"name\":\"a\\nb\",\"colour\":\"red\"}",
        "{\"name\":\"12345678901234567890123456789012345678901\",\"colour\":\"red\"}",
        "{\"name\":\"a\",\"colour\":\"crimson\"}", "{\"name\":\"a\"}"};
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_expect_eq(tag_read_form(json_of(bad[i]), arena, &form, NULL), SP_REJECT, "%s", bad[i]);
}

static enum sp_result read_tagging(const char *text, struct tagging *tagging)
{
    return tag_read_tagging(json_of(text), arena, tagging, NULL);
}

Test(tag_rules, a_wish_names_orders_and_tags)
{
    struct tagging tagging;
    cr_expect_eq(
        read_tagging("{\"ids\":[\"7-1\",\"7-2\"],\"put\":[\"3\"],\"take\":[\"4\"]}", &tagging),
        SP_OK);
    cr_expect_eq(tagging.count, 2);
    cr_expect_eq(tagging.wish.put.tags[0], 3);
    cr_expect_eq(tagging.wish.taken.tags[0], 4);
    static const char *const bad[] = {"{}",
                                      "{\"ids\":[],\"put\":[\"3\"]}",
                                      "{\"ids\":[\"7-1\"]}",
                                      "{\"ids\":[\"7-\\u0000\"],\"put\":[\"3\"]}",
                                      "{\"ids\":[\"7-1\"],\"put\":[\"x\"]}",
                                      "{\"ids\":[\"7-1\"],\"put\":[\"3\",\"3\"]}",
                                      "{\"ids\":[\"7-1\"],\"put\":[\"3\"],\"take\":[\"3\"]}",
                                      "{\"ids\":[\"7-1\"],\"put\":[1,2,3,4,5,6,7,8,9,10,11]}"};
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_expect_eq(read_tagging(bad[i], &tagging), SP_REJECT, "%s", bad[i]);
}

Test(tag_rules, a_wish_has_a_limit_of_orders)
{
    struct sp_buffer text = {0};
    struct tagging tagging;
    sp_buffer_put_string(&text, "{\"put\":[\"1\"],\"ids\":[\"7-0\"");
    for (int i = 1; i < TAGGED_AT_ONCE; i++)
        sp_buffer_printf(&text, ",\"7-%d\"", i);
    struct sp_text whole = sp_arena_printf(arena, "%.*s]}", SP_FMT(sp_buffer_text(&text)));
    struct sp_text more = sp_arena_printf(arena, "%.*s,\"7-x\"]}", SP_FMT(sp_buffer_text(&text)));
    sp_buffer_free(&text);
    cr_expect_eq(read_tagging(whole.data, &tagging), SP_OK);
    cr_expect_eq(tagging.count, TAGGED_AT_ONCE);
    cr_expect_eq(read_tagging(more.data, &tagging), SP_REJECT);
}

Test(tag_rules, only_what_is_not_so_already_changes)
{
    static const int64_t now[] = {1, 2};
    const struct tag_wish wish = {.put = {{2, 3}, 2}, .taken = {{1, 4}, 2}};
    struct tag_wish change;
    cr_expect_eq(tag_decide(now, 2, &wish, &change), TAGS_CHANGED);
    cr_expect_eq(change.put.count, 1);
    cr_expect_eq(change.put.tags[0], 3);
    cr_expect_eq(change.taken.count, 1);
    cr_expect_eq(change.taken.tags[0], 1);
    const struct tag_wish done = {.put = {{2}, 1}, .taken = {{4}, 1}};
    cr_expect_eq(tag_decide(now, 2, &done, &change), TAGS_SAME);
}

Test(tag_rules, an_order_has_ten_tags_at_most)
{
    static const int64_t now[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    const struct tag_wish one_more = {.put = {{11}, 1}}, swap = {{{11}, 1}, {{1}, 1}};
    struct tag_wish change;
    cr_expect_eq(tag_decide(now, 10, &one_more, &change), TAGS_TOO_MANY);
    cr_expect_eq(change.put.count, 0, "nothing is half done");
    cr_expect_eq(tag_decide(now, 9, &one_more, &change), TAGS_CHANGED);
    cr_expect_eq(tag_decide(now, 10, &swap, &change), TAGS_CHANGED);
}

Test(tag_rules, every_result_has_its_word)
{
    cr_expect_str_eq(tag_result_name(TAGS_CHANGED), "CHANGED");
    cr_expect_str_eq(tag_result_name(TAGS_SAME), "UNCHANGED");
    cr_expect_str_eq(tag_result_name(TAGS_TOO_MANY), "TOO_MANY");
    cr_expect_str_eq(tag_result_name(TAGS_NO_ORDER), "NOT_FOUND");
}
