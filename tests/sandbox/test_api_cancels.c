/* Cancellations over the Open API.  Covers: api_cancels.c, api_cases.c, cancels.c, cases.c,
 * case_filter.c, case_json.c, case_reasons.c, case_units.c, listing.c */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

static struct sandbox *sandbox;
static struct shop *shop;
static struct sp_arena *arena;

static void open_all(void)
{
    struct sandbox_options options = rig_options();
    sandbox = rig_open(&options);
    shop = &sandbox->shops[0];
    rig_authorize(sandbox);
    arena = sp_arena_open();
}

static void pass(int64_t seconds)
{
    sandbox->clock.latest += seconds;
    sandbox->clock.at_us += seconds * 1000000;
}

static void close_all(void)
{
    sandbox_close(&sandbox);
    sp_arena_close(&arena);
}

TestSuite(api_cancels, .init = open_all, .fini = close_all);

static struct rig_answer post(const char *path, const char *query, const char *body)
{
    struct rig_call call = {.method = "POST", .path = path, .query = query, .body = body};
    return rig_call(sandbox, arena, &call);
}

static struct rig_answer cancel(uint32_t at, const char *reason, const char *more)
{
    struct sp_text body = sp_arena_printf(arena, "{\"order_id\":\"%s\",\"cancel_reason\":\"%s\"%s}",
                                          rig_order(sandbox, arena, at), reason, more);
    return post("/return_refund/202309/cancellations", NULL, body.data);
}

static struct rig_answer search(const char *query, const char *body)
{
    return post("/return_refund/202309/cancellations/search", query, body);
}

static struct sp_json order_of(uint32_t at)
{
    struct sp_text query = sp_arena_printf(arena, "ids=%s", rig_order(sandbox, arena, at));
    struct rig_call call = {.method = "GET", .path = "/order/202309/orders", .query = query.data};
    return rig_at(rig_call(sandbox, arena, &call).data, "orders.0");
}

static struct rig_answer answer_request(uint32_t which, const char *how, const char *query,
                                        const char *body)
{
    struct sp_text path = sp_arena_printf(arena, "/return_refund/202309/cancellations/%s/%s",
                                          rig_id(sandbox, arena, ID_CANCEL, which + 1u), how);
    return post(path.data, query, body);
}

/* A buyer asks for all that is left. */
static uint32_t ask(uint32_t at)
{
    struct cancel_wish wish = {
        .order = at,
        .units = case_units_free(shop, &shop->book.orders[at], CASE_CANCEL, arena),
        .reason = cancel_reason_of(SP_TEXT("ecom_order_to_ship_canceled_reason_better_price"))};
    uint32_t which;
    cr_assert_eq(cancels_by_buyer(sandbox, shop, &wish, &which), API_OK);
    return which;
}

static int64_t committed(uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    const struct order_line *lines = book_lines(&shop->book, order);
    int64_t sum = 0;
    for (uint32_t i = 0; i < order->line_count; i++)
        sum += catalogue_stock(&shop->catalogue, lines[i].sku, order->warehouse)->committed;
    return sum;
}

static bool text_is(struct sp_json value, const char *path, const char *wanted)
{
    return sp_text_is(rig_text(value, path, arena), wanted);
}

