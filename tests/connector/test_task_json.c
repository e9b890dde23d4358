/* Tasks as the marketplace is asked, and what it says.  Covers: task_request.c, task_json.c */
#include <criterion/criterion.h>

#include "services/connector/task_json.h"

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(task_json, .init = set_up, .fini = tear_down);

static struct task shipment(const char *handover)
{
    static struct package_ref packages[2];
    packages[0].package_id = SP_TEXT("11");
    packages[1].package_id = SP_TEXT("12");
    return (struct task){.kind = TASK_SHIP,
                         .state = TASK_WANTED,
                         .key = SP_TEXT("shipment/7-5001/1"),
                         .access.shop.account_id = 3,
                         .channel_order_id = SP_TEXT("5001"),
                         .shipment = {.handover = sp_text_of(handover),
                                      .slot_from = 100,
                                      .slot_until = 200,
                                      .carrier_id = SP_TEXT("66"),
                                      .tracking = SP_TEXT("T1"),
                                      .packages = packages,
                                      .packages_count = 2}};
}

static struct task answer_to(enum task_kind kind, int state)
{
    return (struct task){.kind = kind,
                         .state = state,
                         .key = SP_TEXT("action/a1"),
                         .access.shop.account_id = 3,
                         .channel_order_id = SP_TEXT("5001"),
                         .action = {.subject_id = SP_TEXT("41"), .reason = SP_TEXT("no_stock")}};
}

static void assert_request(const struct task *task, const char *path, const char *body)
{
    struct tiktok_call call = {.kind = TIKTOK_WRITE};
    task_request(task, arena, &call);
    cr_assert(sp_text_is(call.path, path), "%.*s", SP_FMT(call.path));
    cr_assert(sp_text_is(call.body, body), "%.*s", SP_FMT(call.body));
    cr_assert_eq(call.once, !task_looks(task), "what changes something goes out once");
}

Test(task_json, ships_all_packages_of_a_shipment)
{
    struct task task = shipment("PICKUP");
    assert_request(&task, "/fulfillment/202309/packages/ship",
                   "{\"packages\":[{\"id\":\"11\",\"handover_method\":\"PICKUP\",\"pickup_slot\":{"
                   "\"start_time\":100,\"end_time\":200}},{\"id\":\"12\",\"handover_method\":"
                   "\"PICKUP\",\"pickup_slot\":{\"start_time\":100,\"end_time\":200}}]}");
    task = shipment("OWN_CARRIER");
    task.shipment.packages_count = 1;
    assert_request(&task, "/fulfillment/202309/packages/ship",
                   "{\"packages\":[{\"id\":\"11\",\"self_shipment\":{\"tracking_number\":\"T1\","
                   "\"shipping_provider_id\":\"66\"}}]}");
    task.kind = TASK_MARK_SHIPPED;
    assert_request(&task, "/fulfillment/202309/orders/5001/packages",
                   "{\"tracking_number\":\"T1\",\"shipping_provider_id\":\"66\"}");
    task.state = TASK_ASKED;
    assert_request(&task, "/order/202309/orders", "");
}

Test(task_json, answers_buyers)
{
    struct task task = answer_to(TASK_CANCEL, TASK_WANTED);
    assert_request(&task, "/return_refund/202309/cancellations",
                   "{\"order_id\":\"5001\",\"cancel_reason\":\"no_stock\"}");
    task = answer_to(TASK_ACCEPT_CANCEL, TASK_WANTED);
    assert_request(&task, "/return_refund/202309/cancellations/41/approve", "");
    task.kind = TASK_DECLINE_CANCEL;
    assert_request(&task, "/return_refund/202309/cancellations/41/reject",
                   "{\"reject_reason\":\"no_stock\"}");
    task.state = TASK_ASKED;
    assert_request(&task, "/return_refund/202309/cancellations/search",
                   "{\"cancel_ids\":[\"41\"]}");
    task = answer_to(TASK_DECLINE_RETURN, TASK_WANTED);
    assert_request(&task, "/return_refund/202309/returns/search", "{\"return_ids\":[\"41\"]}");
    task.decision = SP_TEXT("RECEIVED_PACKAGE");
    assert_request(&task, "/return_refund/202309/returns/41/reject",
                   "{\"decision\":\"REJECT_RECEIVED_PACKAGE\",\"reject_reason\":\"no_stock\"}");
    task.kind = TASK_ACCEPT_RETURN;
    assert_request(&task, "/return_refund/202309/returns/41/approve",
                   "{\"decision\":\"APPROVE_RECEIVED_PACKAGE\"}");
}

Test(task_json, repeats_carry_the_same_idempotency_key)
{
    struct task task = answer_to(TASK_ACCEPT_CANCEL, TASK_WANTED);
    for (task.tries = 0; task.tries < 3; task.tries++) {
        struct tiktok_call call = {.kind = TIKTOK_WRITE};
        task_request(&task, arena, &call);
        cr_assert_eq(call.param_count, 1);
        cr_assert(sp_text_is(call.params[0].value, "3-action/a1"));
    }
}

