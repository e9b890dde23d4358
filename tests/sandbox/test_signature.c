/* Signatures against the vectors of the reference. */
#include <criterion/criterion.h>

#include "common/crypto.h"
#include "services/sandbox/signature.h"

enum { PARAMS = 16 };

#define COMMON "app_key=demoappkey01&timestamp=1735689600"
#define CIPHER "&shop_cipher=ROW_demoCipherAAAA0001"

struct vector {
    const char *secret, *path, *query, *body, *sign;
};

static void check(const struct vector *vector)
{
    struct sp_arena *arena = sp_arena_open();
    struct query_param params[PARAMS];
    struct signed_call call = {
        .path = sp_text_of(vector->path), .params = params, .body = sp_text_of(vector->body)};
    cr_assert_eq(
        signature_read_query(sp_text_of(vector->query), arena, params, PARAMS, &call.count), SP_OK);
    struct sp_text sign = signature_of_call(sp_text_of(vector->secret), &call, arena);
    cr_assert(sp_text_is(sign, vector->sign), "%s", vector->path);
    sp_arena_close(&arena);
}

#define SECRET "demo-secret-000111222333"

TestSuite(signature, .init = sp_crypto_setup);

Test(signature, v1_without_cipher_and_body)
{
    check(&(struct vector){SECRET, "/authorization/202309/shops", COMMON, NULL,
                           "ed6d123b23e64d5a75381d935dfd2f126a4de53e3e68afae4072a7d9060d17e8"});
}

Test(signature, v2_with_a_page_token_that_is_encoded_and_a_body)
{
    check(&(struct vector){SECRET, "/order/202309/orders/search",
                           "page_token=aGVs%2BbG8%2Fdz%3D%3D&sort_order=ASC&" COMMON CIPHER
                           "&page_size=50&sort_field=update_time&sign=ignored&access_token=ignored",
                           "{\"order_status\":\"AWAITING_SHIPMENT\",\"update_time_ge\":1735603200,"
                           "\"update_time_lt\":1735689600}",
                           "47b61146fc22c7eafd093d0af11c08051c738c7480aabf974313dd2d412802b6"});
}

Test(signature, v3_with_ids_joined_by_a_comma_however_it_is_sent)
{
    static const char sign[] = "338b8094088c6fb5a1f8d7778b2c90489b9eea31f3c97b173212c35c5eb5a7ee";
    check(&(struct vector){SECRET, "/order/202309/orders",
                           COMMON CIPHER "&ids=576460000000000001,576460000000000002", NULL, sign});
    check(&(struct vector){SECRET, "/order/202309/orders",
                           COMMON CIPHER "&ids=576460000000000001%2C576460000000000002", NULL,
                           sign});
}

Test(signature, v4_of_an_upload_leaves_the_body_out)
{
    check(&(struct vector){SECRET, "/product/202309/images/upload", COMMON, NULL,
                           "0a035a2666811d401d7eefea57228dcd367d947ed0f63a054740e470fc1d7a2a"});
}

Test(signature, v5_with_a_body_that_is_not_ascii)
{
    check(&(struct vector){
        SECRET, "/product/202309/products/1729000000000000001/inventory/update", COMMON CIPHER,
        "{\"skus\":[{\"id\":\"1729000000000000101\",\"inventory\":[{\"warehouse_id\":"
        "\"7068000000000000001\",\"quantity\":12}]}],\"note\":\"Größe ✓\"}",
        "8973b87bd22575250a900793e059155526a960b3bd7378c3888a3c0e68f3052c"});
}

Test(signature, v6_of_the_vendors_own_page)
{
    check(&(struct vector){"e59af819cc", "/authorization/202309/shops",
                           "app_key=29a39d&timestamp=1623812664", NULL,
                           "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"});
}

Test(signature, v7_of_another_clients_test)
{
    check(&(struct vector){"app_secret", "/test-api", "foo=bar", NULL,
                           "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f"});
}

static void check_webhook(const char *app_key, const char *secret, const char *body,
                          const char *sign)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_text found =
        signature_of_webhook(sp_text_of(secret), sp_text_of(app_key), sp_text_of(body), arena);
    cr_assert(sp_text_is(found, sign));
    sp_arena_close(&arena);
}

Test(signature, w1_of_a_published_webhook)
{
    check_webhook(
        "abcdef", "123",
        "{\"type\":1,\"tts_notification_id\":\"7380066284010030890\",\"shop_id\":"
        "\"7495540735365777507\",\"timestamp\":1718305585,\"data\":{\"is_on_hold_order\":true,"
        "\"order_id\":\"576653688135258178\",\"order_status\":\"UNPAID\",\"update_time\":"
        "1718305585}}",
        "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05");
}

Test(signature, w2_of_our_own_webhook)
{
    check_webhook(
        "demoappkey01", SECRET,
        "{\"type\":1,\"tts_notification_id\":\"7400000000000000001\",\"shop_id\":"
        "\"7490000000000000001\",\"timestamp\":1735689600,\"data\":{\"is_on_hold_order\":false,"
        "\"order_id\":\"576460000000000001\",\"order_status\":\"AWAITING_SHIPMENT\","
        "\"update_time\":1735689599}}",
        "3c5c32ac2d1f98c97aef6041031ce9d1f5499e46294dd7e2b0a917bf31d3f0c4");
}

Test(signature, reads_queries_with_empty_parts_and_refuses_broken_or_endless_ones)
{
    struct sp_arena *arena = sp_arena_open();
    struct query_param params[2];
    size_t count;
    cr_assert_eq(signature_read_query(SP_TEXT("&a&b=c+d&"), arena, params, 2, &count), SP_OK);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_is(params[0].value, ""));
    cr_assert(sp_text_is(params[1].value, "c d"));
    cr_assert_eq(signature_read_query(SP_TEXT("a=%zz"), arena, params, 2, &count), SP_REJECT);
    cr_assert_eq(signature_read_query(SP_TEXT("a&b&c"), arena, params, 2, &count), SP_REJECT);
    sp_arena_close(&arena);
}
