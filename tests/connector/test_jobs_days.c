/* Days listed from a marketplace, in spite of its faults. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

enum { ORDERS = 640, DAYS = 4 };

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open_with(5, &(struct market_past){ORDERS, DAYS});
    worker = test_worker(&market_connector, market_settings());
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":10}");
    test_sql(worker, "UPDATE pull SET finished = true WHERE kind = 'run'");
    market_run(worker, "open-days");
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_days, .init = set_up, .fini = tear_down);

/* Lists until every day has been. */
static void list_all(void)
{
    for (int i = 0; i < 150 && test_number(worker, "SELECT count(*) FROM day_check "
                                                   "WHERE done_at IS NULL") > 0;
         i++) {
        test_sql(worker, "UPDATE day_check SET due = now() WHERE done_at IS NULL");
        market_run(worker, "list-days");
        struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
        (void)nanosleep(&pause, NULL); /* calls that failed make the next ones wait */
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE done_at IS NULL"), 0);
}

/* Orders in all slices that were told, each once; what the last slices say there is. */
static size_t told(int64_t *total, size_t *ends)
{
    static struct sp_text ids[2 * ORDERS];
    size_t count, all = 0;
    const struct day_listed *slices =
        test_emitted(worker, &day_listed_message, "order-ingest", &count);
    *total = 0;
    *ends = 0;
    for (size_t i = 0; i < count; i++) {
        *total += slices[i].total;
        *ends += slices[i].slices > 0;
        for (size_t k = 0; k < slices[i].orders_count && all < SP_COUNT(ids); k++)
            ids[all++] = slices[i].orders[k].channel_order_id;
    }
    for (size_t i = 0; i < all; i++) {
        for (size_t k = 0; k < i; k++)
            cr_assert_not(sp_text_equal(ids[i], ids[k]), "%.*s was told twice", SP_FMT(ids[i]));
    }
    return all;
}

Test(jobs_days, tells_every_order_of_every_day_once)
{
    int64_t total;
    size_t ends;
    list_all();
    size_t all = told(&total, &ends);
    /* The last order is older than the minutes that are left alone. */
    cr_assert_eq(all, ORDERS);
    cr_assert_eq(total, ORDERS);
    cr_assert_eq(ends, (size_t)test_number(worker, "SELECT count(*) FROM day_check"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM day_check WHERE due > now() "
                                     "AND until_at IS NULL AND problem IS NULL"),
                 (int64_t)ends);
}

Test(jobs_days, tells_no_order_twice_in_spite_of_faults)
{
    int64_t total;
    size_t ends;
    (void)market_post("/sandbox/faults",
                      "{\"next\":[{\"path\":\"/order\",\"kind\":\"500\",\"count\":2},"
                      "{\"path\":\"/order\",\"kind\":\"html\",\"count\":2},"
                      "{\"path\":\"/order\",\"kind\":\"drop\",\"count\":2}]}");
    list_all();
    cr_assert_eq(told(&total, &ends), ORDERS);
    cr_assert_eq(total, ORDERS);
}

Test(jobs_days, shares_the_days_between_two_workers)
{
    int64_t total;
    size_t ends;
    struct sp_worker *other =
        test_worker_on(&market_connector, test_worker_url(), market_settings());
    for (int i = 0; i < 40; i++)
        cr_assert_neq(sp_worker_job(i % 2 == 0 ? worker : other, "list-days"), SP_REJECT);
    cr_assert_eq(told(&total, &ends), ORDERS);
    sp_worker_close(&other);
}
