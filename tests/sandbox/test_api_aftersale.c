/* What is told about returns, and their life.  Covers: api_aftersale.c, api_returns.c,
 * case_filter.c, return_life.c */
#include <criterion/criterion.h>

#include "services/sandbox/returns.h"
#include "tests/sandbox/buyers.h"

TestSuite(api_aftersale, .init = rig_begin, .fini = rig_finish);

Test(api_aftersale, returns_are_searched_with_filters)
{
    static const char path[] = "/return_refund/202309/returns/search";
    for (int i = 0; i < 12; i++) {
        uint32_t at = rig_place_four(DELIVERED);
        (void)buyers_return(at, i == 0 ? TYPE_REFUND : TYPE_RETURN, buyers_units(at));
    }
    static const struct {
        const char *body;
        int64_t total;
    } cases[] = {
        {"{}", 12},
        {"{\"return_types\":[\"REFUND\"]}", 1},
        {"{\"return_types\":[\"REFUND\",\"REPLACEMENT\"]}", 1},
        {"{\"return_status\":[\"RETURN_OR_REFUND_REQUEST_PENDING\"]}", 12},
        {"{\"return_status\":[\"AWAITING_BUYER_SHIP\"]}", 0},
        {"{\"arbitration_status\":[\"IN_PROGRESS\"]}", 0},
        {"{\"seller_proposed_return_type\":[\"PARTIAL_REFUND\"]}", 0},
        {"{\"return_ids\":[\"7\"]}", 0},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_int(rig_post(path, NULL, cases[i].body).data, "total_count"),
                     cases[i].total, "%s", cases[i].body);
    struct rig_answer answer = rig_post(path, NULL, "{}");
    cr_assert_eq(sp_json_count(rig_at(answer.data, "return_orders")), 10);
    cr_assert(rig_text(answer.data, "next_page_token", rig.arena).size > 0);
    cr_assert_eq(rig_post(path, "page_size=9", "{}").code, 36009004);
    cr_assert_eq(rig_post(path, "page_size=51", "{}").code, 36009004);
    cr_assert_eq(rig_post(path, NULL, "{\"return_types\":[\"GIFT\"]}").code, 36009004);
}

Test(api_aftersale, tell_what_is_possible_for_each_unit)
{
    uint32_t at = rig_place_four(DELIVERED);
    struct unit_range one = {0, 0, 1};
    (void)buyers_return(at, TYPE_REFUND, (struct unit_set){&one, 1});
    struct sp_text path = sp_arena_printf(
        rig.arena, "/return_refund/202309/orders/%s/aftersale_eligibility", rig_order(at));
    struct rig_answer answer = rig_get(path.data, "initiate_aftersale_user=SELLER");
    cr_assert_eq(answer.code, 0);
    struct sp_json sku = rig_at(answer.data, "sku_eligibility.0.line_item_eligibility");
    cr_assert(rig_is(sku, "0.request_type", "CANCEL"));
    cr_assert(rig_is(sku, "0.eligible", "false"));
    cr_assert_eq(rig_int(sku, "0.ineligible_code"), 25001001);
    cr_assert_eq(sp_json_count(rig_at(sku, "0.order_line_items_ids")), 2);
    cr_assert(rig_is(sku, "1.request_type", "RETURN"));
    cr_assert(rig_is(sku, "1.eligible", "true"));
    cr_assert(rig_is(sku, "1.order_line_items_ids.0", rig_item(at, 1)));
    cr_assert(rig_is(sku, "2.eligible", "false"));
    cr_assert(rig_is(sku, "3.request_type", "RETURN_AND_REFUND"));
    cr_assert_eq(rig_get(path.data, "initiate_aftersale_user=CAT").code, 36009004);
    cr_assert_eq(rig_get("/return_refund/202309/orders/5/aftersale_eligibility", NULL).code,
                 21008111);
}

Test(api_aftersale, calculate_before_anything_happens)
{
    static const char path[] = "/return_refund/202309/refunds/calculate";
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    const char *order = rig_order(at);
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"order_id\":\"%s\",\"request_type\":\"CANCEL\"}", order);
    struct rig_answer answer = rig_post(path, NULL, body.data);
    cr_assert(rig_is(answer.data, "order_refund_amount.currency", "GBP"));
    cr_assert(rig_is(answer.data, "order_refund_amount.refund_shipping_fee", "2.99"));
    body = sp_arena_printf(
        rig.arena,
        "{\"order_id\":\"%s\",\"request_type\":\"REFUND\",\"order_line_item_ids\":[\"%s\"]}", order,
        rig_item(at, 0));
    answer = rig_post(path, NULL, body.data);
    cr_assert(rig_is(answer.data, "order_refund_amount.refund_shipping_fee", "0.00"));
    cr_assert_eq(rig.shop->cases.rows[CASE_RETURN].count, 0);
    body = sp_arena_printf(rig.arena, "{\"order_id\":\"%s\",\"request_type\":\"HUG\"}", order);
    cr_assert_eq(rig_post(path, NULL, body.data).code, 36009004);
}

/* ---- the life
 * ------------------------------------------------------------------------------------------ */

Test(return_life, waits_only_for_steps_there_are)
{
    for (int status = 0; status < RETURN_STATUSES; status++) {
        for (int type = 0; type < RETURN_TYPES; type++) {
            struct return_wait wait =
                return_wait_in((enum return_status)status, (enum return_type)type);
            int next;
            if (wait.seconds != 0)
                cr_assert(sp_state_next(&return_life, status, (int)wait.event, &next));
        }
        cr_assert_eq(return_status_of(sp_text_of(return_status_name((enum return_status)status))),
                     status);
    }
    cr_assert_eq(return_status_of(SP_TEXT("RETURN_OR_REFUND__REQUEST_CANCELLED")), -1);
}

Test(return_life, is_decided_about_once)
{
    static const struct {
        enum arbitration before;
        enum return_event event;
        enum arbitration after;
        bool may;
    } cases[] = {
        {ARBITRATION_NONE, ESCALATE, ARBITRATION_IN_PROGRESS, true},
        {ARBITRATION_NONE, SIDE_WITH_BUYER, ARBITRATION_FOR_BUYER, false},
        {ARBITRATION_IN_PROGRESS, ESCALATE, ARBITRATION_IN_PROGRESS, false},
        {ARBITRATION_IN_PROGRESS, SIDE_WITH_SELLER, ARBITRATION_FOR_SELLER, true},
        {ARBITRATION_IN_PROGRESS, DROP_CASE, ARBITRATION_CLOSED, true},
        {ARBITRATION_FOR_SELLER, ESCALATE, ARBITRATION_IN_PROGRESS, false},
        {ARBITRATION_FOR_BUYER, PAY_BACK, ARBITRATION_FOR_BUYER, true},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        enum arbitration after;
        cr_assert_eq(arbitration_next(cases[i].before, cases[i].event, &after), cases[i].may);
        cr_assert_eq(after, cases[i].after, "%zu", i);
    }
}

Test(return_life, has_exactly_the_steps_that_are_documented)
{
    rig_steps_are_documented(&return_life);
}
