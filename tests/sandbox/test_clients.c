/* What clients in the field do differently, each of which the marketplace takes: how they encode,
 * sign and fill in. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/http_client.h"
#include "tests/sandbox/rig.h"

static void begin(void)
{
    struct sandbox_options options = rig_options();
    options.shops = 2;
    rig_begin_with(&options);
}

TestSuite(clients, .init = begin, .fini = rig_finish);

#define SEARCH "/order/202309/orders/search"
#define DETAIL "/order/202309/orders"
#define PRODUCTS "/product/202502/products/search"
#define WEBHOOKS "/event/202309/webhooks"

static size_t found(const char *query)
{
    return sp_json_count(rig_at(rig_send("GET", DETAIL, query, NULL).data, "orders"));
}

/* ---- queries
 * ------------------------------------------------------------------------------------------- */

Test(clients, join_ids_with_commas_raw_or_encoded)
{
    static const char *const commas[] = {",", "%2C", "%2c"};
    (void)rig_place(rig.sandbox, 2, UNPAID);
    for (size_t i = 0; i < SP_COUNT(commas); i++) {
        struct sp_text query = sp_arena_printf(rig.arena, "ids=%s%s%s", rig_id(ID_ORDER, 1),
                                               commas[i], rig_id(ID_ORDER, 2));
        cr_assert_eq(found(query.data), 2, "%s", commas[i]);
    }
}

Test(clients, send_parameters_that_are_empty_or_of_old_versions)
{
    static const char *const queries[] = {
        "page_size=1&page_token=&sort_field=&sort_order=",
        "page_size=1&version=202212",
        "access_token=ROW_old_style&page_size=1",
        "&page_size=1&&",
        "page%5Fsize=1",
    };
    for (size_t i = 0; i < SP_COUNT(queries); i++)
        cr_assert_eq(rig_send("POST", SEARCH, queries[i], "{}").code, 0, "%s", queries[i]);
}

Test(clients, send_page_tokens_with_their_plus_slash_and_equals_sign_encoded)
{
    (void)rig_place(rig.sandbox, 3, UNPAID);
    struct rig_answer first = rig_send("POST", SEARCH, "page_size=1", "{}");
    struct sp_text token = rig_text(first.data, "next_page_token", rig.arena);
    cr_assert(memchr(token.data, '+', token.size) != NULL && token.data[token.size - 1] == '=');
    struct sp_buffer query = {0};
    sp_buffer_put_string(&query, "page_size=1&page_token=");
    sp_url_encode(&query, token);
    sp_buffer_put(&query, "", 1);
    cr_assert_eq(rig_send("POST", SEARCH, query.data, "{}").code, 0);
    sp_buffer_free(&query);
    struct sp_text raw = sp_arena_printf(rig.arena, "page_size=1&page_token=%.*s", SP_FMT(token));
    cr_assert_eq(rig_send("POST", SEARCH, raw.data, "{}").code, 36009004); /* its + means a space */
}

/* ---- tokens of other walks
 * ----------------------------------------------------------------------------- */

static struct rig_answer follow(const struct rig_call *call, struct sp_text token)
{
    struct sp_buffer query = {0};
    struct rig_call next = *call;
    sp_buffer_put_string(&query, "page_size=1&page_token=");
    sp_url_encode(&query, token);
    sp_buffer_put(&query, "", 1);
    next.query = query.data;
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &next);
    sp_buffer_free(&query);
    return answer;
}

Test(clients, must_not_take_a_page_token_elsewhere)
{
    (void)rig_place(rig.sandbox, 3, UNPAID);
    struct rig_call orders = {
        .method = "POST", .path = SEARCH, .query = "page_size=1", .body = "{}"};
    struct rig_call products = {
        .method = "POST", .path = PRODUCTS, .query = "page_size=1", .body = "{}"};
    struct sp_text order =
        rig_text(rig_call(rig.sandbox, rig.arena, &orders).data, "next_page_token", rig.arena);
    struct sp_text product =
        rig_text(rig_call(rig.sandbox, rig.arena, &products).data, "next_page_token", rig.arena);
    cr_assert_eq(follow(&orders, order).code, 0);
    cr_assert_eq(follow(&products, product).code, 0);
    cr_assert_eq(follow(&orders, product).code, 36009004);
    cr_assert_eq(follow(&products, order).code, 12019108);
    orders.cipher = products.cipher = rig.sandbox->shops[1].cipher;
    cr_assert_eq(follow(&orders, order).code, 36009004);
    cr_assert_eq(follow(&products, product).code, 12019108);
    products.cipher = NULL;
    products.body = "{\"status\":\"DRAFT\"}";
    cr_assert_eq(follow(&products, product).code, 12019108);
}

/* ---- bodies
 * -------------------------------------------------------------------------------------------- */