Test(api_cancels, end_the_order_with_the_sellers_reason)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    struct rig_answer answer = cancel(at, "seller_cancel_reason_wrong_price_uk", "");
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "cancel_id", rig_id(sandbox, arena, ID_CANCEL, 1)));
    cr_assert(text_is(answer.data, "cancel_status", "CANCELLATION_REQUEST_SUCCESS"));
    struct sp_json order = order_of(at);
    cr_assert(text_is(order, "status", "CANCELLED"));
    cr_assert(text_is(order, "cancellation_initiator", "SELLER"));
    cr_assert(text_is(order, "cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(text_is(order, "line_items.3.cancel_user", "SELLER"));
    cr_assert(text_is(order, "line_items.3.cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(text_is(order, "line_items.3.display_status", "CANCELLED"));
    cr_assert_eq(committed(at), 0);
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 25001001);
}

Test(api_cancels, refund_to_the_cent_what_was_paid)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 0);
    struct sp_json one = rig_at(search(NULL, "{}").data, "cancellations.0"), order = order_of(at);
    cr_assert(sp_text_equal(rig_text(one, "refund_amount.refund_total", arena),
                            rig_text(order, "payment.total_amount", arena)));
    int64_t sum = 0, total;
    struct sp_json_walk walk = sp_json_each(rig_at(one, "cancel_line_items"));
    struct sp_json item;
    for (int64_t part; sp_json_next(&walk, NULL, &item); sum += part)
        cr_assert_eq(sp_json_minor(rig_at(item, "refund_amount.refund_total"), 2, &part), SP_OK);
    cr_assert_eq(sp_json_minor(rig_at(order, "payment.total_amount"), 2, &total), SP_OK);
    cr_assert_eq(sum, total);
    cr_assert(total > 0);
    at = rig_place_four(sandbox, UNPAID);
    struct rig_answer answer = cancel(at, "seller_cancel_unpaid_reason_wrong_price_uk", "");
    cr_assert(text_is(answer.data, "cancel_status", "CANCELLATION_REQUEST_COMPLETE"));
    one = rig_at(search(NULL, "{}").data, "cancellations.1");
    cr_assert(text_is(one, "refund_amount.refund_total", "0.00"));
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
        uint32_t at = rig_place_four(sandbox, cases[i].status);
        struct rig_answer answer = cancel(at, cases[i].reason, "");
        cr_assert_eq(answer.code, cases[i].code, "%zu: %lld", i, (long long)answer.code);
        cr_assert_eq(shop->book.orders[at].status, cases[i].status);
    }
    cr_assert_eq(post("/return_refund/202309/cancellations", NULL,
                      "{\"order_id\":\"576\",\"cancel_reason\":\"x\"}")
                     .code,
                 21008111);
    cr_assert_eq(post("/return_refund/202309/cancellations", NULL, "{}").code, 36009004);
    cr_assert_eq(shop->cases.rows[CASE_CANCEL].count, 0);
}

Test(api_cancels, take_single_units_when_they_are_out_of_stock)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    struct sp_text items = sp_arena_printf(arena, ",\"order_line_item_ids\":[\"%s\"]",
                                           rig_item(sandbox, arena, at, 1));
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", items.data).code, 25001021);
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
    struct sp_json order = order_of(at);
    cr_assert(text_is(order, "status", "AWAITING_SHIPMENT"));
    cr_assert(text_is(order, "line_items.0.display_status", "AWAITING_SHIPMENT"));
    cr_assert(text_is(order, "line_items.1.display_status", "CANCELLED"));
    cr_assert(text_is(order, "line_items.1.package_status", "CANCELLED"));
    cr_assert_eq(rig_at(order, "cancel_reason").kind, SP_JSON_NONE);
    cr_assert_eq(committed(at), 3);
    uint32_t sku = book_lines(&shop->book, &shop->book.orders[at])[0].sku;
    cr_assert_eq(catalogue_stock(&shop->catalogue, sku, shop->book.orders[at].warehouse)->available,
                 0);
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 36009004);
    /* the last three, named by SKU: now the order is at its end */
    struct sp_text rest = sp_arena_printf(
        arena, ",\"skus\":[{\"sku_id\":\"%s\",\"quantity\":1},{\"sku_id\":\"%s\",\"quantity\":2}]",
        rig_id(sandbox, arena, ID_SKU, sku + 1u),
        rig_id(sandbox, arena, ID_SKU,
               book_lines(&shop->book, &shop->book.orders[at])[1].sku + 1u));
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", rest.data).code, 0);
    order = order_of(at);
    cr_assert(text_is(order, "status", "CANCELLED"));
    cr_assert(text_is(order, "line_items.0.cancel_reason", "seller_cancel_reason_wrong_price_uk"));
    cr_assert(text_is(order, "line_items.1.cancel_reason", "seller_cancel_reason_out_of_stock_uk"));
    cr_assert_eq(committed(at), 0);
}

