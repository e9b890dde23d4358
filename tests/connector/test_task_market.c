/* Shipments at the marketplace: whatever is lost on the way, a package is shipped once and its
 * shipment told.  Covers: jobs_task.c, task_json.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *order;
static struct package_ref package;

/* A connected shop with one order that waits to be shipped, and the package it has. */
static void set_up(void)
{
    worker = market_shop(5);
    order = market_order("{\"count\":1,\"webhook\":false}");
    char sql[300];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO order_fetch (account_id, shop_id, channel_order_id, notice_at) "
                   "SELECT account_id, shop_id, '%s', now() FROM shop",
                   order);
    test_sql(worker, sql);
    test_clear_outbox(worker);
    market_run(worker, "fetch-orders");
    size_t count;
    const struct channel_order *seen =
        test_emitted(worker, &channel_order_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(seen->packages_count, 1);
    package.package_id = seen->packages[0].package_id;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(task_market, .init = set_up, .fini = tear_down);

static void ship(void)
{
    struct shipment_requested shipment = {
        .head = {.account_id = 1, .key = SP_TEXT("1-x/1"), .rev = 1},
        .shop_id = test_number(worker, "SELECT shop_id FROM shop"),
        .channel_order_id = sp_text_of(order),
        .handover = SP_TEXT("DROP_OFF"),
        .packages = &package,
        .packages_count = 1,
        .wanted = true};
    cr_assert_eq(sp_worker_feed(worker, &shipment_requested_message, &shipment, 1), SP_OK);
    market_run(worker, "run-tasks");
}

/* All that waits is due, until nothing is left to do.  A pause that the marketplace asked for is
 * kept. */
static void go_on(void)
{
    enum { TRIES = 80, PAUSE_US = 50000 };
    for (int i = 0; i < TRIES; i++) {
        test_sql(worker, "UPDATE task SET due = now()");
        market_run(worker, "run-tasks");
        if (test_number(worker, "SELECT count(*) FROM task WHERE state IN ('WANTED', 'ASKED', "
                                "'LABEL')") == 0)
            return;
        (void)usleep(PAUSE_US);
    }
}

static void fault(const char *kind)
{
    char body[200];
    (void)snprintf(body, sizeof body,
                   "{\"next\":[{\"path\":\"/fulfillment\",\"kind\":\"%s\",\"count\":1}]}", kind);
    (void)market_post("/sandbox/faults", body);
}

static void move(const char *status)
{
    char path[128], body[64];
    (void)snprintf(path, sizeof path, "/sandbox/orders/%s/status", order);
    (void)snprintf(body, sizeof body, "{\"status\":\"%s\"}", status);
    (void)market_post(path, body);
}

static bool is_at_the_shop(const char *status)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "\"status\":\"%s\"", status);
    return strstr(market_get("/sandbox/truth/orders"), wanted) != NULL;
}

static const struct shipment_progressed *last_told(size_t *count)
{
    const struct shipment_progressed *told =
        test_emitted(worker, &shipment_progressed_message, "placement", count);
    cr_assert_gt(*count, 0);
    const struct shipment_progressed *last = told;
    for (size_t i = 1; i < *count; i++)
        last = told[i].head.rev > last->head.rev ? &told[i] : last;
    return last;
}

static void assert_shipped(void)
{
    size_t count;
    const struct shipment_progressed *told = last_told(&count);
    cr_assert(is_at_the_shop("AWAITING_COLLECTION"));
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "DONE");
    cr_assert(sp_text_is(told->state, "LABELLED"), "%.*s", SP_FMT(told->state));
    cr_assert(sp_text_is(told->order_id, "1-x"));
    cr_assert_eq(told->packages_count, 1);
    cr_assert(sp_text_equal(told->packages[0].package_id, package.package_id));
    cr_assert_gt(told->packages[0].tracking.size, 0);
}

Test(task_market, ships_and_tells_the_tracking_number)
{
    ship();
    go_on();
    assert_shipped();
}

Test(task_market, finds_out_what_became_of_a_shipment_whose_answer_was_lost)
{
    static const char *const kinds[] = {"drop", "timeout", "500", "html", "429"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        test_sql(worker, "DELETE FROM task");
        fault(kinds[i]);
        ship();
        cr_assert_str_neq(test_text(worker, "SELECT state FROM task"), "DONE", "%s", kinds[i]);
        if (i == 0) {
            cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "ASKED");
            cr_assert(is_at_the_shop("AWAITING_COLLECTION"), "it was carried out");
        }
        go_on();
        assert_shipped();
    }
}

