/* order.allocated in, rows and outbox out: placing, balance, repeats, permutations. */
/* Covers: handlers.c, place_flow.c, place_save.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/placement/world.h"
#include "tests/support/reads.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = world_open("USD");
}

TestSuite(handlers, .init = begin);

static void rich(void)
{
    world_top_up(worker, 1000000);
    world_auto_place(worker, true);
    world_settle(worker);
    test_clear_outbox(worker);
}

/* One unit of variant 1 costs 100 and the surcharge. */
enum { PLAIN = 100 + SURCHARGE };

Test(handlers, an_order_that_meets_everything_is_placed_and_debited)
{
    rich();
    struct world_order order = {
        .number = 1, .rev = 5, .lines = {{.variant = 1, .units = 2}, {.variant = 2, .units = 1}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), 1000000 - (2 * 100 + 200 + 3 * SURCHARGE));
    size_t count = 0;
    const struct order_staged *staged = test_emitted(worker, &order_staged_message, NULL, &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(staged->stage, "AWAITING_SHIPMENT"));
    cr_assert_eq(staged->conditions_count, 0);
    cr_assert_eq(staged->charged_minor, 400 + 3 * SURCHARGE);
    cr_assert(sp_text_is(staged->currency, "USD"));
    cr_assert_gt(staged->placed_at, 0);
    cr_assert_gt(staged->head.rev, 0);
    cr_assert_eq(staged->head.trace[1], 1, "the same chain");
    world_check(worker);
}

Test(handlers, a_placed_order_asks_inventory_for_what_it_keeps)
{
    rich();
    struct world_order order = {
        .number = 1,
        .rev = 5,
        .lines = {{.variant = 1, .units = 2}, {.variant = 2, .units = 1, .cancelled = true}}};
    world_feed(worker, &order, 1);
    size_t count = 0;
    const struct fulfilment_requested *wanted =
        test_emitted(worker, &fulfilment_requested_message, "inventory", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(wanted->head.key, "3-1/1/1"));
    cr_assert(sp_text_is(wanted->order_id, "3-1"));
    cr_assert(wanted->wanted);
    cr_assert_eq(wanted->attempt, 1);
    cr_assert_eq(wanted->warehouse_id, WAREHOUSE);
    cr_assert(sp_text_is(wanted->mode, "OWN_STOCK"));
    cr_assert_eq(wanted->lines_count, 1);
    cr_assert_eq(wanted->lines[0].variant_id, 1);
    cr_assert_eq(wanted->lines[0].pieces, 2);
}

Test(handlers, made_to_order_goods_are_asked_for_without_lines)
{
    rich();
    struct world_order order = {
        .number = 1, .rev = 5, .lines = {{.variant = 1, .units = 2, .supply = "MADE_TO_ORDER"}}};
    world_feed(worker, &order, 1);
    size_t count = 0;
    const struct fulfilment_requested *wanted =
        test_emitted(worker, &fulfilment_requested_message, "inventory", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(wanted->mode, "MADE_TO_ORDER"));
    cr_assert_eq(wanted->lines_count, 0);
}

Test(handlers, goods_that_are_bought_begin_at_to_purchase)
{
    rich();
    struct world_order order = {
        .number = 1, .rev = 5, .lines = {{.variant = 1, .units = 2, .supply = "PURCHASED"}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "TO_PURCHASE");
    size_t count = 0;
    const struct fulfilment_requested *wanted =
        test_emitted(worker, &fulfilment_requested_message, "inventory", &count);
    cr_assert(sp_text_is(wanted->mode, "CONSOLIDATION"));
}

Test(handlers, repeats_and_late_copies_change_nothing)
{
    rich();
    struct world_order orders[] = {{.number = 1, .rev = 5},
                                   {.number = 2, .rev = 5, .unpaid = true}};
    world_feed(worker, orders, 2);
    const char *rows = world_rows(worker);
    size_t told = world_emitted(worker, &order_staged_message);
    world_feed(worker, orders, 2);
    orders[0].rev = 4;
    orders[0].status = "CANCELLED";
    world_feed(worker, orders, 1);
    cr_assert_str_eq(world_rows(worker), rows);
    cr_assert_eq(world_emitted(worker, &order_staged_message), told);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 1);
}

Test(handlers, a_newer_fact_that_says_the_same_is_not_told_again)
{
    struct world_order order = {.number = 1, .rev = 5, .unpaid = true};
    world_feed(worker, &order, 1);
    order.rev = 6;
    world_feed(worker, &order, 1);
    cr_assert_eq(world_emitted(worker, &order_staged_message), 1);
}

Test(handlers, what_is_told_has_a_rising_revision)
{
    struct world_order order = {
        .number = 1, .rev = 5, .lines = {{.variant = 1, .units = 1, .problem = "UNMAPPED"}}};
    world_feed(worker, &order, 1);
    order = (struct world_order){.number = 1, .rev = 6};
    world_feed(worker, &order, 1);
    size_t count = 0;
    const struct order_staged *staged = test_emitted(worker, &order_staged_message, NULL, &count);
    cr_assert_eq(count, 2);
    cr_assert_lt(staged[0].head.rev, staged[1].head.rev);
    cr_assert(sp_text_is(staged[0].stage, "UNSYNC"));
    cr_assert(sp_text_is(staged[0].conditions[0].code, "LINE_UNMAPPED"));
    cr_assert(sp_text_is(staged[1].stage, "NOT_READY"));
}

