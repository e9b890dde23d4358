/* What a webhook asks for. */
#include "services/connector/webhook_json.h"

#include <criterion/criterion.h>

#include "common/crypto.h"

static struct sp_arena *arena;

static void set_up(void)
{
    sp_crypto_setup();
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(webhook_json, .init = set_up, .fini = tear_down);

static struct webhook_notice read(const char *raw)
{
    struct webhook_notice notice;
    struct sp_error err;
    cr_assert_eq(tiktok_read_webhook(sp_text_of(raw), arena, &notice, &err), SP_OK, "%s", err.text);
    return notice;
}

Test(webhook_json, asks_for_the_order_it_names)
{
    struct webhook_notice notice =
        read("{\"type\":1,\"tts_notification_id\":\"74\",\"shop_id\":\"749\",\"timestamp\":9,"
             "\"data\":{\"order_id\":\"5764\",\"order_status\":\"UNPAID\",\"update_time\":17}}");
    cr_assert_eq(notice.effect, WEBHOOK_ORDER);
    cr_assert_eq(notice.order_count, 1);
    cr_assert(sp_text_is(notice.orders[0], "5764"));
    cr_assert_eq(notice.updated_at, 17);
    cr_assert(sp_text_is(notice.notification_id, "74"));
    cr_assert(sp_text_is(notice.channel_shop_id, "749"));
}

Test(webhook_json, finds_each_order_of_a_package_change_once)
{
    struct webhook_notice notice = read(
        "{\"type\":4,\"shop_id\":\"749\",\"data\":{\"package_list\":[{\"package_id\":\"1\","
        "\"order_id_list\":[\"5\",\"6\"]},{\"order_id_list\":[\"6\",\"7\"]}],\"update_time\":3}}");
    cr_assert_eq(notice.order_count, 3);
    /* The time is the package's, not the order's. */
    cr_assert_eq(notice.updated_at, 0);
    cr_assert_eq(notice.notification_id.size, 0);
}

/* The kinds of the marketplace's list, with what each says. */
Test(webhook_json, knows_every_kind_whose_content_is_described)
{
    static const struct {
        int type;
        enum webhook_effect effect;
        const char *data, *content;
    } kinds[] = {
        {1, WEBHOOK_ORDER, "{\"order_id\":\"5\",\"order_status\":\"CANCEL\"}", ""},
        {2, WEBHOOK_REVERSE,
         "{\"order_id\":\"5\",\"reverse_order_id\":\"6\",\"reverse_user\":\"Jo\"}",
         "{\"order_id\":\"5\",\"reverse_order_id\":\"6\"}"},
        {3, WEBHOOK_ORDER, "{\"order_id\":\"5\",\"update_time\":17}", ""},
        {4, WEBHOOK_ORDER, "{\"sc_type\":\"SPLIT\",\"package_list\":[{\"order_id_list\":[\"5\"]}]}",
         "{\"sc_type\":\"SPLIT\"}"},
        {5, WEBHOOK_LISTING, "{\"product_id\":1729}", ""},
        {6, WEBHOOK_TAKEN_BACK, "{\"message\":\"gone\"}", ""},
        {7, WEBHOOK_GRANT, "{\"message\":\"soon\",\"expiration_time\":\"1735689600\"}", ""},
        {11, WEBHOOK_CANCEL,
         "{\"order_id\":\"5\",\"cancel_id\":\"8\",\"cancel_status\":"
         "\"CANCELLATION_REQUEST_PENDING\",\"cancellations_role\":\"BUYER\",\"note\":\"Jo\"}",
         "{\"order_id\":\"5\",\"cancel_id\":\"8\",\"cancel_status\":"
         "\"CANCELLATION_REQUEST_PENDING\",\"cancellations_role\":\"BUYER\"}"},
        {12, WEBHOOK_RETURN, "{\"order_id\":\"5\",\"return_id\":\"9\",\"return_status\":\"a b\"}",
         "{\"order_id\":\"5\",\"return_id\":\"9\"}"},
        {13, WEBHOOK_NOTHING, "{}", ""},
        {14, WEBHOOK_NOTHING, "{\"content\":\"hi\"}", ""},
        {15, WEBHOOK_LISTING, "{\"product_id\":\"1\",\"changed_fields\":[\"title\"]}", ""},
        {16, WEBHOOK_LISTING, "{\"product_id\":\"1\"}", ""},
        {18, WEBHOOK_LISTING, "{\"product_id\":\"1\"}", ""},
        {27, WEBHOOK_LISTING, "{\"product_id\":\"1\",\"sku_id\":\"2\"}", ""},
        {33, WEBHOOK_NOTHING, "{}", ""},
        {36, WEBHOOK_ORDER, "{\"package_id\":\"3\",\"order_ids\":[\"5\"]}",
         "{\"package_id\":\"3\"}"},
        {37, WEBHOOK_LISTING, "{\"product_id\":1}", ""},
        {42, WEBHOOK_LISTING, "{\"combined_listing_id\":\"1\"}", ""},
    };
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        struct sp_text raw = sp_arena_printf(arena, "{\"type\":%d,\"shop_id\":\"7\",\"data\":%s}",
                                             kinds[i].type, kinds[i].data);
        struct webhook_notice notice = read(raw.data);
        cr_assert_eq(notice.effect, kinds[i].effect, "%d", kinds[i].type);
        cr_assert(notice.known, "%d", kinds[i].type);
        cr_assert_eq(notice.order_count, webhook_names_orders(&notice) ? 1 : 0);
        cr_assert(sp_text_is(notice.content, kinds[i].content), "%d: %.*s", kinds[i].type,
                  SP_FMT(notice.content));
        cr_assert_eq(notice.ends_s, kinds[i].type == 7 ? 1735689600 : 0);
    }
}

