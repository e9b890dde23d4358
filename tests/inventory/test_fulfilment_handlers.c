/* Goods issues asked for by placement, and returns.  Covers: fulfilment_handlers.c, issue_store.c
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/inventory/world.h"
#include "tests/support/hold.h"

static struct sp_worker *worker;
static int64_t home;

static void open_shop(void)
{
    worker = world_open();
    home = world_warehouse(worker, "W1", 1);
    world_shop(worker, 1, home, true);
    world_variant(worker, 10, "MUG");
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
}

static void close_shop(void)
{
    world_check(worker);
    sp_worker_close(&worker);
}

TestSuite(fulfilments, .init = open_shop, .fini = close_shop);

static struct fulfilment_progressed ask_for(int64_t rev, bool wanted, int64_t pieces)
{
    struct fulfilment_line line = {1, 10, pieces};
    struct fulfilment_requested request = {
        .head = {.account_id = ACCOUNT, .key = SP_TEXT("3-1/1/1"), .rev = rev},
        .order_id = SP_TEXT("3-1"),
        .attempt = 1,
        .warehouse_id = home,
        .mode = SP_TEXT("OWN_STOCK"),
        .wanted = wanted,
        .lines = &line,
        .lines_count = pieces > 0};
    test_clear_outbox(worker);
    cr_assert_eq(sp_worker_feed(worker, &fulfilment_requested_message, &request, 1), SP_OK);
    size_t count;
    const struct fulfilment_progressed *answers =
        test_emitted(worker, &fulfilment_progressed_message, "placement", &count);
    struct fulfilment_progressed none = {.asked_rev = 0};
    cr_assert_leq(count, 1);
    return count == 0 ? none : answers[0];
}

Test(fulfilments, are_accepted_without_a_word_and_move_reserved_to_pending_out)
{
    cr_assert_eq(ask_for(4, true, 2).asked_rev, 0);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM goods_issue"), "AWAITING_ISSUE");
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
}

Test(fulfilments, are_done_once_at_whatever_revision)
{
    (void)ask_for(4, true, 2);
    cr_assert_eq(ask_for(4, true, 2).asked_rev, 0);
    cr_assert_eq(ask_for(5, true, 2).asked_rev, 0);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
}

Test(fulfilments, are_told_when_they_are_accepted_after_a_refusal)
{
    struct world_order held = {1, 2, .status = "ON_HOLD", .lines = {{10, 2}}},
                       free = {1, 3, .lines = {{10, 2}}};
    world_feed(worker, &held, 1);
    cr_assert(sp_text_is(ask_for(4, true, 2).answer, "REFUSED"));
    world_feed(worker, &free, 1);
    struct fulfilment_progressed answer = ask_for(5, true, 2);
    cr_assert(sp_text_is(answer.answer, "ACCEPTED"));
    cr_assert_eq(answer.asked_rev, 5);
}

Test(fulfilments, are_refused_when_the_goods_are_not_kept)
{
    struct fulfilment_progressed answer = ask_for(4, true, 3);
    cr_assert(sp_text_is(answer.answer, "REFUSED"));
    cr_assert_gt(answer.reason.size, 0);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM goods_issue"), "REFUSED");
}

Test(fulfilments, are_refused_when_the_order_was_cancelled_meanwhile)
{
    struct world_order gone = {1, 2, .status = "CANCELLED", .lines = {{10, 2}}};
    world_feed(worker, &gone, 1);
    cr_assert(sp_text_is(ask_for(4, true, 2).answer, "REFUSED"));
    cr_assert_eq(world_figure(worker, "pending_out", 10), 0);
}

Test(fulfilments, withdrawn_go_back_to_the_reservation)
{
    (void)ask_for(4, true, 2);
    struct fulfilment_progressed answer = ask_for(5, false, 0);
    cr_assert(sp_text_is(answer.answer, "ACCEPTED"));
    cr_assert_gt(answer.cancelled_at, 0);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 0);
}

Test(fulfilments, withdrawn_of_a_cancelled_order_set_goods_free_for_those_who_wait)
{
    (void)ask_for(4, true, 2);
    struct world_order other = {2, 1, .lines = {{10, 4}}},
                       gone = {1, 2, .status = "CANCELLED", .lines = {{10, 2}}};
    world_feed(worker, &other, 1);
    cr_assert_eq(world_figure(worker, "waiting", 10), 1);
    world_feed(worker, &gone, 1);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2,
                 "a goods issue follows placement alone");
    (void)ask_for(5, false, 0);
    world_settle(worker);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 0);
    cr_assert_eq(world_figure(worker, "reserved", 10), 4);
    cr_assert_eq(world_figure(worker, "waiting", 10), 0);
}

Test(fulfilments, withdrawn_before_they_came_stay_cancelled)
{
    cr_assert_gt(ask_for(5, false, 0).cancelled_at, 0);
    cr_assert_eq(ask_for(4, true, 2).asked_rev, 0);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 0);
}

Test(fulfilments, issued_can_no_longer_be_withdrawn)
{
    (void)ask_for(4, true, 2);
    const char *said;
    test_clear_outbox(worker);
    cr_assert_eq(
        test_ask(worker, "inventory.issue", "{\"ids\":[\"3-1/1/1\",\"none\"]}", &said, NULL), 200);
    cr_assert_not_null(strstr(said, "{\"id\":\"3-1/1/1\",\"result\":\"ISSUED\"}"), "%s", said);
    cr_assert_not_null(strstr(said, "{\"id\":\"none\",\"result\":\"REFUSED\",\"reason\":"
                                    "\"ISSUE_UNKNOWN\"}"),
                       "%s", said);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 3);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 0);
    size_t count;
    const struct fulfilment_progressed *told =
        test_emitted(worker, &fulfilment_progressed_message, NULL, &count);
    cr_assert_eq(count, 1);
    cr_assert_gt(told[0].issued_at, 0);
    cr_assert_eq(told[0].asked_rev, 4);
    struct fulfilment_progressed answer = ask_for(5, false, 0);
    cr_assert_gt(answer.issued_at, 0);
    cr_assert_eq(answer.cancelled_at, 0);
    cr_assert_gt(answer.head.rev, told[0].head.rev);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 3);
}

/* A line on a goods issue follows placement alone: it neither gives back nor takes more. */
Test(fulfilments, keep_their_pieces_when_a_unit_is_cancelled)
{
    (void)ask_for(4, true, 2);
    struct world_order fewer = {1, 2, .lines = {{10, 1}}};
    world_feed(worker, &fewer, 1);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    (void)ask_for(5, false, 0);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2, "until the next word about the order");
    fewer.rev = 3;
    world_feed(worker, &fewer, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 1);
}

