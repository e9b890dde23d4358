/* An order of the marketplace to the fact. */
#include "services/connector/order_json.h"

#include <criterion/criterion.h>
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

TestSuite(order_json, .init = set_up, .fini = tear_down);

static const char full[] =
    "{\"id\":\"576460000000000001\",\"status\":\"AWAITING_SHIPMENT\",\"create_time\":1735600000,"
    "\"paid_time\":1735600120,\"update_time\":1735603720,\"buyer_email\":\"ab@chat.example\","
    "\"fulfillment_type\":\"FULFILLMENT_BY_SELLER\",\"shipping_type\":\"SELLER\","
    "\"delivery_option_id\":\"7091\",\"warehouse_id\":\"7068\",\"is_cod\":true,"
    "\"rts_sla_time\":1735776000,\"packages\":[{\"id\":\"1153\"}],\"tracking_number\":\"TRK\","
    "\"shipping_provider\":\"Carrier\",\"buyer_message\":\"ring\\ntwice\","
    "\"payment\":{\"currency\":\"GBP\",\"seller_discount\":\"4.20\",\"platform_discount\":\"0.00\","
    "\"sub_total\":\"25.80\",\"shipping_fee\":\"2.99\",\"tax\":\"0.00\",\"total_amount\":\"28.79\"}"
    ","
    "\"recipient_address\":{\"name\":\"Jo \\\"X\\\" Bloggs\",\"phone_number\":\"(+44)77\","
    "\"full_address\":\"Leeds\"},\"line_items\":["
    "{\"id\":\"5771\",\"product_id\":\"1729\",\"product_name\":\"Mug\",\"sku_id\":\"101\","
    "\"sku_name\":\"Blue\",\"seller_sku\":\"MUG-BLU\",\"sale_price\":\"12.90\",\"currency\":"
    "\"GBP\","
    "\"display_status\":\"AWAITING_SHIPMENT\",\"package_id\":\"1153\"},"
    "{\"id\":\"5772\",\"product_id\":\"1729\",\"product_name\":\"Mug\",\"sku_id\":\"101\","
    "\"sku_name\":\"Blue\",\"seller_sku\":\"MUG-BLU\",\"sale_price\":\"12.90\",\"currency\":"
    "\"GBP\","
    "\"display_status\":\"AWAITING_SHIPMENT\",\"package_id\":\"1153\"}]}";

static struct tiktok_order read(const char *json)
{
    struct tiktok_order order = {0};
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, &err), SP_OK, "%s", err.text);
    cr_assert_eq(tiktok_read_order(value, arena, &order, &err), SP_OK, "%s", err.text);
    return order;
}

static enum sp_result refusal(const char *json)
{
    struct tiktok_order order = {0};
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, &err), SP_OK);
    return tiktok_read_order(value, arena, &order, &err);
}

Test(order_json, reads_state_times_and_money)
{
    struct channel_order fact = read(full).fact;
    cr_assert(sp_text_is(fact.channel_order_id, "576460000000000001"));
    cr_assert(sp_text_is(fact.status, "AWAITING_SHIPMENT"));
    cr_assert_eq(fact.created_at, 1735600000);
    cr_assert_eq(fact.updated_at, 1735603720);
    cr_assert_eq(fact.paid_at, 1735600120);
    cr_assert_eq(fact.ship_by, 1735776000);
    cr_assert_eq(fact.collected_at, 0);
    cr_assert(fact.is_cod);
    cr_assert_not(fact.fulfilled_by_channel);
    cr_assert_eq(fact.total_minor, 2879);
    cr_assert_eq(fact.subtotal_minor, 2580);
    cr_assert_eq(fact.seller_discount_minor, 420);
    cr_assert(sp_text_is(fact.currency, "GBP"));
    cr_assert(sp_text_is(fact.channel_warehouse_id, "7068"));
}

Test(order_json, groups_units_and_finds_the_package)
{
    struct channel_order fact = read(full).fact;
    cr_assert_eq(fact.lines_count, 1);
    cr_assert_eq(fact.lines[0].units, 2);
    cr_assert_eq(fact.lines[0].price_minor, 1290);
    cr_assert(sp_text_is(fact.lines[0].seller_sku, "MUG-BLU"));
    cr_assert_eq(fact.packages_count, 1);
    cr_assert(sp_text_is(fact.packages[0].tracking, "TRK"));
    cr_assert(sp_text_is(fact.packages[0].carrier, "Carrier"));
}

Test(order_json, keeps_nothing_that_is_masked)
{
    struct tiktok_order order =
        read("{\"id\":\"1\",\"update_time\":1735603720,\"buyer_email\":\"ab@chat.example\","
             "\"recipient_address\":{\"name\":\"J*** B***\",\"phone_number\":\"(+44)7***89\"}}");
    cr_assert(sp_text_is(order.buyer, "{\"email\":\"ab@chat.example\"}"));
}

Test(order_json, keeps_the_buyer_apart_from_the_fact)
{
    struct tiktok_order order = read(full);
    struct sp_json buyer;
    cr_assert_eq(sp_json_parse(order.buyer, &buyer, NULL), SP_OK);
    cr_assert(sp_text_is(sp_json_text(sp_json_get(buyer, "name"), arena), "Jo \"X\" Bloggs"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(buyer, "phone_number"), arena), "(+44)77"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(buyer, "email"), arena), "ab@chat.example"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(buyer, "note"), arena), "ring\ntwice"));
    cr_assert_eq(order.fact.buyer_note.size, 0);
    cr_assert_eq(order.fact.buyer_sealed.size, 0);
}

