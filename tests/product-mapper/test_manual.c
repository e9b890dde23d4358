/* Orders made by hand: their SKUs are ours, or wait until somebody says what they are. */
/* Covers: manual.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(manual, .init = begin);

/* The order with SKUs MUG-1 and SHIRT-1, made by hand. */
static struct order_recorded by_hand(const char *id, int64_t rev)
{
    static char keys[8][32];
    static size_t used;
    char *key = keys[used++ % SP_COUNT(keys)];
    struct order_recorded order = an_order(id, rev, "AWAITING_SHIPMENT");
    (void)snprintf(key, sizeof keys[0], "0-%s", id);
    order.head.key = sp_text_of(key);
    order.shop_id = 0;
    order.is_manual = true;
    return order;
}

static struct mapped_line line_of(const char *order_id, size_t line)
{
    return newest_mapped(worker, order_id)->lines[line];
}

Test(manual, a_line_that_names_our_sku_is_complete_at_once)
{
    int64_t mug = make_variant(worker, "MUG-1", "STOCKED");
    struct order_recorded order = by_hand("M-1", 1);
    feed_order(worker, &order);
    cr_assert_eq(mapped_count(worker), 1);
    cr_assert_eq(line_of("0-M-1", 0).problem.size, 0);
    cr_assert_eq(line_of("0-M-1", 0).parts[0].variant_id, mug);
    cr_assert(sp_text_is(line_of("0-M-1", 1).problem, "UNMAPPED"), "another one waits");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing"), 0, "nothing to download");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history WHERE by_whom = 'system'"),
                 1);
}

Test(manual, a_free_sku_waits_until_it_is_linked_and_stays_linked)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    struct order_recorded order = by_hand("M-1", 1), next = by_hand("M-2", 1);
    feed_order(worker, &order);
    cr_assert(sp_text_is(line_of("0-M-1", 0).problem, "UNMAPPED"));
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.map",
                          "{\"shop_id\":\"0\",\"sku_id\":\"s1\",\"parts\":[{\"sku\":\"CUP\","
                          "\"pieces\":2}]}",
                          &text, NULL),
                 200, "%s", text);
    heal(worker);
    cr_assert_eq(line_of("0-M-1", 0).parts[0].pieces, 2);
    feed_order(worker, &next);
    cr_assert_eq(line_of("0-M-2", 0).parts[0].pieces, 2, "the next order has it");
}

Test(manual, a_variant_made_later_is_found_by_its_sku)
{
    struct order_recorded order = by_hand("M-1", 1);
    feed_order(worker, &order);
    int64_t mug = make_variant(worker, "MUG-1", "STOCKED");
    heal(worker);
    cr_assert_eq(line_of("0-M-1", 0).parts_count, 1);
    cr_assert_eq(line_of("0-M-1", 0).parts[0].variant_id, mug);
}

Test(manual, a_repeat_or_a_late_copy_links_nothing_anew)
{
    (void)make_variant(worker, "MUG-1", "STOCKED");
    struct order_recorded order = by_hand("M-1", 2), late = by_hand("M-1", 1);
    feed_order(worker, &order);
    const char *before = test_text(worker, "SELECT string_agg(s::text, '') FROM listing_sku s");
    feed_order(worker, &order);
    feed_order(worker, &late);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(s::text, '') FROM listing_sku s"),
                     before);
    cr_assert_eq(mapped_count(worker), 1);
}

Test(manual, a_deleted_order_is_told_so_and_waits_for_nothing)
{
    struct order_recorded order = by_hand("M-1", 1), gone = by_hand("M-1", 2);
    gone.deleted = true;
    feed_order(worker, &order);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM mapped_order WHERE waits"), 1);
    feed_order(worker, &gone);
    cr_assert(newest_mapped(worker, "0-M-1")->deleted);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM mapped_order WHERE waits"), 0);
}
