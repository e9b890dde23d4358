/* The claim before a fact is emitted: newest wins, equal is silent. */
#include "services/connector/order_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"
#include "tests/support/ways.h"

enum { BEGAN = 1000000 };

static struct sp_worker *worker;
static struct seen_item items[8];
static size_t count;

static void set_up(void)
{
    worker = shop_worker();
    count = 0;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(order_store, .init = set_up, .fini = tear_down);

static struct seen_item *add(const char *id, int64_t updated_s, int64_t began_us, int64_t hash)
{
    items[count] = (struct seen_item){.shop = {1, 1},
                                      .id = sp_text_of(id),
                                      .updated_s = updated_s,
                                      .began_us = began_us,
                                      .hash = hash};
    return &items[count++];
}

static enum sp_result claim_orders(struct sp_ctx *ctx)
{
    return store_claim_orders(ctx, items, &count);
}

static enum sp_result claim_listings(struct sp_ctx *ctx)
{
    return store_claim_listings(ctx, items, &count);
}

/* Claims one order; true when it was accepted. */
static bool claim(const char *id, int64_t updated_s, int64_t began_us, int64_t hash)
{
    count = 0;
    (void)add(id, updated_s, began_us, hash);
    cr_assert_eq(shop_run(worker, claim_orders), SP_OK);
    return items[0].accepted;
}

Test(order_store, accepts_what_is_new_and_says_so)
{
    cr_assert(claim("5", 100, BEGAN, 1));
    cr_assert(items[0].first);
    int64_t rev = items[0].rev;
    cr_assert_gt(rev, 0);
    cr_assert(claim("5", 101, BEGAN + 1, 2));
    cr_assert_not(items[0].first);
    cr_assert_eq(items[0].rev, rev + 1);
}

Test(order_store, accepts_nothing_older)
{
    cr_assert(claim("5", 100, BEGAN, 1));
    cr_assert_not(claim("5", 99, BEGAN + 1, 2));
    cr_assert_not(claim("5", 100, BEGAN, 2));
    cr_assert_not(claim("5", 100, BEGAN - 1, 2));
    cr_assert(claim("5", 100, BEGAN + 1, 2));
}

Test(order_store, is_silent_about_equal_content)
{
    cr_assert(claim("5", 100, BEGAN, 1));
    cr_assert_not(claim("5", 101, BEGAN + 1, 1));
}

Test(order_store, accepts_equal_content_when_asked_to)
{
    cr_assert(claim("5", 100, BEGAN, 1));
    count = 0;
    add("5", 100, BEGAN + 1, 1)->always = true;
    cr_assert_eq(shop_run(worker, claim_orders), SP_OK);
    cr_assert(items[0].accepted);
}

Test(order_store, leaves_out_old_orders_it_does_not_hold)
{
    cr_assert(claim("5", 100, BEGAN, 1));
    count = 0;
    add("5", 101, BEGAN + 1, 2)->known_only = true;
    add("6", 101, BEGAN + 1, 2)->known_only = true;
    cr_assert_eq(shop_run(worker, claim_orders), SP_OK);
    cr_assert_eq(count, 2);
    cr_assert(items[0].accepted);
    cr_assert_not(items[1].accepted);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), 1);
}

Test(order_store, keeps_the_newest_of_one_order_in_a_batch)
{
    (void)add("5", 100, BEGAN, 1);
    (void)add("4", 100, BEGAN, 9);
    (void)add("5", 103, BEGAN, 3);
    (void)add("5", 102, BEGAN, 2);
    cr_assert_eq(shop_run(worker, claim_orders), SP_OK);
    cr_assert_eq(count, 2);
    cr_assert(sp_text_is(items[0].id, "4"));
    cr_assert(items[0].accepted && items[1].accepted);
    cr_assert_eq(test_number(worker, "SELECT hash FROM seen_order WHERE channel_order_id = '5'"),
                 3);
}

Test(order_store, claims_with_and_without_always_in_one_batch)
{
    (void)add("5", 100, BEGAN, 1);
    add("6", 100, BEGAN, 1)->always = true;
    cr_assert_eq(shop_run(worker, claim_orders), SP_OK);
    cr_assert(items[0].accepted && items[1].accepted);
}

/* Whatever order revisions are read in, the newest one is what stays. */
Test(order_store, ends_the_same_whatever_order_revisions_come_in)
{
    size_t way_count;
    const struct test_way *ways = test_ways(4, &way_count);
    for (size_t i = 0; i < way_count; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "a%zu", i);
        for (size_t at = 0; at < ways[i].count; at++) {
            int64_t step = (int64_t)ways[i].steps[at];
            (void)claim(id, 100 + step, BEGAN + step, step);
        }
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order WHERE hash = 3"),
                 (int64_t)way_count);
}

Test(order_store, claims_listings_likewise)
{
    (void)add("1729", 100, BEGAN, 1);
    cr_assert_eq(shop_run(worker, claim_listings), SP_OK);
    cr_assert(items[0].accepted);
    count = 0;
    (void)add("1729", 100, BEGAN + 1, 1);
    cr_assert_eq(shop_run(worker, claim_listings), SP_OK);
    cr_assert_not(items[0].accepted);
}
