/* order.mapped and the references: message in, rows and outbox out.  Covers: handlers.c,
 * order_flow.c, order_store.c, stock_store.c, reference_store.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/inventory/world.h"
#include "tests/support/reads.h"
#include "tests/support/ways.h"

static struct sp_worker *worker;
static int64_t home;

static void open_shop(void)
{
    worker = world_open();
    home = world_warehouse(worker, "W1", 1);
    world_shop(worker, 1, home, true);
    world_variant(worker, 10, "MUG");
    world_variant(worker, 11, "SHIRT");
    world_settle(worker);
}

static void close_shop(void)
{
    world_check(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    sp_worker_close(&worker);
}

TestSuite(inventory_handlers, .init = open_shop, .fini = close_shop);

/* What decisions left behind, as text: for comparing. */
static const char *state_of(void)
{
    return test_text(
        worker,
        "SELECT (SELECT string_agg(key || ' ' || may_issue || takes || kept::text, E'\\n' "
        "ORDER BY key) FROM reservation) || E'\\n' || "
        "(SELECT coalesce(string_agg(concat_ws(' ', variant_id, warehouse_id, on_hand, "
        "held, waiting), E'\\n' ORDER BY variant_id, warehouse_id), '') "
        "FROM stock s) || E'\\n' || (SELECT coalesce(string_agg(w::text, E'\\n' ORDER BY w), '') "
        "FROM waiting w)");
}

Test(inventory_handlers, reserves_what_an_order_needs)
{
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    size_t count;
    const struct order_allocated *facts =
        test_emitted(worker, &order_allocated_message, "placement", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(facts[0].head.key, "3-1"));
    cr_assert_gt(facts[0].head.rev, 0);
    cr_assert_eq(facts[0].lines[0].parts[0].reserved, 2);
    cr_assert_eq(facts[0].lines[0].parts[0].missing, 0);
    cr_assert_eq(facts[0].lines[0].parts[0].warehouse_id, home);
}

Test(inventory_handlers, changes_nothing_by_repeats_and_late_copies)
{
    world_stock(worker, home, 10, 5);
    struct world_order first = {1, 5, .lines = {{10, 2}}}, second = {1, 6, .lines = {{10, 3}}};
    world_feed(worker, &first, 1);
    world_feed(worker, &second, 1);
    test_clear_outbox(worker);
    const char *before = state_of();
    world_feed(worker, &second, 1);
    world_feed(worker, &first, 1);
    size_t count;
    (void)test_emitted(worker, &order_allocated_message, NULL, &count);
    cr_assert_eq(count, 0);
    cr_assert_str_eq(state_of(), before);
    cr_assert_eq(world_figure(worker, "reserved", 10), 3);
}

Test(inventory_handlers, ends_in_the_same_rows_whatever_came_before, .timeout = 120)
{
    const struct world_order history[] = {
        {1, 1, .status = "UNPAID", .lines = {{10, 4}}},
        {1, 2, .status = "ON_HOLD", .lines = {{10, 1}, {11, 1}}},
        {1, 3, .status = "AWAITING_SHIPMENT", .lines = {{11, 2}}},
        {1, 4, .status = "AWAITING_SHIPMENT", .lines = {{10, 2}, {11, 1}}}};
    size_t count;
    const struct test_way *ways = test_ways(SP_COUNT(history), &count);
    cr_assert_eq(count, 49);
    world_stock(worker, home, 10, 3);
    world_stock(worker, home, 11, 1);
    const char *wanted = NULL;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < ways[i].count; k++)
            world_feed(worker, &history[ways[i].steps[k]], 1);
        world_settle(worker);
        const char *state = state_of();
        if (wanted == NULL)
            wanted = state;
        cr_assert_str_eq(state, wanted, "way %zu\n%s\n%s", i, state, wanted);
        world_check(worker);
        struct world_order gone = {1, 5, .status = "CANCELLED", .lines = {{10, 2}}};
        world_feed(worker, &gone, 1);
        cr_assert_eq(world_figure(worker, "reserved", 10) + world_figure(worker, "reserved", 11),
                     0);
        test_sql(worker, "DELETE FROM reservation; DELETE FROM waiting");
    }
}

Test(inventory_handlers, keeps_the_newest_of_one_batch)
{
    world_stock(worker, home, 10, 9);
    struct world_order batch[] = {
        {1, 2, .lines = {{10, 2}}}, {1, 7, .lines = {{10, 7}}}, {1, 4, .lines = {{10, 4}}}};
    world_feed(worker, batch, 3);
    cr_assert_eq(world_figure(worker, "reserved", 10), 7);
}

