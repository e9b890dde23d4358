/* A product of the marketplace to the fact, and its warehouses. */
#include "services/connector/listing_json.h"

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

TestSuite(listing_json, .init = set_up, .fini = tear_down);

static struct sp_json parse(const char *json)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, &err), SP_OK, "%s", err.text);
    return value;
}

static struct channel_listing read(const char *json)
{
    struct channel_listing fact;
    struct sp_error err;
    cr_assert_eq(tiktok_read_listing(parse(json), arena, &fact, &err), SP_OK, "%s", err.text);
    return fact;
}

Test(listing_json, reads_a_product_of_a_search)
{
    struct channel_listing fact = read(
        "{\"id\":\"1729\",\"title\":\"Mug\",\"status\":\"ACTIVATE\",\"update_time\":1735600000,"
        "\"skus\":[{\"id\":\"101\",\"seller_sku\":\"MUG-BLU\",\"price\":{\"currency\":\"GBP\","
        "\"tax_exclusive_price\":\"15.00\"},\"inventory\":[{\"warehouse_id\":\"7068\","
        "\"quantity\":12},{\"warehouse_id\":\"7069\",\"quantity\":0}]}]}");
    cr_assert(sp_text_is(fact.product_id, "1729"));
    cr_assert(sp_text_is(fact.state, "ACTIVATE"));
    cr_assert_eq(fact.updated_at, 1735600000);
    cr_assert_eq(fact.skus_count, 1);
    cr_assert_eq(fact.skus[0].price_minor, 1500);
    cr_assert_eq(fact.skus[0].stock_count, 2);
    cr_assert_eq(fact.skus[0].stock[0].quantity, 12);
}

Test(listing_json, prefers_the_sale_price)
{
    struct channel_listing fact =
        read("{\"id\":\"1\",\"skus\":[{\"id\":\"2\",\"price\":{\"currency\":\"VND\","
             "\"sale_price\":\"90000\",\"tax_exclusive_price\":\"80000\"}}]}");
    cr_assert_eq(fact.skus[0].price_minor, 90000);
}

Test(listing_json, names_a_sku_by_its_attributes)
{
    struct channel_listing fact = read(
        "{\"id\":\"1\",\"main_images\":[{\"urls\":[\"https://img/1\"]}],\"skus\":[{\"id\":\"2\","
        "\"sales_attributes\":[{\"value_name\":\"Blue\"},{\"value_name\":\"M\"}]}]}");
    cr_assert(sp_text_is(fact.skus[0].title, "Blue, M"));
    cr_assert(sp_text_is(fact.image_url, "https://img/1"));
}

Test(listing_json, lives_with_a_draft_that_has_neither_price_nor_stock)
{
    struct channel_listing fact =
        read("{\"id\":\"1\",\"status\":\"DRAFT\",\"skus\":[{\"id\":\"2\"}]}");
    cr_assert_eq(fact.skus[0].price_minor, 0);
    cr_assert_eq(fact.skus[0].stock_count, 0);
}

Test(listing_json, reads_an_id_that_is_a_number)
{
    cr_assert(sp_text_is(read("{\"id\":1729000000000000001}").product_id, "1729000000000000001"));
}

Test(listing_json, leaves_out_skus_without_an_id)
{
    cr_assert_eq(read("{\"id\":\"1\",\"skus\":[{\"seller_sku\":\"X\"},{\"id\":\"2\"}]}").skus_count,
                 1);
}

Test(listing_json, refuses_a_product_without_an_id)
{
    struct channel_listing fact;
    struct sp_error err;
    cr_assert_eq(tiktok_read_listing(parse("{}"), arena, &fact, &err), SP_REJECT);
    cr_assert_eq(tiktok_read_listing(parse("[]"), arena, &fact, &err), SP_REJECT);
}

Test(listing_json, takes_warehouses_that_sell)
{
    struct channel_warehouse warehouse;
    cr_assert(
        tiktok_read_warehouse(parse("{\"id\":\"7\",\"name\":\"HN\",\"type\":\"SALES_WAREHOUSE\","
                                    "\"effect_status\":\"ENABLED\",\"is_default\":true}"),
                              arena, &warehouse));
    cr_assert(sp_text_is(warehouse.name, "HN"));
    cr_assert(warehouse.is_default);
    cr_assert_not(tiktok_read_warehouse(parse("{\"id\":\"7\",\"type\":\"RETURN_WAREHOUSE\"}"),
                                        arena, &warehouse));
    cr_assert_not(tiktok_read_warehouse(
        parse("{\"id\":\"7\",\"type\":\"SALES_WAREHOUSE\",\"effect_status\":\"DISABLED\"}"), arena,
        &warehouse));
    cr_assert_not(tiktok_read_warehouse(parse("{\"name\":\"HN\"}"), arena, &warehouse));
}
