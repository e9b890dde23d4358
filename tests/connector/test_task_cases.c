/* Second thoughts at the marketplace: sellers cancel, buyers ask and are answered, once, whatever
 * is lost on the way.  Covers: jobs_task.c, task_json.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *order, *subject;

static void make_order(const char *status)
{
    char body[80];
    (void)snprintf(body, sizeof body, "{\"count\":1,\"webhook\":false,\"status\":\"%s\"}", status);
    order = market_order(body);
}

static void set_up(void)
{
    worker = market_shop(5);
    make_order("AWAITING_SHIPMENT");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(task_cases, .init = set_up, .fini = tear_down);

/* The buyer asks; the id of what comes of it is the subject of the answer. */
static void buyer_asks(const char *what, const char *body)
{
    char path[160];
    (void)snprintf(path, sizeof path, "/sandbox/orders/%s/%s", order, what);
    subject = market_after(market_post(path, body), "\"id\":\"");
}

static void cancellation_is_asked(void)
{
    buyer_asks("cancellation",
               "{\"reason\":\"ecom_order_to_ship_canceled_reason_no_longer_needed\"}");
}

static void fault(const char *kind)
{
    char body[200];
    (void)snprintf(body, sizeof body,
                   "{\"next\":[{\"path\":\"/return_refund\",\"kind\":\"%s\",\"count\":1}]}", kind);
    (void)market_post("/sandbox/faults", body);
}

/* The last word of the connector about it; the key is its kind, so each has its own. */
static const struct action_progressed *act_on(const struct unit_id units[], size_t unit_count,
                                              const char *kind, const char *reason)
{
    enum { TRIES = 80, PAUSE_US = 50000 };
    struct action_requested action = {.head = {.account_id = 1, .key = sp_text_of(kind), .rev = 1},
                                      .shop_id = test_number(worker, "SELECT shop_id FROM shop"),
                                      .channel_order_id = sp_text_of(order),
                                      .kind = sp_text_of(kind),
                                      .subject_id = sp_text_of(subject),
                                      .reason = sp_text_of(reason),
                                      .units = units,
                                      .units_count = unit_count};
    test_clear_outbox(worker);
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    for (int i = 0; i < TRIES; i++) {
        market_run(worker, "run-tasks");
        if (test_number(worker, "SELECT count(*) FROM task WHERE state IN ('WANTED', 'ASKED')") ==
            0)
            break;
        test_sql(worker, "UPDATE task SET due = now()");
        (void)usleep(PAUSE_US);
    }
    size_t count;
    const struct action_progressed *told =
        test_emitted(worker, &action_progressed_message, "order-ingest", &count);
    cr_assert_eq(count, 1, "%s is told once", kind);
    return told;
}

static const struct action_progressed *act(const char *kind, const char *reason)
{
    return act_on(NULL, 0, kind, reason);
}

static void assert_accepted(const struct action_progressed *told)
{
    cr_assert(sp_text_is(told->state, "ACCEPTED"), "%.*s: %.*s", SP_FMT(told->state),
              SP_FMT(told->reason));
}

static bool is_at_the_shop(const char *status)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "\"status\":\"%s\"", status);
    return strstr(market_get("/sandbox/truth/orders"), wanted) != NULL;
}

Test(task_cases, a_seller_cancels_once_though_the_answer_was_lost)
{
    fault("drop");
    assert_accepted(act("CANCEL", "seller_cancel_reason_out_of_stock_uk"));
    cr_assert(is_at_the_shop("CANCELLED"));
    cr_assert_eq(test_number(worker, "SELECT taken FROM task"), 2, "asked once, looked at once");
}

/* The order as it is fetched now: its only line. */
static struct channel_line line_now(void)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO order_fetch (account_id, shop_id, channel_order_id, always) "
                   "SELECT account_id, shop_id, '%s', true FROM shop",
                   order);
    test_sql(worker, sql);
    test_clear_outbox(worker);
    market_run(worker, "fetch-orders");
    size_t count;
    const struct channel_order *seen =
        test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(seen->lines_count, 1);
    return seen->lines[0];
}

/* Three units of one SKU; the ids of the first two. */
static void make_three(char ids[2][32], struct unit_id units[2])
{
    order = market_order("{\"count\":1,\"webhook\":false,\"status\":\"AWAITING_SHIPMENT\","
                         "\"skus_per_order\":1,\"units_per_sku\":3}");
    struct channel_line line = line_now();
    cr_assert_eq(line.unit_ids_count, 3);
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%.*s", SP_FMT(line.unit_ids[i].id));
        units[i].id = sp_text_of(ids[i]);
    }
}

