/* Orders over the Open API.  Covers: api_orders.c */
#include <criterion/criterion.h>

#include "common/http_client.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

TestSuite(api_orders, .init = rig_begin, .fini = rig_finish);

static struct rig_answer search(const char *query, const char *body)
{
    return rig_post("/order/202309/orders/search", query, body);
}

/* The query with the page token of an answer behind it, encoded. */
static const char *next_of(const char *query, const struct rig_answer *answer)
{
    struct sp_buffer next = {0};
    sp_buffer_printf(&next, "%s&page_token=", query);
    sp_url_encode(&next, rig_text(answer->data, "next_page_token", rig.arena));
    sp_buffer_put(&next, "", 1);
    const char *kept = sp_arena_copy(rig.arena, sp_buffer_text(&next)).data;
    sp_buffer_free(&next);
    return kept;
}

Test(api_orders, are_walked_page_by_page_each_once)
{
    enum { ORDERS = 23 };
    static const char query[] = "page_size=5&sort_field=create_time&sort_order=ASC";
    (void)rig_place(rig.sandbox, ORDERS, AWAITING_SHIPMENT);
    struct rig_answer answer = search(query, "{}");
    size_t seen = 0, pages = 0;
    for (;;) {
        struct sp_json orders = rig_at(answer.data, "orders"), order;
        struct sp_json_walk walk = sp_json_each(orders);
        for (; sp_json_next(&walk, NULL, &order); seen++)
            cr_assert(rig_is(order, "id", rig_order((uint32_t)seen)));
        cr_assert_eq(rig_int(answer.data, "total_count"), ORDERS);
        pages++;
        if (rig_text(answer.data, "next_page_token", rig.arena).size == 0)
            break;
        answer = search(next_of(query, &answer), "{}");
        cr_assert_eq(answer.code, 0);
    }
    cr_assert_eq(seen, ORDERS);
    cr_assert_eq(pages, 5);
}

Test(api_orders, come_newest_first_by_default)
{
    (void)rig_place(rig.sandbox, 3, UNPAID);
    struct rig_answer answer = search("page_size=2", NULL);
    cr_assert(rig_is(answer.data, "orders.0.id", rig_order(2)));
    cr_assert(rig_is(answer.data, "orders.1.id", rig_order(1)));
}

Test(api_orders, are_found_again_behind_when_they_change_during_a_walk)
{
    static const char query[] = "page_size=2&sort_field=update_time&sort_order=ASC";
    (void)rig_place(rig.sandbox, 4, UNPAID);
    struct rig_answer answer = search(query, "{}");
    cr_assert_eq(trade_happen(rig.sandbox, &rig.sandbox->shops[0], 0, PAY, NULL), SP_OK);
    cr_assert_eq(trade_happen(rig.sandbox, &rig.sandbox->shops[0], 2, PAY, NULL), SP_OK);
    answer = search(next_of(query, &answer), "{}");
    cr_assert(rig_is(answer.data, "orders.0.id", rig_order(3)));
    cr_assert(rig_is(answer.data, "orders.1.id", rig_order(0)));
    answer = search(next_of(query, &answer), "{}");
    cr_assert(rig_is(answer.data, "orders.0.id", rig_order(2)));
    cr_assert(sp_text_is(rig_text(answer.data, "orders.0.status", rig.arena), "ON_HOLD"));
}

Test(api_orders, tokens_are_bound_to_their_filter)
{
    static const char query[] = "page_size=2&sort_order=ASC";
    (void)rig_place(rig.sandbox, 5, UNPAID);
    struct rig_answer first = search(query, "{\"order_status\":\"UNPAID\"}");
    cr_assert_eq(search(next_of(query, &first), "{\"order_status\":\"UNPAID\"}").code, 0);
    cr_assert_eq(search(next_of(query, &first), "{\"order_status\" : \"UNPAID\"}").code, 0);
    cr_assert_eq(search(next_of(query, &first), "{}").code, 36009004);
    cr_assert_eq(
        search(next_of("page_size=2&sort_order=DESC", &first), "{\"order_status\":\"UNPAID\"}")
            .code,
        36009004);
    cr_assert_eq(search("page_size=2&page_token=abc", "{}").code, 36009004);
}

