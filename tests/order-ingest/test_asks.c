/* What people read of the order book. */
/* Covers: asks.c, list_store.c, change_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(asks, .init = begin);

static struct sp_json parsed(const char *text)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &value, &err), SP_OK, "%s: %s", err.text, text);
    return value;
}

static size_t item_count(const char *text)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(parsed(text), "items"));
    struct sp_json item;
    size_t count = 0;
    while (sp_json_next(&walk, NULL, &item))
        count++;
    return count;
}

static void some_orders(int count)
{
    for (int i = 0; i < count; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", 5000 + i);
        struct channel_order order =
            an_order(id, 1, i % 2 == 0 ? "AWAITING_SHIPMENT" : "CANCELLED");
        order.updated_at = 1700000000 + i / 2; /* pairs with the same time: the key decides */
        struct order_staged staged = a_stage(id, 1, i % 2 == 0 ? "UNSYNC" : "CANCELLED");
        staged.since = order.updated_at;
        feed_order(worker, &order);
        feed_stage(worker, &staged);
    }
}

Test(asks, lists_an_order_as_described)
{
    some_orders(1);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, NULL), 200);
    cr_assert(strstr(text, "\"id\": \"7-5000\"") != NULL, "%s", text);
    cr_assert(strstr(text, "\"channel_order_id\": \"5000\"") != NULL);
    cr_assert(strstr(text, "\"hub_status\": \"AWAITING_CONFIRMATION\"") != NULL);
    cr_assert(strstr(text, "\"stage\": \"UNSYNC\"") != NULL);
    cr_assert(strstr(text, "\"created_at\": \"2023-11-14T22:13:20Z\"") != NULL);
    cr_assert(strstr(text, "\"amount\": \"357000\"") != NULL);
    cr_assert(strstr(text, "\"lines\": 2") != NULL);
    cr_assert_eq(sp_json_get(parsed(text), "next_cursor").kind, SP_JSON_NULL);
}

Test(asks, tells_ids_beyond_53_bits_as_text_and_finds_them)
{
    static const char *const ids[] = {"9007199254740992", "9007199254740993",
                                      "18446744073709551617"};
    for (size_t i = 0; i < SP_COUNT(ids); i++) {
        struct channel_order order = an_order(ids[i], 1, "AWAITING_SHIPMENT");
        feed_order(worker, &order);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 3);
    for (size_t i = 0; i < SP_COUNT(ids); i++) {
        const char *text;
        char key[40];
        (void)snprintf(key, sizeof key, "7-%s", ids[i]);
        cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", key, NULL), 200);
        struct sp_json id = sp_json_get(parsed(text), "channel_order_id");
        cr_assert_eq(id.kind, SP_JSON_STRING, "%s", text);
        cr_assert(id.raw.size == strlen(ids[i]) + 2 && strstr(text, ids[i]) != NULL, "%s", text);
    }
}

/* Walks a list page by page; every order once, the newest first. */
static size_t walk_list(const char *name, const char *value)
{
    char cursor[128] = "";
    size_t seen = 0, pages = 0;
    do {
        const char *text;
        cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "limit", "3", "cursor",
                              cursor, name, value, NULL),
                     200);
        seen += item_count(text);
        struct sp_json next = sp_json_get(parsed(text), "next_cursor");
        (void)snprintf(cursor, sizeof cursor, "%.*s", SP_FMT(sp_json_text(next, NULL)));
    } while (cursor[0] != '\0' && ++pages < 20);
    return seen;
}

Test(asks, pages_through_every_order_once)
{
    some_orders(10);
    cr_assert_eq(walk_list("status", ""), 10);
    cr_assert_eq(walk_list("status", "CANCELLED"), 5);
    cr_assert_eq(walk_list("stage", "UNSYNC,CANCELLED"), 10);
    cr_assert_eq(walk_list("group", "drafts"), 5);
    cr_assert_eq(walk_list("q", "500"), 10);
    cr_assert_eq(walk_list("shop", "8"), 0);
}

