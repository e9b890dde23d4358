/* Returns and refunds over the Open API.  Covers: api_returns.c, returns.c, case_json.c */
#include <criterion/criterion.h>

#include "services/sandbox/returns.h"
#include "tests/sandbox/buyers.h"

TestSuite(api_returns, .init = rig_begin, .fini = rig_finish);

static const char *path_of(uint32_t which, const char *what)
{
    return sp_arena_printf(rig.arena, "/return_refund/202309/returns/%s/%s",
                           rig_id(ID_RETURN, which + 1u), what)
        .data;
}

static struct rig_answer decide(uint32_t which, const char *what, const char *decision)
{
    struct sp_text body =
        sp_arena_printf(rig.arena,
                        "{\"decision\":\"%s\",\"comment\":\"No.\",\"reject_reason\":"
                        "\"seller_reject_apply_product_not_returnable\"}",
                        decision);
    return rig_post(path_of(which, what), NULL, body.data);
}

static struct sp_json shown(uint32_t which)
{
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"return_ids\":[\"%s\"]}", rig_id(ID_RETURN, which + 1u));
    struct rig_answer answer = rig_post("/return_refund/202309/returns/search", NULL, body.data);
    return rig_at(answer.data, "return_orders.0");
}

static enum api_error happen(uint32_t which, enum return_event event, enum order_initiator who)
{
    struct return_step step = {.event = event, .who = who};
    return returns_happen(rig.sandbox, rig.shop, which, &step);
}

