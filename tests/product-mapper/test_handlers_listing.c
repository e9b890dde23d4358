/* Listings: linking by SKU, listing.mapped, and the orders that waited. */
/* Covers: handlers_listing.c, relink.c. */
/* Covers: listing_store.c, link_store.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(listings, .init = begin);

static const struct listing_mapped *newest_listing(const char *key, size_t *count)
{
    const struct listing_mapped *all =
        test_emitted(worker, &listing_mapped_message, "inventory", count);
    const struct listing_mapped *newest = NULL;
    for (size_t i = 0; i < *count; i++) {
        if (sp_text_is(all[i].head.key, key) &&
            (newest == NULL || newest->head.rev < all[i].head.rev))
            newest = &all[i];
    }
    return newest;
}

Test(listings, tells_inventory_what_each_sku_is_made_of_and_where)
{
    int64_t mug = make_variant(worker, "MUG-1", "STOCKED");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    size_t count = 0;
    const struct listing_mapped *mapped = newest_listing("7-s1", &count);
    cr_assert_eq(count, 2);
    cr_assert_eq(mapped->parts_count, 1);
    cr_assert_eq(mapped->parts[0].variant_id, mug);
    cr_assert_eq(mapped->warehouses_count, 2);
    cr_assert(sp_text_is(mapped->warehouses[0].channel_warehouse_id, "w1"));
    cr_assert_eq(newest_listing("7-s2", &count)->parts_count, 0, "not linked: show nothing");
    cr_assert_str_eq(test_text(worker, "SELECT by_whom || ': ' || reason FROM link_history"),
                     "system: same SKU");
}

Test(listings, says_nothing_when_only_stock_or_price_changed)
{
    struct channel_listing first = a_listing(1), second = a_listing(2);
    struct channel_stock stock[] = {{SP_TEXT("w1"), 77}, {SP_TEXT("w2"), 1}};
    struct listing_sku skus[] = {first.skus[0], first.skus[1]};
    feed_listing(worker, &first);
    test_clear_outbox(worker);
    test_sql(worker, "DELETE FROM heal");
    skus[0].stock = stock;
    skus[0].price_minor = 1;
    second.skus = skus;
    feed_listing(worker, &second);
    size_t count = 0;
    (void)newest_listing("7-s1", &count);
    cr_assert_eq(count, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal"), 0);
    cr_assert_eq(test_number(worker, "SELECT price_minor FROM listing_sku WHERE sku_id = 's1'"), 1);
}

Test(listings, withdraws_a_sku_that_is_no_longer_sold_and_brings_it_back)
{
    (void)make_variant(worker, "SHIRT-1", "MADE_TO_ORDER");
    struct channel_listing first = a_listing(1), second = a_listing(2), third = a_listing(3);
    feed_listing(worker, &first);
    second.skus_count = 1;
    feed_listing(worker, &second);
    size_t count = 0;
    cr_assert_eq(newest_listing("7-s2", &count)->parts_count, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE NOT sold"), 1);
    feed_listing(worker, &third);
    cr_assert_eq(newest_listing("7-s2", &count)->parts_count, 1, "its link was kept");
}

Test(listings, links_nothing_that_is_ambiguous)
{
    (void)make_variant(worker, "mug-1", "STOCKED");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history"), 0, "it differs in case");
    (void)make_variant(worker, "MUG-1", "STOCKED");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history"), 0, "two are alike");
}

Test(listings, links_nothing_when_the_account_does_not_want_it)
{
    (void)make_variant(worker, "MUG-1", "STOCKED");
    test_sql(worker, "UPDATE account SET map_by_sku = false");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE problem = 'UNMAPPED'"),
                 2);
}

Test(listings, heals_orders_that_waited_for_the_listing)
{
    (void)make_variant(worker, "MUG-1", "STOCKED");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    int64_t before = newest_mapped(worker, "7-5001")->head.rev;
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    heal(worker);
    const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
    cr_assert_gt(mapped->head.rev, before);
    cr_assert_eq(mapped->lines[0].parts_count, 1);
    cr_assert(sp_text_is(mapped->lines[1].problem, "UNMAPPED"));
}

Test(listings, rejects_a_listing_that_names_a_sku_twice)
{
    struct channel_listing good = a_listing(1), bad = a_listing(1);
    struct listing_sku twice[] = {bad.skus[0], bad.skus[0]};
    bad.head.key = SP_TEXT("7-p2");
    bad.skus = twice;
    struct channel_listing both[] = {good, bad};
    cr_assert_eq(sp_worker_feed(worker, &channel_listing_message, both, 2), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE key = '7-p2'"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing"), 1);
}

Test(listings, ignores_a_repeat)
{
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    feed_listing(worker, &listing);
    size_t count = 0;
    (void)newest_listing("7-s1", &count);
    cr_assert_eq(count, 2);
}
