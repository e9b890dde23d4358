/* Linking by hand and in bulk. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
}

TestSuite(asks_map, .init = begin);

static int map(const char *body, const char **text)
{
    return test_ask(worker, "product-mapper.map", body, text, NULL);
}

Test(asks_map, links_and_keeps_the_old_link_in_history)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    (void)make_variant(worker, "BOWL", "STOCKED");
    const char *text = map_by_hand(
        worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1},{\"sku\":\"BOWL\",\"pieces\":2}]");
    cr_assert(strstr(text, "\"sku\" : \"CUP\"") != NULL &&
                  strstr(text, "\"name\" : \"Our BOWL\"") != NULL,
              "%s", text);
    cr_assert(strstr(text, "\"problem\" : null") != NULL, "%s", text);
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"BOWL\",\"pieces\":1}]");
    (void)map_by_hand(worker, "s1", "[]");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history WHERE by_whom = 'tester'"),
                 3);
    cr_assert_eq(
        test_number(worker,
                    "SELECT jsonb_array_length(old_parts) FROM link_history ORDER BY link_rev "
                    "OFFSET 1 LIMIT 1"),
        2);
    cr_assert_str_eq(test_text(worker, "SELECT problem FROM listing_sku WHERE sku_id = 's1'"),
                     "UNMAPPED");
}

Test(asks_map, links_a_sku_that_only_an_order_named)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    struct recorded_line line = order.lines[0];
    line.sku_id = SP_TEXT("s9");
    order.lines = &line;
    order.lines_count = 1;
    feed_order(worker, &order);
    const char *text = map_by_hand(worker, "s9", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    cr_assert(strstr(text, "\"orders_waiting\":1") != NULL, "%s", text);
    heal(worker);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts_count, 1);
}

Test(asks_map, refuses_what_does_not_exist)
{
    const char *text;
    cr_assert_eq(
        map("{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"parts\":[{\"sku\":\"NONE\",\"pieces\":1}]}",
            &text),
        422);
    cr_assert(strstr(text, "VARIANT_UNKNOWN") != NULL);
    cr_assert_eq(map("{\"shop_id\":\"7\",\"sku_id\":\"s77\",\"parts\":[]}", &text), 404);
    cr_assert_eq(map("{\"shop_id\":\"8\",\"sku_id\":\"s1\",\"parts\":[]}", &text), 404);
    cr_assert_eq(map("{\"shop_id\":\"7\",\"sku_id\":\"s1\"}", &text), 422);
    cr_assert_eq(
        map("{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"parts\":[{\"sku\":\"CUP\",\"pieces\":0}]}",
            &text),
        422);
    cr_assert_eq(map("not json", &text), 400);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history"), 0);
}

Test(asks_map, matches_what_has_exactly_one_equal)
{
    test_sql(worker, "UPDATE account SET map_by_sku = false");
    (void)make_variant(worker, "MUG-1", "STOCKED");
    (void)make_variant(worker, "shirt-1", "STOCKED");
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.match", NULL, &text, NULL), 200);
    cr_assert_str_eq(text, "{\"linked\":1,\"ambiguous\":1,\"unknown\":0}");
    cr_assert_eq(test_ask(worker, "product-mapper.match", NULL, &text, NULL), 200);
    cr_assert_str_eq(text, "{\"linked\":0,\"ambiguous\":1,\"unknown\":0}");
    cr_assert_str_eq(test_text(worker, "SELECT by_whom || ': ' || reason FROM link_history"),
                     "tester: same SKU");
}

Test(asks_map, leaves_alone_by_itself_what_a_person_unlinked)
{
    (void)make_variant(worker, "MUG-1", "STOCKED");
    (void)map_by_hand(worker, "s1", "[]");
    struct channel_listing again = a_listing(2);
    struct listing_sku skus[] = {again.skus[0], again.skus[1]};
    skus[0].stock_count = 1; /* news, so it is looked at */
    again.skus = skus;
    feed_listing(worker, &again);
    cr_assert_str_eq(test_text(worker, "SELECT problem FROM listing_sku WHERE sku_id = 's1'"),
                     "UNMAPPED");
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.match", NULL, &text, NULL), 200);
    cr_assert(strstr(text, "\"linked\":1") != NULL, "a person who asks for it gets it: %s", text);
}
