/* The seller's choice at the end of connecting. */
#include "services/connector/choice.h"

#include <criterion/criterion.h>

enum { TODAY = 1735689600, NOW = TODAY + 4000 };

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(choice, .init = set_up, .fini = tear_down);

static enum sp_result read(const char *json, struct choice_list *list)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, NULL), SP_OK);
    return choice_read(value, NOW, arena, list, &err);
}

Test(choice, reads_shops_warehouses_and_history)
{
    struct choice_list list;
    cr_assert_eq(
        read("{\"shops\":[{\"channel_shop_id\":\"749\",\"alias\":\"A\",\"warehouse_id\":\"7\","
             "\"history\":{\"kind\":\"days\",\"days\":60}},{\"channel_shop_id\":\"750\","
             "\"warehouse_id\":null,\"history\":{\"kind\":\"none\"}}]}",
             &list),
        SP_OK);
    cr_assert_eq(list.count, 2);
    cr_assert_eq(list.choices[0].warehouse_id, 7);
    cr_assert_eq(list.choices[0].from_s, TODAY - 60 * 86400);
    cr_assert_eq(list.choices[0].until_s, NOW);
    cr_assert_eq(list.choices[1].warehouse_id, 0);
}

Test(choice, reads_a_range_and_cuts_it_at_now)
{
    struct choice_list list;
    cr_assert_eq(read("{\"shops\":[{\"channel_shop_id\":\"749\",\"history\":{\"kind\":\"range\","
                      "\"from\":\"2024-01-01T00:00:00Z\",\"until\":\"2030-01-01T00:00:00.5Z\"}}]}",
                      &list),
                 SP_OK);
    cr_assert_eq(list.choices[0].from_s, 1704067200);
    cr_assert_eq(list.choices[0].until_s, NOW);
}

Test(choice, refuses_what_is_not_said_clearly)
{
    struct choice_list list;
    static const char *const wrong[] = {
        "{}",
        "{\"shops\":[]}",
        "{\"shops\":[{\"history\":{\"kind\":\"none\"}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\"}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"days\"}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"days\",\"days\":99999}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"range\",\"from\":\"x\","
        "\"until\":\"y\"}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"range\",\"from\":"
        "\"2024-01-02T00:00:00Z\",\"until\":\"2024-01-01T00:00:00Z\"}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"none\"}},"
        "{\"channel_shop_id\":\"1\",\"history\":{\"kind\":\"none\"}}]}",
        "{\"shops\":[{\"channel_shop_id\":\"1\",\"warehouse_id\":\"-4\",\"history\":"
        "{\"kind\":\"none\"}}]}",
    };
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_eq(read(wrong[i], &list), SP_REJECT, "%s", wrong[i]);
}

Test(choice, reads_times_in_utc_only)
{
    int64_t seconds = 0;
    cr_assert(choice_read_time(SP_TEXT("2024-02-29T12:34:56Z"), &seconds));
    cr_assert_eq(seconds, 1709210096);
    cr_assert(choice_read_time(SP_TEXT("2024-02-29T12:34:56.789Z"), &seconds));
    static const char *const wrong[] = {"",
                                        "2024-02-29",
                                        "2024-02-29T12:34:56",
                                        "2024-02-29T12:34:56+01:00",
                                        "2024-13-01T00:00:00Z",
                                        "2024-01-01T24:00:00Z",
                                        "1969-01-01T00:00:00Z",
                                        "2024-01-01T00:00:00.Zx"};
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_not(choice_read_time(sp_text_of(wrong[i]), &seconds), "%s", wrong[i]);
}
