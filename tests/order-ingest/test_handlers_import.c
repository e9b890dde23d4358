/* Import runs: pages in any order, and what each order's line says. */
/* Covers: handlers_import.c, import_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
}

TestSuite(imports, .init = begin);

static const struct seen_order first_ids[] = {{LITERAL("5001"), {0}}, {LITERAL("5002"), {0}}};
static const struct seen_order second_ids[] = {{LITERAL("5002"), {0}}, {LITERAL("5003"), {0}}};

static struct import_progressed a_page(int64_t number)
{
    static const char *const keys[] = {"-4/1", "-4/2"};
    return (struct import_progressed){
        .head = {.account_id = 1,
                 .emitted_us = 1700000000000000,
                 .key = sp_text_of(keys[number - 1]),
                 .rev = number},
        .run_id = -4,
        .shop_id = 7,
        .orders_total = 3,
        .orders_seen = number + 1,
        .finished = number == 2,
        .order_ids = number == 1 ? first_ids : second_ids,
        .order_ids_count = 2,
    };
}

static const char *run_lines(const char *id)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", id, NULL), 200, "%s",
                 text);
    return text;
}

Test(imports, ends_in_the_same_rows_whatever_page_comes_first)
{
    const char *expected = NULL;
    for (int way = 0; way < 4; way++) {
        worker = ingest_fresh();
        struct import_progressed pages[] = {a_page(way % 2 == 0 ? 1 : 2),
                                            a_page(way % 2 == 0 ? 2 : 1)};
        if (way < 2)
            cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, pages, 2), SP_OK);
        for (size_t i = 0; i < 2 && way >= 2; i++)
            cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &pages[i], 1), SP_OK);
        cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &pages[0], 1), SP_OK,
                     "a repeat");
        const char *found =
            test_text(worker, "SELECT (SELECT string_agg(r::text, '') FROM import_run r) || "
                              "(SELECT string_agg(order_id, ',' ORDER BY order_id) FROM run_line)");
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected);
        cr_assert(strstr(found, "7-5001,7-5002,7-5003") != NULL, "%s", found);
        cr_assert(strstr(found, "backfill") != NULL, "%s", found);
    }
}

Test(imports, says_what_became_of_each_order)
{
    struct channel_order old = an_order("5001", 1, "UNPAID");
    feed_order(worker, &old);
    struct channel_order same = an_order("5002", 1, "UNPAID");
    feed_order(worker, &same);
    test_sql(worker, "UPDATE orders SET first_at = '2001-01-01', changed_at = '2001-01-01', "
                     "committed_at = '2001-01-01'");
    struct import_progressed pages[] = {a_page(1), a_page(2)};
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, pages, 2), SP_OK);
    cr_assert(strstr(run_lines("-4"), "PENDING") != NULL);
    struct channel_order changed = an_order("5001", 2, "AWAITING_SHIPMENT");
    struct channel_order again = same;
    again.head.rev = 2;
    struct channel_order fresh = an_order("5003", 1, "UNPAID");
    feed_order(worker, &changed);
    feed_order(worker, &again);
    feed_order(worker, &fresh);
    const char *text = run_lines("-4");
    cr_assert(strstr(text, "\"order_id\" : \"7-5001\", \"result\" : \"UPDATED\"") != NULL, "%s",
              text);
    cr_assert(strstr(text, "\"order_id\" : \"7-5002\", \"result\" : \"UNCHANGED\"") != NULL, "%s",
              text);
    cr_assert(strstr(text, "\"order_id\" : \"7-5003\", \"result\" : \"LOADED\"") != NULL, "%s",
              text);
}

Test(imports, names_the_product_that_is_not_mapped)
{
    struct import_progressed page = a_page(1);
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &page, 1), SP_OK);
    struct channel_order order = an_order("5001", 1, "UNPAID");
    feed_order(worker, &order);
    struct condition open[] = {
        {.code = SP_TEXT("LINE_UNMAPPED"), .value = SP_TEXT("Mug Blue"), .line = 1}};
    struct order_staged staged = a_stage("5001", 1, "UNSYNC");
    staged.conditions = open;
    staged.conditions_count = 1;
    feed_stage(worker, &staged);
    const char *text = run_lines("-4");
    cr_assert(strstr(text, "\"result\" : \"NOT_MAPPED\", \"detail\" : \"Mug Blue\"") != NULL, "%s",
              text);
}

Test(imports, shows_an_order_that_was_rejected_as_failed)
{
    struct import_progressed page = a_page(1);
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &page, 1), SP_OK);
    struct channel_order bad = an_order("5001", 1, "UNPAID");
    bad.ship_by = -5;
    feed_order(worker, &bad);
    const char *text = run_lines("-4");
    cr_assert(strstr(text, "\"result\" : \"FAILED\"") != NULL, "%s", text);
}

Test(imports, lists_the_lines_page_by_page)
{
    struct import_progressed pages[] = {a_page(1), a_page(2)};
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, pages, 2), SP_OK);
    const char *text;
    cr_assert_eq(
        test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "-4", "limit", "2", NULL),
        200);
    cr_assert(strstr(text, "\"next_cursor\" : \"0.5002\"") != NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "-4", "cursor",
                          "0.5002", NULL),
                 200);
    cr_assert(strstr(text, "5003") != NULL && strstr(text, "5002") == NULL, "%s", text);
}