/* ---- balance --------------------------------------------------------------------------------- */

Test(handlers, a_balance_equal_to_the_total_places)
{
    world_top_up(worker, PLAIN);
    world_auto_place(worker, true);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), 0);
    world_check(worker);
}

Test(handlers, one_minor_unit_less_does_not)
{
    world_top_up(worker, PLAIN - 1);
    world_auto_place(worker, true);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert(strstr(world_open_codes(worker, 1), "BALANCE_LOW") != NULL);
    cr_assert_eq(world_balance(worker), PLAIN - 1);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 0);
    world_check(worker);
}

Test(handlers, the_oldest_orders_of_a_batch_are_paid_first)
{
    world_top_up(worker, 2 * PLAIN);
    world_auto_place(worker, true);
    struct world_order orders[] = {{.number = 1, .rev = 1, .created_at = 300},
                                   {.number = 2, .rev = 1, .created_at = 100},
                                   {.number = 3, .rev = 1, .created_at = 200}};
    world_feed(worker, orders, 3);
    cr_assert_str_eq(world_stage(worker, 2), "AWAITING_SHIPMENT");
    cr_assert_str_eq(world_stage(worker, 3), "AWAITING_SHIPMENT");
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_eq(world_balance(worker), 0);
    world_check(worker);
}

Test(handlers, the_first_that_fails_for_balance_switches_off_with_one_notice)
{
    world_top_up(worker, PLAIN + 10);
    world_auto_place(worker, true);
    struct world_order orders[] = {{.number = 1, .rev = 1},
                                   {.number = 2, .rev = 1, .lines = {{.variant = 5, .units = 10}}},
                                   {.number = 3, .rev = 1}};
    world_feed(worker, orders, 3);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_str_eq(world_stage(worker, 2), "NOT_READY");
    cr_assert_str_eq(world_stage(worker, 3), "NOT_READY");
    cr_assert(strstr(world_open_codes(worker, 2), "BALANCE_LOW") != NULL);
    cr_assert(strstr(world_open_codes(worker, 3), "AUTO_PLACE_OFF") != NULL);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM setting WHERE NOT auto_place"), 1);
    struct world_order more[] = {{.number = 4, .rev = 1}, {.number = 5, .rev = 1}};
    world_feed(worker, more, 2);
    size_t count = 0;
    const struct notice_raised *notice = test_emitted(worker, &notice_raised_message, NULL, &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(notice->event, "BALANCE_LOW"));
    cr_assert(strstr(world_open_codes(worker, 4), "AUTO_PLACE_OFF") != NULL);
    world_check(worker);
}

Test(handlers, a_later_order_that_would_do_is_held_all_the_same)
{
    world_top_up(worker, PLAIN);
    world_auto_place(worker, true);
    struct world_order orders[] = {{.number = 1, .rev = 1, .lines = {{.variant = 5, .units = 10}}},
                                   {.number = 2, .rev = 1}};
    world_feed(worker, orders, 2);
    cr_assert_str_eq(world_stage(worker, 2), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 2), "AUTO_PLACE_OFF");
    cr_assert_eq(world_balance(worker), PLAIN);
}

Test(handlers, an_order_that_fails_for_another_reason_leaves_the_switch_on)
{
    world_auto_place(worker, true);
    struct world_order order = {.number = 1, .rev = 1, .unpaid = true};
    world_feed(worker, &order, 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM setting WHERE auto_place"), 1);
    cr_assert_eq(world_emitted(worker, &notice_raised_message), 0);
}

Test(handlers, accounts_have_their_own_wallets)
{
    world_account(worker, 2, "USD");
    rich();
    struct world_order orders[] = {{.number = 1, .rev = 1}, {.number = 1, .rev = 1, .account = 2}};
    world_feed(worker, orders, 2);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision WHERE account_id = 2 "
                                     "AND stage = 'NOT_READY'"),
                 1);
    world_check(worker);
}

/* ---- order of arrival ------------------------------------------------------------------------ */

static const char *rows_after(const struct world_order history[], const int order[], size_t count)
{
    test_sql(worker, "TRUNCATE decision, wallet_entry, outbox");
    test_sql(worker, "UPDATE ledger_balance SET balance_minor = 0");
    for (size_t i = 0; i < count; i++)
        world_feed(worker, &history[order[i]], 1);
    return world_rows(worker);
}

/* Every order of arrival of four facts, and every part of them that holds the newest. */
static void check_arrivals(const struct world_order history[4])
{
    const int only[] = {3};
    const char *wanted = rows_after(history, only, 1);
    for (int code = 0; code < 256; code++) {
        int order[4], seen[4] = {0};
        bool newest = false, once = true;
        for (int i = 0; i < 4; i++) {
            order[i] = (code >> (2 * i)) & 3;
            once = once && seen[order[i]]++ == 0;
            newest = newest || order[i] == 3;
        }
        /* Repeats stand for parts: three facts and one twice. */
        if (newest)
            cr_assert_str_eq(rows_after(history, order, 4), wanted, "arrival %d%d%d%d", order[0],
                             order[1], order[2], order[3]);
        (void)once;
    }
}

