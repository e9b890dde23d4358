/* What a list may be asked. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/order-ingest/filters.h"

/* The real one reads an ask the same way; this program has no skeleton's state. */
static struct sp_ask ask_of(const struct sp_ask_param params[], size_t count)
{
    return (struct sp_ask){.params = params, .param_count = count};
}

Test(filters, takes_defaults_when_nothing_is_said)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_ask ask = ask_of(NULL, 0);
    struct order_filter filter;
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_OK);
    cr_assert_eq(filter.page.limit, LIST_USUAL);
    cr_assert(filter.page.first);
    cr_assert_eq(filter.stages.count + filter.statuses.count + filter.tokens.count, 0);
    sp_arena_close(&arena);
}

Test(filters, splits_words_at_commas_and_blanks)
{
    const struct sp_ask_param params[] = {{SP_TEXT("stage"), SP_TEXT(" UNSYNC,,NOT_READY ")},
                                          {SP_TEXT("q"), SP_TEXT("1;2\n3")}};
    struct sp_arena *arena = sp_arena_open();
    struct sp_ask ask = ask_of(params, 2);
    struct order_filter filter;
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_OK);
    cr_assert_eq(filter.stages.count, 2);
    cr_assert(sp_text_is(filter.stages.words[1], "NOT_READY"));
    cr_assert_eq(filter.tokens.count, 3);
    sp_arena_close(&arena);
}

Test(filters, reads_up_to_ten_tags_by_their_ids)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_ask_param param = {SP_TEXT("tag"), SP_TEXT("1,2,3,4,5,6,7,8,9,10")};
    struct sp_ask ask = ask_of(&param, 1);
    struct order_filter filter;
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_OK);
    cr_assert_eq(filter.tag_count, FILTER_TAGS);
    cr_assert_eq(filter.tags[9], 10);
    param.value = SP_TEXT("1,2,3,4,5,6,7,8,9,10,11");
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_REJECT);
    param.value = SP_TEXT("gift");
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_REJECT);
    sp_arena_close(&arena);
}

Test(filters, bounds_the_number_of_ids)
{
    char text[2 * FILTER_TOKENS + 8];
    for (size_t i = 0; i < FILTER_TOKENS; i++)
        memcpy(text + 2 * i, "7,", 2);
    struct sp_arena *arena = sp_arena_open();
    struct sp_ask_param param = {SP_TEXT("q"), {text, 2 * FILTER_TOKENS}};
    struct sp_ask ask = ask_of(&param, 1);
    struct order_filter filter;
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_OK);
    cr_assert_eq(filter.tokens.count, FILTER_TOKENS);
    memcpy(text + 2 * FILTER_TOKENS, "8", 1);
    param.value.size++;
    cr_assert_eq(ingest_read_filter(&ask, arena, &filter, NULL), SP_REJECT);
    sp_arena_close(&arena);
}

Test(filters, reads_its_own_cursors_only)
{
    struct sp_ask_param param = {SP_TEXT("cursor"), SP_TEXT("1700000000000000.7-50.01")};
    struct sp_ask ask = ask_of(&param, 1);
    struct list_page page;
    cr_assert_eq(ingest_read_page(&ask, &page, NULL), SP_OK);
    cr_assert_eq(page.at_us, INT64_C(1700000000000000));
    cr_assert(sp_text_is(page.after, "7-50.01"));
    param.value = SP_TEXT("nonsense");
    cr_assert_eq(ingest_read_page(&ask, &page, NULL), SP_REJECT);
    param.value = SP_TEXT("x.7-5001");
    cr_assert_eq(ingest_read_page(&ask, &page, NULL), SP_REJECT);
}

Test(filters, reads_times_of_rfc_3339)
{
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-21T22:30:00Z", INT64_C(1795300200000000)},
        {"2026-11-22T05:30:00+07:00", INT64_C(1795300200000000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000000)},
        {"2000-03-01T00:00:00.25Z", INT64_C(951868800250000)},
    };
    for (size_t i = 0; i < SP_COUNT(good); i++) {
        int64_t us = -1;
        cr_assert_eq(ingest_read_time(sp_text_of(good[i].text), &us), SP_OK, "%s", good[i].text);
        cr_assert_eq(us, good[i].us, "%s gives %lld", good[i].text, (long long)us);
    }
}

Test(filters, refuses_what_is_no_time)
{
    static const char *const bad[] = {
        "",
        "2026-11-21",
        "2026-13-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T22:30:00",
        "2026-11-21T22:30:00Z ",
        "2026-11-21 22:30:00Z",
        "2026-11-21T22:30:00.Z",
        "-026-11-21T22:30:00Z",
        "2026-11-21T22:30:00+7:00",
    };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        int64_t us = 0;
        cr_assert_eq(ingest_read_time(sp_text_of(bad[i]), &us), SP_REJECT, "%s", bad[i]);
    }
}
