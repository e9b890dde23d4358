/* Orders: repeats, late copies, permutations, poison. */
/* Covers: handlers.c, handlers_reference.c, decide.c. */
/* Covers: order_store.c, reference_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"
#include "tests/support/reads.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(handlers, .init = begin);

Test(handlers, keeps_and_flags_an_order_with_unknown_skus)
{
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
    cr_assert_eq(mapped->lines_count, 2);
    cr_assert(sp_text_is(mapped->lines[0].problem, "NOT_DOWNLOADED"));
    cr_assert(sp_text_is(mapped->lines[0].subject, "Mug (MUG-1)"));
    cr_assert_eq(mapped->lines[1].line, 3);
    cr_assert_eq(mapped->paid_at, 1700000010);
    cr_assert(memcmp(mapped->head.trace, order.head.trace, SP_TRACE_BYTES) == 0, "same chain");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE NOT downloaded"), 2,
                 "placeholders");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing WHERE upstream_rev = 0"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}

Test(handlers, maps_lines_to_parts)
{
    int64_t mug = make_variant(worker, "MUG-1", "STOCKED");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
    cr_assert_eq(mapped->lines[0].problem.size, 0);
    cr_assert_eq(mapped->lines[0].parts_count, 1);
    cr_assert_eq(mapped->lines[0].parts[0].variant_id, mug);
    cr_assert(sp_text_is(mapped->lines[0].parts[0].supply, "STOCKED"));
    cr_assert(sp_text_is(mapped->lines[1].problem, "UNMAPPED"));
}

Test(handlers, changes_nothing_on_a_repeat_or_a_late_copy)
{
    struct order_recorded order = an_order("5001", 4, "AWAITING_SHIPMENT");
    struct order_recorded late = an_order("5001", 3, "UNPAID");
    feed_order(worker, &order);
    const char *before = test_text(worker, "SELECT o::text FROM mapped_order o");
    feed_order(worker, &order);
    feed_order(worker, &late);
    cr_assert_str_eq(test_text(worker, "SELECT o::text FROM mapped_order o"), before);
    cr_assert_eq(mapped_count(worker), 1);
}

/* Everything but what counts acceptances: revisions and clocks. */
static const char *what_is_stored(void)
{
    return test_text(
        worker,
        "SELECT (SELECT string_agg((to_jsonb(o) - '{rev,committed_at,decided_with}'::text[])"
        "::text, '') FROM mapped_order o) || (SELECT string_agg((to_jsonb(s) - "
        "'{rev,link_rev,news}'::text[])::text, '' ORDER BY sku_key) FROM listing_sku s) || "
        "(SELECT string_agg(l::text, '') FROM listing l)");
}

Test(handlers, ends_in_the_same_rows_after_every_permutation)
{
    static const int ways[24][4] = {
        {0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 3, 2, 1},
        {1, 0, 2, 3}, {1, 0, 3, 2}, {1, 2, 0, 3}, {1, 2, 3, 0}, {1, 3, 0, 2}, {1, 3, 2, 0},
        {2, 0, 1, 3}, {2, 0, 3, 1}, {2, 1, 0, 3}, {2, 1, 3, 0}, {2, 3, 0, 1}, {2, 3, 1, 0},
        {3, 0, 1, 2}, {3, 0, 2, 1}, {3, 1, 0, 2}, {3, 1, 2, 0}, {3, 2, 0, 1}, {3, 2, 1, 0},
    };
    const char *expected = NULL;
    for (size_t n = 0; n < SP_COUNT(ways); n++) {
        worker = mapper_fresh();
        test_sql(worker, "ALTER SEQUENCE variant_id RESTART WITH 100");
        (void)make_variant(worker, "MUG-1", "STOCKED");
        struct order_recorded orders[] = {an_order("5001", 1, "UNPAID"),
                                          an_order("5001", 2, "AWAITING_SHIPMENT")};
        struct channel_listing listings[] = {a_listing(1), a_listing(2)};
        listings[0].skus_count = 1;
        for (size_t i = 0; i < 4; i++) {
            if (ways[n][i] < 2)
                feed_order(worker, &orders[ways[n][i]]);
            else
                feed_listing(worker, &listings[ways[n][i] - 2]);
        }
        heal(worker);
        const char *found = what_is_stored();
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "permutation %zu\n%s\n%s", n, found, expected);
        const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
        cr_assert(sp_text_is(mapped->channel_status, "AWAITING_SHIPMENT"));
        cr_assert_eq(mapped->lines[0].parts_count, 1, "permutation %zu", n);
        cr_assert(sp_text_is(mapped->lines[1].problem, "UNMAPPED"), "permutation %zu", n);
    }
}