static void assert_stays(const char *status, int64_t rev)
{
    struct world_order order = {1, rev, .status = status, .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    test_clear_outbox(worker);
    const char *said;
    cr_assert_eq(test_ask(worker, "inventory.issue", "{\"ids\":[\"3-1/1/1\"]}", &said, NULL), 200);
    cr_assert_not_null(strstr(said, "\"result\":\"REFUSED\",\"reason\":\"ORDER_CLOSED\""), "%s: %s",
                       status, said);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM goods_issue"), "AWAITING_ISSUE");
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
    size_t count;
    (void)test_emitted(worker, &fulfilment_progressed_message, NULL, &count);
    cr_assert_eq(count, 0);
}

Test(fulfilments, are_not_issued_for_orders_whose_goods_may_not_leave)
{
    (void)ask_for(4, true, 2);
    assert_stays("ON_HOLD", 2);
    assert_stays("CANCELLED", 3);
    assert_stays("UNPAID", 4);
    assert_stays("NEVER_HEARD_OF", 5);
    struct world_order order = {1, 6, .status = "AWAITING_COLLECTION", .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    const char *said;
    cr_assert_eq(test_ask(worker, "inventory.issue", "{\"ids\":[\"3-1/1/1\"]}", &said, NULL), 200);
    cr_assert_not_null(strstr(said, "ISSUED"), "%s", said);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 3);
}

static void *issue_in_background(void *context)
{
    const char *said = NULL;
    int status = test_ask(context, "inventory.issue", "{\"ids\":[\"3-1/1/1\"]}", &said, NULL);
    return status == 200 ? (void *)(uintptr_t)said : NULL;
}

Test(fulfilments, wait_for_a_cancellation_that_is_being_committed, .timeout = 60)
{
    static struct sp_worker *other; /* for the leak check: it lives as long as its settings */
    other = test_worker_on(&inventory_service, test_worker_url(), NULL);
    struct world_order first = {9, 1, .status = "COMPLETED", .lines = {{10, 1}}},
                       gone = {1, 2, .status = "CANCELLED", .lines = {{10, 2}}};
    (void)ask_for(4, true, 2);
    world_feed(other, &first, 1);
    struct test_hold *hold = test_hold_commits(worker);
    struct order_mapped order = world_message(&gone);
    test_feed_held(hold, other, &order_mapped_message, &order);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, issue_in_background, worker), 0);
    test_await_waiting(hold, 2);
    test_let_go(&hold);
    void *said = NULL;
    cr_assert_eq(pthread_join(thread, &said), 0);
    cr_assert_not_null(said);
    cr_assert_not_null(strstr(said, "ORDER_CLOSED"), "%s", (const char *)said);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
    sp_worker_close(&other);
}

