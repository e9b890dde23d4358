/* Sweeps under faults, by several workers, of orders that change meanwhile. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_pull, .init = set_up, .fini = tear_down);

static void make_orders(int count)
{
    char body[100];
    (void)snprintf(body, sizeof body, "{\"count\":%d,\"webhook\":false}", count);
    (void)market_post("/sandbox/orders", body);
}

static int64_t truth(const char *name)
{
    int64_t value = -1;
    cr_assert(
        sp_text_to_int(sp_text_of(market_member(market_get("/sandbox/truth"), name)), &value));
    return value;
}

static void make_due(void)
{
    test_sql(worker,
             "UPDATE pull SET due = now(), until_at = CASE WHEN kind = 'run' THEN until_at + "
             "interval '5 seconds' ELSE until_at END WHERE NOT finished");
}

static void connect_with_history(void)
{
    (void)market_connect(worker, "{\"kind\":\"days\",\"days\":60}");
    make_due();
}

Test(jobs_pull, loads_everything_in_spite_of_faults)
{
    static const char *const kinds[] = {"500", "429", "html", "drop"};
    make_orders(160);
    connect_with_history();
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        char body[200];
        (void)snprintf(body, sizeof body,
                       "{\"next\":[{\"path\":\"/order/202309/orders/search\",\"kind\":\"%s\","
                       "\"count\":1}]}",
                       kinds[i]);
        (void)market_post("/sandbox/faults", body);
        cr_assert_neq(sp_worker_job(worker, "pull-pages"), SP_REJECT);
        make_due();
    }
    for (int i = 0; i < 40 && test_number(worker, "SELECT count(*) FROM pull WHERE NOT finished "
                                                  "AND kind = 'run'") > 0;
         i++) {
        make_due();
        market_run(worker, "pull-pages");
        struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    cr_assert_eq(test_number(worker, "SELECT orders FROM shop_count"), truth("orders"));
}

Test(jobs_pull, emits_nothing_when_nothing_changed)
{
    size_t count;
    make_orders(60);
    connect_with_history();
    market_run(worker, "pull-pages");
    test_clear_outbox(worker);
    test_sql(worker, "UPDATE pull SET due = now(), from_at = to_timestamp(0) WHERE NOT finished");
    market_run(worker, "pull-pages");
    (void)test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_eq(count, 0);
    (void)test_emitted(worker, &channel_listing_message, "product-mapper", &count);
    cr_assert_eq(count, 0);
}

Test(jobs_pull, imports_nothing_from_before_the_connection_without_history)
{
    make_orders(20);
    struct timespec pause = {.tv_sec = 1, .tv_nsec = 100 * 1000 * 1000};
    (void)nanosleep(&pause, NULL);
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    test_sql(worker, "UPDATE pull SET from_at = to_timestamp(0), at = to_timestamp(0) "
                     "WHERE kind = 'orders'");
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), 0);
    make_orders(3);
    (void)nanosleep(&pause, NULL);
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'orders'");
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), 3);
}

/* An order that the marketplace showed to no window: the sweep has it. */
Test(jobs_pull, finds_with_a_sweep_what_the_stream_has_missed)
{
    make_orders(20);
    connect_with_history();
    market_run(worker, "pull-pages");
    /* Past the overlap: nothing of what is there is read once more. */
    test_sql(worker,
             "UPDATE pull SET from_at = now() + interval '2 minutes' WHERE kind = 'orders'");
    test_sql(worker, "DELETE FROM seen_order WHERE ctid IN (SELECT ctid FROM seen_order LIMIT 3)");
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'orders'");
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders") - 3);
    struct timespec pause = {.tv_sec = 1, .tv_nsec = 100 * 1000 * 1000};
    (void)nanosleep(&pause, NULL); /* a window ends before the second that it is opened in */
    test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'day-sweep'");
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'day-sweep' AND "
                                     "due > now() + interval '50 minutes' AND until_at IS NULL"),
                 1);
}