Test(order_json, has_no_buyer_when_nothing_is_said_of_him)
{
    cr_assert_eq(read("{\"id\":\"1\",\"update_time\":5}").buyer.size, 0);
}

Test(order_json, treats_absent_null_and_empty_alike)
{
    struct channel_order fact = read("{\"id\":\"1\",\"update_time\":5,\"paid_time\":null,"
                                     "\"tracking_number\":\"\",\"packages\":null,\"line_items\":[],"
                                     "\"cancel_time\":0,\"payment\":null}")
                                    .fact;
    cr_assert_eq(fact.paid_at, 0);
    cr_assert_eq(fact.cancelled_at, 0);
    cr_assert_eq(fact.lines_count, 0);
    cr_assert_eq(fact.packages_count, 0);
    cr_assert_eq(fact.total_minor, 0);
}

Test(order_json, passes_unknown_words_through)
{
    struct channel_order fact =
        read("{\"id\":\"1\",\"update_time\":5,\"status\":\"TELEPORTED\","
             "\"cancellation_initiator\":\"MOON\",\"new_thing\":{\"a\":[1]}}")
            .fact;
    cr_assert(sp_text_is(fact.status, "TELEPORTED"));
    cr_assert(sp_text_is(fact.cancel_initiator, "MOON"));
}

/* Beyond 2^53 a double makes one of two neighbours; beyond 2^64 there is no integer for them. */
Test(order_json, carries_ids_of_any_size_as_they_were_written)
{
    struct channel_order fact =
        read("{\"id\":9007199254740993,\"update_time\":5,\"line_items\":["
             "{\"id\":18446744073709551617,\"sku_id\":9007199254740992,\"product_id\":"
             "9007199254740993},"
             "{\"id\":18446744073709551618,\"sku_id\":9007199254740993,\"product_id\":"
             "9007199254740993}]}")
            .fact;
    cr_assert(sp_text_is(fact.channel_order_id, "9007199254740993"));
    cr_assert_eq(fact.lines_count, 2, "two SKUs are two lines");
    cr_assert(sp_text_is(fact.lines[0].sku_id, "9007199254740992"));
    cr_assert(sp_text_is(fact.lines[1].sku_id, "9007199254740993"));
    cr_assert(sp_text_is(fact.lines[0].product_id, "9007199254740993"));
    cr_assert(sp_text_is(fact.lines[0].unit_ids[0].id, "18446744073709551617"));
    cr_assert(sp_text_is(fact.lines[1].unit_ids[0].id, "18446744073709551618"));
}

Test(order_json, reads_the_webhooks_word_for_cancelled)
{
    cr_assert(sp_text_is(read("{\"id\":\"1\",\"update_time\":5,\"status\":\"CANCEL\"}").fact.status,
                         "CANCELLED"));
}

Test(order_json, knows_what_the_marketplace_ships_itself)
{
    cr_assert(
        read("{\"id\":\"1\",\"update_time\":5,\"fulfillment_type\":\"FULFILLMENT_BY_TIKTOK\"}")
            .fact.fulfilled_by_channel);
}

Test(order_json, reads_money_without_a_fraction)
{
    struct channel_order fact =
        read("{\"id\":\"1\",\"update_time\":5,\"payment\":{\"currency\":\"VND\","
             "\"total_amount\":\"129000\"},\"line_items\":[{\"id\":\"9\",\"sku_id\":\"1\","
             "\"sale_price\":\"129000\"}]}")
            .fact;
    cr_assert_eq(fact.total_minor, 129000);
    cr_assert_eq(fact.lines[0].price_minor, 129000);
}

Test(order_json, takes_the_currency_of_a_unit_when_the_payment_has_none)
{
    struct channel_order fact =
        read("{\"id\":\"1\",\"update_time\":5,\"line_items\":[{\"id\":\"9\",\"sku_id\":\"1\","
             "\"sale_price\":\"129000\",\"currency\":\"VND\"}]}")
            .fact;
    cr_assert(sp_text_is(fact.currency, "VND"));
    cr_assert_eq(fact.lines[0].price_minor, 129000);
}

Test(order_json, cuts_texts_to_the_limits_of_the_fact)
{
    char json[2048] = "{\"id\":\"1\",\"update_time\":5,\"cancel_reason\":\"";
    size_t at = strlen(json);
    memset(json + at, 'x', 1000);
    (void)strncat(json, "\"}", 3);
    cr_assert_eq(read(json).fact.cancel_reason.size, 256);
}

Test(order_json, refuses_what_has_nothing_to_be_kept_under)
{
    cr_assert_eq(refusal("[]"), SP_REJECT);
    cr_assert_eq(refusal("{\"update_time\":5}"), SP_REJECT);
    cr_assert_eq(refusal("{\"id\":\"1\"}"), SP_REJECT);
    cr_assert_eq(refusal("{\"id\":\"1 2\",\"update_time\":5}"), SP_REJECT);
    cr_assert_eq(refusal("{\"id\":\"1\",\"update_time\":99999999999999}"), SP_REJECT);
    cr_assert_eq(refusal("{\"id\":\"123456789012345678901234567890123\",\"update_time\":5}"),
                 SP_REJECT);
}
