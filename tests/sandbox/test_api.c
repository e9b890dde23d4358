/* The Open API's checks in their order.  Covers: api.c, api_error.c, api_routes.c, api_shops.c,
 * api_warehouses.c */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sandbox/rig.h"

TestSuite(api, .init = rig_begin, .fini = rig_finish);

#define SHOPS "/authorization/202309/shops"
#define SEARCH "/order/202309/orders/search"

struct wrong {
    struct rig_call call;
    int status;
    int64_t code;
    const char *message; /* part of it */
};

static void expect(const struct wrong *wrong)
{
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &wrong->call);
    cr_assert_eq(answer.code, wrong->code, "%s: %.*s", wrong->call.path, SP_FMT(answer.message));
    cr_assert_eq(answer.status, wrong->status, "%s", wrong->message);
    cr_assert(memmem(answer.message.data, answer.message.size, wrong->message,
                     strlen(wrong->message)) != NULL,
              "%.*s", SP_FMT(answer.message));
    cr_assert(rig_text(answer.whole, "request_id", rig.arena).size == 34);
    cr_assert_eq(answer.data.kind, SP_JSON_NONE);
}

Test(api, answers_what_is_right_with_code_0)
{
    struct rig_answer answer =
        rig_call(rig.sandbox, rig.arena,
                 &(struct rig_call){.method = "GET", .path = SHOPS, .without_cipher = true});
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(answer.message, "Success"));
    cr_assert(sp_text_is(rig_text(answer.data, "shops.0.cipher", rig.arena),
                         rig.sandbox->shops[0].cipher));
    cr_assert(sp_text_is(rig_text(answer.data, "shops.0.region", rig.arena), "GB"));
    cr_assert(sp_text_is(rig_text(answer.data, "shops.0.seller_type", rig.arena), "LOCAL"));
}

Test(api, refuses_paths_methods_and_versions_it_does_not_have)
{
    static const struct wrong wrongs[] = {
        {{.method = "GET", .path = "/nothing"}, 404, 36009009, "path"},
        {{.method = "GET", .path = "/order/202309/orders/1/2/3"}, 404, 36009009, "path"},
        {{.method = "GET", .path = "/"}, 404, 36009009, "path"},
        {{.method = "GET", .path = SEARCH}, 405, 36009010, "method"},
        {{.method = "PATCH", .path = SHOPS}, 405, 36009010, "method"},
        {{.method = "POST", .path = "/order/202201/orders/search"}, 400, 36009014, "version"},
    };
    for (size_t i = 0; i < SP_COUNT(wrongs); i++)
        expect(&wrongs[i]);
}

Test(api, refuses_strangers_in_the_documented_order)
{
    static const struct wrong wrongs[] = {
        {{.method = "GET", .path = SHOPS, .app_key = "other", .sign = ""},
         400,
         36009004,
         "Invalid app_key"},
        {{.method = "GET", .path = SHOPS, .sign = "", .late_s = 999},
         401,
         36009004,
         "Missing credentials"},
        {{.method = "GET", .path = SHOPS, .late_s = 310, .sign = "00"},
         400,
         36009004,
         "earlier than 5 minutes"},
        {{.method = "GET", .path = SHOPS, .late_s = -40}, 400, 36009004, "by more than 30 seconds"},
        {{.method = "GET", .path = SHOPS, .late_s = 1ll << 40}, 400, 36009004, "lesser than 0"},
        {{.method = "GET", .path = SHOPS, .sign = "00", .token = ""}, 401, 106001, "sign"},
        {{.method = "GET", .path = SHOPS, .token = "else"},
         401,
         36009004,
         "x-tts-access-token header is invalid"},
    };
    for (size_t i = 0; i < SP_COUNT(wrongs); i++)
        expect(&wrongs[i]);
}

Test(api, refuses_a_signature_in_upper_case)
{
    struct rig_call call = {.method = "GET", .path = SHOPS, .without_cipher = true};
    char upper[SIGNATURE_HEX + 1];
    memset(upper, 'A', SIGNATURE_HEX);
    upper[SIGNATURE_HEX] = '\0';
    call.sign = upper;
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 106001);
}

Test(api, takes_timestamps_within_five_minutes_and_half_a_minute)
{
    static const int64_t good[] = {0, 295, -25};
    for (size_t i = 0; i < SP_COUNT(good); i++) {
        struct rig_call call = {
            .method = "GET", .path = SHOPS, .without_cipher = true, .late_s = good[i]};
        cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
    }
}

Test(api, tells_an_expired_token_from_an_unknown_one)
{
    grants_expire_access(&rig.sandbox->grants, sandbox_clock(rig.sandbox));
    expect(&(struct wrong){
        {.method = "GET", .path = SHOPS, .without_cipher = true}, 401, 105002, "expired"});
    grants_revoke(&rig.sandbox->grants);
    expect(&(struct wrong){
        {.method = "GET", .path = SHOPS, .without_cipher = true}, 401, 36009004, "header"});
}

