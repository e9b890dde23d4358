/* Notes on orders: written, changed, deleted, with all that stood there before. */
/* Covers: asks_note.c, note_store.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;
static const char *text;

static void begin(void)
{
    worker = ingest_fresh();
    feed_standing(worker, "5001", 1, "UNPAID", "NOT_READY");
    test_clear_outbox(worker);
    test_sql(worker, "DELETE FROM change_log");
}

TestSuite(asks_note, .init = begin);

static bool says(const char *what)
{
    return strstr(text, what) != NULL;
}

static int add(const char *order, const char *body)
{
    return test_ask(worker, "order-ingest.add-note", body, &text, "id", order, NULL);
}

static int change(const char *note, const char *body)
{
    return test_ask(worker, "order-ingest.change-note", body, &text, "id", "7-5001", "note", note,
                    NULL);
}

static void list(void)
{
    cr_assert_eq(test_ask(worker, "order-ingest.notes", NULL, &text, "id", "7-5001", NULL), 200,
                 "%s", text);
}

Test(asks_note, a_note_keeps_who_wrote_what_and_when)
{
    cr_assert_eq(add("7-5001", "{\"text\":\"Gói quà \\\"đỏ\\\"\"}"), 201, "%s", text);
    cr_expect_str_eq(text, "{\"note\":1,\"version\":1}");
    cr_assert_eq(add("7-5001", "{\"text\":\"second\"}"), 201);
    list();
    cr_expect(says("Gói quà \\\"đỏ\\\"") && says("\"user\" : \"") && says("\"at\" : \"20"), "%s",
              text);
    cr_expect_lt(strstr(text, "\"note\" : 2"), strstr(text, "\"note\" : 1"), "the newest first");
}

Test(asks_note, what_was_changed_or_deleted_stays_in_its_history)
{
    cr_assert_eq(add("7-5001", "{\"text\":\"first\"}"), 201);
    cr_assert_eq(change("1", "{\"version\":1,\"text\":\"other\"}"), 200, "%s", text);
    cr_expect_str_eq(text, "{\"note\":1,\"version\":2}");
    cr_assert_eq(change("1", "{\"version\":2,\"text\":null}"), 200);
    list();
    cr_expect(says("\"text\" : \"first\"") && says("\"text\" : \"other\"") &&
                  says("\"version\" : 3") && says("\"text\" : null"),
              "%s", text);
    cr_expect_eq(change("1", "{\"version\":3,\"text\":\"again\"}"), 404, "it is deleted");
}

Test(asks_note, who_looked_at_an_older_version_changes_nothing)
{
    cr_assert_eq(add("7-5001", "{\"text\":\"first\"}"), 201);
    cr_assert_eq(change("1", "{\"version\":1,\"text\":\"mine\"}"), 200);
    cr_expect_eq(change("1", "{\"version\":1,\"text\":\"yours\"}"), 409);
    cr_expect(says("NOTE_CHANGED"), "%s", text);
    list();
    cr_expect_not(says("yours"), "%s", text);
}

/* A row that somebody locked keeps who did in xmax: two at once would write the same number. */
Test(asks_note, who_writes_holds_the_order)
{
    static const char held[] = "SELECT count(*) FROM orders WHERE xmax <> 0";
    cr_assert_eq(test_number(worker, held), 0);
    cr_assert_eq(add("7-5001", "{\"text\":\"first\"}"), 201);
    cr_expect_eq(test_number(worker, held), 1);
}

Test(asks_note, strange_texts_and_places_are_refused)
{
    cr_expect_eq(add("7-5001", "{\"text\":\"\"}"), 422);
    cr_expect_eq(add("7-5001", "{}"), 422);
    cr_expect_eq(add("7-5001", "nonsense"), 400);
    cr_expect_eq(add("7-9999", "{\"text\":\"first\"}"), 404);
    cr_expect_eq(change("1", "{\"version\":1,\"text\":\"first\"}"), 404);
    cr_expect_eq(change("x", "{\"version\":1,\"text\":\"first\"}"), 404);
    cr_expect_eq(change("1", "{\"version\":1}"), 422);
    cr_expect_eq(test_ask(worker, "order-ingest.notes", NULL, &text, "id", "7-9999", NULL), 404);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_note"), 0);
}

Test(asks_note, notes_and_their_versions_have_a_limit)
{
    test_sql(worker,
             "INSERT INTO order_note (account_id, order_id, note, version, user_name, body) "
             "SELECT 1, '7-5001', 50, v, 'demo', 'x' FROM generate_series(1, 19) v");
    cr_expect_eq(add("7-5001", "{\"text\":\"one more\"}"), 409);
    cr_expect(says("NOTES_FULL"), "%s", text);
    cr_expect_eq(change("50", "{\"version\":19,\"text\":\"one more\"}"), 409);
    cr_expect_eq(change("50", "{\"version\":19,\"text\":null}"), 200, "deleting is possible");
}

/* Its history says that there was a note and of whom, never what it says; and no fact has it. */
Test(asks_note, what_is_written_is_told_nowhere_else)
{
    cr_assert_eq(add("7-5001", "{\"text\":\"canary\"}"), 201);
    cr_assert_eq(change("1", "{\"version\":1,\"text\":\"canary two\"}"), 200);
    cr_expect_not(says("canary"), "answers of commands are kept");
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    cr_expect(says("NOTE_WRITTEN") && says("NOTE_CHANGED") && says("\"source\": \"person\""), "%s",
              text);
    cr_expect_not(says("canary"), "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM change_log WHERE ids = '{7-5001}'"), 2);
}

Test(asks_note, they_go_with_the_buyer)
{
    cr_assert_eq(add("7-5001", "{\"text\":\"ring at the neighbour's\"}"), 201);
    cr_assert_eq(test_ask(worker, "order-ingest.erase-buyer",
                          "{\"order_id\":\"7-5001\",\"reason\":\"asked for by mail\"}", &text,
                          NULL),
                 200, "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_note"), 0);
}
