/* Returns and actions: repeats, late copies, permutations, poison; and the warning of a deadline.
 */
/* Covers: handlers_return.c, return_store.c, jobs_return.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/returns.h"
#include "tests/support/ways.h"

#define RETURN "SELLER_RESPOND_RETURN"
#define PACKAGE "SELLER_RESPOND_RECEIVE_PACKAGE"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
}

TestSuite(handlers_return, .init = begin);

static const char *state(void)
{
    return test_text(worker, "SELECT state FROM return_seen");
}

Test(handlers_return, keeps_a_return_and_says_how_it_stands)
{
    struct channel_return fact = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    feed_return(worker, &fact);
    cr_assert_str_eq(state(), "TO_ANSWER");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_return WHERE order_id = '7-5001' "
                                     "AND units = 1 AND refund_minor = 129000"),
                 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM change_log WHERE ids = '{7-5001}'"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0, "nothing is passed on");
}

Test(handlers_return, keeps_a_return_whose_order_it_does_not_know)
{
    struct channel_return fact = a_return("900", 1, "BUYER_SHIPPED_ITEM", "");
    feed_return(worker, &fact);
    cr_assert_str_eq(state(), "UNDER_WAY");
}

Test(handlers_return, keeps_and_flags_a_word_it_does_not_know)
{
    struct channel_return fact = a_return("900", 1, "NEW_WORD", "");
    feed_return(worker, &fact);
    cr_assert_str_eq(state(), "UNKNOWN");
}

Test(handlers_return, changes_nothing_on_a_repeat_or_a_late_copy)
{
    struct channel_return late = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return newest = a_return("900", 2, "AWAITING_BUYER_SHIP", "");
    feed_return(worker, &newest);
    const char *before =
        test_text(worker, "SELECT md5(string_agg(r::text, '')) FROM order_return r");
    feed_return(worker, &newest);
    feed_return(worker, &late);
    cr_assert_str_eq(test_text(worker, "SELECT md5(string_agg(r::text, '')) FROM order_return r"),
                     before);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_return_history"), 0);
}

Test(handlers_return, ends_in_the_same_rows_however_it_comes)
{
    struct channel_return facts[] = {a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN),
                                     a_return("900", 2, "AWAITING_BUYER_SHIP", ""),
                                     a_return("900", 3, "BUYER_SHIPPED_ITEM", PACKAGE),
                                     a_return("900", 4, "RETURN_OR_REFUND_REQUEST_COMPLETE", "")};
    size_t ways = 0;
    const struct test_way *way = test_ways(SP_COUNT(facts), &ways);
    const char *expected = NULL;
    for (size_t n = 0; n < ways; n++) {
        worker = ingest_fresh();
        for (size_t i = 0; i < way[n].count; i++)
            feed_return(worker, &facts[way[n].steps[i]]);
        const char *found =
            test_text(worker, "SELECT (to_jsonb(r) - 'changed_at')::text FROM order_return r");
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "way %zu", n);
    }
    cr_assert_eq(ways, 49);
    cr_assert_str_eq(state(), "DONE");
}

Test(handlers_return, keeps_what_was_replaced)
{
    struct channel_return first = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return same = first, second = a_return("900", 3, "AWAITING_BUYER_SHIP", "");
    same.head.rev = 2;
    feed_return(worker, &first);
    feed_return(worker, &same);
    feed_return(worker, &second);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(upstream_rev || ' ' || channel_status, "
                                       "', ') FROM order_return_history"),
                     "2 RETURN_OR_REFUND_REQUEST_PENDING");
}

Test(handlers_return, rejects_what_contradicts_itself_alone)
{
    struct channel_return facts[] = {a_return("900", 1, "AWAITING_BUYER_SHIP", ""),
                                     a_return("901", 1, "AWAITING_BUYER_SHIP", "")};
    facts[0].shop_id = 8;
    cr_assert_eq(sp_worker_feed(worker, &channel_return_message, facts, 2), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(return_key, ',') FROM order_return"),
                     "7-901");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
}

/* ---- what became of an action
 * -------------------------------------------------------------------------- */

static void put_action(const char *wants)
{
    const char *sql = *wants == '\0'
                          ? "INSERT INTO order_action (account_id, action_key, rev, order_id, "
                            "attempt, kind, requested_by, trace) VALUES (1, '7-5001/cancel/1', 1, "
                            "'7-5001', 1, 'CANCEL', 'ann', gen_random_uuid())"
                          : "INSERT INTO order_action (account_id, action_key, rev, order_id, "
                            "return_key, wants, attempt, kind, requested_by, trace) VALUES (1, "
                            "'7-900/" RETURN "/1', 1, '7-5001', '7-900', '" RETURN
                            "', 1, 'ACCEPT_RETURN', 'ann', gen_random_uuid())";
    test_sql(worker, sql);
}

