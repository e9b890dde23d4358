/* Cancellations, returns and refunds to the fact. */
#include "services/connector/return_json.h"

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

TestSuite(return_json, .init = set_up, .fini = tear_down);

static struct sp_json parse(const char *json)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, &err), SP_OK, "%s", err.text);
    return value;
}

static struct channel_return read(const char *json, enum return_family family)
{
    struct channel_return fact;
    struct sp_error err;
    cr_assert_eq(tiktok_read_return(parse(json), family, arena, &fact, &err), SP_OK, "%s",
                 err.text);
    return fact;
}

#define UNIT(id, sku, money)                                                                       \
    "{\"return_line_item_id\":\"9" id "\",\"order_line_item_id\":\"" id "\",\"sku_id\":\"" sku     \
    "\",\"refund_amount\":{\"currency\":\"GBP\",\"refund_total\":\"" money "\"}}"

static const char whole[] =
    "{\"return_id\":\"4035\",\"order_id\":\"5764\",\"return_type\":\"RETURN_AND_REFUND\","
    "\"return_status\":\"RETURN_OR_REFUND_REQUEST_PENDING\",\"return_reason\":\"ecom_broken\","
    "\"return_reason_text\":\"It is broken\",\"role\":\"BUYER\",\"return_method\":"
    "\"PLATFORM_SHIPPED\",\"return_tracking_number\":\"RT1\",\"return_provider_name\":\"Post\","
    "\"arbitration_status\":\"IN_PROGRESS\",\"can_buyer_keep_item\":false,\"pre_return_id\":\"0\","
    "\"refund_amount\":{\"currency\":\"GBP\",\"refund_total\":\"28.79\",\"refund_subtotal\":"
    "\"25.80\",\"refund_shipping_fee\":\"2.99\",\"refund_tax\":\"0.00\"},"
    "\"partial_refund\":{\"amount\":\"5.00\",\"currency\":\"GBP\"},"
    "\"buyer_rejected_partial_refund\":true,"
    "\"return_line_items\":[" UNIT("577", "101", "12.90") "," UNIT("579", "102", "2.99") "," UNIT(
        "578", "101",
        "12.90") "],"
                 "\"seller_next_action_response\":[{\"action\":\"SELLER_RESPOND_RETURN\","
                 "\"deadline\":"
                 "1735900000}],\"create_time\":1735600000,\"update_time\":1735600100}";

