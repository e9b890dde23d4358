/* Cancellations over the Open API.  Covers: api_cancels.c, api_cases.c, cancels.c, cases.c,
 * case_filter.c, case_json.c, case_reasons.c, case_units.c, listing.c */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/buyers.h"

TestSuite(api_cancels, .init = rig_begin, .fini = rig_finish);

static struct rig_answer cancel(uint32_t at, const char *reason, const char *more)
{
    struct sp_text body = sp_arena_printf(
        rig.arena, "{\"order_id\":\"%s\",\"cancel_reason\":\"%s\"%s}", rig_order(at), reason, more);
    return rig_post("/return_refund/202309/cancellations", NULL, body.data);
}

static struct rig_answer search(const char *query, const char *body)
{
    return rig_post("/return_refund/202309/cancellations/search", query, body);
}

static struct sp_json order_of(uint32_t at)
{
    struct sp_text query = sp_arena_printf(rig.arena, "ids=%s", rig_order(at));
    return rig_at(rig_get("/order/202309/orders", query.data).data, "orders.0");
}

static struct rig_answer answer_request(uint32_t which, const char *how, const char *query,
                                        const char *body)
{
    struct sp_text path = sp_arena_printf(rig.arena, "/return_refund/202309/cancellations/%s/%s",
                                          rig_id(ID_CANCEL, which + 1u), how);
    return rig_post(path.data, query, body);
}

static int64_t committed(uint32_t at)
{
    const struct order *order = &rig.shop->book.orders[at];
    const struct order_line *lines = book_lines(&rig.shop->book, order);
    int64_t sum = 0;
    for (uint32_t i = 0; i < order->line_count; i++)
        sum += catalogue_stock(&rig.shop->catalogue, lines[i].sku, order->warehouse)->committed;
    return sum;
}

Test(api_cancels, end_the_order_with_the_sellers_reason)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    struct rig_answer answer = cancel(at, "seller_cancel_reason_wrong_price_uk", "");
    cr_assert_eq(answer.code, 0);
    cr_assert(rig_is(answer.data, "cancel_id", rig_id(ID_CANCEL, 1)));
    cr_assert(rig_is(answer.data, "cancel_status", "CANCELLATION_REQUEST_SUCCESS"));
    struct sp_json order = order_of(at);
    cr_assert(rig_is(order, "status", "CANCELLED"));
    cr_assert(rig_is(order, "cancellation_initiator", "SELLER"));
    cr_assert(rig_is(order, "cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(rig_is(order, "line_items.3.cancel_user", "SELLER"));
    cr_assert(rig_is(order, "line_items.3.cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(rig_is(order, "line_items.3.display_status", "CANCELLED"));
    cr_assert_eq(committed(at), 0);
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 25001001);
}

Test(api_cancels, refund_to_the_cent_what_was_paid)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 0);
    struct sp_json one = rig_at(search(NULL, "{}").data, "cancellations.0"), order = order_of(at);
    cr_assert(sp_text_equal(rig_text(one, "refund_amount.refund_total", rig.arena),
                            rig_text(order, "payment.total_amount", rig.arena)));
    int64_t sum = 0, total;
    struct sp_json_walk walk = sp_json_each(rig_at(one, "cancel_line_items"));
    struct sp_json item;
    for (int64_t part; sp_json_next(&walk, NULL, &item); sum += part)
        cr_assert_eq(sp_json_minor(rig_at(item, "refund_amount.refund_total"), 2, &part), SP_OK);
    cr_assert_eq(sp_json_minor(rig_at(order, "payment.total_amount"), 2, &total), SP_OK);
    cr_assert_eq(sum, total);
    cr_assert(total > 0);
    at = rig_place_four(UNPAID);
    struct rig_answer answer = cancel(at, "seller_cancel_unpaid_reason_wrong_price_uk", "");
    cr_assert(rig_is(answer.data, "cancel_status", "CANCELLATION_REQUEST_COMPLETE"));
    one = rig_at(search(NULL, "{}").data, "cancellations.1");
    cr_assert(rig_is(one, "refund_amount.refund_total", "0.00"));
}

