/* The order book's messages: repeats, late copies, permutations, poison. */
/* Covers: handlers.c, handlers_reference.c, order_store.c. */
/* Covers: stage_store.c, change_store.c, reference_store.c, settings.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/order-ingest/orders.h"
#include "tests/support/hold.h"
#include "tests/support/reads.h"
#include "tests/support/ways.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
}

TestSuite(handlers, .init = begin);

static size_t recorded_count(void)
{
    size_t count = 0;
    (void)test_emitted(worker, &order_recorded_message, "product-mapper", &count);
    return count;
}

Test(handlers, keeps_an_order_and_passes_it_on)
{
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM orders WHERE units = 3 AND line_count = 2"), 1);
    cr_assert_eq(test_number(worker, "SELECT change FROM orders"), 3);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_history"), 0,
                 "nothing was replaced");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_past"), 1);
    size_t count = 0;
    const struct order_recorded *recorded =
        test_emitted(worker, &order_recorded_message, "product-mapper", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(recorded->head.key, "7-5001"));
    cr_assert_eq(recorded->lines_count, 2);
    cr_assert(sp_text_is(recorded->lines[0].seller_sku, "MUG-1"));
    cr_assert_eq(recorded->lines[1].line, 3);
    cr_assert(memcmp(recorded->head.trace, order.head.trace, SP_TRACE_BYTES) == 0, "same chain");
}

Test(handlers, changes_nothing_on_a_repeat)
{
    struct channel_order order = an_order("5001", 4, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    const char *before = test_text(worker, "SELECT md5(string_agg(o::text, '')) FROM orders o");
    feed_order(worker, &order);
    cr_assert_str_eq(test_text(worker, "SELECT md5(string_agg(o::text, '')) FROM orders o"),
                     before);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_past"), 1);
    cr_assert_eq(recorded_count(), 1);
}

Test(handlers, ignores_a_late_copy)
{
    struct channel_order late = an_order("5001", 1, "UNPAID");
    struct channel_order newest = an_order("5001", 2, "IN_TRANSIT");
    feed_order(worker, &newest);
    feed_order(worker, &late);
    cr_assert_str_eq(test_text(worker, "SELECT channel_status FROM orders"), "IN_TRANSIT");
    cr_assert_eq(recorded_count(), 1);
}

Test(handlers, keeps_the_newest_of_several_in_one_batch)
{
    struct channel_order orders[] = {an_order("5001", 1, "UNPAID"),
                                     an_order("5001", 3, "IN_TRANSIT"),
                                     an_order("5001", 2, "AWAITING_SHIPMENT")};
    cr_assert_eq(sp_worker_feed(worker, &channel_order_message, orders, 3), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT channel_status FROM orders"), "IN_TRANSIT");
    cr_assert_eq(recorded_count(), 1);
}

Test(handlers, takes_new_known_and_repeated_orders_in_one_batch)
{
    struct channel_order known[] = {an_order("5002", 2, "UNPAID"), an_order("5004", 2, "UNPAID"),
                                    an_order("5006", 5, "UNPAID")};
    cr_assert_eq(sp_worker_feed(worker, &channel_order_message, known, 3), SP_OK);
    struct channel_order all[] = {
        an_order("5001", 1, "UNPAID"),     an_order("5002", 2, "UNPAID"),
        an_order("5003", 1, "IN_TRANSIT"), an_order("5004", 3, "IN_TRANSIT"),
        an_order("5005", 1, "UNPAID"),     an_order("5006", 4, "IN_TRANSIT")};
    cr_assert_eq(sp_worker_feed(worker, &channel_order_message, all, 6), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(order_id || ' ' || upstream_rev || ' ' "
                                       "|| channel_status, ', ' ORDER BY order_id) FROM orders"),
                     "7-5001 1 UNPAID, 7-5002 2 UNPAID, 7-5003 1 IN_TRANSIT, 7-5004 3 IN_TRANSIT, "
                     "7-5005 1 UNPAID, 7-5006 5 UNPAID");
    cr_assert_eq(recorded_count(), 3 + 4, "what was known is not told again");
}

/* Everything of the order but what counts acceptances: our own revision, the clock, the history,
 * what was before; and how many orders there are of each kind. */
