/* What people see of settlements: lists, the report, the file. */
/* Covers: asks_settlement.c, settlement_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/ctx.h"
#include "tests/order-ingest/settlements.h"
#include "tests/support/hold.h"

#define PERIOD "from", "2023-11-01T00:00:00Z", "until", "2023-12-01T00:00:00Z"

static struct sp_worker *worker;
static const char *text;

static void feed_sold(const char *id, const char *status, bool is_cod)
{
    struct channel_order order = an_order(id, 1, status);
    order.subtotal_minor = 2500;
    order.is_cod = is_cod;
    feed_order(worker, &order);
}

static void feed_statement(int64_t settled_minor)
{
    struct channel_statement fact = {.head = {.account_id = 1, .key = SP_TEXT("7-1"), .rev = 1},
                                     .shop_id = 7,
                                     .statement_id = SP_TEXT("1"),
                                     .cut_at = 1700006400,
                                     .currency = SP_TEXT("VND"),
                                     .settled_minor = settled_minor,
                                     .transactions = 4,
                                     .payment_state = SP_TEXT("PAID")};
    cr_assert_eq(sp_worker_feed(worker, &channel_statement_message, &fact, 1), SP_OK);
}

/* A prepaid order that matches, one paid on delivery that does not by 26, an order nobody knows, a
 * penalty, a reserve, dollars; and two orders that were never settled. */
static void begin(void)
{
    worker = ingest_fresh();
    struct channel_settlement sold = a_settlement("t1", 1), cod = a_settlement("t2", 1),
                              unknown = a_settlement("t3", 1), penalty = an_adjustment("t4", 1),
                              kept = a_reserve("t5", "COLLECTED", -900),
                              dollars = a_settlement("t6", 1);
    cod.channel_order_id = SP_TEXT("5002");
    cod.settled_minor += 26;
    unknown.channel_order_id = SP_TEXT("5009");
    dollars.channel_order_id = SP_TEXT("5003");
    dollars.currency = SP_TEXT("USD");
    feed_sold("5001", "COMPLETED", false);
    feed_sold("5002", "COMPLETED", true);
    feed_sold("5003", "COMPLETED", false);
    feed_sold("5004", "DELIVERED", false);
    feed_sold("5005", "COMPLETED", true);
    feed_sold("5006", "DELIVERED", true);
    feed_settlement(worker, &sold);
    feed_settlement(worker, &cod);
    feed_settlement(worker, &unknown);
    feed_settlement(worker, &penalty);
    feed_settlement(worker, &kept);
    feed_settlement(worker, &dollars);
    feed_statement(1926 + 1952 + 1926 - 700 - 900 + 1926);
}

TestSuite(asks_settlement, .init = begin);

static bool says(const char *part)
{
    return strstr(text, part) != NULL;
}

static size_t items(void)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "\"kind\"")) != NULL; at++)
        count++;
    return count;
}

static int list(const char *state)
{
    return test_ask(worker, "order-ingest.settlements", NULL, &text, "state", state, PERIOD, NULL);
}

Test(asks_settlement, lists_each_order_with_what_was_expected_settled_and_why)
{
    cr_assert_eq(list(""), 200, "%s", text);
    cr_assert_eq(items(), 6);
    cr_assert_eq(list("UNEXPLAINED"), 200);
    cr_assert_eq(items(), 1, "%s", text);
    cr_assert(says("\"unexplained\": {\"amount\": \"26\"") && says("platform_commission_amount") &&
                  says("\"is_cod\": true"),
              "%s", text);
    static const char *const one_each[] = {"MATCHED", "UNKNOWN_ORDER", "NO_ORDER", "RESERVE",
                                           "OTHER_CURRENCY"};
    for (size_t i = 0; i < SP_COUNT(one_each); i++) {
        cr_assert_eq(list(one_each[i]), 200);
        cr_assert_eq(items(), 1, "%s: %s", one_each[i], text);
    }
}

