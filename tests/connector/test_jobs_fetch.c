/* Fetching: what comes back wrong, late or for somebody else. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/metrics.h"
#include "proto/messages.h"
#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *order;

static void set_up(void)
{
    worker = market_shop(5);
    order = market_order("{\"count\":1,\"webhook\":false}");
    test_clear_outbox(worker);
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(jobs_fetch, .init = set_up, .fini = tear_down);

static void want(const char *id, const char *notice_at)
{
    char sql[300];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO order_fetch (account_id, shop_id, channel_order_id, notice_at) "
                   "VALUES (1, 1, '%s', %s)",
                   id, notice_at);
    test_sql(worker, sql);
}

static size_t emitted(void)
{
    size_t count;
    (void)test_emitted(worker, &channel_order_message, "order-ingest", &count);
    return count;
}

static void fault(const char *kind)
{
    char body[200];
    (void)snprintf(body, sizeof body,
                   "{\"next\":[{\"path\":\"/order/202309/orders\",\"kind\":\"%s\",\"count\":1}]}",
                   kind);
    (void)market_post("/sandbox/faults", body);
}

Test(jobs_fetch, keeps_what_could_not_be_fetched)
{
    static const char *const kinds[] = {"500", "html", "timeout"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        test_sql(worker, "DELETE FROM order_fetch");
        want(order, "to_timestamp(0)");
        fault(kinds[i]);
        market_run(worker, "fetch-orders");
        cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch WHERE due > now() "
                                         "AND due < now() + interval '10 seconds'"),
                     1, "%s", kinds[i]);
        cr_assert_eq(emitted(), 0);
    }
}

Test(jobs_fetch, waits_as_long_as_the_marketplace_says)
{
    want(order, "to_timestamp(0)");
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/order/202309/orders\",\"kind\":"
                                         "\"429\",\"count\":1,\"retry_after\":7}]}");
    market_run(worker, "fetch-orders");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch WHERE due > now() + "
                                     "interval '6 seconds'"),
                 1);
    /* Meanwhile nobody calls for this shop. */
    test_sql(worker, "UPDATE order_fetch SET due = now()");
    market_run(worker, "fetch-orders");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch WHERE due > now() + "
                                     "interval '5 seconds'"),
                 1);
}

/* Webhooks that were at most so late. */
static bool were_late(const char *seconds, int count)
{
    struct sp_buffer out = {0};
    char line[100];
    (void)snprintf(line, sizeof line,
                   "sampan_connector_webhook_delay_seconds_bucket{le=\"%s\"} %d\n", seconds, count);
    sp_metrics_write(&out);
    sp_buffer_put(&out, "", 1);
    bool found = strstr(out.data, line) != NULL;
    sp_buffer_free(&out);
    return found;
}

Test(jobs_fetch, measures_how_late_a_webhook_was)
{
    want(order, "now() - interval '3 seconds'");
    market_run(worker, "fetch-orders");
    cr_assert(were_late("2", 0));
    cr_assert(were_late("5", 1));
}

Test(jobs_fetch, asks_again_for_an_order_older_than_its_notice)
{
    want(order, "now() + interval '1 hour'");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 1);
    for (int i = 1; i < 5; i++) {
        cr_assert_eq(test_number(worker, "SELECT tries FROM order_fetch"), i);
        test_sql(worker, "UPDATE order_fetch SET due = now()");
        market_run(worker, "fetch-orders");
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
    cr_assert_eq(emitted(), 1);
}

/* Within one second only those that the seller ships himself differ: the others are masked. */
Test(jobs_fetch, brings_orders_whose_buyers_have_moved)
{
    enum { ORDERS = 12 };
    char path[100], body[300];
    const char *orders[ORDERS];
    for (int i = 0; i < ORDERS; i++) {
        orders[i] = market_order("{\"status\":\"AWAITING_SHIPMENT\",\"webhook\":false}");
        want(orders[i], "to_timestamp(0)");
    }
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), ORDERS);
    test_clear_outbox(worker);
    for (int i = 0; i < ORDERS; i++) {
        (void)snprintf(path, sizeof path, "/sandbox/orders/%s/address", orders[i]);
        (void)market_post(path, "{}");
        (void)snprintf(body, sizeof body,
                       "{\"type\":3,\"tts_notification_id\":\"%d\",\"shop_id\":\"%s\","
                       "\"data\":{\"order_id\":\"%s\"}}",
                       i + 1, test_text(worker, "SELECT channel_shop_id FROM shop"), orders[i]);
        cr_assert_eq(market_webhook(worker, body), 200);
    }
    market_run(worker, "fetch-orders");
    cr_assert_gt(emitted(), 0);
}

Test(jobs_fetch, lets_a_foreign_id_spoil_only_itself)
{
    want(order, "to_timestamp(0)");
    want("1", "to_timestamp(0)");
    market_run(worker, "fetch-orders");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 1);
    cr_assert_str_eq(test_text(worker, "SELECT channel_order_id FROM order_fetch"), "1");
}

Test(jobs_fetch, buries_an_order_that_cannot_be_read_and_does_not_ask_for_it_again)
{
    char data[128], body[64];
    (void)snprintf(data, sizeof data, "{\"orders\":[{\"id\":\"%s\"}]}", order);
    static struct sp_worker *other; /* for the leak check: it lives as long as its settings */
    other = test_worker_on(&market_connector, test_worker_url(), market_canned(data));
    want(order, "to_timestamp(0)");
    market_run(other, "fetch-orders");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter WHERE type = 'order.wanted' "
                                     "AND reason LIKE '%has no update time'"),
                 1);
    (void)snprintf(body, sizeof body, "{\"ids\":[\"%lld\"]}",
                   (long long)test_number(worker, "SELECT id FROM dead_letter"));
    cr_assert_eq(test_ask(worker, "connector.replay", body, NULL, NULL), 200);
    market_run(worker, "later");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 1, "what is mended is fetched again when the letter is replayed");
    sp_worker_close(&other);
}

Test(jobs_fetch, emits_again_for_a_person_but_not_for_a_notice)
{
    want(order, "to_timestamp(0)");
    market_run(worker, "fetch-orders");
    want(order, "to_timestamp(0)");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 1);
    want(order, "to_timestamp(0)");
    test_sql(worker, "UPDATE order_fetch SET always = true");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 2);
}

Test(jobs_fetch, refreshes_a_token_that_ended_and_goes_on)
{
    want(order, "to_timestamp(0)");
    (void)market_post("/sandbox/grants", "{\"expire\":\"access\"}");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE refresh_at <= now()"),
                 1);
    market_run(worker, "refresh-tokens");
    test_sql(worker, "UPDATE order_fetch SET due = now()");
    market_run(worker, "fetch-orders");
    cr_assert_eq(emitted(), 1);
}

Test(jobs_fetch, fetches_hundreds_in_few_calls)
{
    (void)market_post("/sandbox/orders", "{\"count\":120,\"webhook\":false}");
    test_sql(worker, "UPDATE shop SET orders_from = to_timestamp(0)");
    const char *orders = market_get("/sandbox/truth/orders");
    size_t wanted = 0;
    for (const char *at = strstr(orders, "\"id\":\""); at != NULL;
         at = strstr(at + 1, "\"id\":\"")) {
        want(market_after(at, "\"id\":\""), "to_timestamp(0)");
        wanted++;
    }
    cr_assert_geq(wanted, 121);
    market_run(worker, "fetch-orders");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
    cr_assert_eq(emitted(), wanted);
}