/* Nobody else writes `resolved` without raising link_rev; done here, it shows where it is read. */
Test(handlers, reads_a_sku_again_only_when_links_have_changed)
{
    int64_t mug = make_variant(worker, "MUG-1", "STOCKED");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    struct order_recorded orders[] = {an_order("5001", 1, "UNPAID"), an_order("5002", 1, "UNPAID"),
                                      an_order("5003", 1, "UNPAID"), an_order("5004", 1, "UNPAID")};
    test_sql(worker, "UPDATE listing_sku SET ordered = true");
    feed_order(worker, &orders[0]);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts[0].variant_id, mug);
    test_sql(worker, "UPDATE listing_sku SET resolved = replace(resolved::text, '\"STOCKED\"', "
                     "'\"PURCHASED\"')::json WHERE resolved IS NOT NULL");
    feed_order(worker, &orders[1]);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5002")->lines[0].parts[0].supply, "STOCKED"));
    test_sql(worker, "UPDATE account SET link_rev = link_rev + 1");
    feed_order(worker, &orders[2]);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5003")->lines[0].parts[0].supply, "PURCHASED"));
    (void)map_by_hand(worker, "s1", "[]");
    feed_order(worker, &orders[3]);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5004")->lines[0].problem, "UNMAPPED"));
}

Test(handlers, rejects_poison_alone)
{
    struct order_recorded orders[] = {an_order("5001", 1, "UNPAID"), an_order("5002", 1, "UNPAID"),
                                      an_order("5003", 1, "UNPAID")};
    struct recorded_line twice[] = {orders[1].lines[0], orders[1].lines[0]};
    orders[1].lines = twice;
    cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, 3), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM mapped_order"), 2);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = '7-5002'"), 1);
    cr_assert_eq(mapped_count(worker), 2);
}

Test(handlers, keeps_a_status_nobody_knows_open)
{
    struct order_recorded order = an_order("5001", 1, "TELEPORTED");
    feed_order(worker, &order);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM mapped_order WHERE open"), 1);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5001")->channel_status, "TELEPORTED"));
}

Test(handlers, takes_an_order_without_lines)
{
    struct order_recorded order = an_order("5001", 1, "UNPAID");
    order.lines_count = 0;
    feed_order(worker, &order);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines_count, 0);
}

Test(handlers, does_not_use_another_accounts_links)
{
    (void)make_variant(worker, "MUG-1", "STOCKED");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    struct order_recorded theirs = an_order("5001", 1, "UNPAID");
    theirs.head.account_id = 2;
    feed_order(worker, &theirs);
    cr_assert(sp_text_is(newest_mapped(worker, "7-5001")->lines[0].problem, "NOT_DOWNLOADED"));
}

Test(handlers, keeps_the_newest_of_each_reference)
{
    struct shop_saved shops[] = {{.head = {.account_id = 1, .key = SP_TEXT("7"), .rev = 2},
                                  .shop_id = 7,
                                  .alias = SP_TEXT("new"),
                                  .state = SP_TEXT("CONNECTED")},
                                 {.head = {.account_id = 1, .key = SP_TEXT("7"), .rev = 1},
                                  .shop_id = 7,
                                  .alias = SP_TEXT("old"),
                                  .state = SP_TEXT("CONNECTED")}};
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(sp_worker_feed(worker, &shop_saved_message, &shops[i], 1), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT alias FROM shop"), "new");
    struct account_saved account = {.head = {.account_id = 1, .key = SP_TEXT("1"), .rev = 1},
                                    .name = SP_TEXT("Seller"),
                                    .currency = SP_TEXT("VND")};
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM account WHERE currency = 'VND' AND map_by_sku"),
        1);
}

static void feed_many(int first, int count, int64_t rev)
{
    enum { MANY = 256 };
    static char keys[MANY][16];
    struct order_recorded orders[MANY];
    struct recorded_line lines[MANY];
    for (int done = 0; done < count; done += MANY) {
        for (int i = 0; i < MANY; i++) {
            (void)snprintf(keys[i], sizeof keys[i], "7-%d", first + done + i);
            orders[i] = an_order("", rev, "AWAITING_SHIPMENT");
            lines[i] = orders[i].lines[0];
            lines[i].sku_id = sp_text_of(keys[i]);
            orders[i].head.key = sp_text_of(keys[i]);
            orders[i].lines = &lines[i];
            orders[i].lines_count = 1;
        }
        cr_assert_eq(sp_worker_feed(worker, &order_recorded_message, orders, MANY), SP_OK);
    }
}

/* With as many SKUs as orders, of which each order names one. */
Test(handlers, finds_rows_by_their_keys_in_tables_never_analysed)
{
    enum { YOUNG = 5120, MORE = 512 };
    test_never_analyse(worker);
    feed_many(0, YOUNG, 1);
    test_count_reads(worker);
    feed_many(0, MORE, 2);
    feed_many(YOUNG, MORE, 1);
    cr_assert_str_eq(test_reads_above(worker, 8 * MORE), "");
    cr_assert_neq(*test_reads_above(worker, MORE - 1), '\0', "it counts");
}