Test(webhook_json, tells_notices_apart_by_kind_and_content)
{
    struct webhook_notice first =
        read("{\"type\":1,\"shop_id\":\"7\",\"timestamp\":1,\"data\":{\"order_id\":\"5\"}}");
    /* Sent again, at another time. */
    cr_assert_eq(
        read("{\"type\":1,\"shop_id\":\"7\",\"timestamp\":2,\"data\":{\"order_id\":\"5\"}}")
            .content_hash,
        first.content_hash);
    cr_assert_neq(read("{\"type\":1,\"shop_id\":\"7\",\"data\":{\"order_id\":\"6\"}}").content_hash,
                  first.content_hash);
    cr_assert_neq(read("{\"type\":3,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\"}}").content_hash,
                  first.content_hash);
}

Test(webhook_json, takes_a_new_kind_that_names_an_order_for_the_orders)
{
    cr_assert_eq(read("{\"type\":64,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\"}}").effect,
                 WEBHOOK_ORDER);
    cr_assert_eq(read("{\"type\":68,\"shop_id\":\"7\",\"data\":{\"product_id\":\"5\"}}").effect,
                 WEBHOOK_LISTING);
    cr_assert_eq(read("{\"type\":65,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\","
                      "\"return_id\":\"6\"}}")
                     .effect,
                 WEBHOOK_RETURN);
    cr_assert_eq(read("{\"type\":64,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\","
                      "\"cancel_id\":6}}")
                     .effect,
                 WEBHOOK_CANCEL);
    cr_assert_not(read("{\"type\":64,\"shop_id\":\"7\",\"data\":{\"order_id\":\"5\"}}").known);
}

Test(webhook_json, keeps_the_names_but_not_the_values_of_what_it_does_not_know)
{
    struct webhook_notice notice =
        read("{\"type\":99,\"shop_id\":\"7\",\"data\":{\"buyer\":\"Jo\",\"thing_id\":\"1\"}}");
    cr_assert_eq(notice.effect, WEBHOOK_UNKNOWN);
    cr_assert(sp_text_is(notice.fields, "buyer,thing_id"));
}

Test(webhook_json, refuses_what_is_no_notice)
{
    struct webhook_notice notice;
    struct sp_error err;
    static const char *const wrong[] = {"",
                                        "{",
                                        "[]",
                                        "{\"type\":1}",
                                        "{\"shop_id\":\"7\"}",
                                        "{\"type\":-1,\"shop_id\":\"7\"}",
                                        "{\"type\":1,\"shop_id\":\"a b\"}"};
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_eq(tiktok_read_webhook(sp_text_of(wrong[i]), arena, &notice, &err), SP_REJECT,
                     "%s", wrong[i]);
}

Test(webhook_json, takes_no_more_orders_than_its_limit)
{
    struct sp_buffer raw = {0};
    sp_buffer_put_string(&raw, "{\"type\":36,\"shop_id\":\"7\",\"data\":{\"order_ids\":[\"0\"");
    for (int i = 1; i < 500; i++)
        sp_buffer_printf(&raw, ",\"%d\"", i);
    sp_buffer_put(&raw, "]}}", 4);
    cr_assert_eq(read(raw.data).order_count, WEBHOOK_ORDERS);
    sp_buffer_free(&raw);
}