Test(api_returns, go_the_whole_way_of_goods)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_RETURN, buyers_units(at));
    struct sp_json one = shown(which);
    cr_assert(rig_is(one, "return_type", "RETURN_AND_REFUND"));
    cr_assert(rig_is(one, "return_status", "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert(rig_is(one, "role", "BUYER"));
    cr_assert(rig_is(one, "shipment_type", "PLATFORM"));
    cr_assert(rig_is(one, "handover_method", "DROP_OFF"));
    cr_assert(rig_is(one, "seller_next_action_response.0.action", "SELLER_RESPOND_RETURN"));
    cr_assert_eq(sp_json_count(rig_at(one, "return_line_items")), 4);
    cr_assert_eq(rig_at(one, "return_tracking_number").kind, SP_JSON_NONE);
    cr_assert_eq(decide(which, "approve", "APPROVE_REFUND").code, 25001001);
    cr_assert_eq(decide(which, "approve", "APPROVE_RECEIVED_PACKAGE").code, 25001001);
    cr_assert_eq(decide(which, "approve", "APPROVE_RETURN").code, 0);
    cr_assert(rig_is(shown(which), "return_status", "AWAITING_BUYER_SHIP"));
    cr_assert_eq(happen(which, SEND_GOODS, BUYER), API_OK);
    one = shown(which);
    cr_assert(rig_is(one, "return_status", "BUYER_SHIPPED_ITEM"));
    cr_assert(rig_text(one, "return_tracking_number", rig.arena).size > 0);
    cr_assert(
        rig_is(one, "seller_next_action_response.0.action", "SELLER_RESPOND_RECEIVE_PACKAGE"));
    cr_assert_eq(decide(which, "approve", "APPROVE_RECEIVED_PACKAGE").code, 0);
    cr_assert(rig_is(shown(which), "return_status", "RETURN_OR_REFUND_REQUEST_SUCCESS"));
    cr_assert_eq(rig.shop->book.orders[at].status, DELIVERED);
    cr_assert_eq(happen(which, PAY_BACK, SYSTEM), API_OK);
    cr_assert(rig_is(shown(which), "return_status", "RETURN_OR_REFUND_REQUEST_COMPLETE"));
    cr_assert_eq(rig.shop->book.orders[at].status, COMPLETED);
}

Test(api_returns, refund_to_the_cent_what_the_units_cost)
{
    uint32_t at = rig_place_four(DELIVERED);
    const struct order_line *lines = book_lines(&rig.shop->book, &rig.shop->book.orders[at]);
    struct unit_range half = {0, 1, 1};
    uint32_t which = buyers_return(at, TYPE_REFUND, (struct unit_set){&half, 1});
    int64_t total, item;
    struct sp_json one = shown(which);
    cr_assert_eq(sp_json_minor(rig_at(one, "refund_amount.refund_total"), 2, &total), SP_OK);
    cr_assert_eq(total, lines[0].price_minor - lines[0].discount_minor);
    cr_assert(rig_is(one, "return_line_items.0.order_line_item_id", rig_item(at, 1)));
    which =
        buyers_return(at, TYPE_REFUND, buyers_units(at)); /* the other three: not the whole order */
    one = shown(which);
    cr_assert(rig_is(one, "refund_amount.refund_shipping_fee", "0.00"));
    cr_assert_eq(sp_json_count(rig_at(one, "return_line_items")), 3);
    cr_assert_eq(sp_json_minor(rig_at(one, "refund_amount.refund_total"), 2, &total), SP_OK);
    struct sp_json_walk walk = sp_json_each(rig_at(one, "return_line_items"));
    struct sp_json each;
    for (; sp_json_next(&walk, NULL, &each); total -= item)
        cr_assert_eq(sp_json_minor(rig_at(each, "refund_amount.refund_total"), 2, &item), SP_OK);
    cr_assert_eq(total, 0);
    cr_assert_eq(buyers_units(at).count, 0);
}

Test(api_returns, are_rejected_by_decisions_of_their_type)
{
    static const struct {
        enum return_type type;
        const char *wrong, *right, *status;
    } cases[] = {
        {TYPE_REFUND, "REJECT_RETURN", "REJECT_REFUND", "REFUND_OR_RETURN_REQUEST_REJECT"},
        {TYPE_RETURN, "REJECT_REFUND", "REJECT_RETURN", "REFUND_OR_RETURN_REQUEST_REJECT"},
        {TYPE_RETURN, "REJECT_RECEIVED_PACKAGE", "REJECT_RETURN",
         "REFUND_OR_RETURN_REQUEST_REJECT"},
        {TYPE_REPLACEMENT, "REJECT_RETURN", "REJECT_REPLACEMENT", "REPLACEMENT_REQUEST_REJECT"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint32_t at = rig_place_four(DELIVERED);
        uint32_t which = buyers_return(at, cases[i].type, buyers_units(at));
        cr_assert_eq(decide(which, "reject", cases[i].wrong).code, 25001001, "%zu", i);
        cr_assert_eq(decide(which, "reject", cases[i].right).code, 0, "%zu", i);
        cr_assert(rig_is(shown(which), "return_status", cases[i].status), "%zu", i);
        cr_assert_eq(buyers_units(at).count, 2); /* may be asked back again */
    }
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_REFUND, buyers_units(at));
    cr_assert_eq(rig_post(path_of(which, "reject"), NULL, "{\"decision\":\"REJECT_REFUND\"}").code,
                 36009004);
    cr_assert_eq(decide(which, "reject", "MAYBE").code, 36009004);
    cr_assert_eq(decide(99, "reject", "REJECT_REFUND").code, 36009004);
}

Test(api_returns, of_packages_can_be_refused_on_arrival)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_RETURN, buyers_units(at));
    cr_assert_eq(decide(which, "approve", "APPROVE_RETURN").code, 0);
    cr_assert_eq(happen(which, SEND_GOODS, BUYER), API_OK);
    cr_assert_eq(decide(which, "reject", "REJECT_RECEIVED_PACKAGE").code, 0);
    cr_assert(rig_is(shown(which), "return_status", "REJECT_RECEIVE_PACKAGE"));
}

Test(api_returns, that_were_refused_may_be_decided_by_the_platform)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_REFUND, buyers_units(at));
    cr_assert_eq(happen(which, ESCALATE, BUYER), API_CASE_STATUS, "nothing was refused");
    cr_assert_eq(decide(which, "reject", "REJECT_REFUND").code, 0);
    cr_assert_eq(happen(which, SIDE_WITH_BUYER, SYSTEM), API_CASE_STATUS, "nobody has asked");
    cr_assert_eq(happen(which, ESCALATE, BUYER), API_OK);
    cr_assert(rig_is(shown(which), "arbitration_status", "IN_PROGRESS"));
    cr_assert_eq(buyers_units(at).count, 0, "they wait for the decision");
    struct rig_answer found = rig_post("/return_refund/202309/returns/search", NULL,
                                       "{\"arbitration_status\":[\"IN_PROGRESS\"]}");
    cr_assert_eq(rig_int(found.data, "total_count"), 1);
    cr_assert_eq(happen(which, SIDE_WITH_BUYER, SYSTEM), API_OK);
    cr_assert(rig_is(shown(which), "arbitration_status", "SUPPORT_BUYER"));
    cr_assert(rig_is(shown(which), "return_status", "RETURN_OR_REFUND_REQUEST_SUCCESS"));
    cr_assert_eq(happen(which, PAY_BACK, SYSTEM), API_OK);
    cr_assert_eq(rig.shop->book.orders[at].status, COMPLETED);
}