/* Stock is locked by key, wherever the rows lie: variant 5 came after variant 10. */
Test(fulfilments, issued_together_lock_stock_in_the_order_of_its_keys, .timeout = 60)
{
    static struct sp_worker *other;
    other = test_worker_on(&inventory_service, test_worker_url(), NULL);
    world_variant(worker, 5, "CUP");
    world_stock(worker, home, 5, 5);
    struct world_order order = {1, 2, .lines = {{10, 2}, {5, 1}}};
    world_feed(worker, &order, 1);
    struct fulfilment_line lines[] = {{1, 10, 2}, {2, 5, 1}};
    struct fulfilment_requested request = {
        .head = {.account_id = ACCOUNT, .key = SP_TEXT("3-1/1/1"), .rev = 4},
        .order_id = SP_TEXT("3-1"),
        .attempt = 1,
        .warehouse_id = home,
        .mode = SP_TEXT("OWN_STOCK"),
        .wanted = true,
        .lines = lines,
        .lines_count = 2};
    cr_assert_eq(sp_worker_feed(worker, &fulfilment_requested_message, &request, 1), SP_OK);
    /* So many that a plan made freely reads the table from its begin. */
    test_sql(worker, "INSERT INTO stock (account_id, variant_id, warehouse_id) SELECT account_id, "
                     "1000 + n, warehouse_id FROM warehouse, generate_series(1, 60) n");
    test_sql(worker, "UPDATE stock SET waiting = waiting WHERE variant_id = 5");
    test_sql(worker, "ANALYZE stock");
    cr_assert_eq(test_number(worker, "SELECT variant_id FROM stock WHERE variant_id IN (5, 10) "
                                     "ORDER BY ctid LIMIT 1"),
                 10);
    struct test_hold *hold =
        test_hold(worker, "SELECT FROM stock WHERE variant_id = 10 FOR UPDATE");
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, issue_in_background, worker), 0);
    test_await_waiting(hold, 1);
    cr_expect_eq(test_number(other, "SELECT count(*) FROM (SELECT FROM stock WHERE variant_id = 5 "
                                    "FOR UPDATE SKIP LOCKED) free"),
                 0);
    test_let_go(&hold);
    void *said = NULL;
    cr_assert_eq(pthread_join(thread, &said), 0);
    cr_assert_not_null(strstr(said, "ISSUED"));
    cr_assert_eq(world_figure(worker, "on_hand", 5), 4);
    sp_worker_close(&other);
}