Test(asks_settlement, lists_what_should_be_settled_and_is_not)
{
    cr_assert_eq(list("UNSETTLED"), 200, "%s", text);
    cr_assert_eq(items(), 2, "%s", text);
    cr_assert(says("5004") && says("5005"), "%s", text);
}

Test(asks_settlement, pages_without_a_gap)
{
    char cursor[64] = "";
    size_t seen = 0;
    for (int page = 0; page < 10; page++) {
        cr_assert_eq(test_ask(worker, "order-ingest.settlements", NULL, &text, "limit", "2", PERIOD,
                              "cursor", cursor, NULL),
                     200, "%s", text);
        seen += items();
        const char *next = strstr(text, "\"next_cursor\" : \"");
        if (next == NULL)
            break;
        (void)snprintf(cursor, sizeof cursor, "%.*s", (int)strcspn(next + 17, "\""), next + 17);
    }
    cr_assert_eq(seen, 6);
}

/* As with more settlements than can be summed up in time; the file is made of pages. */
Test(asks_settlement, says_when_a_report_is_of_too_much_and_loses_nothing)
{
    static const struct sp_statement shorten = {
        "SELECT set_config('statement_timeout', '300ms', false)"};
    struct sp_error why;
    cr_assert_not_null(sp_query(worker->db, &why, &shorten, 0, NULL), "%s", why.text);
    struct test_hold *hold = test_hold(worker, "LOCK TABLE settlement IN ACCESS EXCLUSIVE MODE");
    cr_expect_eq(test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, NULL),
                 503);
    cr_expect(says("\"TOO_SLOW\"") && says("longer than 8s") && says("shorter time"), "%s", text);
    test_let_go(&hold);
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, NULL), 200,
                 "%s", text);
    cr_assert(says("MATCHED"), "%s", text);
}

Test(asks_settlement, reports_by_shop_and_currency)
{
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, NULL), 200,
                 "%s", text);
    static const char *const parts[] = {
        "\"currency\" : \"VND\"", "\"currency\" : \"USD\"", "PLATFORM_PENALTY",
        /* the cash on delivery that does not come out even */
        "\"unexplained\" : {\"amount\": \"26\", \"currency\": \"VND\"}, \"unexplained_orders\" : 1",
        "\"collected\" : {\"amount\": \"-900\"",
        "\"UNKNOWN_ORDER\" : {\"count\" : 1, \"settled\" : {\"amount\": \"1926\"",
        "\"NO_ORDER\" : {\"count\" : 1, \"settled\" : {\"amount\": \"-700\"",
        /* of three orders with commission in dong */
        "\"name\" : \"platform_commission_amount\", \"amount\" : {\"amount\": \"-675\"",
        "\"difference\" : {\"amount\": \"0\""};
    for (size_t i = 0; i < SP_COUNT(parts); i++)
        cr_assert(says(parts[i]), "%s in %s", parts[i], text);
    cr_assert_eq(
        test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, "shop", "8", NULL),
        200);
    cr_assert(!says("VND"), "%s", text);
}

/* A path of the report's total of a currency, as a number. */
static int64_t total_of(const char *currency, const char *const path[])
{
    struct sp_json answer, total, found = {0};
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, NULL), 200,
                 "%s", text);
    cr_assert_eq(sp_json_parse(sp_text_of(text), &answer, NULL), SP_OK);
    struct sp_json_walk walk = sp_json_each(sp_json_get(answer, "totals"));
    while (sp_json_next(&walk, NULL, &total)) {
        if (sp_text_is(sp_json_text(sp_json_get(total, "currency"), NULL), currency))
            found = total;
    }
    for (; *path != NULL; path++)
        found = sp_json_get(found, *path);
    cr_assert_neq(found.kind, SP_JSON_NONE, "%s", text);
    return sp_json_int(found, 0);
}
#define TOTAL(currency, ...) total_of(currency, (const char *const[]){__VA_ARGS__, NULL})

