/* The lines of an import run: by result, as a file, and loaded again. */
/* Covers: asks_import.c, import_store.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;
static const char *text;

/* Run 9 has ended and saw 5001 (loaded), 5002 (not paired), 5003 (not downloaded), 5004 (could not
 * be read), 5005 (never came). */
static void begin(void)
{
    static const struct seen_order seen[] = {{LITERAL("5001"), {0}},
                                             {LITERAL("5002"), {0}},
                                             {LITERAL("5003"), {0}},
                                             {LITERAL("5004"), LITERAL("order 5004 has no lines")},
                                             {LITERAL("5005"), {0}}};
    struct import_progressed page = {.head = {.account_id = 1, .key = SP_TEXT("9/1"), .rev = 1},
                                     .run_id = 9,
                                     .shop_id = 7,
                                     .orders_seen = 5,
                                     .finished = true,
                                     .order_ids = seen,
                                     .order_ids_count = 5};
    struct condition open[] = {
        {.code = SP_TEXT("LINE_UNMAPPED"), .value = SP_TEXT("Mug Blue"), .line = 1},
        {.code = SP_TEXT("LINE_NOT_DOWNLOADED"), .value = SP_TEXT("=Áo, \"L\""), .line = 3}};
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &page, 1), SP_OK);
    test_sql(worker, "UPDATE import_run SET started_at = started_at - interval '1 hour'");
    feed_standing(worker, "5001", 1, "UNPAID", "NOT_READY");
    for (int i = 0; i < 2; i++) {
        const char *id = i == 0 ? "5002" : "5003";
        struct channel_order order = an_order(id, 1, "UNPAID");
        struct order_staged staged = a_stage(id, 1, "UNSYNC");
        staged.conditions = open;
        staged.conditions_count = i == 0 ? 1 : 2;
        feed_order(worker, &order);
        feed_stage(worker, &staged);
    }
    test_clear_outbox(worker);
}

TestSuite(asks_runs, .init = begin);

static bool says(const char *what)
{
    return strstr(text, what) != NULL;
}

static void ask_lines(const char *result)
{
    cr_assert_eq(
        test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "9", "result", result, NULL),
        200, "%s", text);
}

static int load_again(void)
{
    return test_ask(worker, "order-ingest.load-again", NULL, &text, "id", "9", NULL);
}

static const struct order_wanted *wanted(size_t *count)
{
    return test_emitted(worker, &order_wanted_message, "connector", count);
}

Test(asks_runs, every_line_has_its_own_reason)
{
    ask_lines("");
    cr_expect(says("\"5001\", \"order_id\" : \"7-5001\", \"result\" : \"LOADED\""), "%s", text);
    cr_expect(says("\"result\" : \"NOT_MAPPED\", \"detail\" : \"Mug Blue\""), "%s", text);
    cr_expect(says("\"result\" : \"NOT_DOWNLOADED\", \"detail\" : \"=Áo, \\\"L\\\"\""), "%s", text);
    cr_expect(says("\"result\" : \"FAILED\", \"detail\" : \"order 5004 has no lines\""), "%s",
              text);
    cr_expect(says("\"5005\", \"order_id\" : null, \"result\" : \"PENDING\""), "%s", text);
}

Test(asks_runs, an_order_that_was_read_on_another_page_has_not_failed)
{
    static const struct seen_order seen[] = {{LITERAL("5004"), {0}}};
    struct import_progressed page = {.head = {.account_id = 1, .key = SP_TEXT("9/2"), .rev = 2},
                                     .run_id = 9,
                                     .shop_id = 7,
                                     .order_ids = seen,
                                     .order_ids_count = 1};
    cr_assert_eq(sp_worker_feed(worker, &import_progressed_message, &page, 1), SP_OK);
    ask_lines("FAILED");
    cr_expect_not(says("5004"), "%s", text);
}

Test(asks_runs, an_order_that_could_be_read_later_has_not_failed)
{
    struct channel_order order = an_order("5004", 1, "UNPAID");
    feed_order(worker, &order);
    ask_lines("FAILED");
    cr_expect_not(says("5004"), "%s", text);
    ask_lines("LOADED");
    cr_expect(says("5004"), "%s", text);
}

Test(asks_runs, lines_are_chosen_by_result_page_by_page)
{
    ask_lines("NOT_MAPPED,FAILED");
    cr_expect(says("5002") && says("5004") && !says("5001") && !says("5003"), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "9", "result",
                          "NOT_MAPPED,FAILED", "limit", "1", NULL),
                 200);
    cr_expect(says("5002") && says("\"next_cursor\" : \"0.5002\""), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "9", "result",
                          "NOT_MAPPED,FAILED", "limit", "1", "cursor", "0.5002", NULL),
                 200);
    cr_expect(says("5004") && says("\"next_cursor\" : null"), "%s", text);
    cr_expect_eq(
        test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "9", "result", "LOST", NULL),
        400);
}

