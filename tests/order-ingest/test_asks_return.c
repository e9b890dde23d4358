/* What people see of cancellations and returns, and how they answer and cancel. */
/* Covers: asks_return.c, asks_cancel.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/order-ingest/returns.h"

#define RETURN "SELLER_RESPOND_RETURN"
#define PACKAGE "SELLER_RESPOND_RECEIVE_PACKAGE"
#define ACCEPT "{\"accept\":true,\"wants\":\"" RETURN "\"}"
#define DECLINE "{\"accept\":false,\"wants\":\"" RETURN "\",\"reason\":\"not_returnable\"}"
#define SOLD_OUT "{\"reason\":\"seller_cancel_reason_out_of_stock\"}"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    struct channel_return fact = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    feed_return(worker, &fact);
    test_clear_outbox(worker);
}

TestSuite(asks_return, .init = begin);

static const struct action_requested *asked(size_t wanted)
{
    size_t count = 0;
    const struct action_requested *actions =
        test_emitted(worker, &action_requested_message, "connector", &count);
    cr_assert_eq(count, wanted, "%zu", count);
    return actions;
}

static int answer(const char *body)
{
    const char *text;
    return test_ask(worker, "order-ingest.answer-return", body, &text, "id", "7-900", NULL);
}

static const char *shown(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.return", NULL, &text, "id", "7-900", NULL), 200);
    return text;
}

Test(asks_return, asks_the_marketplace_for_what_a_person_answered)
{
    cr_assert_eq(answer(ACCEPT), 202);
    const struct action_requested *action = asked(1);
    cr_assert(sp_text_is(action->head.key, "7-900/" RETURN "/1"));
    cr_assert(sp_text_is(action->kind, "ACCEPT_RETURN"));
    cr_assert(sp_text_is(action->subject_id, "900"));
    cr_assert(sp_text_is(action->channel_order_id, "5001"));
    cr_assert(sp_text_is(action->wants, RETURN));
    cr_assert_eq(action->shop_id, 7);
    cr_assert_eq(action->reason.size, 0);
    cr_assert(strstr(shown(), "\"ANSWERED\"") != NULL, "%s", shown());
}

Test(asks_return, asks_once_however_often_it_is_pressed)
{
    cr_assert_eq(answer(ACCEPT), 202);
    cr_assert_eq(answer(ACCEPT), 202);
    cr_assert_eq(answer(DECLINE), 409);
    (void)asked(1);
}

Test(asks_return, declines_with_a_reason_that_is_offered)
{
    cr_assert_eq(answer("{\"accept\":false,\"wants\":\"" RETURN "\"}"), 422);
    cr_assert_eq(answer("{\"accept\":false,\"wants\":\"" RETURN "\",\"reason\":\"my own\"}"), 422);
    (void)asked(0);
    cr_assert_eq(answer(DECLINE), 202);
    cr_assert(sp_text_is(asked(1)->kind, "DECLINE_RETURN"));
    cr_assert(sp_text_is(asked(1)->reason, "not_returnable"));
}

Test(asks_return, asks_anew_after_a_refusal_which_is_shown)
{
    cr_assert_eq(answer(DECLINE), 202);
    feed_progress(worker, "7-900/" RETURN "/1", 1, "REFUSED", "reason does not fit");
    cr_assert(strstr(shown(), "reason does not fit") != NULL, "%s", shown());
    cr_assert_eq(answer(ACCEPT), 202);
    (void)asked(2);
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM order_action WHERE action_key = '7-900/" RETURN
                             "/2' AND requested_by <> ''"),
                 1);
}

Test(asks_return, answers_only_what_is_waited_for)
{
    cr_assert_eq(answer("{\"accept\":true,\"wants\":\"" PACKAGE "\"}"), 409);
    cr_assert_eq(answer("{\"accept\":true}"), 409);
    cr_assert_eq(answer("nonsense"), 400);
    test_sql(worker, "UPDATE order_return SET deadline_at = now() - interval '1 second'");
    cr_assert_eq(answer(ACCEPT), 409);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.answer-return", ACCEPT, &text, "id", "7-901", NULL),
                 404);
    (void)asked(0);
}

Test(asks_return, names_the_goods_once_their_order_has_come)
{
    const char *text;
    struct channel_return early = a_return("901", 1, "BUYER_SHIPPED_ITEM", "");
    struct channel_order order = an_order("5009", 1, "DELIVERED");
    early.channel_order_id = order.channel_order_id;
    feed_return(worker, &early);
    cr_assert_eq(test_ask(worker, "order-ingest.return", NULL, &text, "id", "7-901", NULL), 200);
    cr_assert(strstr(text, "\"units\": 1") != NULL && strstr(text, "product_name") == NULL, "%s",
              text);
    feed_order(worker, &order);
    cr_assert_eq(test_ask(worker, "order-ingest.return", NULL, &text, "id", "7-901", NULL), 200);
    cr_assert(strstr(text, "\"product_name\": \"Mug") != NULL, "%s", text);
}

Test(asks_return, answers_a_wish_to_cancel)
{
    struct channel_return fact = a_cancellation("950", 1);
    feed_return(worker, &fact);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.answer-return",
                          "{\"accept\":true,\"wants\":\"SELLER_RESPOND_CANCEL\"}", &text, "id",
                          "7-950", NULL),
                 202, "%s", text);
    cr_assert(sp_text_is(asked(1)->kind, "ACCEPT_CANCEL"));
}

/* ---- lists
 * ---------------------------------------------------------------------------------------------- */