Test(inventory_handlers, releases_when_the_order_is_cancelled)
{
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 2}}},
                       gone = {1, 2, .status = "CANCELLED", .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    world_feed(worker, &gone, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    cr_assert_eq(world_figure(worker, "on_hand", 10), 5);
}

Test(inventory_handlers, keeps_nothing_for_a_deleted_order_until_it_is_restored)
{
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 4}}},
                       deleted = {1, 2, .lines = {{10, 4}}, .deleted = true},
                       restored = {1, 3, .lines = {{10, 4}}}, other = {2, 1, .lines = {{10, 3}}};
    world_feed(worker, &order, 1);
    const char *before = state_of();
    world_feed(worker, &deleted, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    world_feed(worker, &order, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0, "a late copy brings nothing back");
    world_feed(worker, &restored, 1);
    cr_assert_str_eq(state_of(), before);
    world_feed(worker, &other, 1);
    cr_assert_eq(world_figure(worker, "waiting", 10), 2);
    deleted.rev = 4;
    world_feed(worker, &deleted, 1);
    world_settle(worker);
    cr_assert_eq(world_figure(worker, "reserved", 10), 3, "who waited is served");
}

Test(inventory_handlers, touches_no_stock_for_orders_that_are_over)
{
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .status = "COMPLETED", .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0);
    size_t count;
    (void)test_emitted(worker, &order_allocated_message, NULL, &count);
    cr_assert_eq(count, 1, "the fact goes on all the same");
}

Test(inventory_handlers, serves_the_oldest_order_of_a_batch_first)
{
    world_stock(worker, home, 10, 1);
    struct world_order batch[] = {{1, 1, .lines = {{10, 1}}, .created_at = 900},
                                  {2, 1, .lines = {{10, 1}}, .created_at = 100}};
    world_feed(worker, batch, 2);
    cr_assert_eq(test_number(worker, "SELECT reserved FROM kept_part WHERE key = '3-2'"), 1);
    cr_assert_eq(test_number(worker, "SELECT missing FROM kept_part WHERE key = '3-1'"), 1);
}

Test(inventory_handlers, waits_for_a_variant_nobody_has_ever_stocked)
{
    struct world_order order = {1, 1, .lines = {{77, 3}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(world_figure(worker, "waiting", 77), 3);
    world_variant(worker, 77, "NEW");
    world_stock(worker, home, 77, 2);
    cr_assert_eq(world_figure(worker, "reserved", 77), 2);
    cr_assert_eq(world_figure(worker, "waiting", 77), 1);
}

Test(inventory_handlers, decides_before_the_shop_is_known_and_again_when_it_is)
{
    test_sql(worker, "DELETE FROM shop");
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .status = "UNPAID", .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    world_shop(worker, 2, home, false);
    world_settle(worker);
    cr_assert_eq(world_figure(worker, "reserved", 10), 0,
                 "this shop does not reserve for unpaid orders");
    world_shop(worker, 3, home, true);
    world_settle(worker);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
}

Test(inventory_handlers, moves_to_the_warehouse_a_shop_is_bound_to)
{
    int64_t other = world_warehouse(worker, "W2", 2);
    world_stock(worker, home, 10, 5);
    world_stock(worker, other, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 2}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(test_number(worker, "SELECT warehouse_id FROM kept_part"), home);
    world_shop(worker, 2, other, true);
    world_settle(worker);
    cr_assert_eq(test_number(worker, "SELECT warehouse_id FROM kept_part"), other);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
}

Test(inventory_handlers, keeps_copies_of_references_in_revision_order)
{
    world_shop(worker, 9, home, false);
    world_shop(worker, 8, home, true);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM shop WHERE NOT reserve_unpaid"), 1);
    struct account_saved account = {.head = {.account_id = ACCOUNT, .key = SP_TEXT("1"), .rev = 3},
                                    .name = SP_TEXT("Mekong"),
                                    .currency = SP_TEXT("VND"),
                                    .state = SP_TEXT("ACTIVE")};
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT name FROM account"), "Mekong");
}

Test(inventory_handlers, rejects_one_impossible_order_and_goes_on_with_the_rest)
{
    world_stock(worker, home, 10, 5);
    struct world_order batch[] = {{1, 1, .lines = {{10, 2000000000}}}, {2, 1, .lines = {{10, 2}}}};
    world_feed(worker, batch, 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = '3-1'"), 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), 2);
    test_sql(worker, "DELETE FROM dead_letter");
}

static void feed_many(int64_t first, int64_t count, int64_t rev)
{
    enum { MANY = 256 };
    struct world_order orders[MANY];
    for (int64_t done = 0; done < count; done += MANY) {
        for (int64_t i = 0; i < MANY; i++) {
            int64_t number = first + done + i;
            orders[i] = (struct world_order){
                .number = number, .rev = rev, .lines = {{.variant = number, .units = rev}}};
        }
        world_feed(worker, orders, MANY);
    }
}

/* With as many variants as orders, of which each order needs one. */
Test(inventory_handlers, finds_rows_by_their_keys_in_tables_never_analysed)
{
    enum { YOUNG = 5120, MORE = 512 };
    test_never_analyse(worker);
    feed_many(1, 1, 1);
    feed_many(1, YOUNG, 2);
    test_count_reads(worker);
    feed_many(1, MORE, 3);
    feed_many(YOUNG + 1, MORE, 1);
    cr_assert_str_eq(test_reads_above(worker, 8 * MORE), "");
    cr_assert_neq(*test_reads_above(worker, MORE - 1), '\0', "it counts");
}
