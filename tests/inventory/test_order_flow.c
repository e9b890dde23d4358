/* Races: several workers on the same stock. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/inventory/world.h"
#include "tests/support/hold.h"

enum { WORKERS = 3, ORDERS = 10000, UNITS = 5000, BATCH = 100 };

static _Atomic int64_t next_order;
static struct sp_worker *second;

/* Takes batches until all are fed. */
static void *feed_orders(void *context)
{
    struct sp_worker *worker = context;
    for (;;) {
        int64_t first = atomic_fetch_add(&next_order, BATCH);
        if (first >= ORDERS)
            return NULL;
        struct world_order orders[BATCH];
        for (int64_t i = 0; i < BATCH; i++)
            orders[i] = (struct world_order){first + i + 1, 1, .lines = {{10, 1}, {11 + i % 3, 1}}};
        world_feed(worker, orders, BATCH);
    }
}

static void run_all(struct sp_worker *workers[], void *(*work)(void *))
{
    pthread_t threads[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, work, workers[i]), 0);
    for (size_t i = 0; i < WORKERS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
}

static void open_workers(struct sp_worker *workers[])
{
    workers[0] = world_open();
    for (size_t i = 1; i < WORKERS; i++)
        workers[i] = test_worker_on(&inventory_service, test_worker_url(), NULL);
    int64_t home = world_warehouse(workers[0], "W1", 1);
    world_shop(workers[0], 1, home, true);
    for (int64_t variant = 10; variant < 14; variant++) {
        char sku[8];
        (void)snprintf(sku, sizeof sku, "S%lld", (long long)variant);
        world_variant(workers[0], variant, sku);
        world_stock(workers[0], home, variant, variant == 10 ? UNITS : 2 * ORDERS);
    }
}

Test(races, a_hot_sku_is_sold_exactly_as_often_as_it_is_there)
{
    struct sp_worker *workers[WORKERS];
    open_workers(workers);
    int64_t began = sp_monotonic_us();
    run_all(workers, feed_orders);
    int64_t took = sp_monotonic_us() - began;
    (void)fprintf(stderr, "%d orders for %d units over %d workers: %lld orders/s\n", ORDERS, UNITS,
                  WORKERS, (long long)ORDERS * 1000000 / took);
    cr_assert_eq(world_figure(workers[0], "reserved", 10), UNITS);
    cr_assert_eq(world_figure(workers[0], "waiting", 10), ORDERS - UNITS);
    cr_assert_eq(test_number(workers[0], "SELECT count(*) FROM dead_letter"), 0);
    cr_assert_eq(test_number(workers[0], "SELECT count(*) FROM later"), 0);
    cr_assert_eq(test_number(workers[0], "SELECT deadlocks FROM pg_stat_database "
                                         "WHERE datname = current_database()"),
                 0);
    world_check(workers[0]);
    for (size_t i = 0; i < WORKERS; i++)
        sp_worker_close(&workers[i]);
}

/* Orders of random lines, cancelled and changed at random, while the jobs serve the line and stock
 * comes and goes. */
static void *churn(void *context)
{
    struct sp_worker *worker = context;
    unsigned seed = (unsigned)(uintptr_t)context;
    static const char *const statuses[] = {"UNPAID", "AWAITING_SHIPMENT", "AWAITING_SHIPMENT",
                                           "CANCELLED"};
    for (int round = 0; round < 60; round++) {
        struct world_order orders[40];
        int64_t rev = sp_monotonic_us();
        for (int64_t i = 0; i < 40; i++)
            orders[i] = (struct world_order){
                1 + rand_r(&seed) % 200, rev, .status = statuses[rand_r(&seed) % 4],
                .lines = {{10 + rand_r(&seed) % 4, 1 + rand_r(&seed) % 5},
                          {10 + rand_r(&seed) % 4, 1}}};
        world_feed(worker, orders, 40);
        world_settle(worker);
    }
    return NULL;
}

Test(races, identities_hold_through_any_churn)
{
    struct sp_worker *workers[WORKERS];
    open_workers(workers);
    test_sql(
        workers[0],
        "UPDATE stock SET on_hand = 60; DELETE FROM stock_entry; INSERT INTO stock_entry "
        "(account_id, variant_id, warehouse_id, delta, cause, document, reason, user_name) "
        "SELECT account_id, variant_id, warehouse_id, on_hand, 'ADJUSTED', '', '', '' FROM stock");
    run_all(workers, churn);
    world_check(workers[0]);
    cr_assert_eq(test_number(workers[0], "SELECT count(*) FROM dead_letter"), 0);
    world_settle(workers[0]);
    cr_assert_eq(test_number(workers[0], "SELECT count(*) FROM stock WHERE waiting > 0 AND "
                                         "on_hand > held"),
                 0, "nobody waits for what is there");
    for (size_t i = 0; i < WORKERS; i++)
        sp_worker_close(&workers[i]);
}

static void *feed_message(void *context)
{
    const struct order_mapped *order = context;
    SP_ASSERT(sp_worker_feed(second, &order_mapped_message, order, 1) == SP_OK);
    return NULL;
}

/* Both workers have found that the order is new; the one whose COMMIT comes first has written it
 * when the other's is refused, decides again and finds the row. */
static void both_find_it_fresh(int64_t first_rev, int64_t second_rev, const char *supply)
{
    struct world_order a = {7, first_rev, .lines = {{10, first_rev}}, .supply = supply},
                       b = {7, second_rev, .lines = {{10, second_rev}}, .supply = supply},
                       warm = {1, 1, .status = "COMPLETED", .lines = {{10, 1}}};
    struct sp_worker *first = world_open();
    static struct sp_worker *holder;
    holder = test_worker_on(&inventory_service, test_worker_url(), NULL);
    second = test_worker_on(&inventory_service, test_worker_url(), NULL);
    world_shop(first, 1, world_warehouse(first, "W1", 1), true);
    world_variant(first, 10, "MUG");
    world_stock(first, 1, 10, 9);
    world_feed(holder, &warm, 1);
    warm.number = 2;
    world_feed(second, &warm, 1);
    struct order_mapped of_first = world_message(&a), of_second = world_message(&b);
    struct test_hold *hold = test_hold_commits(first);
    test_feed_held(hold, holder, &order_mapped_message, &of_first);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, feed_message, &of_second), 0);
    test_await_waiting(hold, 2);
    cr_assert_eq(test_number(first, "SELECT count(*) FROM reservation WHERE key = '3-7'"), 0,
                 "neither has committed");
    test_let_go(&hold);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_assert_eq(test_number(first, "SELECT upstream_rev FROM reservation WHERE key = '3-7'"), 3);
    cr_assert_eq(world_figure(first, "reserved", 10), supply == NULL ? 3 : 0);
    cr_assert_eq(test_number(first, "SELECT count(*) FROM dead_letter"), 0);
    cr_assert_eq(test_number(first, "SELECT count(*) FROM later"), 0);
    world_check(first);
    sp_worker_close(&second);
    sp_worker_close(&holder);
    sp_worker_close(&first);
}

Test(races, of_two_who_find_an_order_new_the_later_word_stands, .timeout = 120)
{
    both_find_it_fresh(2, 3, NULL);
}

Test(races, of_two_who_find_an_order_new_the_late_one_changes_nothing, .timeout = 120)
{
    both_find_it_fresh(3, 2, NULL);
}

/* Without stock to wait for, they meet at the order's row itself. */
Test(races, of_two_who_find_an_order_new_one_writes_it_first, .timeout = 120)
{
    both_find_it_fresh(2, 3, "MADE_TO_ORDER");
}