Test(task_market, takes_what_a_person_has_shipped_for_shipped)
{
    move("AWAITING_COLLECTION");
    ship();
    go_on();
    assert_shipped();
}

Test(task_market, tells_why_a_cancelled_order_is_not_shipped)
{
    move("CANCELLED");
    ship();
    go_on();
    size_t count;
    const struct shipment_progressed *told = last_told(&count);
    cr_assert(sp_text_is(told->state, "REFUSED"));
    cr_assert(sp_text_is(told->reason, "ORDER_CANCELLED"), "%.*s", SP_FMT(told->reason));
    cr_assert_eq(count, 1);
}

Test(task_market, fetches_the_label)
{
    ship();
    go_on();
    char shop[24], id[40];
    const char *answer = NULL;
    (void)snprintf(shop, sizeof shop, "%lld",
                   (long long)test_number(worker, "SELECT shop_id FROM shop"));
    (void)snprintf(id, sizeof id, "%.*s", SP_FMT(package.package_id));
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(
            test_ask(worker, "connector.document", NULL, &answer, "id", shop, "package", id, NULL),
            200);
        go_on();
    }
    cr_assert_str_eq(market_member(answer, "state"), "READY", "%s", answer);
    const char *url = strstr(market_member(answer, "url"), "/documents/");
    cr_assert_not_null(url, "%s", answer);
    cr_assert_eq(strncmp(market_get(url), "%PDF-1.", 7), 0);
}

/* ---- prices -------------------------------------------------------------------------- */

static int set_price(const char *amount, const char **answer)
{
    char shop[24], body[256];
    (void)snprintf(shop, sizeof shop, "%lld",
                   (long long)test_number(worker, "SELECT shop_id FROM shop"));
    (void)snprintf(body, sizeof body,
                   "{\"product_id\":\"%s\",\"sku_id\":\"%s\",\"amount\":\"%s\","
                   "\"currency\":\"GBP\"}",
                   test_text(worker, "SELECT min(product_id) FROM channel_stock"),
                   test_text(worker, "SELECT min(sku_id) FROM channel_stock WHERE product_id = "
                                     "(SELECT min(product_id) FROM channel_stock)"),
                   amount);
    return test_ask(worker, "connector.price", body, answer, "id", shop, NULL);
}

Test(task_market, sets_a_price_whatever_is_lost)
{
    const char *answer = NULL;
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/product\",\"kind\":\"drop\","
                                         "\"count\":1}]}");
    cr_assert_eq(set_price("14.50", &answer), 200);
    go_on();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "DONE", "%s",
                     test_text(worker, "SELECT problem FROM task"));
    cr_assert_eq(set_price("15", &answer), 200);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "WANTED", "the newer price");
    go_on();
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "DONE");
}

static int64_t waits_s(void)
{
    return test_number(worker, "SELECT round(extract(epoch FROM due - now()))::bigint FROM task");
}

Test(task_market, sends_a_newer_price_behind_the_older_one_that_is_on_its_way)
{
    const char *answer;
    cr_assert_eq(set_price("14.50", &answer), 200);
    test_sql(worker, "UPDATE task SET state = 'ASKED', taken = taken + 1, "
                     "due = now() + interval '20 seconds'");
    for (int times = 0; times < 2; times++) {
        cr_assert_eq(set_price("15", &answer), 200);
        cr_assert_geq(waits_s(), 15);
    }
    market_run(worker, "run-tasks");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "WANTED");
    test_sql(worker, "UPDATE task SET due = now() + interval '1 hour'");
    cr_assert_eq(set_price("16", &answer), 200);
    cr_assert_leq(waits_s(), 20, "failed tries do not hold it up");
    test_sql(worker, "UPDATE task SET due = now()");
    market_run(worker, "run-tasks");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM task"), "DONE");
    cr_assert_eq(set_price("17", &answer), 200);
    cr_assert_leq(waits_s(), 0);
}

Test(task_market, refuses_what_is_no_price)
{
    static const char *const wrong[] = {"",   "0",    "0.00",    "-1", "1.",
                                        ".5", "1,50", "1.23456", "1e3"};
    const char *answer = NULL;
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_eq(set_price(wrong[i], &answer), 400, "%s", wrong[i]);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM task"), 0);
}