Test(api_cancels, move_the_orders_update_time_when_only_a_part_goes)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    pass(50);
    struct sp_text items = sp_arena_printf(arena, ",\"order_line_item_ids\":[\"%s\"]",
                                           rig_item(sandbox, arena, at, 0));
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
    cr_assert_eq(rig_int(order_of(at), "update_time"), sandbox->clock.latest);
    cr_assert_eq(trade_happen(sandbox, shop, at, SHIP, NULL), SP_OK);
    cr_assert_eq(rig_at(order_of(at), "line_items.0.package_id").kind, SP_JSON_NONE);
    cr_assert_eq(rig_at(order_of(at), "line_items.1.package_id").kind, SP_JSON_STRING);
    cr_assert_eq(committed(at), 0);
}

Test(api_cancels, of_buyers_come_true_at_once_before_the_hold_ends)
{
    uint32_t at = rig_place_four(sandbox, ON_HOLD);
    (void)ask(at);
    cr_assert(text_is(order_of(at), "status", "CANCELLED"));
    cr_assert(text_is(order_of(at), "cancellation_initiator", "BUYER"));
    cr_assert(text_is(search(NULL, "{}").data, "cancellations.0.cancel_type", "CANCEL"));
}

Test(api_cancels, of_buyers_are_requests_that_the_seller_approves)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    uint32_t which = ask(at);
    struct sp_json order = order_of(at);
    cr_assert(text_is(order, "is_buyer_request_cancel", "true"));
    cr_assert_eq(rig_int(order, "request_cancel_time"), shop->book.orders[at].times.cancel_asked);
    struct sp_json one = rig_at(search(NULL, "{}").data, "cancellations.0");
    cr_assert(text_is(one, "cancel_type", "BUYER_CANCEL"));
    cr_assert(text_is(one, "cancel_status", "CANCELLATION_REQUEST_PENDING"));
    cr_assert(text_is(one, "role", "BUYER"));
    cr_assert(text_is(one, "seller_next_action_response.0.action", "SELLER_RESPOND_CANCEL"));
    cr_assert_leq(llabs(rig_int(one, "seller_next_action_response.0.deadline") -
                        rig_int(one, "create_time") - 48 * 3600),
                  2);
    cr_assert_eq(answer_request(which, "approve", NULL, NULL).code, 0);
    order = order_of(at);
    cr_assert(text_is(order, "status", "CANCELLED"));
    cr_assert(text_is(order, "cancellation_initiator", "BUYER"));
    cr_assert(text_is(order, "is_buyer_request_cancel", "false"));
    cr_assert_eq(answer_request(which, "approve", NULL, NULL).code, 25001001);
}

Test(api_cancels, that_are_rejected_leave_the_order_as_it_was)
{
    static const char why[] = "{\"reject_reason\":\"seller_reject_apply_product_has_been_packed\"}";
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    uint32_t which = ask(at);
    cr_assert_eq(answer_request(which, "reject", NULL, "{}").code, 36009004);
    cr_assert_eq(answer_request(which, "reject", NULL, "{\"reject_reason\":\"no\"}").code,
                 25001021);
    cr_assert_eq(answer_request(which, "reject", NULL, why).code, 0);
    struct sp_json order = order_of(at), one = rig_at(search(NULL, "{}").data, "cancellations.0");
    cr_assert(text_is(order, "status", "AWAITING_SHIPMENT"));
    cr_assert(text_is(order, "is_buyer_request_cancel", "false"));
    cr_assert(text_is(one, "cancel_status", "CANCELLATION_REQUEST_CANCELLED"));
    cr_assert_eq(sp_json_count(rig_at(one, "seller_next_action_response")), 0);
    cr_assert_eq(answer_request(99, "reject", NULL, why).code, 36009004);
}

Test(api_cancels, are_answered_once_under_one_idempotency_key)
{
    uint32_t which = ask(rig_place_four(sandbox, AWAITING_SHIPMENT));
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abc", NULL).code, 0);
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abc", NULL).code, 0);
    cr_assert_eq(answer_request(which, "approve", "idempotency_key=abd", NULL).code, 25001001);
}