Test(return_json, reads_all_of_a_return)
{
    struct channel_return fact = read(whole, RETURN_GOODS);
    cr_assert(sp_text_is(fact.return_id, "4035"));
    cr_assert(sp_text_is(fact.channel_order_id, "5764"));
    cr_assert(sp_text_is(fact.kind, "RETURN_AND_REFUND"));
    cr_assert(sp_text_is(fact.status, "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert(sp_text_is(fact.reason, "It is broken"));
    cr_assert(sp_text_is(fact.reason_name, "ecom_broken"));
    cr_assert(sp_text_is(fact.asked_by, "BUYER"));
    cr_assert(sp_text_is(fact.wants, "SELLER_RESPOND_RETURN"));
    cr_assert_eq(fact.deadline_at, 1735900000);
    cr_assert_eq(fact.created_at, 1735600000);
    cr_assert_eq(fact.updated_at, 1735600100);
    cr_assert(sp_text_is(fact.sent_by, "PLATFORM_SHIPPED"));
    cr_assert(sp_text_is(fact.tracking, "RT1"));
    cr_assert(sp_text_is(fact.carrier, "Post"));
    cr_assert(sp_text_is(fact.arbitration, "IN_PROGRESS"));
    cr_assert_eq(fact.follows_id.size, 0);
    cr_assert_not(fact.is_cancellation);
}

Test(return_json, reads_money_in_minor_units)
{
    struct channel_return fact = read(whole, RETURN_GOODS);
    cr_assert(sp_text_is(fact.currency, "GBP"));
    cr_assert_eq(fact.refund_minor, 2879);
    cr_assert_eq(fact.refund_goods_minor, 2580);
    cr_assert_eq(fact.refund_shipping_minor, 299);
    cr_assert_eq(fact.refund_tax_minor, 0);
    cr_assert_eq(fact.offered_minor, 500);
    cr_assert(fact.offer_refused);
}

Test(return_json, puts_units_of_one_sku_together)
{
    struct channel_return fact = read(whole, RETURN_GOODS);
    cr_assert_eq(fact.lines_count, 2);
    cr_assert(sp_text_is(fact.lines[0].sku_id, "101"));
    cr_assert_eq(fact.lines[0].units, 2);
    cr_assert_eq(fact.lines[0].refund_minor, 2580);
    cr_assert_eq(fact.lines[0].unit_ids_count, 2);
    cr_assert(sp_text_is(fact.lines[0].unit_ids[1].id, "578"));
    cr_assert_eq(fact.lines[1].units, 1);
    cr_assert(sp_text_is(fact.lines[1].unit_ids[0].id, "579"));
}

Test(return_json, reads_a_cancellation)
{
    struct channel_return fact =
        read("{\"cancel_id\":\"4036\",\"order_id\":\"5764\",\"cancel_type\":\"BUYER_CANCEL\","
             "\"cancel_status\":\"CANCELLATION_REQUEST_PENDING\",\"cancel_reason\":\"x\","
             "\"role\":\"BUYER\",\"cancel_line_items\":[{\"order_line_item_id\":\"577\","
             "\"sku_id\":\"101\"}],\"update_time\":1735600100}",
             RETURN_CANCELLATION);
    cr_assert(fact.is_cancellation);
    cr_assert(sp_text_is(fact.return_id, "4036"));
    cr_assert(sp_text_is(fact.kind, "BUYER_CANCEL"));
    cr_assert_eq(fact.wants.size, 0);
    cr_assert_eq(fact.deadline_at, 0);
    cr_assert_eq(fact.refund_minor, 0);
    cr_assert_eq(fact.lines[0].units, 1);
}

Test(return_json, knows_currencies_without_a_fraction)
{
    struct channel_return fact =
        read("{\"return_id\":\"1\",\"order_id\":\"2\",\"update_time\":5,\"refund_amount\":"
             "{\"currency\":\"VND\",\"refund_total\":\"90000\"}}",
             RETURN_GOODS);
    cr_assert_eq(fact.refund_minor, 90000);
    cr_assert_eq(fact.lines_count, 0);
}

Test(return_json, refuses_what_has_no_name_order_or_time)
{
    static const char *const bad[] = {"[]",
                                      "{}",
                                      "{\"return_id\":\"1\",\"update_time\":5}",
                                      "{\"return_id\":\"0\",\"order_id\":\"2\",\"update_time\":5}",
                                      "{\"return_id\":\"1\",\"order_id\":\"2\"}",
                                      "{\"cancel_id\":\"1\",\"order_id\":\"2\",\"update_time\":5}"};
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        struct channel_return fact;
        cr_assert_eq(tiktok_read_return(parse(bad[i]), RETURN_GOODS, arena, &fact, NULL), SP_REJECT,
                     "%s", bad[i]);
    }
}

Test(return_json, keeps_reasons_that_can_be_given_back)
{
    struct channel_return fact = {.return_id = SP_TEXT("1")};
    tiktok_read_refusals(parse("[{\"name\":\"reverse_reject_a\",\"text\":\"Used\"},{\"name\":\"\"},"
                               "{\"text\":\"x\"}]"),
                         arena, &fact);
    cr_assert_eq(fact.refusals_count, 1);
    cr_assert(sp_text_is(fact.refusals[0].name, "reverse_reject_a"));
    cr_assert(sp_text_is(fact.refusals[0].text, "Used"));
}

Test(return_json, keeps_what_the_buyer_showed_and_not_the_seller)
{
    struct channel_return fact = {.return_id = SP_TEXT("1")};
    tiktok_read_images(
        parse("[{\"role\":\"BUYER\",\"images\":[{\"url\":\"https://a.example/1\"},"
              "\"https://a.example/2\",{\"url\":\"\"}]},{\"role\":\"SELLER\",\"images\":"
              "[{\"url\":\"https://a.example/3\"}]},{\"role\":\"BUYER\",\"images\":null}]"),
        arena, &fact);
    cr_assert_eq(fact.images_count, 2);
    cr_assert(sp_text_is(fact.images[1].url, "https://a.example/2"));
}