static const char *what_is_stored(void)
{
    return test_text(
        worker,
        "SELECT md5((SELECT string_agg((to_jsonb(o) - '{rev,committed_at,first_at,changed_at,"
        "change,was_status,was_cause}'::text[])::text, '') FROM orders o) || coalesce((SELECT "
        "string_agg(sealed::text, '') FROM order_buyer), '') || (SELECT string_agg("
        "(to_jsonb(s) - '{committed_at,was_stage}'::text[])::text, '') FROM order_stage s) || "
        "(SELECT string_agg(n::text, '' ORDER BY n) FROM (SELECT axis, word, cause, sum(orders) "
        "FROM order_number GROUP BY 1, 2, 3 HAVING sum(orders) <> 0) n))");
}

/* Every fact comes twice, stages the other way round, and every other time the numbers are folded.
 */
Test(handlers, ends_in_the_same_rows_however_it_comes, .timeout = 120)
{
    struct channel_order facts[] = {
        an_order("5001", 1, "UNPAID"), an_order("5001", 2, "AWAITING_SHIPMENT"),
        an_order("5001", 3, "UNPAID"), an_order("5001", 4, "CANCELLED")};
    struct order_staged stages[] = {a_stage("5001", 1, "UNSYNC"), a_stage("5001", 2, "NOT_READY"),
                                    a_stage("5001", 3, "UNSYNC"), a_stage("5001", 4, "CANCELLED")};
    facts[0].buyer_sealed = SP_TEXT("first");
    facts[1].buyer_sealed = SP_TEXT("second");
    facts[3].cancel_initiator = SP_TEXT("BUYER");
    size_t ways = 0;
    const struct test_way *way = test_ways(SP_COUNT(facts), &ways);
    const char *expected = NULL;
    for (size_t n = 0; n < ways; n++) {
        worker = ingest_fresh();
        for (size_t i = 0; i < way[n].count; i++) {
            feed_order(worker, &facts[way[n].steps[i]]);
            feed_stage(worker, &stages[way[n].steps[way[n].count - 1 - i]]);
            feed_order(worker, &facts[way[n].steps[i]]);
            if (n % 2 == 1)
                cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
        }
        const char *found = what_is_stored();
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "way %zu", n);
    }
    cr_assert_eq(ways, 49);
    cr_assert_str_eq(test_text(worker,
                               "SELECT string_agg(word || ' ' || orders, ', ') FROM (SELECT "
                               "word, sum(orders) AS orders FROM order_number GROUP BY "
                               "axis, word HAVING sum(orders) <> 0) n"),
                     "CANCELLED 1, CANCELLED 1");
}

Test(handlers, tells_changed_content_from_a_changed_status)
{
    struct channel_order first = an_order("5001", 1, "AWAITING_SHIPMENT");
    struct channel_order same = an_order("5001", 2, "AWAITING_SHIPMENT");
    struct channel_order content = an_order("5001", 3, "AWAITING_SHIPMENT");
    struct channel_order status = an_order("5001", 4, "IN_TRANSIT");
    same.updated_at = first.updated_at;
    feed_order(worker, &first);
    feed_order(worker, &same);
    cr_assert_eq(test_number(worker, "SELECT change FROM orders"), 0);
    cr_assert_eq(recorded_count(), 1, "what is the same is not passed on");
    feed_order(worker, &content);
    cr_assert_eq(test_number(worker, "SELECT change FROM orders"), 1);
    feed_order(worker, &status);
    cr_assert_eq(test_number(worker, "SELECT change FROM orders"), 2);
    cr_assert_eq(recorded_count(), 3);
}

/* When it came, where it stood, what brought it: of each change, oldest first. */
static const char *past(void)
{
    return test_text(worker,
                     "SELECT string_agg(left(trace::text, 2) || ' ' || channel_status, ', ' "
                     "ORDER BY upstream_rev) FROM order_past");
}

Test(handlers, keeps_what_each_change_replaced)
{
    struct channel_order first = an_order("5001", 1, "UNPAID"), again = first,
                         paid = an_order("5001", 3, "AWAITING_SHIPMENT"),
                         gone = an_order("5001", 4, "CANCELLED");
    again.head.rev = 2;
    again.head.trace[0] = 2;
    paid.head.trace[0] = 3;
    gone.head.trace[0] = 4;
    gone.cancel_initiator = SP_TEXT("BUYER");
    feed_order(worker, &first);
    const char *accepted = test_text(worker, "SELECT at::text FROM order_past");
    feed_order(worker, &again);
    cr_assert_str_eq(past(), "01 UNPAID", "it says the same");
    cr_assert_str_eq(test_text(worker, "SELECT at::text FROM order_past"), accepted);
    feed_order(worker, &paid);
    cr_assert_str_eq(past(), "01 UNPAID, 03 AWAITING_SHIPMENT");
    cr_assert_str_eq(test_text(worker, "SELECT at::text FROM order_history"), accepted);
    cr_assert_eq(test_number(worker, "SELECT extract(epoch FROM updated_at)::bigint FROM "
                                     "order_history"),
                 first.updated_at);
    feed_order(worker, &gone);
    cr_assert_str_eq(past(), "01 UNPAID, 03 AWAITING_SHIPMENT, 04 CANCELLED");
    cr_assert_str_eq(test_text(worker, "SELECT cause FROM order_past WHERE cause <> ''"), "BUYER");
}

