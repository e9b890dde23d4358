/* Stock as the marketplace is told it. */
#include "services/connector/stock_json.h"

#include <criterion/criterion.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(stock_json, .init = set_up, .fini = tear_down);

Test(stock_json, lists_all_warehouses_under_their_sku)
{
    const struct stock_line lines[] = {{SP_TEXT("1"), SP_TEXT("A"), 5},
                                       {SP_TEXT("1"), SP_TEXT("B"), 0},
                                       {SP_TEXT("2"), SP_TEXT("A"), 7}};
    struct sp_text body = tiktok_stock_body(lines, 3, arena);
    cr_assert(sp_text_is(body, "{\"skus\":[{\"id\":\"1\",\"inventory\":[{\"warehouse_id\":\"A\","
                               "\"quantity\":5},{\"warehouse_id\":\"B\",\"quantity\":0}]},"
                               "{\"id\":\"2\",\"inventory\":[{\"warehouse_id\":\"A\","
                               "\"quantity\":7}]}]}"),
              "%.*s", SP_FMT(body));
}

static struct sp_text problem(const char *errors, const char *sku)
{
    struct sp_json value;
    cr_assert_eq(sp_json_parse(sp_text_of(errors), &value, NULL), SP_OK);
    return tiktok_stock_problem(value, sp_text_of(sku), arena);
}

Test(stock_json, finds_the_error_of_one_sku)
{
    const char *errors =
        "[{\"code\":12019024,\"message\":\"bad quantity\",\"detail\":{\"sku_id\":\"2\"}}]";
    cr_assert_eq(problem(errors, "1").size, 0);
    cr_assert(sp_text_is(problem(errors, "2"), "12019024 bad quantity"));
}

Test(stock_json, takes_an_error_without_a_sku_for_everyones)
{
    cr_assert_gt(problem("[{\"code\":1,\"message\":\"no\"}]", "1").size, 0);
}

Test(stock_json, sees_no_error_where_none_is_said)
{
    cr_assert_eq(problem("[]", "1").size, 0);
    cr_assert_eq(problem("null", "1").size, 0);
}

Test(stock_json, reads_what_is_shown_where)
{
    struct sp_json data;
    struct stock_line *lines;
    cr_assert_eq(
        sp_json_parse(SP_TEXT("{\"inventory\":[{\"product_id\":\"17\",\"skus\":[{\"id\":"
                              "\"101\",\"warehouse_inventory\":[{\"warehouse_id\":\"7068\","
                              "\"available_quantity\":7,\"committed_quantity\":2},"
                              "{\"warehouse_id\":\"7069\"}]},{\"id\":\"102\"}]},{}]}"),
                      &data, NULL),
        SP_OK);
    cr_assert_eq(tiktok_read_shown(data, arena, &lines), 1, "what is not said is not 0");
    cr_assert(sp_text_is(lines[0].sku_id, "101"));
    cr_assert(sp_text_is(lines[0].channel_warehouse_id, "7068"));
    cr_assert_eq(lines[0].quantity, 7);
    cr_assert_eq(tiktok_read_shown((struct sp_json){0}, arena, &lines), 0);
}