Test(fulfilments, of_nothing_from_stock_are_accepted)
{
    struct world_order order = {1, 2, .lines = {{10, 2}}, .supply = "MADE_TO_ORDER"};
    world_feed(worker, &order, 1);
    cr_assert_eq(ask_for(4, true, 0).asked_rev, 0);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM goods_issue"), "AWAITING_ISSUE");
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
}

Test(fulfilments, keep_their_lines_when_the_order_changes)
{
    (void)ask_for(4, true, 2);
    struct world_order changed = {1, 2, .lines = {{10, 3}}};
    world_feed(worker, &changed, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
}

static void give_back(int64_t rev, const char *what, int64_t pieces)
{
    struct goods_returned goods = {
        .head = {.account_id = ACCOUNT, .key = SP_TEXT("R1/1"), .rev = rev},
        .order_id = SP_TEXT("3-1"),
        .variant_id = 10,
        .warehouse_id = home,
        .pieces = pieces,
        .what = sp_text_of(what)};
    cr_assert_eq(sp_worker_feed(worker, &goods_returned_message, &goods, 1), SP_OK);
}

Test(fulfilments, returns_are_booked_once_and_a_later_revision_replaces_them)
{
    give_back(1, "RESTOCK", 3);
    give_back(1, "RESTOCK", 3);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 8);
    give_back(2, "QUARANTINE", 2);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 7);
    cr_assert_eq(world_figure(worker, "quarantined", 10), 2);
    give_back(1, "RESTOCK", 3);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 7);
    give_back(3, "SCRAP", 2);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
    cr_assert_eq(world_figure(worker, "quarantined", 10), 0);
}

Test(fulfilments, impossible_requests_are_dead_letters)
{
    struct fulfilment_line line = {1, 10, 2};
    struct fulfilment_requested request = {
        .head = {.account_id = ACCOUNT, .key = SP_TEXT("3-10/1/1"), .rev = 4},
        .order_id = SP_TEXT("3-1"),
        .attempt = 1,
        .warehouse_id = home,
        .wanted = true,
        .lines = &line,
        .lines_count = 1};
    cr_assert_eq(sp_worker_feed(worker, &fulfilment_requested_message, &request, 1), SP_OK);
    request.head.key = SP_TEXT("3-1/1/1");
    static const int64_t absurd[] = {INT64_MIN, INT64_MAX, -2};
    for (size_t i = 0; i < SP_COUNT(absurd); i++) {
        line.pieces = absurd[i];
        request.head.rev++;
        cr_assert_eq(sp_worker_feed(worker, &fulfilment_requested_message, &request, 1), SP_OK);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 4);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM goods_issue"), 0);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    cr_assert_eq(ask_for(9, true, 2).asked_rev, 0, "a sound one is still accepted");
    cr_assert_eq(world_figure(worker, "pending_out", 10), 2);
}

Test(fulfilments, impossible_returns_are_dead_letters)
{
    give_back(1, "RESTOCK", -4);
    give_back(2, "EATEN", 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 2);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
}

Test(fulfilments, are_hops_on_the_way_of_their_order_alone)
{
    struct world_order other = {11, 1, .lines = {{10, 1}}};
    world_feed(worker, &other, 1);
    (void)ask_for(4, true, 2);
    give_back(1, "SCRAP", 1);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(fact, ',' ORDER BY fact) FROM order_hop "
                                       "WHERE order_id = '3-1'"),
                     "fulfilment.requested,goods.returned,order.mapped");
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(fact, ',' ORDER BY fact) FROM order_hop "
                                       "WHERE order_id = '3-11'"),
                     "order.mapped");
}