Test(asks_return, shows_one_with_names_money_history_and_answers)
{
    struct channel_return fact = a_return("900", 2, "BUYER_SHIPPED_ITEM", PACKAGE);
    fact.tracking = SP_TEXT("RT77");
    cr_assert_eq(answer(ACCEPT), 202);
    feed_return(worker, &fact);
    static const char *const parts[] = {"Sài Gòn",       "RT77",
                                        "\"TO_ANSWER\"", "ACCEPT_RETURN",
                                        "129000",        "RETURN_OR_REFUND_REQUEST_PENDING",
                                        "Not returnable"};
    for (size_t i = 0; i < SP_COUNT(parts); i++)
        cr_assert(strstr(shown(), parts[i]) != NULL, "%s in %s", parts[i], shown());
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.return", NULL, &text, "id", "7-901", NULL), 404);
    cr_assert(strstr(shown(), "\"tax\"") == NULL, "what is not said is not shown");
}

static void feed_some(void)
{
    for (int i = 1; i <= 3; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "%d", 900 + i);
        struct channel_return fact = a_return(id, 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
        fact.deadline_at += 100000 - i * 1000;
        feed_return(worker, &fact);
    }
    struct channel_return done = a_return("910", 1, "RETURN_OR_REFUND_REQUEST_COMPLETE", "");
    feed_return(worker, &done);
}

/* The ids of a list, as they come. */
static const char *listed(const char *state, const char *limit, const char **cursor)
{
    static char ids[256];
    const char *text;
    int status = *cursor == NULL ? test_ask(worker, "order-ingest.returns", NULL, &text, "state",
                                            state, "limit", limit, NULL)
                                 : test_ask(worker, "order-ingest.returns", NULL, &text, "state",
                                            state, "limit", limit, "cursor", *cursor, NULL);
    cr_assert_eq(status, 200, "%s", text);
    *ids = '\0';
    for (const char *at = text; (at = strstr(at, "\"id\": \"")) != NULL; at++)
        (void)snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%.5s ", at + 7);
    const char *next = strstr(text, "\"next_cursor\" : \"");
    *cursor = next == NULL ? NULL : test_text(worker, "SELECT ''");
    static char kept[64];
    if (next != NULL) {
        (void)snprintf(kept, sizeof kept, "%.*s", (int)strcspn(next + 17, "\""), next + 17);
        *cursor = kept;
    }
    return ids;
}

Test(asks_return, lists_first_what_must_be_answered_first)
{
    feed_some();
    const char *cursor = NULL;
    cr_assert_str_eq(listed("", "50", &cursor), "7-900 7-903 7-902 7-901 7-910 ");
    cr_assert_str_eq(listed("TO_ANSWER", "50", &cursor), "7-900 7-903 7-902 7-901 ");
    cr_assert_str_eq(listed("DONE", "50", &cursor), "7-910 ");
    cr_assert_str_eq(listed("", "2", &cursor), "7-900 7-903 ");
    cr_assert_str_eq(listed("", "2", &cursor), "7-902 7-901 ");
    cr_assert_str_eq(listed("", "2", &cursor), "7-910 ");
    cr_assert_null(cursor);
}

