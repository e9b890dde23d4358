/* The line of waiting orders and levels told.  Covers: jobs.c, mark_store.c, level_store.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/inventory/world.h"
#include "tests/support/hold.h"

static struct sp_worker *worker;
static int64_t home;

static void open_shop(void)
{
    worker = world_open();
    home = world_warehouse(worker, "W1", 1);
    world_shop(worker, 1, home, true);
    for (int64_t i = 10; i < 14; i++) {
        char sku[8];
        (void)snprintf(sku, sizeof sku, "SKU%lld", (long long)i);
        world_variant(worker, i, sku);
    }
    world_settle(worker);
}

static void close_shop(void)
{
    world_check(worker);
    sp_worker_close(&worker);
}

TestSuite(inventory_jobs, .init = open_shop, .fini = close_shop);

static int64_t reserved_of(const char *key)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SELECT coalesce(sum(reserved), 0)::bigint FROM kept_part WHERE key = '%s'",
                   key);
    return test_number(worker, sql);
}

Test(inventory_jobs, what_is_still_to_be_healed_is_counted)
{
    const char *answer = NULL;
    test_sql(worker, "DELETE FROM heal_mark");
    test_sql(worker, "INSERT INTO heal_mark (account_id, shop_id, due) "
                     "VALUES (1, 1, now() + interval '1 hour')");
    cr_assert_eq(test_ask(worker, "inventory.system", NULL, &answer, NULL), 200);
    cr_expect(strstr(answer, "\"heal\" : 1") != NULL, "%s", answer);
    test_sql(worker, "DELETE FROM heal_mark");
}

Test(inventory_jobs, arriving_stock_serves_the_oldest_first)
{
    struct world_order orders[] = {{1, 1, .lines = {{10, 2}}, .created_at = 300},
                                   {2, 1, .lines = {{10, 2}}, .created_at = 100},
                                   {3, 1, .lines = {{10, 2}}, .created_at = 200}};
    world_feed(worker, orders, 3);
    cr_assert_eq(world_figure(worker, "waiting", 10), 6);
    world_stock(worker, home, 10, 3);
    cr_assert_eq(reserved_of("3-2"), 2);
    cr_assert_eq(reserved_of("3-3"), 1);
    cr_assert_eq(reserved_of("3-1"), 0);
    world_stock(worker, home, 10, 10);
    cr_assert_eq(reserved_of("3-1"), 2);
    cr_assert_eq(world_figure(worker, "waiting", 10), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM waiting"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM refill_mark"), 0);
}

Test(inventory_jobs, a_cancelled_order_makes_room_for_those_who_wait)
{
    world_stock(worker, home, 10, 2);
    struct world_order orders[] = {{1, 1, .lines = {{10, 2}}}, {2, 1, .lines = {{10, 1}}}};
    world_feed(worker, orders, 2);
    struct world_order gone = {1, 2, .status = "CANCELLED", .lines = {{10, 2}}},
                       late = {3, 1, .lines = {{10, 1}}};
    world_feed(worker, &gone, 1);
    world_feed(worker, &late, 1);
    cr_assert_eq(reserved_of("3-3"), 0, "a newcomer gets nothing while somebody waits");
    world_settle(worker);
    cr_assert_eq(reserved_of("3-2"), 1);
    cr_assert_eq(reserved_of("3-3"), 1);
}

Test(inventory_jobs, serves_a_line_longer_than_one_transaction)
{
    enum { WAITING = 700 };
    for (int64_t i = 0; i < WAITING; i += 100) {
        struct world_order orders[100];
        for (int64_t k = 0; k < 100; k++)
            orders[k] = (struct world_order){i + k + 1, 1, .lines = {{10, 1}}};
        world_feed(worker, orders, 100);
    }
    cr_assert_eq(world_figure(worker, "waiting", 10), WAITING);
    world_stock(worker, home, 10, WAITING - 1);
    cr_assert_eq(world_figure(worker, "reserved", 10), WAITING - 1);
    cr_assert_eq(world_figure(worker, "waiting", 10), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM refill_mark"), 0);
}

/* ---- a shop that changes while an order is being decided ------------------------------------- */

Test(inventory_jobs, finds_an_order_that_was_committed_after_the_first_look, .timeout = 60)
{
    static struct sp_worker *other; /* for the leak check: it lives as long as its settings */
    other = test_worker_on(&inventory_service, test_worker_url(), NULL);
    struct world_order first = {9, 1, .status = "COMPLETED", .lines = {{10, 1}}},
                       unpaid = {1, 1, .status = "UNPAID", .lines = {{10, 2}}};
    world_stock(worker, home, 10, 5);
    world_feed(other, &first, 1);
    test_sql(worker, "DELETE FROM heal_mark");
    struct test_hold *hold = test_hold_commits(worker);
    struct order_mapped order = world_message(&unpaid);
    test_feed_held(hold, other, &order_mapped_message, &order);
    world_shop(worker, 2, home, false);
    world_settle(worker); /* the first look: the order is not visible yet */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal_mark WHERE round = 2 "
                                     "AND due > now() + interval '8 seconds'"),
                 1);
    test_let_go(&hold);
    cr_assert_eq(reserved_of("3-1"), 2, "it read the old terms");
    world_settle(worker);
    cr_assert_eq(reserved_of("3-1"), 2, "the second look is not due");
    test_sql(worker, "UPDATE heal_mark SET due = now()");
    world_settle(worker);
    cr_assert_eq(reserved_of("3-1"), 0, "the second look found it");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal_mark"), 0);
    sp_worker_close(&other);
}

