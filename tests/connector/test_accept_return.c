/* Cancellations and returns, from the buyer's wish to the fact.  Covers: accept_return.c, details.c
 */
#include "services/connector/accept_return.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *order, *subject;

static void set_up(void)
{
    worker = market_shop(5);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(accept_return, .init = set_up, .fini = tear_down);

static void buyer_asks(const char *status, const char *what, const char *body)
{
    char text[160];
    (void)snprintf(text, sizeof text, "{\"count\":1,\"webhook\":false,\"status\":\"%s\"}", status);
    order = market_order(text);
    (void)snprintf(text, sizeof text, "/sandbox/orders/%s/%s", order, what);
    subject = market_after(market_post(text, body), "\"id\":\"");
}

static void cancellation_is_asked(void)
{
    buyer_asks("AWAITING_SHIPMENT", "cancellation",
               "{\"reason\":\"ecom_order_to_ship_canceled_reason_no_longer_needed\"}");
}

static void make_due(void)
{
    test_sql(worker,
             "UPDATE pull SET due = now(), from_at = now() - interval '1 minute', until_at = "
             "date_trunc('second', now()) + interval '2 seconds', at = date_trunc('second', now()) "
             "- interval '1 minute' WHERE kind IN ('returns', 'cancellations')");
}

/* What was told since the last time; one at most. */
static const struct channel_return *pull(size_t expected)
{
    size_t count;
    test_clear_outbox(worker);
    make_due();
    market_run(worker, "pull-pages");
    const struct channel_return *told =
        test_emitted(worker, &channel_return_message, "order-ingest", &count);
    cr_assert_eq(count, expected);
    return told;
}

Test(accept_return, a_cancellation_is_told_with_all_that_an_answer_needs)
{
    cancellation_is_asked();
    const struct channel_return *told = pull(1);
    cr_assert(told->is_cancellation);
    cr_assert(sp_text_is(told->return_id, subject));
    cr_assert(sp_text_is(told->channel_order_id, order));
    cr_assert(sp_text_is(told->asked_by, "BUYER"));
    cr_assert(sp_text_is(told->wants, "SELLER_RESPOND_CANCEL"));
    cr_assert_gt(told->deadline_at, told->created_at);
    cr_assert_gt(told->refund_minor, 0);
    cr_assert_gt(told->lines_count, 0);
    cr_assert_gt(told->refusals_count, 0);
    char key[100];
    (void)snprintf(key, sizeof key, "%lld-%s", (long long)told->shop_id, subject);
    cr_assert(sp_text_is(told->head.key, key));
}

Test(accept_return, nothing_is_told_while_nothing_changed)
{
    cancellation_is_asked();
    (void)pull(1);
    (void)pull(0);
}

Test(accept_return, a_return_is_told_and_again_when_it_was_answered)
{
    buyer_asks("DELIVERED", "return",
               "{\"type\":\"RETURN_AND_REFUND\",\"reason\":"
               "\"ecom_order_delivered_refund_and_return_reason_damaged\"}");
    const struct channel_return *told = pull(1);
    cr_assert_not(told->is_cancellation);
    cr_assert(sp_text_is(told->kind, "RETURN_AND_REFUND"));
    cr_assert(sp_text_is(told->wants, "SELLER_RESPOND_RETURN"));
    cr_assert_gt(told->refusals_count, 0);
    int64_t rev = told->head.rev;
    struct action_requested action = {.head = {.account_id = 1, .key = SP_TEXT("a"), .rev = 1},
                                      .shop_id = told->shop_id,
                                      .channel_order_id = sp_text_of(order),
                                      .kind = SP_TEXT("ACCEPT_RETURN"),
                                      .subject_id = sp_text_of(subject)};
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    for (int i = 0; i < 3; i++) {
        test_sql(worker, "UPDATE task SET due = now()");
        market_run(worker, "run-tasks");
    }
    told = pull(1);
    cr_assert(sp_text_is(told->status, "AWAITING_BUYER_SHIP"));
    cr_assert_eq(told->wants.size, 0);
    cr_assert_eq(told->refusals_count, 0);
    cr_assert_eq(told->head.rev, rev + 1);
}

Test(accept_return, what_the_buyer_shows_is_told)
{
    buyer_asks("DELIVERED", "return", "{\"type\":\"REFUND\",\"images\":2}");
    const struct channel_return *told = pull(1);
    cr_assert_eq(told->images_count, 2);
    cr_assert_gt(told->images[0].url.size, 0);
    cr_assert(!sp_text_equal(told->images[0].url, told->images[1].url));
}

Test(accept_return, what_the_platform_decides_is_told)
{
    char path[100];
    buyer_asks("DELIVERED", "return", "{\"type\":\"REFUND\"}");
    const struct channel_return *told = pull(1);
    cr_assert_eq(told->arbitration.size, 0);
    struct action_requested action = {.head = {.account_id = 1, .key = SP_TEXT("a"), .rev = 1},
                                      .shop_id = told->shop_id,
                                      .channel_order_id = sp_text_of(order),
                                      .kind = SP_TEXT("DECLINE_RETURN"),
                                      .subject_id = sp_text_of(subject),
                                      .reason =
                                          SP_TEXT("seller_reject_apply_product_not_returnable")};
    cr_assert_eq(sp_worker_feed(worker, &action_requested_message, &action, 1), SP_OK);
    for (int i = 0; i < 3; i++) {
        test_sql(worker, "UPDATE task SET due = now()");
        market_run(worker, "run-tasks");
    }
    cr_assert(sp_text_is(pull(1)->status, "REFUND_OR_RETURN_REQUEST_REJECT"));
    (void)snprintf(path, sizeof path, "/sandbox/returns/%s/event", subject);
    (void)market_post(path, "{\"event\":\"escalate\"}");
    cr_assert(sp_text_is(pull(1)->arbitration, "IN_PROGRESS"));
    (void)market_post(path, "{\"event\":\"side-with-buyer\"}");
    told = pull(1);
    cr_assert(sp_text_is(told->arbitration, "SUPPORT_BUYER"));
    cr_assert(sp_text_is(told->status, "RETURN_OR_REFUND_REQUEST_SUCCESS"));
}

Test(accept_return, a_page_waits_rather_than_be_told_half)
{
    cancellation_is_asked();
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/return_refund/202309/reject_reasons\",\"kind\":"
                      "\"500\",\"count\":1}]}");
    (void)pull(0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_return"), 0);
    cr_assert_gt(pull(1)->refusals_count, 0);
}

/* Killed between a page's facts and its cursor: there is no between. */
Test(accept_return, a_page_and_its_cursor_go_together)
{
    static const char pulls[] = "SELECT string_agg(concat_ws(' ', kind, at, done_at, seen), ',' "
                                "ORDER BY kind) FROM pull WHERE kind = 'cancellations'";
    cancellation_is_asked();
    test_sql(worker, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
                     "$$ BEGIN RAISE SQLSTATE '57P01'; END $$");
    test_sql(worker, "CREATE TRIGGER die AFTER INSERT ON outbox EXECUTE FUNCTION die()");
    make_due();
    const char *before = test_text(worker, pulls);
    cr_assert_eq(sp_worker_job(worker, "pull-pages"), SP_RETRY);
    cr_assert_str_eq(test_text(worker, pulls), before);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_return"), 0);
    test_sql(worker, "DROP FUNCTION die CASCADE");
    (void)pull(1);
}

Test(accept_return, a_notice_leads_to_the_return_at_once)
{
    cancellation_is_asked();
    test_sql(worker, "UPDATE pull SET due = now() + interval '1 hour', until_at = NULL");
    char body[300];
    (void)snprintf(body, sizeof body,
                   "{\"type\":11,\"tts_notification_id\":\"1\",\"shop_id\":\"%s\",\"timestamp\":1,"
                   "\"data\":{\"order_id\":\"%s\",\"cancel_id\":\"%s\",\"cancel_status\":"
                   "\"CANCELLATION_REQUEST_PENDING\"}}",
                   test_text(worker, "SELECT channel_shop_id FROM shop"), order, subject);
    cr_assert_eq(market_webhook(worker, body), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE due <= now()"), 1);
    cr_assert_str_eq(test_text(worker, "SELECT kind FROM pull WHERE due <= now()"),
                     "cancellations");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 1);
}