static struct task_answer read(const struct task *task, const char *json)
{
    struct sp_json data;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &data, NULL), SP_OK);
    return task_read(task, data, arena);
}

Test(task_json, an_error_of_one_package_is_a_refusal)
{
    struct task task = shipment("DROP_OFF");
    cr_assert_eq(read(&task, "{}").word, TASK_YES);
    cr_assert_eq(read(&task, "{\"errors\":[]}").word, TASK_YES);
    cr_assert_eq(read(&task, "{\"errors\":{}}").word, TASK_YES);
    struct task_answer answer =
        read(&task, "{\"errors\":[{\"code\":10007014,\"message\":\"frozen\","
                    "\"detail\":{\"package_id\":\"12\"}}]}");
    cr_assert_eq(answer.word, TASK_NO);
    cr_assert(sp_text_is(answer.problem, "package 12: 10007014 frozen"));
}

#define ITEM(package, status, tracking)                                                            \
    "{\"package_id\":\"" package "\",\"package_status\":\"" status                                 \
    "\",\"tracking_number\":\"" tracking "\",\"shipping_provider_name\":\"J&T\"}"
#define ORDER(status, items)                                                                       \
    "{\"orders\":[{\"id\":\"5001\",\"status\":\"" status "\",\"line_items\":[" items "]}]}"

Test(task_json, a_shipment_is_seen_in_its_order)
{
    struct task task = shipment("DROP_OFF");
    task.state = TASK_ASKED;
    struct task_answer answer =
        read(&task, ORDER("AWAITING_COLLECTION",
                          ITEM("11", "PROCESSING", "T11") "," ITEM("12", "PROCESSING", "")));
    cr_assert_eq(answer.word, TASK_YES);
    cr_assert_not(answer.complete);
    cr_assert_eq(answer.package_count, 2);
    cr_assert(sp_text_is(answer.packages[0].tracking, "T11"));
    cr_assert(sp_text_is(answer.packages[0].carrier, "J&T"));
    answer = read(&task, ORDER("PARTIALLY_SHIPPING",
                               ITEM("11", "FULFILLING", "T11") "," ITEM("12", "TO_FULFILL", "")));
    cr_assert_eq(answer.word, TASK_OPEN, "one of them is not shipped");
    cr_assert_eq(answer.package_count, 1);
    answer = read(&task, ORDER("AWAITING_SHIPMENT", ITEM("11", "TO_FULFILL", "")));
    cr_assert_eq(answer.word, TASK_NO);
    cr_assert(sp_text_is(answer.problem, "PACKAGE_GONE 12"));
    answer = read(&task, ORDER("CANCELLED", ITEM("11", "CANCELLED", "")));
    cr_assert_eq(answer.word, TASK_NO);
    cr_assert_eq(read(&task, "{\"orders\":[]}").word, TASK_NO_ANSWER);
}

Test(task_json, a_seller_cancels)
{
    struct task task = answer_to(TASK_CANCEL, TASK_WANTED);
    cr_assert_eq(read(&task, "{\"cancel_id\":\"9\"}").word, TASK_YES);
    task.state = TASK_ASKED;
    cr_assert_eq(read(&task, ORDER("CANCELLED", "")).word, TASK_YES);
    cr_assert_eq(read(&task, ORDER("AWAITING_SHIPMENT", "")).word, TASK_OPEN);
}

#define UNIT(id, status) "{\"id\":\"" id "\",\"display_status\":\"" status "\"}"

Test(task_json, a_seller_cancels_single_units)
{
    const struct unit_id units[] = {{SP_TEXT("71")}, {SP_TEXT("72")}};
    struct task task = answer_to(TASK_CANCEL, TASK_WANTED);
    task.action.units = units;
    task.action.units_count = SP_COUNT(units);
    assert_request(&task, "/return_refund/202309/cancellations",
                   "{\"order_id\":\"5001\",\"cancel_reason\":\"no_stock\","
                   "\"order_line_item_ids\":[\"71\",\"72\"]}");
    task.state = TASK_ASKED;
    static const struct {
        const char *order;
        enum task_word word;
    } seen[] = {
        {ORDER("AWAITING_SHIPMENT", UNIT("71", "CANCELLED") "," UNIT("72", "CANCELLED") "," UNIT(
                                        "73", "AWAITING_SHIPMENT")),
         TASK_YES},
        {ORDER("AWAITING_SHIPMENT", UNIT("71", "CANCELLED") "," UNIT("72", "AWAITING_SHIPMENT")),
         TASK_OPEN},
        {ORDER("AWAITING_SHIPMENT", UNIT("71", "AWAITING_SHIPMENT") "," UNIT("73", "CANCELLED")),
         TASK_OPEN},
        {ORDER("CANCELLED", ""), TASK_YES},
    };
    for (size_t i = 0; i < SP_COUNT(seen); i++)
        cr_expect_eq(read(&task, seen[i].order).word, seen[i].word, "%s", seen[i].order);
}