Test(api_cancels, lapse_when_the_order_ships_or_the_buyer_takes_them_back)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT), which = ask(at);
    cr_assert_eq(trade_happen(sandbox, shop, at, SHIP, NULL), SP_OK);
    cr_assert_eq(cases_at(&shop->cases, CASE_CANCEL, which)->status, CANCEL_CLOSED);
    at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    which = ask(at);
    cr_assert_eq(cancels_withdraw(sandbox, shop, which), API_OK);
    cr_assert_not(shop->book.orders[at].wants_cancel);
    which = ask(at); /* they may ask again */
    cr_assert_eq(cancel(at, "seller_cancel_reason_wrong_price_uk", "").code, 0);
    cr_assert_eq(cases_at(&shop->cases, CASE_CANCEL, which)->status, CANCEL_CLOSED);
}

Test(api_cancels, are_approved_and_refunded_by_time_alone)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT), which = ask(at);
    const struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    pass(48 * 3600 - 1);
    cancels_tick(sandbox);
    cr_assert_eq(one->status, CANCEL_PENDING);
    pass(1);
    cancels_tick(sandbox);
    cr_assert_eq(one->status, CANCEL_SUCCESS);
    cr_assert_eq(shop->book.orders[at].status, CANCELLED);
    cr_assert_eq(shop->book.orders[at].initiator, BUYER);
    pass(CANCEL_REFUND_S);
    cancels_tick(sandbox);
    cr_assert_eq(one->status, CANCEL_COMPLETE);
    cr_assert_eq(one->updated, sandbox->clock.latest);
}

Test(api_cancels, without_a_word_get_a_record_too)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    cr_assert_eq(trade_cancel(sandbox, shop, at, SYSTEM, NULL), SP_OK);
    (void)rig_place(sandbox, 1, CANCELLED);
    struct rig_answer answer = search(NULL, NULL);
    cr_assert_eq(rig_int(answer.data, "total_count"), 2);
    cr_assert(text_is(answer.data, "cancellations.0.role", "SYSTEM"));
    cr_assert(text_is(answer.data, "cancellations.0.cancel_reason",
                      "system_cancel_order_reason_shipping_timeout"));
    cr_assert(
        text_is(answer.data, "cancellations.1.cancel_status", "CANCELLATION_REQUEST_COMPLETE"));
}

/* A unit that is cancelled leaves its package; a package that is empty is cancelled with it. */
Test(api_cancels, take_units_out_of_their_packages)
{
    shop->region = region_of_code("DE"); /* packages are there before shipping */
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    shop->region = region_of_code("GB");
    struct order *order = &shop->book.orders[at];
    order->by_seller = false;
    uint32_t package = packages_only(&shop->packages, order);
    cr_assert_neq(package, PACKAGE_NONE);
    for (uint32_t unit = 0; unit < 3; unit++) {
        struct sp_text items = sp_arena_printf(arena, ",\"order_line_item_ids\":[\"%s\"]",
                                               rig_item(sandbox, arena, at, unit));
        cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", items.data).code, 0);
        cr_assert_eq(packages_units(&shop->packages, order, package), 3 - unit);
        cr_assert_eq(packages_only(&shop->packages, order), package);
    }
    struct shipment shipment = {.handover = HANDOVER_DROP_OFF};
    package_send(sandbox, shop, package, &shipment);
    cr_assert_eq(order->status, AWAITING_COLLECTION);
    cr_assert_eq(rig_at(order_of(at), "line_items.2.package_id").kind, SP_JSON_NONE);
    cr_assert_eq(rig_at(order_of(at), "line_items.3.package_id").kind, SP_JSON_STRING);
}

Test(api_cancels, of_the_rest_leave_an_order_shipped_that_was_in_part)
{
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    cr_assert_eq(trade_happen(sandbox, shop, at, SHIP_PART, NULL), SP_OK);
    struct sp_text rest =
        sp_arena_printf(arena, ",\"order_line_item_ids\":[\"%s\",\"%s\"]",
                        rig_item(sandbox, arena, at, 2), rig_item(sandbox, arena, at, 3));
    cr_assert_eq(cancel(at, "seller_cancel_reason_out_of_stock_uk", rest.data).code, 0);
    cr_assert_eq(shop->book.orders[at].status, AWAITING_COLLECTION);
    cr_assert_eq(committed(at), 0);
}