static void *feed_in_background(void *order)
{
    feed_order(worker, order);
    return NULL;
}

Test(handlers, loses_no_change_when_two_replicas_race)
{
    struct channel_order first = an_order("5001", 1, "UNPAID"),
                         second = an_order("5001", 2, "AWAITING_SHIPMENT"),
                         third = an_order("5001", 3, "IN_TRANSIT"), warm = an_order("5002", 1, "");
    struct sp_worker *other = ingest_other();
    feed_order(worker, &first);
    feed_order(other, &warm);
    test_sql(worker, "DELETE FROM orders WHERE order_id = '7-5002'");
    struct test_hold *hold = test_hold_commits(worker);
    test_feed_held(hold, other, &channel_order_message, &second);
    /* The third revision comes when the second has replaced the first and has not committed. */
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, feed_in_background, &third), 0);
    test_await_waiting(hold, 2);
    test_let_go(&hold);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    sp_worker_close(&other);
    cr_assert_str_eq(past(), "01 UNPAID, 01 AWAITING_SHIPMENT, 01 IN_TRANSIT");
}

/* Neither of two replicas finds the order; the one whose COMMIT comes first has inserted it, and
 * the other's batch is run again. */
Test(handlers, loses_no_change_when_two_replicas_find_an_order_new)
{
    struct channel_order first = an_order("5001", 1, "UNPAID"),
                         second = an_order("5001", 2, "IN_TRANSIT"), warm = an_order("5002", 1, "");
    struct sp_worker *other = ingest_other();
    feed_order(other, &warm);
    feed_order(worker, &warm);
    test_sql(worker, "DELETE FROM orders WHERE order_id = '7-5002'");
    struct test_hold *hold = test_hold_commits(worker);
    test_feed_held(hold, other, &channel_order_message, &first);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, feed_in_background, &second), 0);
    test_await_waiting(hold, 2);
    test_let_go(&hold);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    sp_worker_close(&other);
    cr_assert_str_eq(past(), "01 UNPAID, 01 IN_TRANSIT");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(handlers, keeps_and_passes_on_a_status_nobody_knows)
{
    struct channel_order order = an_order("5001", 1, "TELEPORTED");
    feed_order(worker, &order);
    cr_assert_str_eq(test_text(worker, "SELECT channel_status FROM orders"), "TELEPORTED");
    cr_assert_eq(recorded_count(), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(handlers, rejects_poison_alone)
{
    struct channel_order orders[] = {an_order("5001", 1, "UNPAID"), an_order("5002", 1, "UNPAID"),
                                     an_order("5003", 1, "UNPAID"), an_order("5004", 1, "UNPAID")};
    struct channel_line twice[] = {orders[1].lines[0], orders[1].lines[0]};
    orders[1].lines = twice;
    orders[2].created_at = INT64_MAX;
    cr_assert_eq(sp_worker_feed(worker, &channel_order_message, orders, 4), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = '7-5002' "
                                     "AND reason LIKE '%line number%'"),
                 1);
    cr_assert_eq(recorded_count(), 2);
}

Test(handlers, keeps_the_sealed_buyer_apart_and_lets_it_go)
{
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    order.buyer_sealed = (struct sp_text){"\x01sealed", 7};
    feed_order(worker, &order);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer WHERE expires_at > now() + "
                                     "interval '59 days'"),
                 1);
    struct channel_order without = an_order("5001", 2, "COMPLETED");
    feed_order(worker, &without);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer"), 0);
}

Test(handlers, lets_a_stage_touch_the_stage_alone)
{
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    const char *before = test_text(worker, "SELECT o::text FROM orders o");
    struct condition open[] = {
        {.code = SP_TEXT("LINE_UNMAPPED"), .value = SP_TEXT("Mug"), .line = 1}};
    struct order_staged staged = a_stage("5001", 1, "UNSYNC");
    staged.conditions = open;
    staged.conditions_count = 1;
    feed_stage(worker, &staged);
    cr_assert_str_eq(test_text(worker, "SELECT o::text FROM orders o"), before);
    cr_assert_str_eq(test_text(worker, "SELECT conditions->0->>'code' FROM order_stage"),
                     "LINE_UNMAPPED");
    cr_assert_eq(recorded_count(), 1, "the ring ends here");
}