Test(api_returns, let_the_buyer_keep_the_goods_when_the_seller_says_so)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_RETURN, buyers_units(at));
    cr_assert_eq(rig_post(path_of(which, "approve"), NULL,
                          "{\"decision\":\"APPROVE_RETURN\",\"buyer_keep_item\":true}")
                     .code,
                 0);
    struct sp_json one = shown(which);
    cr_assert(rig_is(one, "return_status", "RETURN_OR_REFUND_REQUEST_SUCCESS"));
    cr_assert(rig_is(one, "can_buyer_keep_item", "true"));
}

Test(api_returns, can_be_settled_with_a_part_of_the_money)
{
    static const char offer[] = "{\"decision\":\"OFFER_PARTIAL_REFUND\",\"partial_refund\":"
                                "{\"amount\":\"0.50\",\"currency\":\"GBP\"}}";
    static const char much[] = "{\"decision\":\"OFFER_PARTIAL_REFUND\",\"partial_refund\":"
                               "{\"amount\":\"99999.00\",\"currency\":\"GBP\"}}";
    static const char yen[] = "{\"decision\":\"OFFER_PARTIAL_REFUND\",\"partial_refund\":"
                              "{\"amount\":\"5\",\"currency\":\"JPY\"}}";
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_RETURN, buyers_units(at));
    cr_assert_eq(rig_post(path_of(which, "approve"), NULL, much).code, 36009004);
    cr_assert_eq(rig_post(path_of(which, "approve"), NULL, yen).code, 36009004);
    cr_assert_eq(rig_post(path_of(which, "approve"), NULL, offer).code, 0);
    cr_assert(rig_is(shown(which), "return_status", "AWAITING_BUYER_RESPONSE"));
    cr_assert(rig_is(shown(which), "partial_refund.amount", "0.50"));
    cr_assert_eq(happen(which, DECLINE_PART, BUYER), API_OK);
    cr_assert(rig_is(shown(which), "buyer_rejected_partial_refund", "true"));
    cr_assert(rig_is(shown(which), "return_status", "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert_eq(rig_post(path_of(which, "approve"), NULL, offer).code, 0);
    cr_assert_eq(happen(which, ACCEPT_PART, BUYER), API_OK);
    struct sp_json one = shown(which);
    cr_assert(rig_is(one, "return_status", "RETURN_OR_REFUND_REQUEST_SUCCESS"));
    cr_assert(rig_is(one, "refund_amount.refund_total", "0.50"));
    cr_assert(rig_is(one, "seller_proposed_return_type", "PARTIAL_REFUND"));
}

Test(api_returns, may_be_replacements)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_REPLACEMENT, buyers_units(at));
    cr_assert(rig_is(shown(which), "return_status", "REPLACEMENT_REQUEST_PENDING"));
    cr_assert(
        rig_is(shown(which), "seller_next_action_response.0.action", "SELLER_RESPOND_REPLACEMENT"));
    cr_assert_eq(decide(which, "approve", "APPROVE_REPLACEMENT").code, 0);
    cr_assert(rig_is(shown(which), "return_status", "REPLACEMENT_REQUEST_COMPLETE"));
    struct sp_text query = sp_arena_printf(rig.arena, "ids=%s", rig_order(at + 1));
    struct sp_json again = rig_at(rig_get("/order/202309/orders", query.data).data, "orders.0");
    cr_assert(rig_is(again, "is_replacement_order", "true"));
    cr_assert(rig_is(again, "replaced_order_id", rig_order(at)));
    cr_assert(rig_is(again, "status", "AWAITING_SHIPMENT"));
    cr_assert_eq(rig_minor(again, "payment.total_amount"), 0);
    cr_assert_eq(sp_json_count(rig_at(again, "line_items")), 4);
    at = rig_place_four(DELIVERED);
    which = buyers_return(at, TYPE_REPLACEMENT, buyers_units(at));
    cr_assert_eq(decide(which, "approve", "ISSUE_REPLACEMENT_REFUND").code, 0);
    cr_assert(rig_is(shown(which), "return_status", "REPLACEMENT_REQUEST_REFUND_SUCCESS"));
    cr_assert_eq(rig.shop->book.orders[at].status, COMPLETED);
}