/* ---- levels -----------------------------------------------------------------------------------
 */

static void map_listing(const char *sku, const struct line_part parts[], size_t count)
{
    char key[32];
    (void)snprintf(key, sizeof key, "3-%s", sku);
    struct channel_warehouse_ref where = {SP_TEXT("CW")};
    struct listing_mapped listing = {
        .head = {.account_id = ACCOUNT, .key = sp_text_of(key), .rev = sp_monotonic_us()},
        .shop_id = SHOP,
        .product_id = SP_TEXT("P"),
        .sku_id = sp_text_of(sku),
        .parts = parts,
        .parts_count = count,
        .warehouses = &where,
        .warehouses_count = 1};
    cr_assert_eq(sp_worker_feed(worker, &listing_mapped_message, &listing, 1), SP_OK);
}

/* The job pauses between runs, longer on a busy machine: until all marks are gone. */
static size_t push(const struct stock_level **levels)
{
    size_t count;
    test_clear_outbox(worker);
    for (int turns = 0; test_number(worker, "SELECT count(*) FROM level_mark") > 0; turns++) {
        cr_assert_lt(turns, 600);
        cr_assert_neq(sp_worker_job(worker, "push-levels"), SP_REJECT);
        (void)usleep(50 * 1000);
    }
    *levels = test_emitted(worker, &stock_level_message, "connector", &count);
    return count;
}

Test(inventory_jobs, tells_levels_once_and_only_when_they_change)
{
    const struct line_part part = {10, 1, SP_TEXT("STOCKED")};
    const struct stock_level *levels;
    world_stock(worker, home, 10, 8);
    map_listing("L1", &part, 1);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 8);
    cr_assert(sp_text_is(levels[0].head.key, "3-L1-CW"));
    cr_assert(sp_text_is(levels[0].product_id, "P"));
    int64_t rev = levels[0].head.rev;
    cr_assert_eq(push(&levels), 0);
    for (int64_t i = 1; i <= 5; i++) {
        struct world_order order = {i, 1, .lines = {{10, 1}}};
        world_feed(worker, &order, 1);
    }
    cr_assert_eq(push(&levels), 1, "five changes are told as one");
    cr_assert_eq(levels[0].quantity, 3);
    cr_assert_gt(levels[0].head.rev, rev);
    map_listing("L1", &part, 1);
    cr_assert_eq(push(&levels), 0, "the same figure is not told again");
}

Test(inventory_jobs, tells_bundles_by_their_scarcest_part)
{
    const struct line_part parts[] = {{10, 1, SP_TEXT("STOCKED")},
                                      {11, 2, SP_TEXT("STOCKED")},
                                      {12, 1, SP_TEXT("MADE_TO_ORDER")}};
    const struct stock_level *levels;
    map_listing("L1", parts, 3);
    world_stock(worker, home, 10, 8);
    world_stock(worker, home, 11, 5);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 2);
    world_stock(worker, home, 11, 1);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 3);
}

Test(inventory_jobs, tells_nothing_of_what_is_not_mapped_or_not_stocked)
{
    const struct line_part made = {12, 1, SP_TEXT("MADE_TO_ORDER")};
    const struct stock_level *levels;
    map_listing("L1", NULL, 0);
    map_listing("L2", &made, 1);
    cr_assert_eq(push(&levels), 0);
}

Test(inventory_jobs, shows_nothing_of_what_others_wait_for)
{
    const struct line_part part = {10, 1, SP_TEXT("STOCKED")};
    const struct stock_level *levels;
    map_listing("L1", &part, 1);
    struct world_order order = {1, 1, .lines = {{10, 3}}};
    world_feed(worker, &order, 1);
    test_sql(worker, "UPDATE stock SET on_hand = 2");
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 0);
    test_sql(worker, "UPDATE stock SET on_hand = 0");
}

Test(inventory_jobs, follows_a_link_that_was_changed)
{
    const struct line_part old = {10, 1, SP_TEXT("STOCKED")}, new = {11, 1, SP_TEXT("STOCKED")};
    const struct stock_level *levels;
    world_stock(worker, home, 10, 8);
    world_stock(worker, home, 11, 3);
    map_listing("L1", &old, 1);
    map_listing("L1", &new, 1);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 3);
    world_stock(worker, home, 10, 1);
    cr_assert_eq(push(&levels), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_use"), 1);
}

Test(inventory_jobs, tells_by_the_rule_of_the_shop)
{
    const struct line_part part = {10, 1, SP_TEXT("STOCKED")};
    const struct stock_level *levels;
    const char *said;
    world_stock(worker, home, 10, 100);
    map_listing("L1", &part, 1);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(test_ask(worker, "inventory.save-push-rule",
                          "{\"shop_id\":\"3\",\"percent\":50,\"reserve\":5}", &said, NULL),
                 200);
    cr_assert_eq(push(&levels), 1);
    cr_assert_eq(levels[0].quantity, 45);
}