Test(handlers, keeps_a_stage_that_comes_before_its_order)
{
    struct order_staged staged = a_stage("5001", 3, "DONE");
    feed_stage(worker, &staged);
    struct order_staged late = a_stage("5001", 2, "UNSYNC");
    feed_stage(worker, &late);
    cr_assert_str_eq(test_text(worker, "SELECT stage FROM order_stage"), "DONE");
}

Test(handlers, keeps_a_stage_nobody_knows)
{
    struct order_staged staged = a_stage("5001", 1, "FLYING");
    feed_stage(worker, &staged);
    cr_assert_str_eq(test_text(worker, "SELECT stage FROM order_stage"), "FLYING");
}

Test(handlers, keeps_the_newest_of_each_reference)
{
    feed_shop(worker, 7, "CONNECTED");
    feed_shop(worker, 7, "DISCONNECTED"); /* the same revision: a repeat */
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
    struct account_saved account = {.head = {.account_id = 1, .key = SP_TEXT("1"), .rev = 2},
                                    .name = SP_TEXT("Seller"),
                                    .currency = SP_TEXT("VND"),
                                    .state = SP_TEXT("ACTIVE")};
    struct warehouse_saved warehouse = {.head = {.account_id = 1, .key = SP_TEXT("3"), .rev = 1},
                                        .warehouse_id = 3,
                                        .name = SP_TEXT("HN"),
                                        .kind = SP_TEXT("OWN")};
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    cr_assert_eq(sp_worker_feed(worker, &warehouse_saved_message, &warehouse, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM account WHERE name = 'Seller'"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM warehouse WHERE name = 'HN'"), 1);
}

Test(handlers, does_not_mix_accounts)
{
    struct channel_order mine = an_order("5001", 1, "UNPAID"), theirs = mine;
    theirs.head.account_id = 2;
    theirs.status = SP_TEXT("IN_TRANSIT");
    feed_order(worker, &mine);
    feed_order(worker, &theirs);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM change_log WHERE account_id = 2"), 1);
}

/* The marketplace numbers orders for each shop by itself. */
Test(handlers, does_not_mix_shops_of_one_account)
{
    struct channel_order mine = an_order("5001", 1, "UNPAID"), other = mine;
    other.head.key = SP_TEXT("8-5001");
    other.shop_id = 8;
    other.status = SP_TEXT("IN_TRANSIT");
    feed_order(worker, &mine);
    feed_order(worker, &other);
    other.head.rev = 2;
    other.status = SP_TEXT("DELIVERED");
    feed_order(worker, &other);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(shop_id || ' ' || channel_status, ', ' "
                                       "ORDER BY shop_id) FROM orders"),
                     "7 UNPAID, 8 DELIVERED");
}

/* So many orders and their stages, from `first` on. */
static void feed_many(int first, int count, int64_t rev, const char *status)
{
    enum { MANY = 256 };
    static char keys[MANY][16];
    struct channel_order orders[MANY];
    struct order_staged stages[MANY];
    for (int done = 0; done < count; done += MANY) {
        for (int i = 0; i < MANY; i++) {
            (void)snprintf(keys[i], sizeof keys[i], "7-%d", first + done + i);
            orders[i] = an_order("", rev, status);
            stages[i] = a_stage("", rev, "UNSYNC");
            orders[i].head.key = stages[i].head.key = sp_text_of(keys[i]);
            orders[i].channel_order_id = sp_text_of(keys[i] + 2);
        }
        cr_assert_eq(sp_worker_feed(worker, &channel_order_message, orders, MANY), SP_OK);
        cr_assert_eq(sp_worker_feed(worker, &order_staged_message, stages, MANY), SP_OK);
    }
}

Test(handlers, finds_rows_by_their_keys_in_tables_never_analysed)
{
    enum { YOUNG = 5120, MORE = 512 };
    test_never_analyse(worker);
    feed_many(0, YOUNG, 1, "UNPAID");
    test_count_reads(worker);
    feed_many(0, MORE, 2, "IN_TRANSIT");
    feed_many(YOUNG, MORE, 1, "UNPAID");
    cr_assert_str_eq(test_reads_above(worker, 4 * MORE), "");
    cr_assert_neq(*test_reads_above(worker, MORE - 1), '\0', "it counts");
}