Test(asks_runs, the_file_has_every_line_and_no_formula)
{
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines-csv", NULL, &text, "id", "9", NULL), 200,
                 "%s", text);
    cr_expect(strncmp(text,
                      "\n\xEF\xBB\xBF"
                      "order,result,",
                      17) == 0,
              "%s", text);
    cr_expect(says("\"5002\",NOT_MAPPED,\"Mug Blue\",20"), "%s", text);
    cr_expect(says("\"5003\",NOT_DOWNLOADED,\"'=Áo, \"\"L\"\"\","), "%s", text);
    cr_expect(says("\"5005\",PENDING,\"\",,\r\n"), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines-csv", NULL, &text, "id", "9", "result",
                          "FAILED", NULL),
                 200);
    cr_expect(says("5004") && !says("5001"), "%s", text);
}

Test(asks_runs, a_long_file_goes_on_behind_its_cursor)
{
    test_sql(worker, "INSERT INTO run_line (account_id, run_id, channel_order_id, order_id) "
                     "SELECT 1, 9, 'x' || lpad(n::text, 4, '0'), '7-x' || n "
                     "FROM generate_series(1, 999) n");
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines-csv", NULL, &text, "id", "9", NULL), 200);
    cr_expect(strncmp(text, "0.x0995\n", 8) == 0, "%.20s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines-csv", NULL, &text, "id", "9", "cursor",
                          "0.x0995", NULL),
                 200);
    cr_expect(strncmp(text, "\n\"x0996\",PENDING", 16) == 0, "%s", text);
    cr_expect(says("x0999"), "%s", text);
}

Test(asks_runs, only_what_is_not_ready_is_asked_for_again)
{
    size_t count = 0;
    cr_assert_eq(load_again(), 202, "%s", text);
    cr_expect_str_eq(text, "{\"orders\":4,\"more\":false}");
    const struct order_wanted *asked = wanted(&count);
    cr_assert_eq(count, 4);
    for (size_t i = 0; i < count; i++) {
        cr_expect_not(sp_text_is(asked[i].channel_order_id, "5001"), "it is loaded");
        cr_expect_eq(asked[i].shop_id, 7);
        cr_expect_eq(asked[i].run_id, 9);
        cr_expect_gt(asked[i].head.rev, 0);
    }
    ask_lines("FAILED");
    cr_expect(!says("\"asked_at\" : null"), "%s", text);
    ask_lines("LOADED");
    cr_expect(says("\"asked_at\" : null"), "%s", text);
}

/* What is on its way is not asked for twice; later it may be, with a newer revision. */
Test(asks_runs, pressed_twice_asks_once)
{
    size_t count = 0;
    cr_assert_eq(load_again(), 202);
    cr_assert_eq(load_again(), 202);
    cr_expect_str_eq(text, "{\"orders\":0,\"more\":false}");
    test_clear_outbox(worker);
    test_sql(worker, "UPDATE run_line SET asked_at = asked_at - interval '2 minutes' "
                     "WHERE channel_order_id = '5004'");
    cr_assert_eq(load_again(), 202);
    const struct order_wanted *asked = wanted(&count);
    cr_assert_eq(count, 1);
    cr_expect(sp_text_is(asked[0].head.key, "7-5004/run/9"));
    cr_expect_eq(asked[0].head.rev,
                 test_number(worker, "SELECT rev FROM run_line WHERE channel_order_id = '5004'"));
}

/* The product was paired meanwhile: the order is there once, and its line says that it is loaded.
 */
Test(asks_runs, what_was_mended_is_loaded_once)
{
    cr_assert_eq(load_again(), 202);
    struct channel_order again = an_order("5002", 2, "UNPAID");
    struct order_staged staged = a_stage("5002", 2, "NOT_READY");
    feed_order(worker, &again);
    feed_stage(worker, &staged);
    ask_lines("LOADED");
    cr_expect(says("5002"), "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM orders WHERE order_id = '7-5002'"), 1);
}

Test(asks_runs, a_run_is_not_loaded_again_while_it_runs_or_its_shop_is_away)
{
    size_t count = 0;
    cr_expect_eq(test_ask(worker, "order-ingest.load-again", NULL, &text, "id", "8", NULL), 404);
    cr_expect_eq(test_ask(worker, "order-ingest.load-again", NULL, &text, "id", "x", NULL), 404);
    test_sql(worker, "UPDATE import_run SET finished_at = NULL");
    cr_expect_eq(load_again(), 409);
    cr_expect(says("RUN_UNDER_WAY"), "%s", text);
    test_sql(worker, "UPDATE import_run SET finished_at = now()");
    test_sql(worker, "UPDATE shop SET state = 'DISCONNECTED'");
    cr_expect_eq(load_again(), 409);
    cr_expect(says("SHOP_AWAY"), "%s", text);
    (void)wanted(&count);
    cr_expect_eq(count, 0);
}