#define CANCELLATION(status)                                                                       \
    "{\"cancellations\":[{\"cancel_id\":\"40\",\"cancel_status\":\"x\"},{\"cancel_id\":\"41\","    \
    "\"cancel_status\":\"" status "\"}]}"
#define RETURN(status, action)                                                                     \
    "{\"return_orders\":[{\"return_id\":\"41\",\"return_status\":\"" status                        \
    "\",\"seller_next_action_response\":[{\"action\":\"" action "\",\"deadline\":1}]}]}"

Test(task_json, a_buyers_cancellation_is_judged_by_its_status)
{
    struct task accepts = answer_to(TASK_ACCEPT_CANCEL, TASK_ASKED);
    struct task declines = answer_to(TASK_DECLINE_CANCEL, TASK_ASKED);
    static const struct {
        const char *json;
        enum task_word accepts, declines;
    } cases[] = {{CANCELLATION("CANCELLATION_REQUEST_PENDING"), TASK_OPEN, TASK_OPEN},
                 {CANCELLATION("CANCELLATION_REQUEST_SUCCESS"), TASK_YES, TASK_NO},
                 {CANCELLATION("CANCELLATION_REQUEST_COMPLETE"), TASK_YES, TASK_NO},
                 {CANCELLATION("CANCELLATION_REQUEST_CANCEL"), TASK_NO, TASK_YES},
                 {CANCELLATION("CANCELLATION_REQUEST_CANCELLED"), TASK_NO, TASK_YES},
                 {"{\"cancellations\":[]}", TASK_NO, TASK_NO}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        cr_assert_eq(read(&accepts, cases[i].json).word, cases[i].accepts, "%s", cases[i].json);
        cr_assert_eq(read(&declines, cases[i].json).word, cases[i].declines, "%s", cases[i].json);
    }
}

Test(task_json, a_return_says_what_it_waits_for)
{
    struct task task = answer_to(TASK_ACCEPT_RETURN, TASK_WANTED);
    struct task_answer answer =
        read(&task, RETURN("RETURN_OR_REFUND_REQUEST_PENDING", "SELLER_RESPOND_RETURN"));
    cr_assert_eq(answer.word, TASK_OPEN);
    cr_assert(sp_text_is(answer.decision, "RETURN"));
    task.action.wants = SP_TEXT("SELLER_RESPOND_RETURN");
    cr_assert_eq(
        read(&task, RETURN("RETURN_OR_REFUND_REQUEST_PENDING", "SELLER_RESPOND_RETURN")).word,
        TASK_OPEN);
    cr_assert_eq(read(&task, RETURN("BUYER_SHIPPED_ITEM", "SELLER_RESPOND_RECEIVE_PACKAGE")).word,
                 TASK_NO, "a person answered another question");
    task.state = TASK_ASKED;
    task.decision = SP_TEXT("RETURN");
    cr_assert_eq(read(&task, RETURN("AWAITING_BUYER_SHIP", "")).word, TASK_YES);
    cr_assert_eq(read(&task, RETURN("BUYER_SHIPPED_ITEM", "SELLER_RESPOND_RECEIVE_PACKAGE")).word,
                 TASK_YES, "it has moved on");
    cr_assert_eq(read(&task, RETURN("REFUND_OR_RETURN_REQUEST_REJECT", "")).word, TASK_NO);
    task.kind = TASK_DECLINE_RETURN;
    cr_assert_eq(read(&task, RETURN("REFUND_OR_RETURN_REQUEST_REJECT", "")).word, TASK_YES);
    cr_assert_eq(read(&task, RETURN("RETURN_OR_REFUND_REQUEST_COMPLETE", "")).word, TASK_NO);
}

Test(task_json, a_price_is_told_as_it_was_wished)
{
    struct task task = {.kind = TASK_PRICE, .product_id = SP_TEXT("17"), .body = SP_TEXT("{}")};
    struct tiktok_call call = {.kind = TIKTOK_SHIP};
    task_request(&task, arena, &call);
    cr_assert(sp_text_is(call.path, "/product/202309/products/17/prices/update"));
    cr_assert(sp_text_is(call.body, "{}"));
    cr_assert_not(call.once, "it is absolute");
    cr_assert_eq(read(&task, "{}").word, TASK_YES);
}

Test(task_json, a_file_is_an_address)
{
    struct task task = {.kind = TASK_DOCUMENT,
                        .package_id = SP_TEXT("11"),
                        .document_type = SP_TEXT("SHIPPING_LABEL"),
                        .document_size = SP_TEXT("A6")};
    struct tiktok_call call = {.kind = TIKTOK_WRITE};
    task_request(&task, arena, &call);
    cr_assert(sp_text_is(call.path, "/fulfillment/202309/packages/11/shipping_documents"));
    cr_assert_eq(call.param_count, 2);
    struct task_answer answer = read(&task, "{\"doc_url\":\"http://x/1.pdf\"}");
    cr_assert_eq(answer.word, TASK_YES);
    cr_assert(sp_text_is(answer.result, "http://x/1.pdf"));
    cr_assert_eq(read(&task, "{}").word, TASK_NO);
}
