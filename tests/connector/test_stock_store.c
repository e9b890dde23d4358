/* Stock that listings should show. */
#include "services/connector/stock_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct push_task *tasks;
static size_t count;
static int64_t quantities[8];
static bool wanted[8];
static struct push_task first;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(stock_store, .init = set_up, .fini = tear_down);

static enum sp_result level(const char *sku, const char *where, int64_t quantity, int64_t rev)
{
    char key[64];
    (void)snprintf(key, sizeof key, "1-%s-%s", sku, where);
    struct stock_level message = {.head = {.account_id = 1, .key = sp_text_of(key), .rev = rev},
                                  .shop_id = 1,
                                  .product_id = SP_TEXT("1729"),
                                  .sku_id = sp_text_of(sku),
                                  .channel_warehouse_id = sp_text_of(where),
                                  .quantity = quantity};
    return sp_worker_feed(worker, &stock_level_message, &message, 1);
}

static enum sp_result take(struct sp_ctx *ctx)
{
    enum sp_result result = store_take_pushes(ctx, 4, &tasks, &count);
    for (size_t i = 0; i < count && i < 8 && result == SP_OK; i++) {
        quantities[i] = tasks[i].quantity;
        wanted[i] = tasks[i].wanted;
    }
    if (count > 0) {
        first = tasks[0];
        first.sku_id = SP_TEXT("101");
        first.channel_warehouse_id = SP_TEXT("A");
    }
    return result;
}

static enum sp_result show(struct sp_ctx *ctx)
{
    const struct channel_stock stock[] = {{SP_TEXT("A"), 5}, {SP_TEXT("B"), 9}, {SP_TEXT("B"), 9}};
    const struct listing_sku sku = {.sku_id = SP_TEXT("101"), .stock = stock, .stock_count = 3};
    const struct channel_listing listing = {.head.account_id = 1,
                                            .shop_id = 1,
                                            .product_id = SP_TEXT("1729"),
                                            .skus = &sku,
                                            .skus_count = 1};
    store_shown_stock(ctx, &listing, 1);
    return SP_OK;
}

static struct push_end end;

static enum sp_result finish(struct sp_ctx *ctx)
{
    store_end_pushes(ctx, &end, 1);
    return SP_OK;
}

Test(stock_store, asks_once_for_each_new_quantity)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(level("101", "A", 3, 2), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM channel_stock"), 1);
    cr_assert_eq(level("101", "A", 4, 3), SP_OK);
    cr_assert_eq(level("101", "A", 9, 2), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM channel_stock"), 2);
    cr_assert_eq(test_number(worker, "SELECT quantity FROM channel_stock"), 4);
}

Test(stock_store, names_every_warehouse_of_a_sku_that_is_due)
{
    cr_assert_eq(shop_run(worker, show), SP_OK);
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 2);
    cr_assert_eq(quantities[0], 3);
    cr_assert_eq(quantities[1], 9);
    cr_assert(wanted[0]);
    cr_assert_not(wanted[1]);
}

Test(stock_store, asks_for_nothing_by_what_a_listing_shows)
{
    cr_assert_eq(shop_run(worker, show), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

Test(stock_store, leases_what_it_takes)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

Test(stock_store, lets_another_take_over_within_seconds)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(test_number(worker,
                             "SELECT count(*) FROM channel_stock WHERE due BETWEEN "
                             "now() + interval '8 seconds' AND now() + interval '11 seconds'"),
                 1, "longer than a call, and not much");
}

Test(stock_store, tells_the_newest_again_when_an_older_push_may_have_overtaken_it)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    struct push_task slow = first;
    test_sql(worker, "UPDATE channel_stock SET due = now()"); /* the lease runs out */
    cr_assert_eq(level("101", "A", 2, 2), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end = (struct push_end){.task = &first, .done = true};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted - done FROM channel_stock"), 0);
    end = (struct push_end){.task = &slow, .done = true};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(quantities[0], 2);
    end = (struct push_end){.task = &first, .done = true};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted - done FROM channel_stock"), 0,
                 "and that is all");
}

Test(stock_store, is_done_when_told)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end = (struct push_end){.task = &first, .done = true};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted - done FROM channel_stock"), 0);
    cr_assert_eq(test_number(worker, "SELECT seen FROM channel_stock"), 3);
}

Test(stock_store, is_due_again_when_the_quantity_changed_during_the_call)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(level("101", "A", 2, 2), SP_OK);
    end = (struct push_end){.task = &first, .done = true};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(quantities[0], 2);
}

Test(stock_store, keeps_the_reason_and_waits_after_a_failure)
{
    cr_assert_eq(level("101", "A", 3, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    end = (struct push_end){.task = &first, .problem = SP_TEXT("12019028 no"), .wait_ms = 60000};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT problem FROM channel_stock"), "12019028 no");
    cr_assert_eq(test_number(worker, "SELECT tries FROM channel_stock WHERE due > now()"), 1);
    cr_assert_eq(level("101", "A", 8, 2), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE due <= now()"), 1);
}

Test(stock_store, shows_no_more_than_the_marketplace_takes)
{
    cr_assert_eq(level("101", "A", 5000000, 1), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(quantities[0], STOCK_MOST);
}