Test(api_returns, are_begun_by_the_seller_within_what_can_be_refunded)
{
    static const char path[] = "/return_refund/202309/returns";
    static const char reason[] = "ecom_order_delivered_refund_reason_missing_product_seller";
    uint32_t at = rig_place_four(DELIVERED);
    const char *order = rig_order(at), *item = rig_item(at, 3);
    struct sp_text body = sp_arena_printf(
        rig.arena,
        "{\"order_id\":\"%s\",\"return_type\":\"REFUND\",\"return_reason\":\"%s\","
        "\"refund_total\":\"0.10\",\"currency\":\"GBP\",\"order_line_item_ids\":[\"%s\"]}",
        order, reason, item);
    struct rig_answer answer = rig_post(path, "idempotency_key=k1", body.data);
    cr_assert_eq(answer.code, 0);
    cr_assert(rig_is(answer.data, "return_status", "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert(rig_is(shown(0), "role", "SELLER"));
    cr_assert(rig_is(shown(0), "refund_amount.refund_total", "0.10"));
    struct rig_answer again = rig_post(path, "idempotency_key=k1", body.data);
    cr_assert(sp_text_equal(rig_text(again.data, "return_id", rig.arena),
                            rig_text(answer.data, "return_id", rig.arena)));
    cr_assert_eq(rig_post(path, "idempotency_key=k2", body.data).code, 36009004);
    body = sp_arena_printf(rig.arena,
                           "{\"order_id\":\"%s\",\"return_type\":\"REFUND\",\"return_reason\":"
                           "\"%s\",\"refund_total\":\"99999\",\"currency\":\"GBP\"}",
                           order, reason);
    cr_assert_eq(rig_post(path, NULL, body.data).code, 36009004);
    body =
        sp_arena_printf(rig.arena, "{\"order_id\":\"%s\",\"return_type\":\"REPLACEMENT\"}", order);
    cr_assert_eq(rig_post(path, NULL, body.data).code, 36009004);
    at = rig_place_four(AWAITING_SHIPMENT);
    body = sp_arena_printf(
        rig.arena, "{\"order_id\":\"%s\",\"return_type\":\"REFUND\",\"return_reason\":\"%s\"}",
        rig_order(at), reason);
    cr_assert_eq(rig_post(path, NULL, body.data).code, 25001001);
    cr_assert_eq(rig.shop->cases.rows[CASE_RETURN].count, 1);
}

Test(api_returns, keep_records_of_what_happened)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_REFUND, buyers_units(at));
    cr_assert_eq(decide(which, "reject", "REJECT_REFUND").code, 0);
    struct rig_answer answer = rig_get(path_of(which, "records"), NULL);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "records")), 2);
    cr_assert(rig_is(answer.data, "records.0.event", "ORDER_RETURN"));
    cr_assert(rig_is(answer.data, "records.0.role", "BUYER"));
    cr_assert(rig_is(answer.data, "records.0.reason_text", "Wrong product was sent"));
    cr_assert(rig_is(answer.data, "records.1.role", "SELLER"));
    cr_assert(rig_is(answer.data, "records.1.note", "No."));
    cr_assert(rig_is(answer.data, "records.1.reason_text", "Product cannot be returned"));
    cr_assert_eq(rig_at(answer.data, "records.1.images").kind, SP_JSON_ARRAY);
    cr_assert_eq(rig_get(path_of(9, "records"), NULL).code, 36009004);
}

Test(api_returns, go_on_by_time_alone)
{
    uint32_t at = rig_place_four(DELIVERED),
             which = buyers_return(at, TYPE_RETURN, buyers_units(at));
    static const struct {
        int64_t after;
        enum return_status status;
    } steps[] = {
        {2 * 86400 - 1, RETURN_PENDING},
        {1, RETURN_AWAITING_GOODS},
        {5 * 86400, RETURN_CANCELLED},
        {9 * 86400, RETURN_CANCELLED},
    };
    for (size_t i = 0; i < SP_COUNT(steps); i++) {
        rig_pass(rig.sandbox, steps[i].after);
        cr_assert_eq(cases_at(&rig.shop->cases, CASE_RETURN, which)->status, steps[i].status, "%zu",
                     i);
    }
    which = buyers_return(at, TYPE_REFUND, buyers_units(at));
    rig_pass(rig.sandbox, 2 * 86400);
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_RETURN, which)->status, RETURN_SUCCESS);
    rig_pass(rig.sandbox, 3600);
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_RETURN, which)->status, RETURN_COMPLETE);
    cr_assert_eq(rig.shop->book.orders[at].status, COMPLETED);
}