Test(clients, escape_what_need_not_be_and_sign_the_bytes_they_send)
{
    static const char put[] = "{ \"event_type\" : \"ORDER_STATUS_CHANGE\",\r\n"
                              "\"address\":\"https:\\/\\/hub.example.com\\/gr\\u00f6\\u00dfe\"}";
    cr_assert_eq(rig_send("PUT", WEBHOOKS, NULL, put).code, 0);
    struct rig_answer answer = rig_send("GET", WEBHOOKS, NULL, NULL);
    cr_assert(sp_text_is(rig_text(answer.data, "webhooks.0.address", rig.arena),
                         "https://hub.example.com/größe"));
    struct rig_call other = {.method = "PUT",
                             .path = WEBHOOKS,
                             .body = put,
                             .sign_body = "{\"event_type\":\"ORDER_STATUS_CHANGE\",\"address\":"
                                          "\"https://hub.example.com/größe\"}"};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &other).code, 106001);
    /* DELETE with a body, which is signed. */
    other = (struct rig_call){.method = "DELETE",
                              .path = WEBHOOKS,
                              .body = "{\"event_type\":\"ORDER_STATUS_CHANGE\"}",
                              .sign_body = ""};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &other).code, 106001);
    other.sign_body = NULL;
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &other).code, 0);
}

Test(clients, write_an_empty_object_as_an_empty_list_anywhere)
{
    static const char *const bodies[] = {
        "[]",
        "{\"order_status\":[],\"update_time_ge\":[]}",
        "{\"warehouse_ids\":{}}",
    };
    (void)rig_place(rig.sandbox, 2, UNPAID);
    for (size_t i = 0; i < SP_COUNT(bodies); i++) {
        struct rig_answer answer = rig_send("POST", SEARCH, "page_size=1", bodies[i]);
        cr_assert_eq(answer.code, 0, "%s", bodies[i]);
        cr_assert_eq(rig_int(answer.data, "total_count"), 2, "%s", bodies[i]);
    }
    struct sp_text path = sp_arena_printf(rig.arena, "/product/202309/products/%s/inventory/update",
                                          rig_id(ID_PRODUCT, 1));
    struct rig_answer answer = rig_send("POST", path.data, NULL, "{\"skus\":[[]]}");
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 1);
}

Test(clients, name_the_content_type_in_their_own_way_or_not_at_all)
{
    static const char *const types[] = {"application/json", "application/json; charset=utf-8",
                                        "Application/JSON"};
    struct rig_call call = {.method = "POST", .path = SEARCH, .query = "page_size=1", .body = "{}"};
    for (size_t i = 0; i < SP_COUNT(types); i++) {
        call.content_type = types[i];
        cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0, "%s", types[i]);
    }
    call.body = NULL; /* POST without a body */
    call.content_type = "";
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
    call = (struct rig_call){.method = "GET", .path = WEBHOOKS, .content_type = "text/plain"};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
}

/* ---- what is refused
 * ----------------------------------------------------------------------------------- */

Test(clients, are_told_by_code_and_keyword_what_was_wrong_with_a_page)
{
    static const struct {
        const char *path, *query;
        int64_t code;
    } cases[] = {
        {SEARCH, "page_size=0", 36009004},     {SEARCH, "page_size=101", 36009004},
        {SEARCH, "page_size=-5", 36009004},    {SEARCH, "page_size=1.5", 36009004},
        {SEARCH, "page_size=", 36009004},      {PRODUCTS, "page_size=0", 12019109},
        {PRODUCTS, "page_size=101", 12019109}, {PRODUCTS, "page_size=ten", 12019109},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_answer answer = rig_send("POST", cases[i].path, cases[i].query, "{}");
        cr_assert_eq(answer.code, cases[i].code, "%s", cases[i].query);
        cr_assert(memmem(answer.message.data, answer.message.size, "page_size", 9) != NULL);
    }
    cr_assert_eq(rig_send("POST", SEARCH, "page_size=100", "{}").code, 0);
    cr_assert_eq(rig_send("POST", PRODUCTS, "page_size=1", "{}").code, 0);
}

Test(clients, must_spell_the_address_as_it_is)
{
    static const struct {
        const char *path;
        int64_t code;
    } cases[] = {
        {"/order/202309/orders/search/", 36009009},   {"/Order/202309/orders/search", 36009009},
        {"//order/202309/orders/search", 36009009},   {"/order/202401/orders/search", 36009014},
        {"/order/v2/orders/search", 36009009},        {"/api/orders/search", 36009009},
        {"/order/202309/orders/search%2F", 36009009},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_send("POST", cases[i].path, "page_size=1", "{}").code, cases[i].code, "%s",
                     cases[i].path);
}

Test(clients, must_stamp_their_calls_within_the_window)
{
    static const struct {
        int64_t late_s, code;
    } cases[] = {{298, 0}, {303, 36009004}, {-28, 0}, {-33, 36009004}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_call call = {.method = "GET", .path = WEBHOOKS, .late_s = cases[i].late_s};
        cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, cases[i].code, "%lld",
                     (long long)cases[i].late_s);
    }
    static const char *const stamps[] = {"timestamp=17e8", "timestamp=1735689600.5", "timestamp="};
    for (size_t i = 0; i < SP_COUNT(stamps); i++)
        cr_assert_eq(rig_send("GET", WEBHOOKS, stamps[i], NULL).code, 36009004, "%s", stamps[i]);
}