Test(asks_settlement, sums_what_was_paid_by_currency)
{
    enum { SOLD = 3 * 2500, FEES = 3 * -225, SHIPPING = 3 * -349, PENALTY = -700, ODD = 26 };
    cr_assert_eq(TOTAL("VND", "expected", "amount"), SOLD);
    cr_assert_eq(TOTAL("VND", "parts", "FEE", "amount"), FEES);
    cr_assert_eq(TOTAL("VND", "parts", "SHIPPING", "amount"), SHIPPING);
    cr_assert_eq(TOTAL("VND", "parts", "ADJUSTMENT", "amount"), PENALTY);
    cr_assert_eq(TOTAL("VND", "unexplained", "amount"), ODD);
    cr_assert_eq(TOTAL("VND", "settled", "amount"), SOLD + FEES + SHIPPING + PENALTY + ODD,
                 "the reserve is no income");
    cr_assert_eq(TOTAL("VND", "orders"), 3);
    cr_assert_eq(TOTAL("VND", "unmatched_payouts", "count"), 2, "the unknown order, the penalty");
    cr_assert_eq(TOTAL("VND", "unmatched_payouts", "settled", "amount"), 1926 + PENALTY);
    cr_assert_eq(TOTAL("VND", "unmatched_orders", "count"), 2);
    cr_assert_eq(TOTAL("VND", "unmatched_orders", "expected", "amount"), 2 * 2500);
    cr_assert(strstr(strstr(text, "\"totals\""), "USD") > strstr(text, "\"items\""),
              "an order in dong that was paid in dollars is in no sum");
}

Test(asks_settlement, says_when_a_statement_has_more_than_its_transactions)
{
    test_sql(worker, "UPDATE statement SET settled_minor = settled_minor + 5");
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-report", NULL, &text, PERIOD, NULL),
                 200);
    cr_assert(says("\"difference\" : {\"amount\": \"5\""), "%s", text);
}

Test(asks_settlement, writes_a_file_page_by_page)
{
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-csv", NULL, &text, PERIOD, NULL), 200,
                 "%s", text);
    cr_assert(strncmp(text, "\nsettled_at,", 12) == 0, "no further page: %.20s", text);
    cr_assert(says("\"5002\",\"ORDER\",UNEXPLAINED,COD,VND,2500,0,-349,-225,0,0,26,1952,0\r\n"),
              "%s", text);
    cr_assert(says("\"\",\"PLATFORM_PENALTY\",NO_ORDER,,VND,0,0,0,0,0,-700,0,-700,0\r\n"), "%s",
              text);
}

Test(asks_settlement, gives_no_sheet_a_formula)
{
    test_sql(worker,
             "UPDATE settlement SET kind = '=HYPERLINK(\"x\")' WHERE kind = 'PLATFORM_PENALTY'");
    cr_assert_eq(test_ask(worker, "order-ingest.settlement-csv", NULL, &text, PERIOD, NULL), 200);
    cr_assert(says("\"'=HYPERLINK(\"\"x\"\")\""), "%s", text);
}

Test(asks_settlement, refuses_strange_periods)
{
    static const char *const asks[] = {"order-ingest.settlements", "order-ingest.settlement-report",
                                       "order-ingest.settlement-csv"};
    for (size_t i = 0; i < SP_COUNT(asks); i++) {
        cr_assert_eq(test_ask(worker, asks[i], NULL, &text, "from", "yesterday", NULL), 400);
        cr_assert_eq(test_ask(worker, asks[i], NULL, &text, "until", "x", NULL), 400);
        cr_assert_eq(test_ask(worker, asks[i], NULL, &text, "shop", "x", NULL), 400);
        cr_assert_eq(test_ask(worker, asks[i], NULL, &text, NULL), 200, "the last month");
    }
}