Test(asks, finds_orders_by_id_and_by_its_beginning)
{
    some_orders(12);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "q", "5003", NULL), 200);
    cr_assert_eq(item_count(text), 1);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "q", "5003, 5004 5999", NULL),
                 200);
    cr_assert_eq(item_count(text), 2);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "q", "501", NULL), 200);
    cr_assert_eq(item_count(text), 2);
    cr_assert_eq(
        test_ask(worker, "order-ingest.orders", NULL, &text, "q", "500", "stage", "UNSYNC", NULL),
        200);
    cr_assert_eq(item_count(text), 5);
}

Test(asks, refuses_filters_that_make_no_sense)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "limit", "201", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "cursor", "junk", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "shop", "x", NULL), 400);
    cr_assert(strstr(text, "FILTER_BAD") != NULL);
}

Test(asks, counts_by_stage_and_status)
{
    some_orders(7);
    struct channel_order odd = an_order("6000", 1, "TELEPORTED");
    feed_order(worker, &odd);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.counts", NULL, &text, NULL), 200);
    struct sp_json counts = parsed(text);
    cr_assert_eq(sp_json_int(sp_json_get(counts, "total"), 0), 8);
    cr_assert_eq(sp_json_int(sp_json_get(sp_json_get(counts, "by_stage"), "UNSYNC"), 0), 4);
    cr_assert_eq(sp_json_int(sp_json_get(sp_json_get(counts, "by_status"), "CANCELLED"), 0), 3);
    cr_assert_eq(sp_json_int(sp_json_get(sp_json_get(counts, "by_hub_status"), "UNKNOWN"), 0), 1);
    cr_assert_eq(test_ask(worker, "order-ingest.counts", NULL, &text, "shop", "8", NULL), 200);
    cr_assert_eq(sp_json_int(sp_json_get(parsed(text), "total"), -1), 0);
}

Test(asks, prefers_the_accounts_own_status_rule)
{
    some_orders(1);
    test_sql(worker,
             "INSERT INTO status_rule VALUES (1, 'AWAITING_SHIPMENT', '', 'MINE', 'PROCESSING', "
             "'TO_SHIP', 111)");
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, NULL), 200);
    test_sql(worker, "DELETE FROM status_rule WHERE account_id = 1");
    cr_assert(strstr(text, "\"hub_status\": \"MINE\"") != NULL);
}

Test(asks, names_the_hub_status_of_each_kind_of_cancellation)
{
    static const char *const cases[][2] = {{"SELLER", "CANCELLED"},
                                           {"BUYER", "CUSTOMER_CANCELLED"},
                                           {"SYSTEM", "SYSTEM_CANCELLED"},
                                           {"MARTIAN", "CANCELLED"}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        worker = ingest_fresh();
        struct channel_order order = an_order("5001", 1, "CANCELLED");
        order.cancel_initiator = sp_text_of(cases[i][0]);
        feed_order(worker, &order);
        const char *text;
        cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL),
                     200);
        cr_assert(
            sp_text_is(sp_json_text(sp_json_get(parsed(text), "hub_status"), NULL), cases[i][1]));
    }
}

Test(asks, shows_one_order_with_lines_history_and_packages)
{
    struct channel_order first = an_order("5001", 1, "UNPAID"),
                         second = an_order("5001", 2, "ON_HOLD");
    feed_order(worker, &first);
    feed_order(worker, &second);
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    struct sp_json order = parsed(text), line, event;
    struct sp_json_walk lines = sp_json_each(sp_json_get(order, "lines"));
    cr_assert(sp_json_next(&lines, NULL, &line));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(sp_json_get(line, "price"), "amount"), NULL),
                         "129000"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(line, "status"), NULL), "AWAITING_SHIPMENT"));
    cr_assert(sp_json_next(&lines, NULL, &line));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(line, "status"), NULL), "ON_HOLD"),
              "the order's own");
    struct sp_json_walk history = sp_json_each(sp_json_get(order, "history"));
    cr_assert(sp_json_next(&history, NULL, &event));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(event, "status"), NULL), "UNPAID"));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(event, "source"), NULL), "webhook"));
    cr_assert(sp_json_next(&history, NULL, &event));
    cr_assert(sp_text_is(sp_json_text(sp_json_get(event, "status"), NULL), "ON_HOLD"), "as it is");
    cr_assert_not(sp_json_next(&history, NULL, &event));
    cr_assert(strstr(text, "VN123") != NULL);
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-9999", NULL), 404);
}