Test(handlers_return, hears_what_became_of_an_action_however_it_comes)
{
    static const char *const states[] = {"UNKNOWN", "REFUSED", "ACCEPTED"};
    static const char *const reasons[] = {"no answer", "25001021 reason not match", ""};
    size_t ways = 0;
    const struct test_way *way = test_ways(SP_COUNT(states), &ways);
    for (size_t n = 0; n < ways; n++) {
        worker = ingest_fresh();
        put_action("");
        for (size_t i = 0; i < way[n].count; i++) {
            size_t step = way[n].steps[i];
            feed_progress(worker, "7-5001/cancel/1", (int64_t)step + 1, states[step],
                          reasons[step]);
        }
        cr_assert_str_eq(
            test_text(worker, "SELECT state || problem || upstream_rev FROM order_action"),
            "ACCEPTED3", "way %zu", n);
    }
    cr_assert_gt(test_number(worker, "SELECT count(*) FROM change_log WHERE ids = '{7-5001}'"), 0);
}

Test(handlers_return, passes_over_an_action_nobody_knows)
{
    feed_progress(worker, "7-5001/cancel/9", 1, "ACCEPTED", "");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(handlers_return, rejects_a_state_of_an_action_that_is_not_known)
{
    put_action("");
    feed_progress(worker, "7-5001/cancel/1", 1, "PERHAPS", "");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM order_action"), "REQUESTED");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
}

Test(handlers_return, shows_an_answer_as_given_until_the_marketplace_refuses_it_or_goes_on)
{
    struct channel_return waits = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return next = a_return("900", 2, "BUYER_SHIPPED_ITEM", PACKAGE);
    feed_return(worker, &waits);
    put_action(RETURN);
    cr_assert_str_eq(state(), "ANSWERED");
    feed_progress(worker, "7-900/" RETURN "/1", 1, "REFUSED", "not now");
    cr_assert_str_eq(state(), "TO_ANSWER");
    cr_assert_str_eq(test_text(worker, "SELECT item->>'problem' FROM return_item"), "not now");
    feed_progress(worker, "7-900/" RETURN "/1", 2, "ACCEPTED", "");
    cr_assert_str_eq(state(), "ANSWERED");
    feed_return(worker, &next);
    cr_assert_str_eq(state(), "TO_ANSWER", "the next question has its own answer");
}

/* ---- deadlines
 * ----------------------------------------------------------------------------------------- */

static size_t warnings(void)
{
    size_t count = 0;
    cr_assert_eq(sp_worker_job(worker, "warn-returns"), SP_OK);
    const struct notice_raised *notices =
        test_emitted(worker, &notice_raised_message, "gateway", &count);
    for (size_t i = 0; i < count; i++)
        cr_assert(sp_text_is(notices[i].event, "RETURN_DUE"));
    return count;
}

Test(handlers_return, warns_once_before_a_deadline)
{
    struct channel_return soon = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return late = a_return("901", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return far = a_return("902", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    struct channel_return over = a_return("903", 1, "AWAITING_BUYER_SHIP", "");
    late.deadline_at -= 7200;
    far.deadline_at += 90000;
    over.deadline_at = soon.deadline_at;
    feed_return(worker, &soon);
    feed_return(worker, &late);
    feed_return(worker, &far);
    feed_return(worker, &over);
    cr_assert_eq(warnings(), 1);
    cr_assert_eq(warnings(), 1, "once");
    soon.head.rev = 2;
    feed_return(worker, &soon);
    cr_assert_eq(warnings(), 1, "the same deadline, told again");
    soon.head.rev = 3;
    soon.deadline_at += 600;
    feed_return(worker, &soon);
    cr_assert_eq(warnings(), 2, "another deadline");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM return_seen WHERE return_key = '7-901'"),
                     "OVERDUE");
}

Test(handlers_return, warns_of_nothing_that_was_answered)
{
    struct channel_return soon = a_return("900", 1, "RETURN_OR_REFUND_REQUEST_PENDING", RETURN);
    feed_return(worker, &soon);
    put_action(RETURN);
    cr_assert_eq(warnings(), 0);
    feed_progress(worker, "7-900/" RETURN "/1", 1, "REFUSED", "not now");
    cr_assert_eq(warnings(), 1);
}