Test(api, wants_the_scope_of_each_address)
{
    rig.sandbox->grants.scopes = SCOPE_AUTHORIZATION_INFO;
    expect(&(struct wrong){
        {.method = "POST", .path = SEARCH}, 403, 105005, "you should apply auth pkg for this api"});
    struct rig_call call = {.method = "GET", .path = SHOPS, .without_cipher = true};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
}

Test(api, wants_the_cipher_where_it_belongs_and_nowhere_else)
{
    expect(
        &(struct wrong){{.method = "GET", .path = SHOPS}, 400, 36009004, "Unexpected identifier"});
    expect(&(struct wrong){{.method = "POST", .path = SEARCH, .query = "category_asset_cipher=x"},
                           400,
                           36009004,
                           "category_asset_cipher is not required"});
    expect(&(struct wrong){
        {.method = "POST", .path = SEARCH, .without_cipher = true}, 400, 106013, "shop_cipher"});
    expect(&(struct wrong){
        {.method = "POST", .path = SEARCH, .cipher = "ROW_other"}, 403, 101000, "shop_cipher"});
}

Test(api, wants_json_where_there_is_a_body)
{
    static const struct wrong wrongs[] = {
        {{.method = "POST", .path = SEARCH, .body = "{"}, 400, 36009022, "JSON"},
        {{.method = "POST", .path = SEARCH, .body = "[1]"}, 400, 36009022, "JSON"},
        {{.method = "POST", .path = SEARCH, .body = "1"}, 400, 36009022, "JSON"},
        {{.method = "POST", .path = SEARCH, .body = "{}", .content_type = "text/plain"},
         400,
         36009022,
         "JSON"},
    };
    for (size_t i = 0; i < SP_COUNT(wrongs); i++)
        expect(&wrongs[i]);
}

Test(api, takes_empty_objects_signed_as_sent_or_as_nothing)
{
    static const char *const bodies[] = {"{}", "[]"};
    for (size_t i = 0; i < SP_COUNT(bodies); i++) {
        struct rig_call call = {
            .method = "POST", .path = SEARCH, .query = "page_size=1", .body = bodies[i]};
        cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
        call.sign_body = "";
        cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
    }
    struct rig_call call = {
        .method = "POST", .path = SEARCH, .query = "page_size=1", .body = "{ }", .sign_body = ""};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 106001);
    call = (struct rig_call){
        .method = "POST", .path = SEARCH, .query = "page_size=1"}; /* no body at all */
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
}

Test(api, lists_every_shop_of_a_cross_border_seller)
{
    struct sandbox_options options = rig_options();
    options.shops = 3;
    rig_finish();
    rig_begin_with(&options);
    struct rig_answer answer =
        rig_call(rig.sandbox, rig.arena,
                 &(struct rig_call){.method = "GET", .path = SHOPS, .without_cipher = true});
    cr_assert_eq(sp_json_count(rig_at(answer.data, "shops")), 3);
    cr_assert(sp_text_is(rig_text(answer.data, "shops.1.seller_type", rig.arena), "CROSS_BORDER"));
    answer = rig_call(rig.sandbox, rig.arena,
                      &(struct rig_call){
                          .method = "GET", .path = "/seller/202309/shops", .without_cipher = true});
    cr_assert_eq(sp_json_count(rig_at(answer.data, "shops")), 3);
    cr_assert_eq(rig_at(answer.data, "shops.0.cipher").kind, SP_JSON_NONE);
    (void)rig_place(rig.sandbox, 2, UNPAID); /* in the first rig.shop */
    struct rig_call call = {.method = "POST", .path = SEARCH, .query = "page_size=10"};
    cr_assert_eq(rig_int(rig_call(rig.sandbox, rig.arena, &call).data, "total_count"), 2);
    call.cipher = rig.sandbox->shops[1].cipher;
    cr_assert_eq(rig_int(rig_call(rig.sandbox, rig.arena, &call).data, "total_count"), 0);
}

Test(api, lists_selling_warehouses_and_one_for_returns)
{
    struct rig_call call = {.method = "GET", .path = "/logistics/202309/warehouses"};
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &call);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "warehouses")), 3);
    cr_assert(sp_text_is(rig_text(answer.data, "warehouses.0.type", rig.arena), "SALES_WAREHOUSE"));
    cr_assert(
        sp_text_is(rig_text(answer.data, "warehouses.2.type", rig.arena), "RETURN_WAREHOUSE"));
    cr_assert(sp_json_bool(rig_at(answer.data, "warehouses.0.is_default")));
    cr_assert_not(sp_json_bool(rig_at(answer.data, "warehouses.1.is_default")));
    cr_assert(rig_text(answer.data, "warehouses.0.address.distict", rig.arena).size > 0); /* sic */
}