Test(asks, shows_how_single_units_of_a_line_stand)
{
    static const struct unit_id gone = {LITERAL("u2")};
    static const struct units_apart apart = {
        .units = 1, .status = LITERAL("CANCELLED"), .unit_ids = &gone, .unit_ids_count = 1};
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    struct channel_line lines[] = {order.lines[0], order.lines[1]};
    lines[0].unit_ids_count = 1;
    lines[0].apart = &apart;
    lines[0].apart_count = 1;
    order.lines = lines;
    feed_order(worker, &order);
    cr_assert_str_eq(
        test_text(worker,
                  "SELECT ((order_lines(o)->0) - '{product_id,seller_sku,product_name,sku_name}'"
                  "::text[])::text FROM orders o"),
        "{\"line\": 1, \"apart\": [{\"units\": 1, \"status\": \"CANCELLED\", \"unit_ids\": "
        "[\"u2\"]}], "
        "\"price\": {\"amount\": \"129000\", \"currency\": \"VND\"}, \"units\": 2, "
        "\"sku_id\": \"s1\", \"status\": \"AWAITING_SHIPMENT\", \"unit_ids\": [\"u1\"]}");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders o "
                                     "WHERE NOT order_lines(o)->1 ? 'apart'"),
                 1);
    size_t count;
    const struct order_recorded *recorded =
        test_emitted(worker, &order_recorded_message, "product-mapper", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(recorded->lines[0].units, 1, "one of two is still wanted");
}

Test(asks, says_what_changed_since)
{
    const char *text;
    cr_assert_eq(
        test_ask(worker, "order-ingest.changes", "{\"accounts\":[\"1\"],\"since\":0}", &text, NULL),
        200);
    int64_t since = sp_json_int(sp_json_get(parsed(text), "since"), 0);
    cr_assert_gt(since, 0);
    some_orders(2);
    char body[96];
    (void)snprintf(body, sizeof body, "{\"accounts\":[\"1\",2],\"since\":%lld}", (long long)since);
    cr_assert_eq(test_ask(worker, "order-ingest.changes", body, &text, NULL), 200);
    cr_assert(strstr(text, "\"7-5000\"") != NULL && strstr(text, "\"7-5001\"") != NULL, "%s", text);
    /* Told again while any older transaction of the server is open, and then no more. */
    bool again = true;
    for (int tries = 0; again && tries < 300; tries++) {
        (void)usleep(10000);
        since = sp_json_int(sp_json_get(parsed(text), "since"), 0);
        (void)snprintf(body, sizeof body, "{\"accounts\":[\"1\"],\"since\":%lld}",
                       (long long)since);
        cr_assert_eq(test_ask(worker, "order-ingest.changes", body, &text, NULL), 200);
        again = strstr(text, "7-5000") != NULL;
    }
    cr_assert_not(again, "%s", text);
}

Test(asks, says_many_instead_of_hundreds_of_ids)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.changes", "{\"accounts\":[1]}", &text, NULL), 200);
    int64_t since = sp_json_int(sp_json_get(parsed(text), "since"), 0);
    test_sql(worker, "INSERT INTO change_log (account_id, total, ids) VALUES (1, 256, NULL)");
    char body[96];
    (void)snprintf(body, sizeof body, "{\"accounts\":[\"1\"],\"since\":%lld}", (long long)since);
    cr_assert_eq(test_ask(worker, "order-ingest.changes", body, &text, NULL), 200);
    cr_assert(strstr(text, "\"ids\" : null") != NULL && strstr(text, "256") != NULL, "%s", text);
}