Test(asks_return, counts_by_state_and_how_many_are_urgent)
{
    const char *text;
    feed_some();
    cr_assert_eq(test_ask(worker, "order-ingest.return-counts", NULL, &text, NULL), 200);
    cr_assert(strstr(text, "\"TO_ANSWER\" : 4") != NULL && strstr(text, "\"DONE\" : 1") != NULL,
              "%s", text);
    cr_assert(strstr(text, "\"late\" : 1") != NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.return-counts", NULL, &text, "shop", "8", NULL),
                 200);
    cr_assert(strstr(text, "TO_ANSWER") == NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.returns", NULL, &text, "order", "7-5002", NULL),
                 200);
    cr_assert(strstr(text, "7-900") == NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.returns", NULL, &text, "shop", "x", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.return-counts", NULL, &text, "shop", "x", NULL),
                 400);
}

/* ---- cancelling by the seller
 * -------------------------------------------------------------------------- */

static int cancel(const char *body)
{
    const char *text;
    return test_ask(worker, "order-ingest.cancel-order", body, &text, "id", "7-5001", NULL);
}

Test(asks_return, cancels_an_order_with_a_reason_that_is_offered)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.cancelling", NULL, &text, "id", "7-5001", NULL),
                 200);
    cr_assert(strstr(text, "\"name\":\"seller_cancel_reason_out_of_stock\"") != NULL, "%s", text);
    cr_assert_eq(cancel("{\"reason\":\"because\"}"), 422);
    cr_assert_eq(cancel(SOLD_OUT), 202);
    cr_assert_eq(cancel(SOLD_OUT), 202, "pressed twice");
    const struct action_requested *action = asked(1);
    cr_assert(sp_text_is(action->head.key, "7-5001/cancel/1"));
    cr_assert(sp_text_is(action->kind, "CANCEL"));
    cr_assert(sp_text_is(action->reason, "seller_cancel_reason_out_of_stock"));
    cr_assert_eq(test_ask(worker, "order-ingest.cancelling", NULL, &text, "id", "7-5001", NULL),
                 200);
    cr_assert(strstr(text, "\"reasons\":[]") != NULL && strstr(text, "REQUESTED") != NULL, "%s",
              text);
}

Test(asks_return, cancels_anew_after_a_refusal_and_never_what_is_under_way)
{
    cr_assert_eq(cancel(SOLD_OUT), 202);
    feed_progress(worker, "7-5001/cancel/1", 1, "REFUSED", "25001021 reason not match");
    cr_assert_eq(cancel(SOLD_OUT), 202);
    (void)asked(2);
    feed_progress(worker, "7-5001/cancel/2", 1, "REFUSED", "too late");
    struct channel_order gone = an_order("5001", 2, "IN_TRANSIT");
    feed_order(worker, &gone);
    cr_assert_eq(cancel(SOLD_OUT), 422);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.cancel-order", SOLD_OUT, &text, "id", "7-1", NULL),
                 404);
    cr_assert_eq(test_ask(worker, "order-ingest.cancelling", NULL, &text, "id", "7-1", NULL), 404);
    cr_assert_eq(cancel("nonsense"), 400);
}

Test(asks_return, is_a_hop_on_its_orders_way_with_what_was_answered)
{
    cr_assert_eq(answer(ACCEPT), 202);
    struct action_progressed done = {
        .head = {.account_id = 1, .key = SP_TEXT("7-900/" RETURN "/1"), .rev = 1},
        .state = SP_TEXT("ACCEPTED")};
    cr_assert_eq(sp_worker_feed(worker, &action_progressed_message, &done, 1), SP_OK);
    struct channel_return fact = a_return("900", 2, "AWAITING_BUYER_SHIP", "");
    feed_return(worker, &fact);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(fact, ',' ORDER BY fact) FROM order_hop "
                                       "WHERE order_id = '7-5001' AND committed_at IS NOT NULL"),
                     "action.progressed,channel.order,channel.return,channel.return,marketplace");
}

/* ---- … and single units of it
 * ---------------------------------------------------------------------------------- */

#define UNITS(units)                                                                               \
    "{\"reason\":\"seller_cancel_reason_out_of_stock_uk\",\"lines\":[{\"line\":1,\"units\":" units \
    "}]}"