Test(task_cases, a_seller_cancels_single_units_once_whatever_is_lost)
{
    static const char *const kinds[] = {"drop", "timeout", "500", "429"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        char ids[2][32];
        struct unit_id units[2];
        test_sql(worker, "DELETE FROM task");
        make_three(ids, units);
        fault(kinds[i]);
        assert_accepted(act_on(units, 2, "CANCEL", "seller_cancel_reason_out_of_stock_uk"));
        struct channel_line line = line_now();
        bool first_went = sp_text_is(line.status, "CANCELLED");
        cr_assert_eq(line.units, 3);
        cr_assert_eq(line.apart_count, 1, "%s", kinds[i]);
        cr_assert_eq(line.apart[0].units, first_went ? 1 : 2, "%s: two went, one stays", kinds[i]);
    }
}

Test(task_cases, units_that_may_not_be_cancelled_alone_are_told)
{
    char ids[2][32];
    struct unit_id units[2];
    make_three(ids, units);
    const struct action_progressed *told =
        act_on(units, 1, "CANCEL", "seller_cancel_reason_wrong_price_uk");
    cr_assert(sp_text_is(told->state, "REFUSED"));
    cr_assert_eq(line_now().apart_count, 0);
}

Test(task_cases, units_are_of_a_cancellation_alone)
{
    const struct unit_id strange = {SP_TEXT("no id")}, unit = {SP_TEXT("577")};
    struct action_requested action = {.head = {.account_id = 1, .key = SP_TEXT("x/1"), .rev = 1},
                                      .shop_id = 1,
                                      .channel_order_id = sp_text_of(order),
                                      .kind = SP_TEXT("CANCEL"),
                                      .reason = SP_TEXT("why"),
                                      .units = &strange,
                                      .units_count = 1};
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    action.kind = SP_TEXT("ACCEPT_CANCEL");
    action.head.key = SP_TEXT("x/2");
    action.subject_id = SP_TEXT("900");
    action.units = &unit;
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 2, "%s",
                 test_text(worker, "SELECT string_agg(key || reason, ';') FROM dead_letter"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM task"), 0);
}

Test(task_cases, a_reason_that_does_not_fit_is_told)
{
    const struct action_progressed *told = act("CANCEL", "because");
    cr_assert(sp_text_is(told->state, "REFUSED"));
    cr_assert_not_null(strstr(told->reason.data, "25001021"), "%.*s", SP_FMT(told->reason));
    cr_assert(is_at_the_shop("AWAITING_SHIPMENT"));
}

Test(task_cases, a_buyers_cancellation_is_accepted_whatever_is_lost)
{
    static const char *const kinds[] = {"drop", "timeout", "500", "429"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        test_sql(worker, "DELETE FROM task");
        make_order("AWAITING_SHIPMENT");
        cancellation_is_asked();
        fault(kinds[i]);
        assert_accepted(act("ACCEPT_CANCEL", ""));
        cr_assert(is_at_the_shop("CANCELLED"), "%s", kinds[i]);
    }
}

Test(task_cases, a_buyers_cancellation_is_declined)
{
    cancellation_is_asked();
    fault("drop");
    assert_accepted(act("DECLINE_CANCEL", "seller_reject_apply_product_has_been_packed"));
    cr_assert(is_at_the_shop("AWAITING_SHIPMENT"));
    const struct action_progressed *told = act("ACCEPT_CANCEL", "");
    cr_assert(sp_text_is(told->state, "REFUSED"), "it has been declined");
}

Test(task_cases, a_return_is_answered_as_it_waits)
{
    make_order("DELIVERED");
    buyer_asks("return", "{\"type\":\"RETURN_AND_REFUND\",\"reason\":"
                         "\"ecom_order_delivered_refund_and_return_reason_damaged\"}");
    fault("timeout");
    assert_accepted(act("ACCEPT_RETURN", ""));
    cr_assert_str_eq(test_text(worker, "SELECT decision FROM task"), "RETURN");
}

Test(task_cases, a_refund_is_declined)
{
    make_order("DELIVERED");
    buyer_asks("return", "{\"type\":\"REFUND\",\"reason\":"
                         "\"ecom_order_delivered_refund_reason_missing_product\"}");
    fault("drop");
    assert_accepted(act("DECLINE_RETURN", "seller_reject_apply_product_not_returnable"));
    cr_assert_str_eq(test_text(worker, "SELECT decision FROM task"), "REFUND");
}

Test(task_cases, what_was_asked_for_is_a_hop_on_the_orders_way)
{
    cancellation_is_asked();
    assert_accepted(act("ACCEPT_CANCEL", ""));
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "SELECT string_agg(fact, ',') FROM order_hop WHERE account_id = 1 AND order_id "
                   "= (SELECT shop_id FROM shop) || '-%s'",
                   order);
    cr_assert_str_eq(test_text(worker, sql), "action.requested");
}