Test(handlers, a_history_never_placed_ends_the_same_in_every_order, .timeout = 120)
{
    check_arrivals((struct world_order[]){
        {.number = 1, .rev = 1, .status = "UNPAID", .unpaid = true},
        {.number = 1, .rev = 2},
        {.number = 1, .rev = 3, .status = "IN_TRANSIT", .collected_at = 50},
        {.number = 1, .rev = 4, .status = "DELIVERED", .collected_at = 50, .delivered_at = 60}});
}

Test(handlers, a_cancelled_draft_ends_the_same_in_every_order, .timeout = 120)
{
    check_arrivals((struct world_order[]){
        {.number = 1, .rev = 1, .status = "UNPAID", .unpaid = true},
        {.number = 1, .rev = 2, .lines = {{.variant = 1, .units = 1, .problem = "UNMAPPED"}}},
        {.number = 1, .rev = 3, .status = "ON_HOLD"},
        {.number = 1, .rev = 4, .status = "CANCELLED"}});
}

Test(handlers, a_deleted_draft_ends_the_same_in_every_order, .timeout = 120)
{
    check_arrivals((struct world_order[]){
        {.number = 1, .rev = 1},
        {.number = 1, .rev = 2, .status = "CANCELLED"},
        {.number = 1, .rev = 3, .status = "CANCELLED", .deleted = true},
        {.number = 1, .rev = 4, .status = "CANCELLED", .collected_at = 50, .deleted = true}});
    cr_assert_str_eq(world_stage(worker, 1), "DELETED");
}

Test(handlers, a_restored_draft_ends_the_same_in_every_order, .timeout = 120)
{
    check_arrivals((struct world_order[]){
        {.number = 1, .rev = 1},
        {.number = 1, .rev = 2, .deleted = true},
        {.number = 1, .rev = 3, .lines = {{.variant = 1, .units = 1, .missing = 1}}},
        {.number = 1, .rev = 4, .lines = {{.variant = 1, .units = 2, .problem = "UNMAPPED"}}}});
    cr_assert_str_eq(world_stage(worker, 1), "UNSYNC");
}

Test(handlers, a_placed_order_that_is_cancelled_ends_cancelled_and_refunded)
{
    rich();
    struct world_order placed = {.number = 1, .rev = 1},
                       cancelled = {.number = 1, .rev = 2, .status = "CANCELLED"};
    struct world_order first = {.number = 2, .rev = 2, .status = "CANCELLED"};
    world_feed(worker, &first, 1);
    cr_assert_str_eq(world_stage(worker, 2), "CANCELLED");
    world_feed(worker, &placed, 1);
    world_feed(worker, &cancelled, 1);
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLING");
    cr_assert_neq(world_balance(worker), 1000000);
    size_t count = 0;
    const struct fulfilment_requested *asked =
        test_emitted(worker, &fulfilment_requested_message, NULL, &count);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_equal(asked[0].head.key, asked[1].head.key));
    cr_assert(!asked[1].wanted);
    cr_assert_gt(asked[1].head.rev, asked[0].head.rev);
    struct world_answer answer = {.number = 1, .attempt = 1, .rev = 9, .cancelled_at = 70};
    world_hear(worker, &answer);
    cr_assert_str_eq(world_stage(worker, 1), "CANCELLED");
    cr_assert_eq(world_balance(worker), 1000000);
    world_check(worker);
}

static void feed_many(int64_t first, int64_t count, int64_t rev)
{
    enum { MANY = 256 };
    struct world_order orders[MANY];
    for (int64_t done = 0; done < count; done += MANY) {
        for (int64_t i = 0; i < MANY; i++) {
            int64_t number = first + done + i;
            orders[i] = (struct world_order){
                .number = number, .rev = rev, .lines = {{.variant = number, .units = 1}}};
        }
        world_feed(worker, orders, MANY);
    }
}

/* With as many variants as orders, of which each order needs one. */
Test(handlers, finds_rows_by_their_keys_in_tables_never_analysed)
{
    enum { YOUNG = 5120, MORE = 512 };
    test_never_analyse(worker);
    feed_many(1, 1, 1);
    test_sql(worker, "INSERT INTO variant_cost SELECT (jsonb_populate_record(v, "
                     "jsonb_build_object('variant_id', n))).* FROM variant_cost v, "
                     "generate_series(6, 6000) n WHERE v.variant_id = 1");
    feed_many(1, YOUNG, 2);
    test_count_reads(worker);
    feed_many(1, MORE, 3);
    feed_many(YOUNG + 1, MORE, 1);
    cr_assert_str_eq(test_reads_above(worker, 8 * MORE), "");
    cr_assert_neq(*test_reads_above(worker, MORE - 1), '\0', "it counts");
}