Test(api_cancels, are_refused_in_wrong_states_and_for_wrong_reasons)
{
    static const struct {
        enum order_status status;
        const char *reason;
        int64_t code;
    } cases[] = {
        {AWAITING_COLLECTION, "seller_cancel_reason_wrong_price_uk", 25001001},
        {IN_TRANSIT, "seller_cancel_reason_wrong_price_uk", 25001001},
        {DELIVERED, "seller_cancel_reason_wrong_price_uk", 25001001},
        {AWAITING_SHIPMENT, "seller_cancel_reason_wrong_price", 25001021},
        {AWAITING_SHIPMENT, "seller_cancel_unpaid_reason_wrong_price_uk", 25001021},
        {AWAITING_SHIPMENT, "ecom_order_to_ship_canceled_reason_better_price", 25001021},
        {AWAITING_SHIPMENT, "no_such_reason", 25001021},
        {AWAITING_SHIPMENT, "", 36009004},
        {UNPAID, "seller_cancel_reason_wrong_price_uk", 25001021},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint32_t at = rig_place_four(cases[i].status);
        struct rig_answer answer = cancel(at, cases[i].reason, "");
        cr_assert_eq(answer.code, cases[i].code, "%zu: %lld", i, (long long)answer.code);
        cr_assert_eq(rig.shop->book.orders[at].status, cases[i].status);
    }
    cr_assert_eq(rig_post("/return_refund/202309/cancellations", NULL,
                          "{\"order_id\":\"576\",\"cancel_reason\":\"x\"}")
                     .code,
                 21008111);
    cr_assert_eq(rig_post("/return_refund/202309/cancellations", NULL, "{}").code, 36009004);
    cr_assert_eq(rig.shop->cases.rows[CASE_CANCEL].count, 0);
}

Test(api_cancels, take_single_units_when_they_are_out_of_stock)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    struct sp_text items =
        sp_arena_printf(rig.arena, ",\"order_line_item_ids\":[\"%s\"]", rig_item(at, 1));
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", items.data).code, 25001021);
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
    struct sp_json order = order_of(at);
    cr_assert(rig_is(order, "status", "AWAITING_SHIPMENT"));
    cr_assert(rig_is(order, "line_items.0.display_status", "AWAITING_SHIPMENT"));
    cr_assert(rig_is(order, "line_items.1.display_status", "CANCELLED"));
    cr_assert(rig_is(order, "line_items.1.package_status", "CANCELLED"));
    cr_assert_eq(rig_at(order, "cancel_reason").kind, SP_JSON_NONE);
    cr_assert_eq(committed(at), 3);
    uint32_t sku = book_lines(&rig.shop->book, &rig.shop->book.orders[at])[0].sku;
    cr_assert_eq(
        catalogue_stock(&rig.shop->catalogue, sku, rig.shop->book.orders[at].warehouse)->available,
        0);
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 36009004);
    /* the last three, named by SKU: now the order is at its end */
    struct sp_text rest = sp_arena_printf(
        rig.arena,
        ",\"skus\":[{\"sku_id\":\"%s\",\"quantity\":1},{\"sku_id\":\"%s\",\"quantity\":2}]",
        rig_id(ID_SKU, sku + 1u),
        rig_id(ID_SKU, book_lines(&rig.shop->book, &rig.shop->book.orders[at])[1].sku + 1u));
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", rest.data).code, 0);
    order = order_of(at);
    cr_assert(rig_is(order, "status", "CANCELLED"));
    cr_assert(rig_is(order, "line_items.0.cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(rig_is(order, "line_items.1.cancel_reason", "seller_cancel_reason_out_of_stock_uk"));
    cr_assert_eq(committed(at), 0);
}

Test(api_cancels, move_the_orders_update_time_when_only_a_part_goes)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    rig_pass(rig.sandbox, 50);
    struct sp_text items =
        sp_arena_printf(rig.arena, ",\"order_line_item_ids\":[\"%s\"]", rig_item(at, 0));
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
    cr_assert_eq(rig_int(order_of(at), "update_time"), sandbox_clock(rig.sandbox));
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, SHIP, NULL), SP_OK);
    cr_assert_eq(rig_at(order_of(at), "line_items.0.package_id").kind, SP_JSON_NONE);
    cr_assert_eq(rig_at(order_of(at), "line_items.1.package_id").kind, SP_JSON_STRING);
    cr_assert_eq(committed(at), 0);
}