Test(jobs_pull, finds_a_change_of_status)
{
    size_t count;
    make_orders(1);
    connect_with_history();
    market_run(worker, "pull-pages");
    char path[128];
    (void)snprintf(path, sizeof path, "/sandbox/orders/%s/status",
                   test_text(worker,
                             "SELECT channel_order_id FROM seen_order ORDER BY updated_at DESC "
                             "LIMIT 1"));
    test_clear_outbox(worker);
    (void)market_post(path, "{\"status\":\"CANCELLED\",\"initiator\":\"BUYER\"}");
    struct timespec pause = {.tv_sec = 1, .tv_nsec = 100 * 1000 * 1000};
    (void)nanosleep(&pause, NULL);
    make_due();
    market_run(worker, "pull-pages");
    const struct channel_order *orders =
        test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(orders[0].status, "CANCELLED"));
    cr_assert(sp_text_is(orders[0].cancel_initiator, "BUYER"));
    cr_assert_gt(orders[0].cancelled_at, 0);
}

/* Two replicas on one shop: extra calls at most. */
Test(jobs_pull, shares_the_work_between_two_workers)
{
    make_orders(300);
    connect_with_history();
    struct sp_worker *other =
        test_worker_on(&market_connector, test_worker_url(), market_settings());
    for (int i = 0; i < 30; i++) {
        cr_assert_neq(sp_worker_job(i % 2 == 0 ? worker : other, "pull-pages"), SP_REJECT);
        test_sql(worker, "UPDATE pull SET due = now() WHERE kind = 'run' AND NOT finished");
    }
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM pull WHERE NOT finished AND kind = 'run'"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    cr_assert_eq(test_number(worker, "SELECT seen FROM pull WHERE kind = 'run'"), truth("orders"));
    sp_worker_close(&other);
}

Test(jobs_pull, loads_a_run_that_order_ingest_asks_for)
{
    size_t count;
    make_orders(30);
    (void)market_connect(worker, "{\"kind\":\"none\"}");
    market_run(worker, "pull-pages");
    struct import_requested run = {.head = {.account_id = 1, .key = SP_TEXT("4"), .rev = 1},
                                   .run_id = 4,
                                   .shop_id = 1,
                                   .until_at = 4000000000,
                                   .reason = SP_TEXT("manual")};
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    market_run(worker, "pull-pages");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    const struct import_progressed *said =
        test_emitted(worker, &import_progressed_message, "order-ingest", &count);
    cr_assert_gt(count, 0);
    cr_assert_eq(said[count - 1].run_id, 4);
    cr_assert(said[count - 1].finished);
    cr_assert_eq(said[count - 1].orders_seen, truth("orders"));
}

/* The app's secret is not the marketplace's: every call is refused for its signature. */
static struct sp_worker *worker_with_another_secret(void)
{
    static char secret[] = "SAMPAN_TIKTOK_APP_SECRET=not-the-secret";
    char *settings[16] = {NULL};
    char *const *good = market_settings();
    for (size_t i = 0; good[i] != NULL; i++)
        settings[i] = strncmp(good[i], secret, strcspn(secret, "=")) == 0 ? secret : good[i];
    return test_worker_on(&market_connector, test_worker_url(), settings);
}

Test(jobs_pull, says_that_its_signature_is_refused_and_goes_on_when_it_is_right)
{
    connect_with_history();
    market_run(worker, "pull-pages");
    make_due();
    make_orders(7);
    test_sql(worker, "UPDATE pull SET due = now(), tries = 0, problem = NULL");
    struct sp_worker *wrong = worker_with_another_secret();
    for (int i = 0; i < 3; i++) {
        market_run(wrong, "pull-pages");
        test_sql(worker, "UPDATE pull SET due = now() WHERE NOT finished");
    }
    cr_assert_str_eq(test_text(worker, "SELECT problem FROM pull WHERE kind = 'orders'"),
                     "sign is invalid");
    cr_assert_lt(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    sp_worker_close(&wrong);
    /* The window that was open ends before the newest orders: the next one has them. */
    for (int i = 0;
         i < 20 && test_number(worker, "SELECT count(*) FROM seen_order") < truth("orders"); i++) {
        struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
        make_due();
        market_run(worker, "pull-pages");
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seen_order"), truth("orders"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE problem IS NOT NULL"), 0);
}