Test(api_orders, are_filtered_by_what_the_body_says)
{
    (void)rig_place(rig.sandbox, 3, UNPAID);
    (void)rig_place(rig.sandbox, 2, AWAITING_SHIPMENT);
    int64_t now = sandbox_now(rig.sandbox);
    static const struct {
        const char *body;
        int64_t total;
    } cases[] = {
        {"{\"order_status\":\"AWAITING_SHIPMENT\"}", 2},
        {"{\"order_status\":\"\"}", 5},
        {"{\"order_status\":null}", 5},
        {"{\"is_buyer_request_cancel\":true}", 0},
        {"{\"buyer_user_id\":\"1\"}", 0},
        {"{\"warehouse_ids\":[\"1\"]}", 0},
        {"{\"warehouse_ids\":[]}", 5},
        {"{\"create_time_lt\":5}", 0},
        {"{\"update_time_ge\":5,\"update_time_lt\":6}", 0},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_int(search("page_size=1", cases[i].body).data, "total_count"),
                     cases[i].total, "%s", cases[i].body);
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"create_time_ge\":%lld,\"create_time_lt\":%lld}",
                        (long long)now - 60, (long long)now + 60);
    cr_assert_eq(rig_int(search("page_size=1", body.data).data, "total_count"), 5);
}

Test(api_orders, refuse_parameters_that_are_wrong)
{
    static const struct {
        const char *query, *body;
    } cases[] = {
        {"", "{}"},
        {"page_size=0", "{}"},
        {"page_size=101", "{}"},
        {"page_size=x", "{}"},
        {"page_size=1&sort_field=price", "{}"},
        {"page_size=1&sort_order=UP", "{}"},
        {"page_size=1", "{\"order_status\":\"CANCEL\"}"},
        {"page_size=1", "{\"shipping_type\":\"PIGEON\"}"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_answer answer = search(cases[i].query, cases[i].body);
        cr_assert_eq(answer.code, 36009004, "%s %s", cases[i].query, cases[i].body);
        cr_assert_eq(answer.status, 400);
    }
}

static struct rig_answer detail(const char *query)
{
    return rig_get("/order/202309/orders", query);
}

Test(api_orders, are_shown_in_detail_by_their_ids)
{
    (void)rig_place(rig.sandbox, 3, AWAITING_SHIPMENT);
    struct sp_text query = sp_arena_printf(rig.arena, "ids=%s%%2C%s", rig_order(2), rig_order(0));
    struct rig_answer answer = detail(query.data);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "orders")), 2);
    cr_assert(rig_is(answer.data, "orders.0.id", rig_order(2)));
    cr_assert(rig_text(answer.data, "orders.0.payment_method_code", rig.arena).size > 0);
}

Test(api_orders, refuse_details_of_foreign_orders_and_too_many)
{
    (void)rig_place(rig.sandbox, 1, AWAITING_SHIPMENT);
    struct sp_text query = sp_arena_printf(rig.arena, "ids=%s,576460000000000001", rig_order(0));
    cr_assert_eq(detail(query.data).code, 21008111);
    cr_assert_eq(detail("ids=").code, 36009004);
    cr_assert_eq(detail("").code, 36009004);
    struct sp_buffer many = {0};
    sp_buffer_put_string(&many, "ids=");
    for (int i = 0; i < 51; i++)
        sp_buffer_printf(&many, "%s%s", i > 0 ? "," : "", rig_order(0));
    sp_buffer_put(&many, "", 1);
    cr_assert_eq(detail(many.data).code, 36009004);
    sp_buffer_free(&many);
}
