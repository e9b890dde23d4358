/* What live events ask and what they take for news. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/events.h"

static const char *question(const int64_t accounts[], size_t count, const char *since)
{
    static struct sp_buffer json;
    sp_buffer_reset(&json);
    events_question(&json, accounts, count, sp_text_of(since));
    sp_buffer_put(&json, "", 1);
    return json.data;
}

Test(events, ask_for_the_accounts_with_open_streams)
{
    cr_expect_str_eq(question((int64_t[]){1, 22}, 2, NULL), "{\"accounts\":[\"1\",\"22\"]}");
}

Test(events, hand_back_where_the_last_answer_ended_as_it_was)
{
    cr_expect_str_eq(question((int64_t[]){1}, 1, "17"), "{\"accounts\":[\"1\"],\"since\":17}");
    cr_expect_str_eq(question((int64_t[]){1}, 1, "\"a:b\""),
                     "{\"accounts\":[\"1\"],\"since\":\"a:b\"}");
}

static bool is_news(const char *text, uint64_t *last)
{
    struct sp_json entry;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &entry, NULL), SP_OK);
    return events_is_news(entry, last);
}

Test(events, are_news_when_ids_changed)
{
    uint64_t last = 0;
    static const char *const entry = "{\"counts\":{\"orders\":3},\"ids\":[\"7-1\"]}";
    cr_expect(is_news(entry, &last));
    cr_expect(is_news(entry, &last), "the same order changed again");
}

Test(events, are_news_when_there_are_too_many_to_name)
{
    uint64_t last = 0;
    static const char *const entry = "{\"counts\":{\"orders\":900},\"ids\":null}";
    cr_expect(is_news(entry, &last));
    cr_expect(is_news(entry, &last));
}

Test(events, are_news_when_a_count_differs)
{
    uint64_t last = 0;
    cr_expect(is_news("{\"counts\":{\"orders\":3},\"ids\":[]}", &last));
    cr_expect_not(is_news("{\"counts\":{\"orders\":3},\"ids\":[]}", &last));
    cr_expect(is_news("{\"counts\":{\"orders\":4},\"ids\":[]}", &last));
}
