/* Beginning an import run, and the list of runs. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;
static const char *const range =
    "{\"from\":\"2026-11-01T00:00:00Z\",\"until\":\"2026-11-21T00:00:00Z\"}";

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
    feed_shop(worker, 8, "DISCONNECTED");
}

TestSuite(asks_import, .init = begin);

static size_t requested_count(void)
{
    size_t count = 0;
    (void)test_emitted(worker, &import_requested_message, "connector", &count);
    return count;
}

Test(asks_import, makes_a_run_and_asks_for_it)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &text, "id", "7", NULL), 202, "%s",
                 text);
    cr_assert(strstr(text, "\"run_id\":\"") != NULL);
    size_t count = 0;
    const struct import_requested *requested =
        test_emitted(worker, &import_requested_message, "connector", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(requested->shop_id, 7);
    cr_assert_eq(requested->from_at, 1793491200);
    cr_assert(sp_text_is(requested->reason, "manual"));
    cr_assert_gt(requested->head.rev, 0);
}

Test(asks_import, runs_once_when_pressed_twice)
{
    const char *first, *second;
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &first, "id", "7", NULL), 202);
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &second, "id", "7", NULL), 202);
    cr_assert_str_eq(first, second);
    cr_assert_eq(requested_count(), 1);
    test_sql(worker, "UPDATE import_run SET finished_at = now()");
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &second, "id", "7", NULL), 202);
    cr_assert_str_neq(first, second);
    cr_assert_eq(requested_count(), 2);
}

/* A moment later "now" is another moment, and still it is the same run. */
Test(asks_import, loads_all_of_sixty_days_once_however_often_it_is_pressed)
{
    const char *first, *second;
    cr_assert_eq(test_ask(worker, "order-ingest.load", "{\"all\":true}", &first, "id", "7", NULL),
                 202, "%s", first);
    test_sql(worker, "UPDATE import_run SET until_at = until_at - interval '1 minute'");
    cr_assert_eq(test_ask(worker, "order-ingest.load", "{\"all\":true}", &second, "id", "7", NULL),
                 202);
    cr_assert_str_eq(first, second);
    size_t count = 0;
    const struct import_requested *requested =
        test_emitted(worker, &import_requested_message, "connector", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(requested->from_at % 86400, 0);
    cr_assert_eq((requested->until_at - requested->from_at) / 86400, 60);
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &second, "id", "7", NULL), 202);
    cr_assert_str_neq(first, second);
}

Test(asks_import, ends_what_was_being_loaded_of_a_shop_that_is_disconnected)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &text, "id", "7", NULL), 202);
    test_sql(worker, "DELETE FROM shop WHERE shop_id = 7"); /* feed_shop has one revision */
    feed_shop(worker, 7, "DISCONNECTED");
    cr_assert_eq(test_ask(worker, "order-ingest.runs", NULL, &text, NULL), 200);
    cr_assert(strstr(text, "FAILED") != NULL && strstr(text, "disconnected") != NULL, "%s", text);
}

Test(asks_import, refuses_other_shops_and_strange_ranges)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &text, "id", "8", NULL), 404);
    cr_assert_eq(test_ask(worker, "order-ingest.load", range, &text, "id", "9", NULL), 404);
    cr_assert_eq(test_ask(worker, "order-ingest.load", "{}", &text, "id", "7", NULL), 422);
    cr_assert_eq(test_ask(worker, "order-ingest.load", "nonsense", &text, "id", "7", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.load",
                          "{\"from\":\"2026-11-21T00:00:00Z\",\"until\":\"2026-11-01T00:00:00Z\"}",
                          &text, "id", "7", NULL),
                 422);
    cr_assert_eq(requested_count(), 0);
}

Test(asks_import, lists_runs_the_newest_first)
{
    const char *text;
    test_sql(worker, "INSERT INTO import_run (account_id, run_id, shop_id, reason, started_at, "
                     "failure, finished_at, "
                     "failure_rev) VALUES (1, 501, 7, 'manual', '2026-11-20', NULL, NULL, 0), "
                     "(1, 502, 7, 'manual', '2026-11-21', 'gone', '2026-11-21', 3)");
    cr_assert_eq(test_ask(worker, "order-ingest.runs", NULL, &text, "limit", "1", NULL), 200);
    cr_assert(strstr(text, "\"502\"") != NULL && strstr(text, "FAILED") != NULL, "%s", text);
    const char *cursor = strstr(text, "\"next_cursor\" : \"");
    cr_assert_not_null(cursor);
    char next[64] = "";
    strncat(next, cursor + strlen("\"next_cursor\" : \""),
            strcspn(cursor + strlen("\"next_cursor\" : \""), "\""));
    cr_assert_eq(
        test_ask(worker, "order-ingest.runs", NULL, &text, "limit", "1", "cursor", next, NULL),
        200);
    cr_assert(strstr(text, "\"501\"") != NULL && strstr(text, "REQUESTED") != NULL, "%s", text);
    cr_assert(strstr(text, "\"next_cursor\" : null") != NULL);
}
