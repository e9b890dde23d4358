/* Settlements: repeats, late copies, every way to come; and what they are beside their orders. */
/* Covers: handlers_settlement.c, settlement_store.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/returns.h"
#include "tests/order-ingest/settlements.h"
#include "tests/support/ways.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
}

TestSuite(handlers_settlement, .init = begin);

/* Sold for 2,500 after the seller's discount. */
static void feed_sold(const char *status, bool is_cod)
{
    struct channel_order order = an_order("5001", 1, status);
    order.subtotal_minor = 2400;
    order.platform_discount_minor = 100;
    order.is_cod = is_cod;
    feed_order(worker, &order);
}

static const char *seen(void)
{
    return test_text(worker,
                     "SELECT string_agg(subject || ' ' || state || ' ' || expected_minor || "
                     "' ' || settled_minor || ' ' || unexplained_minor, ', ' ORDER BY "
                     "settlement_key) FROM settlement_seen");
}

Test(handlers_settlement, matches_a_transaction_with_its_order)
{
    struct channel_settlement fact = a_settlement("t1", 1);
    feed_settlement(worker, &fact);
    cr_assert_str_eq(seen(), "7-5001 UNKNOWN_ORDER 2500 1926 0");
    feed_sold("COMPLETED", false);
    cr_assert_str_eq(seen(), "7-5001 MATCHED 2500 1926 0");
}

Test(handlers_settlement, never_hides_what_it_cannot_explain)
{
    struct channel_settlement fact = a_settlement("t1", 1);
    fact.settled_minor -= 13;
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &fact);
    cr_assert_str_eq(seen(), "7-5001 UNEXPLAINED 2500 1913 -13");
}

Test(handlers_settlement, takes_an_order_and_its_late_refund_together)
{
    struct channel_settlement refund = a_late_refund("t2", 1), sale = a_settlement("t1", 1);
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &refund);
    feed_settlement(worker, &sale);
    cr_assert_str_eq(seen(), "7-5001 MATCHED 2500 -574 0");
}

Test(handlers_settlement, expects_nothing_of_an_order_that_was_only_adjusted)
{
    struct channel_settlement penalty = an_adjustment("t3", 1);
    penalty.channel_order_id = SP_TEXT("5001");
    feed_sold("IN_TRANSIT", false);
    feed_settlement(worker, &penalty);
    cr_assert_str_eq(seen(), "7-5001 MATCHED 0 -700 0");
}

Test(handlers_settlement, expects_less_when_a_part_was_cancelled)
{
    struct channel_settlement fact = a_settlement("t1", 1);
    struct channel_return part = a_cancellation("950", 1);
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &fact);
    part.refund_goods_minor = 500;
    feed_return(worker, &part);
    cr_assert_str_eq(seen(), "7-5001 MATCHED 2500 1926 0", "it is only asked for");
    part.head.rev = 2;
    part.status = SP_TEXT("CANCELLATION_REQUEST_COMPLETE");
    part.wants = (struct sp_text){0};
    feed_return(worker, &part);
    cr_assert_str_eq(seen(), "7-5001 UNEXPLAINED 2000 1926 500");
}

Test(handlers_settlement, keeps_adjustments_and_reserves_apart)
{
    struct channel_settlement penalty = an_adjustment("t3", 1),
                              kept = a_reserve("t4", "COLLECTED", -900),
                              back = a_reserve("t5", "RELEASED", 900);
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &penalty);
    feed_settlement(worker, &kept);
    feed_settlement(worker, &back);
    cr_assert_str_eq(seen(), "7-1/t3 NO_ORDER 0 -700 0, 7-1/t4 RESERVE -900 -900 0, "
                             "7-1/t5 RESERVE 900 900 0");
}

Test(handlers_settlement, compares_no_currency_with_another)
{
    struct channel_settlement fact = a_settlement("t1", 1);
    fact.currency = SP_TEXT("USD");
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &fact);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM settlement_seen"), "OTHER_CURRENCY");
}

Test(handlers_settlement, ends_in_the_same_rows_however_it_comes)
{
    struct channel_settlement facts[] = {a_settlement("t1", 1), a_settlement("t1", 2),
                                         a_settlement("t1", 3), a_settlement("t1", 4)};
    for (size_t i = 0; i < SP_COUNT(facts); i++)
        facts[i].settled_minor += (int64_t)i;
    size_t ways = 0;
    const struct test_way *way = test_ways(SP_COUNT(facts), &ways);
    const char *expected = NULL;
    for (size_t n = 0; n < ways; n++) {
        worker = ingest_fresh();
        for (size_t i = 0; i < way[n].count; i++)
            feed_settlement(worker, &facts[way[n].steps[i]]);
        const char *found =
            test_text(worker, "SELECT (to_jsonb(s) - 'accepted_at')::text FROM settlement s");
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "way %zu", n);
    }
    cr_assert_eq(test_number(worker, "SELECT settled_minor FROM settlement"), 1929);
}

Test(handlers_settlement, rejects_what_contradicts_itself_alone)
{
    struct channel_settlement facts[] = {a_settlement("t1", 1), a_settlement("t2", 1)};
    facts[1].settled_at = 0;
    cr_assert_eq(sp_worker_feed(worker, &channel_settlement_message, facts, 2), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM settlement"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
}

Test(handlers_settlement, keeps_the_newest_of_a_statement)
{
    struct channel_statement fact = {.head = {.account_id = 1, .key = SP_TEXT("7-1"), .rev = 2},
                                     .shop_id = 7,
                                     .statement_id = SP_TEXT("1"),
                                     .cut_at = 1700006400,
                                     .currency = SP_TEXT("VND"),
                                     .settled_minor = 1926,
                                     .transactions = 1,
                                     .payment_state = SP_TEXT("PAID")};
    cr_assert_eq(sp_worker_feed(worker, &channel_statement_message, &fact, 1), SP_OK);
    fact.head.rev = 1;
    fact.payment_state = SP_TEXT("PROCESSING");
    cr_assert_eq(sp_worker_feed(worker, &channel_statement_message, &fact, 1), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT payment_state FROM statement"), "PAID");
    fact.head.rev = 3;
    fact.cut_at = 0;
    cr_assert_eq(sp_worker_feed(worker, &channel_statement_message, &fact, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
}

/* ---- what is owed and was not settled
 * ------------------------------------------------------------------ */

Test(handlers_settlement, owes_cash_on_delivery_only_once_the_order_is_completed)
{
    static const struct {
        const char *status;
        bool is_cod;
        int64_t owed;
    } cases[] = {{"IN_TRANSIT", false, 0}, {"DELIVERED", false, 1}, {"COMPLETED", false, 1},
                 {"DELIVERED", true, 0},   {"COMPLETED", true, 1},  {"CANCELLED", false, 0}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        worker = ingest_fresh();
        feed_sold(cases[i].status, cases[i].is_cod);
        cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_unsettled"), cases[i].owed,
                     "%s %d", cases[i].status, cases[i].is_cod);
    }
    struct channel_settlement fact = a_settlement("t1", 1);
    feed_sold("COMPLETED", false);
    feed_settlement(worker, &fact);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_unsettled"), 0);
}
