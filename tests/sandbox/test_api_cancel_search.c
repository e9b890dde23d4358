/* Cancellations searched over the Open API.  Covers: api_cases.c, case_filter.c, listing.c,
 * case_reasons.c */
#include <criterion/criterion.h>

#include "common/http_client.h"
#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "tests/sandbox/buyers.h"

TestSuite(api_cancel_search, .init = rig_begin, .fini = rig_finish);

static struct rig_answer search(const char *query, const char *body)
{
    return rig_post("/return_refund/202309/cancellations/search", query, body);
}

Test(api_cancel_search, are_walked_page_by_page_while_they_change)
{
    static const char query[] = "page_size=2&sort_field=update_time";
    for (int i = 0; i < 5; i++)
        (void)buyers_cancel(rig_place_four(AWAITING_SHIPMENT));
    struct rig_answer answer = search(query, "{}");
    cr_assert_eq(cancels_withdraw(rig.sandbox, rig.shop, 0), API_OK); /* goes to the end */
    static const uint64_t wanted[] = {1, 2, 3, 4, 5, 1};
    for (size_t i = 0; i < SP_COUNT(wanted); i += 2) {
        for (size_t k = 0; k < 2; k++) {
            const char *path = k == 0 ? "cancellations.0.cancel_id" : "cancellations.1.cancel_id";
            cr_assert(rig_is(answer.data, path, rig_id(ID_CANCEL, wanted[i + k])), "%zu", i + k);
        }
        struct sp_text token = rig_text(answer.data, "next_page_token", rig.arena);
        cr_assert_eq(token.size == 0, i == 4);
        struct sp_buffer next = {0};
        sp_buffer_printf(&next, "%s&page_token=", query);
        sp_url_encode(&next, token);
        sp_buffer_put(&next, "", 1);
        if (i < 4)
            answer = search(next.data, "{}");
        sp_buffer_free(&next);
    }
}

Test(api_cancel_search, are_found_by_what_is_asked_of_them)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    (void)buyers_cancel(at);
    (void)rig_place(rig.sandbox, 1, CANCELLED);
    struct sp_text by_order =
        sp_arena_printf(rig.arena, "{\"order_ids\":[\"%s\",\"5\"]}", rig_order(at));
    struct sp_text by_id =
        sp_arena_printf(rig.arena, "{\"cancel_ids\":[\"%s\"]}", rig_id(ID_CANCEL, 2));
    const struct {
        const char *body;
        int64_t total;
    } cases[] = {
        {by_order.data, 1},
        {by_id.data, 1},
        {"{\"order_ids\":[]}", 2},
        {"{\"order_ids\":[\"5\"]}", 0},
        {"{\"buyer_user_ids\":[\"5\"]}", 0},
        {"{\"cancel_types\":[\"BUYER_CANCEL\"]}", 1},
        {"{\"cancel_types\":[\"BUYER_CANCEL\",\"CANCEL\"]}", 2},
        {"{\"cancel_status\":[\"CANCELLATION_REQUEST_COMPLETE\"]}", 1},
        {"{\"cancel_status\":[\"CANCELLATION_REQUEST_CANCEL\"]}", 0},
        {"{\"create_time_ge\":5,\"create_time_lt\":6}", 0},
        {"{\"update_time_lt\":9999999999}", 2},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_int(search(NULL, cases[i].body).data, "total_count"), cases[i].total, "%s",
                     cases[i].body);
    cr_assert_eq(search("page_size=51", "{}").code, 36009004);
    cr_assert_eq(search("page_size=0", "{}").code, 36009004);
    cr_assert_eq(search("sort_field=price", "{}").code, 36009004);
    cr_assert_eq(search("sort_order=UP", "{}").code, 36009004);
    cr_assert_eq(search("page_token=x", "{}").code, 36009004);
    cr_assert_eq(search(NULL, "{\"cancel_status\":[\"DONE\"]}").code, 36009004);
}

/* Where the seller may, and what the reasons are called, depends on the market. */
Test(api_cancel_search, follow_the_rules_of_their_market)
{
    const struct region *us = region_of_code("US"), *vn = region_of_code("VN");
    int plain = cancel_reason_of(SP_TEXT("seller_cancel_reason_out_of_stock"));
    int asked = cancel_reason_of(SP_TEXT("seller_cancel_paid_reason_buyer_requested_cancellation"));
    cr_assert(cancel_reason_fits(plain, us, SELLER, ON_HOLD));
    cr_assert(cancel_reason_fits(plain, vn, SELLER, ON_HOLD));
    cr_assert(cancel_reason_fits(asked, us, SELLER, ON_HOLD));
    cr_assert_not(cancel_reason_fits(asked, vn, SELLER, ON_HOLD));
    uint32_t at = rig_place_four(AWAITING_COLLECTION);
    cr_assert_not(cancels_allowed(rig.shop, &rig.shop->book.orders[at], SELLER));
    cr_assert(cancels_allowed(rig.shop, &rig.shop->book.orders[at], BUYER));
    rig.shop->region = us;
    cr_assert(cancels_allowed(rig.shop, &rig.shop->book.orders[at], SELLER));
    struct sp_text body = sp_arena_printf(
        rig.arena, "{\"order_id\":\"%s\",\"cancel_reason\":\"seller_cancel_reason_wrong_price\"}",
        rig_order(at));
    cr_assert_eq(rig_post("/return_refund/202309/cancellations", NULL, body.data).code, 0);
    rig.shop->region = vn;
    cr_assert_not(cancels_parts_allowed(rig.shop));
}

Test(api_cancel_search, tell_the_reasons_for_which_they_may_be_rejected)
{
    struct rig_call call = {.method = "GET", .path = "/return_refund/202309/reject_reasons"};
    uint32_t which = buyers_cancel(rig_place_four(AWAITING_SHIPMENT));
    struct sp_text query =
        sp_arena_printf(rig.arena, "return_or_cancel_id=%s", rig_id(ID_CANCEL, which + 1u));
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 36009004);
    call.query = query.data;
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &call);
    cr_assert(rig_is(answer.data, "reasons.0.name", "seller_reject_apply_product_has_been_packed"));
    cr_assert(rig_text(answer.data, "reasons.0.text", rig.arena).size > 0);
    query = sp_arena_printf(rig.arena, "return_or_cancel_id=%s", rig_id(ID_RETURN, 1));
    call.query = query.data;
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 36009004);
}