/* In Britain, line 1 with units "u1" and "u2", line 3 with "u3". */
static void feed_british(int64_t rev, const char *status, size_t cancelled)
{
    const struct unit_id units[] = {{SP_TEXT("u1")}, {SP_TEXT("u2")}, {SP_TEXT("u3")}};
    struct channel_order order = an_order("5001", rev, status);
    struct channel_line lines[] = {order.lines[0], order.lines[1]};
    struct units_apart gone = {
        .units = 1, .status = SP_TEXT("CANCELLED"), .unit_ids = units + 1, .unit_ids_count = 1};
    lines[0].units = 2;
    lines[0].unit_ids = units;
    lines[0].unit_ids_count = 2 - cancelled;
    lines[0].apart = &gone;
    lines[0].apart_count = cancelled;
    lines[1].units = 1;
    lines[1].unit_ids = units + 2;
    lines[1].unit_ids_count = 1;
    order.lines = lines;
    feed_order(worker, &order);
    test_sql(worker, "UPDATE shop SET region = 'GB'");
    test_clear_outbox(worker);
}

static const char *offered(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.cancelling", NULL, &text, "id", "7-5001", NULL),
                 200);
    return text;
}

Test(asks_return, cancels_single_units_and_offers_those_that_are_left)
{
    feed_british(2, "AWAITING_SHIPMENT", 0);
    cr_assert(strstr(offered(), "\"lines\":[{\"line\":1,\"units\":2},{\"line\":3,\"units\":1}]"),
              "%s", offered());
    cr_assert_eq(cancel(UNITS("1")), 202);
    cr_assert_eq(cancel(UNITS("1")), 202, "pressed twice");
    cr_assert_eq(cancel(UNITS("2")), 409, "one after the other");
    const struct action_requested *action = asked(1);
    cr_assert(sp_text_is(action->head.key, "7-5001/cancel/1"));
    cr_assert_eq(action->units_count, 1);
    cr_assert(sp_text_is(action->units[0].id, "u2"));
    feed_progress(worker, "7-5001/cancel/1", 1, "ACCEPTED", "");
    cr_assert(strstr(offered(), "\"lines\":[{\"line\":1,\"units\":1},{\"line\":3,\"units\":1}]"),
              "not offered again before the marketplace shows it: %s", offered());
    feed_british(3, "AWAITING_SHIPMENT", 1);
    cr_assert(strstr(offered(), "\"lines\":[{\"line\":1,\"units\":1},{\"line\":3,\"units\":1}]"),
              "%s", offered());
    cr_assert(strstr(offered(), "\"lines\": [{\"line\": 1, \"units\": 1}]"), "what was done: %s",
              offered());
    cr_assert_eq(cancel(UNITS("2")), 422, "one is left");
    cr_assert_eq(cancel(UNITS("1")), 202);
    cr_assert(sp_text_is(asked(1)->head.key, "7-5001/cancel/2"));
}

Test(asks_return, cancels_units_anew_after_a_refusal)
{
    feed_british(2, "AWAITING_SHIPMENT", 0);
    cr_assert_eq(cancel(UNITS("2")), 202);
    feed_progress(worker, "7-5001/cancel/1", 1, "REFUSED", "25001021 reason not match");
    cr_assert_eq(cancel(UNITS("2")), 202);
    (void)asked(2);
}

Test(asks_return, cancels_no_units_where_none_are_offered)
{
    cr_assert_eq(cancel(UNITS("1")), 422, "not in this country");
    feed_british(2, "AWAITING_SHIPMENT", 0);
    cr_assert_eq(cancel("{\"reason\":\"seller_cancel_reason_out_of_stock_uk\",\"lines\":[]}"), 422);
    cr_assert_eq(cancel("{\"reason\":\"seller_cancel_reason_out_of_stock_uk\",\"lines\":7}"), 422,
                 "never the whole order by mistake");
    cr_assert_eq(cancel("{\"reason\":\"seller_cancel_reason_wrong_price_uk\",\"lines\":"
                        "[{\"line\":1,\"units\":1}]}"),
                 422);
    (void)asked(0);
    struct order_staged placed = a_stage("5001", 1, "AWAITING_SHIPMENT");
    feed_stage(worker, &placed);
    cr_assert(strstr(offered(), "\"unit_reasons\":[],\"lines\":[]"), "%s", offered());
    cr_assert_eq(cancel(UNITS("1")), 422, "its goods are on a goods issue");
    cr_assert_eq(cancel("{\"reason\":\"seller_cancel_reason_out_of_stock_uk\"}"), 202);
    cr_assert_eq(asked(1)->units_count, 0);
    cr_assert_eq(cancel(UNITS("1")), 409, "all of it is being cancelled");
}
