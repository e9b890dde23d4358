/* Signatures: the vendor's vectors and our own. */
#include "services/connector/sign.h"

#include <criterion/criterion.h>
#include <string.h>

#include "common/crypto.h"

TestSuite(sign, .init = sp_crypto_setup);

static const char demo_secret[] = "demo-secret-000111222333";

static void expect(const char *secret, const struct tiktok_signed *call, const char *wanted)
{
    char hex[TIKTOK_SIGN_HEX + 1];
    tiktok_sign(sp_text_of(secret), call, hex);
    cr_assert_str_eq(hex, wanted);
}

Test(sign, signs_a_call_without_a_shop)
{
    const struct tiktok_param params[] = {{SP_TEXT("app_key"), SP_TEXT("demoappkey01")},
                                          {SP_TEXT("timestamp"), SP_TEXT("1735689600")}};
    const struct tiktok_signed call = {SP_TEXT("/authorization/202309/shops"), params, 2, {0}};
    expect(demo_secret, &call, "ed6d123b23e64d5a75381d935dfd2f126a4de53e3e68afae4072a7d9060d17e8");
}

Test(sign, signs_the_body_and_decoded_parameters_in_byte_order)
{
    struct tiktok_param params[] = {
        {SP_TEXT("timestamp"), SP_TEXT("1735689600")},
        {SP_TEXT("sort_order"), SP_TEXT("ASC")},
        {SP_TEXT("app_key"), SP_TEXT("demoappkey01")},
        {SP_TEXT("page_token"), SP_TEXT("aGVs+bG8/dz==")},
        {SP_TEXT("shop_cipher"), SP_TEXT("ROW_demoCipherAAAA0001")},
        {SP_TEXT("page_size"), SP_TEXT("50")},
        {SP_TEXT("sort_field"), SP_TEXT("update_time")},
    };
    tiktok_sort_params(params, SP_COUNT(params));
    const struct tiktok_signed call = {
        SP_TEXT("/order/202309/orders/search"), params, SP_COUNT(params),
        SP_TEXT("{\"order_status\":\"AWAITING_SHIPMENT\",\"update_time_ge\":1735603200,"
                "\"update_time_lt\":1735689600}")};
    expect(demo_secret, &call, "47b61146fc22c7eafd093d0af11c08051c738c7480aabf974313dd2d412802b6");
}

Test(sign, signs_joined_ids)
{
    struct tiktok_param params[] = {
        {SP_TEXT("ids"), SP_TEXT("576460000000000001,576460000000000002")},
        {SP_TEXT("app_key"), SP_TEXT("demoappkey01")},
        {SP_TEXT("timestamp"), SP_TEXT("1735689600")},
        {SP_TEXT("shop_cipher"), SP_TEXT("ROW_demoCipherAAAA0001")},
    };
    tiktok_sort_params(params, SP_COUNT(params));
    const struct tiktok_signed call = {
        SP_TEXT("/order/202309/orders"), params, SP_COUNT(params), {0}};
    expect(demo_secret, &call, "338b8094088c6fb5a1f8d7778b2c90489b9eea31f3c97b173212c35c5eb5a7ee");
}

Test(sign, signs_a_body_beyond_ascii)
{
    struct tiktok_param params[] = {
        {SP_TEXT("app_key"), SP_TEXT("demoappkey01")},
        {SP_TEXT("shop_cipher"), SP_TEXT("ROW_demoCipherAAAA0001")},
        {SP_TEXT("timestamp"), SP_TEXT("1735689600")},
    };
    const struct tiktok_signed call = {
        SP_TEXT("/product/202309/products/1729000000000000001/inventory/update"), params,
        SP_COUNT(params),
        SP_TEXT("{\"skus\":[{\"id\":\"1729000000000000101\",\"inventory\":[{\"warehouse_id\":"
                "\"7068000000000000001\",\"quantity\":12}]}],\"note\":\"Größe ✓\"}")};
    expect(demo_secret, &call, "8973b87bd22575250a900793e059155526a960b3bd7378c3888a3c0e68f3052c");
}

Test(sign, agrees_with_the_published_example)
{
    const struct tiktok_param params[] = {{SP_TEXT("app_key"), SP_TEXT("29a39d")},
                                          {SP_TEXT("timestamp"), SP_TEXT("1623812664")}};
    const struct tiktok_signed call = {SP_TEXT("/authorization/202309/shops"), params, 2, {0}};
    expect("e59af819cc", &call, "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
}

static const char published_body[] =
    "{\"type\":1,\"tts_notification_id\":\"7380066284010030890\",\"shop_id\":"
    "\"7495540735365777507\","
    "\"timestamp\":1718305585,\"data\":{\"is_on_hold_order\":true,\"order_id\":"
    "\"576653688135258178\",\"order_status\":\"UNPAID\",\"update_time\":1718305585}}";

Test(sign, takes_the_published_webhook)
{
    cr_assert(tiktok_webhook_signed(
        SP_TEXT("abcdef"), SP_TEXT("123"), sp_text_of(published_body),
        SP_TEXT("5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05")));
}

Test(sign, refuses_a_webhook_that_differs_by_one_character)
{
    const struct sp_text raw = sp_text_of(published_body);
    cr_assert_not(tiktok_webhook_signed(
        SP_TEXT("abcdef"), SP_TEXT("123"), raw,
        SP_TEXT("5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac04")));
    cr_assert_not(tiktok_webhook_signed(
        SP_TEXT("abcdef"), SP_TEXT("123"), (struct sp_text){raw.data, raw.size - 1},
        SP_TEXT("5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05")));
}

Test(sign, refuses_a_signature_of_another_shape)
{
    const struct sp_text raw = sp_text_of(published_body);
    cr_assert_not(
        tiktok_webhook_signed(SP_TEXT("abcdef"), SP_TEXT("123"), raw, (struct sp_text){0}));
    cr_assert_not(tiktok_webhook_signed(
        SP_TEXT("abcdef"), SP_TEXT("123"), raw,
        SP_TEXT("5DEC0F11EC2F6783B8DEEE53C9FFBF8D024302F7C7E7FA55A35D17629031AC05")));
}