Test(api_cancels, of_buyers_come_true_at_once_before_the_hold_ends)
{
    uint32_t at = rig_place_four(ON_HOLD);
    (void)buyers_cancel(at);
    cr_assert(rig_is(order_of(at), "status", "CANCELLED"));
    cr_assert(rig_is(order_of(at), "cancellation_initiator", "BUYER"));
    cr_assert(rig_is(search(NULL, "{}").data, "cancellations.0.cancel_type", "CANCEL"));
}

Test(api_cancels, of_buyers_are_requests_that_the_seller_approves)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    uint32_t which = buyers_cancel(at);
    struct sp_json order = order_of(at);
    cr_assert(rig_is(order, "is_buyer_request_cancel", "true"));
    cr_assert_eq(rig_int(order, "request_cancel_time"),
                 rig.shop->book.orders[at].times.cancel_asked);
    struct sp_json one = rig_at(search(NULL, "{}").data, "cancellations.0");
    cr_assert(rig_is(one, "cancel_type", "BUYER_CANCEL"));
    cr_assert(rig_is(one, "cancel_status", "CANCELLATION_REQUEST_PENDING"));
    cr_assert(rig_is(one, "role", "BUYER"));
    cr_assert(rig_is(one, "seller_next_action_response.0.action", "SELLER_RESPOND_CANCEL"));
    cr_assert_leq(llabs(rig_int(one, "seller_next_action_response.0.deadline") -
                        rig_int(one, "create_time") - 48 * 3600),
                  2);
    cr_assert_eq(answer_request(which, "approve", NULL, NULL).code, 0);
    order = order_of(at);
    cr_assert(rig_is(order, "status", "CANCELLED"));
    cr_assert(rig_is(order, "cancellation_initiator", "BUYER"));
    cr_assert(rig_is(order, "is_buyer_request_cancel", "false"));
    cr_assert_eq(answer_request(which, "approve", NULL, NULL).code, 25001001);
}

Test(api_cancels, that_are_rejected_leave_the_order_as_it_was)
{
    static const char why[] = "{\"reject_reason\":\"seller_reject_apply_product_has_been_packed\"}";
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    uint32_t which = buyers_cancel(at);
    cr_assert_eq(answer_request(which, "reject", NULL, "{}").code, 36009004);
    cr_assert_eq(answer_request(which, "reject", NULL, "{\"reject_reason\":\"no\"}").code,
                 25001021);
    cr_assert_eq(answer_request(which, "reject", NULL, why).code, 0);
    struct sp_json order = order_of(at), one = rig_at(search(NULL, "{}").data, "cancellations.0");
    cr_assert(rig_is(order, "status", "AWAITING_SHIPMENT"));
    cr_assert(rig_is(order, "is_buyer_request_cancel", "false"));
    cr_assert(rig_is(one, "cancel_status", "CANCELLATION_REQUEST_CANCELLED"));
    cr_assert_eq(sp_json_count(rig_at(one, "seller_next_action_response")), 0);
    cr_assert_eq(answer_request(99, "reject", NULL, why).code, 36009004);
}

Test(api_cancels, are_answered_once_under_one_idempotency_key)
{
    uint32_t which = buyers_cancel(rig_place_four(AWAITING_SHIPMENT));
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abc", NULL).code, 0);
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abc", NULL).code, 0);
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abd", NULL).code, 25001001);
}

Test(api_cancels, lapse_when_the_order_ships_or_the_buyer_takes_them_back)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT), which = buyers_cancel(at);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, SHIP, NULL), SP_OK);
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_CANCEL, which)->status, CANCEL_CLOSED);
    at = rig_place_four(AWAITING_SHIPMENT);
    which = buyers_cancel(at);
    cr_assert_eq(cancels_withdraw(rig.sandbox, rig.shop, which), API_OK);
    cr_assert_not(rig.shop->book.orders[at].wants_cancel);
    which = buyers_cancel(at); /* they may ask again */
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 0);
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_CANCEL, which)->status, CANCEL_CLOSED);
}

Test(api_cancels, are_approved_and_refunded_by_time_alone)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT), which = buyers_cancel(at);
    const struct aftersale *one = cases_at(&rig.shop->cases, CASE_CANCEL, which);
    rig_pass(rig.sandbox, 48 * 3600 - 1);
    cr_assert_eq(one->status, CANCEL_PENDING);
    rig_pass(rig.sandbox, 1);
    cr_assert_eq(one->status, CANCEL_SUCCESS);
    cr_assert_eq(rig.shop->book.orders[at].status, CANCELLED);
    cr_assert_eq(rig.shop->book.orders[at].initiator, BUYER);
    rig_pass(rig.sandbox, CANCEL_REFUND_S);
    cr_assert_eq(one->status, CANCEL_COMPLETE);
    cr_assert_eq(one->updated, sandbox_clock(rig.sandbox));
}

Test(api_cancels, go_all_their_way_in_one_jump_of_the_clock)
{
    uint32_t which = buyers_cancel(rig_place_four(AWAITING_SHIPMENT));
    rig_pass(rig.sandbox, CANCEL_ANSWER_S + CANCEL_REFUND_S);
    cr_assert_eq(cases_at(&rig.shop->cases, CASE_CANCEL, which)->status, CANCEL_COMPLETE);
}

Test(api_cancels, without_a_word_get_a_record_too)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    cr_assert_eq(trade_cancel(rig.sandbox, rig.shop, at, SYSTEM, NULL), SP_OK);
    (void)rig_place(rig.sandbox, 1, CANCELLED);
    struct rig_answer answer = search(NULL, NULL);
    cr_assert_eq(rig_int(answer.data, "total_count"), 2);
    cr_assert(rig_is(answer.data, "cancellations.0.role", "SYSTEM"));
    cr_assert(rig_is(answer.data, "cancellations.0.cancel_reason",
                     "system_cancel_order_reason_shipping_timeout"));
    cr_assert(
        rig_is(answer.data, "cancellations.1.cancel_status", "CANCELLATION_REQUEST_COMPLETE"));
}

/* A unit that is cancelled leaves its package; a package that is empty is cancelled with it. */
Test(api_cancels, take_units_out_of_their_packages)
{
    rig.shop->region = region_of_code("DE"); /* packages are there before shipping */
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    rig.shop->region = region_of_code("GB");
    struct order *order = &rig.shop->book.orders[at];
    order->by_seller = false;
    uint32_t package = packages_only(&rig.shop->packages, order);
    cr_assert_neq(package, PACKAGE_NONE);
    for (uint32_t unit = 0; unit < 3; unit++) {
        struct sp_text items =
            sp_arena_printf(rig.arena, ",\"order_line_item_ids\":[\"%s\"]", rig_item(at, unit));
        cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
        cr_assert_eq(packages_units(&rig.shop->packages, order, package), 3 - unit);
        cr_assert_eq(packages_only(&rig.shop->packages, order), package);
    }
    struct shipment shipment = {.handover = HANDOVER_DROP_OFF};
    package_send(rig.sandbox, rig.shop, package, &shipment);
    cr_assert_eq(order->status, AWAITING_COLLECTION);
    cr_assert_eq(rig_at(order_of(at), "line_items.2.package_id").kind, SP_JSON_NONE);
    cr_assert_eq(rig_at(order_of(at), "line_items.3.package_id").kind, SP_JSON_STRING);
}

Test(api_cancels, of_the_rest_leave_an_order_shipped_that_was_in_part)
{
    uint32_t at = rig_place_four(AWAITING_SHIPMENT);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, SHIP_PART, NULL), SP_OK);
    struct sp_text rest = sp_arena_printf(rig.arena, ",\"order_line_item_ids\":[\"%s\",\"%s\"]",
                                          rig_item(at, 2), rig_item(at, 3));
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", rest.data).code, 0);
    cr_assert_eq(rig.shop->book.orders[at].status, AWAITING_COLLECTION);
    cr_assert_eq(committed(at), 0);
}
