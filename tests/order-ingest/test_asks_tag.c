/* Tags: an account's own, put on orders and taken off, and lists of orders by them. */
/* Covers: asks_tag.c, tag_store.c, list_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

static struct sp_worker *worker;
static const char *text;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
    feed_standing(worker, "5001", 1, "UNPAID", "NOT_READY");
    feed_standing(worker, "5002", 2, "AWAITING_SHIPMENT", "NOT_READY");
    feed_standing(worker, "5003", 3, "AWAITING_SHIPMENT", "PACKING");
    test_clear_outbox(worker);
    test_sql(worker, "DELETE FROM change_log");
    test_sql(worker, "ALTER TABLE order_tag ALTER COLUMN tag_id RESTART WITH 1");
}

TestSuite(asks_tag, .init = begin);

static bool says(const char *what)
{
    return strstr(text, what) != NULL;
}

static int make(const char *name)
{
    char body[128];
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"colour\":\"red\"}", name);
    return test_ask(worker, "order-ingest.make-tag", body, &text, NULL);
}

static int tag(const char *body)
{
    return test_ask(worker, "order-ingest.tag-orders", body, &text, NULL);
}

/* The ids of the list, in its order. */
static const char *listed(const char *name, const char *value)
{
    static char ids[256];
    ids[0] = '\0';
    cr_assert_eq(
        test_ask(worker, "order-ingest.orders", NULL, &text, "tag", "1", name, value, NULL), 200,
        "%s", text);
    for (const char *at = text; (at = strstr(at, "\"id\": \"7-")) != NULL; at += 8)
        strncat(strncat(ids, at + 9, 4), " ", 2);
    return ids;
}

Test(asks_tag, an_account_makes_renames_and_deletes_its_tags)
{
    cr_assert_eq(make("Gấp"), 201, "%s", text);
    cr_expect_str_eq(text, "{\"id\":\"1\"}");
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(test_ask(worker, "order-ingest.change-tag",
                          "{\"name\":\"gift\",\"colour\":\"sea\"}", &text, "id", "2", NULL),
                 200, "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.tags", NULL, &text, NULL), 200);
    cr_expect(says("\"gift\"") && says("\"sea\"") && !says("\"Gift\""), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.delete-tag", NULL, &text, "id", "1", NULL), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.tags", NULL, &text, NULL), 200);
    cr_expect_not(says("Gấp"), "%s", text);
    cr_expect_eq(test_ask(worker, "order-ingest.delete-tag", NULL, &text, "id", "1", NULL), 404);
    cr_expect_eq(make("Gấp"), 201, "the name is free again");
}

Test(asks_tag, names_are_taken_once_and_bad_ones_refused)
{
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(make("Late"), 201);
    cr_expect_eq(make("gift"), 409);
    cr_expect(says("NAME_TAKEN"), "%s", text);
    cr_expect_eq(test_ask(worker, "order-ingest.change-tag",
                          "{\"name\":\"GIFT\",\"colour\":\"sea\"}", &text, "id", "2", NULL),
                 409);
    cr_expect_eq(make(""), 422);
    cr_expect_eq(test_ask(worker, "order-ingest.change-tag", "{\"name\":\"x\",\"colour\":\"sea\"}",
                          &text, "id", "9", NULL),
                 404);
    cr_expect_eq(test_ask(worker, "order-ingest.delete-tag", NULL, &text, "id", "x", NULL), 404);
}

Test(asks_tag, an_account_has_a_hundred_tags_at_most)
{
    test_sql(worker, "INSERT INTO order_tag (account_id, name, colour) "
                     "SELECT 1, 'tag ' || n, 'red' FROM generate_series(1, 100) n");
    cr_expect_eq(make("one more"), 409);
    cr_expect(says("TAGS_FULL"), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.delete-tag", NULL, &text, "id", "7", NULL), 200);
    cr_expect_eq(make("one more"), 201);
}

Test(asks_tag, every_order_has_its_own_result)
{
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(make("Late"), 201);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[\"1\"]}"), 200, "%s", text);
    test_sql(worker, "DELETE FROM change_log");
    cr_assert_eq(tag("{\"ids\":[\"7-5001\",\"7-5002\",\"7-9999\",\"7-5002\"],\"put\":[\"1\"],"
                     "\"take\":[\"2\"]}"),
                 200, "%s", text);
    cr_expect(says("{\"id\":\"7-5001\",\"result\":\"UNCHANGED\"}"), "%s", text);
    cr_expect(says("{\"id\":\"7-5002\",\"result\":\"CHANGED\"}"), "%s", text);
    cr_expect(says("{\"id\":\"7-9999\",\"result\":\"NOT_FOUND\"}"), "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM tagged_order"), 2);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM change_log WHERE ids = '{7-5002}'"), 1);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0, "no fact has a tag");
}

Test(asks_tag, ten_tags_fit_on_an_order)
{
    test_sql(worker, "INSERT INTO order_tag (account_id, name, colour) "
                     "SELECT 1, 'tag ' || n, 'red' FROM generate_series(1, 11) n");
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[1,2,3,4,5,6,7,8,9,10]}"), 200);
    cr_expect(says("\"CHANGED\""), "%s", text);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\",\"7-5002\"],\"put\":[11]}"), 200);
    cr_expect(says("{\"id\":\"7-5001\",\"result\":\"TOO_MANY\"}") &&
                  says("{\"id\":\"7-5002\",\"result\":\"CHANGED\"}"),
              "%s", text);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[11],\"take\":[1]}"), 200);
    cr_expect(says("\"CHANGED\""), "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM tagged_order WHERE order_id = '7-5001'"),
                 10);
}

/* A row that somebody locked keeps who did in xmax: two at once would make eleven of ten, or a tag
 * of the same name. */
Test(asks_tag, who_counts_holds_what_he_counts)
{
    static const char orders[] =
        "SELECT count(*) FROM orders WHERE order_id = '7-5001' AND xmax <> 0";
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_tag WHERE xmax <> 0"), 0);
    cr_assert_eq(make("Late"), 201);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_tag WHERE xmax <> 0"), 1);
    cr_assert_eq(test_number(worker, orders), 0);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[\"1\"]}"), 200);
    cr_expect_eq(test_number(worker, orders), 1);
}

Test(asks_tag, wishes_that_make_no_sense_are_refused)
{
    cr_assert_eq(make("Gift"), 201);
    cr_expect_eq(tag("{\"ids\":[],\"put\":[\"1\"]}"), 422);
    cr_expect_eq(tag("{\"ids\":[\"7-5001\"]}"), 422);
    cr_expect_eq(tag("nonsense"), 400);
    cr_expect_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[\"1\",\"8\"]}"), 422);
    cr_expect(says("TAG_UNKNOWN"), "%s", text);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM tagged_order"), 0);
}

Test(asks_tag, lists_orders_by_tag_in_every_order_and_with_other_filters)
{
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(make("Late"), 201);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\",\"7-5003\"],\"put\":[\"1\"]}"), 200);
    cr_assert_eq(tag("{\"ids\":[\"7-5002\"],\"put\":[\"2\"]}"), 200);
    cr_expect_str_eq(listed("sort", "updated"), "5003 5001 ");
    cr_expect(says("\"tags\": [{\"id\": \"1\", \"name\": \"Gift\", \"colour\": \"red\"}]"), "%s",
              text);
    cr_expect_str_eq(listed("sort", "created"), "5003 5001 ");
    cr_expect_str_eq(listed("sort", "ship_by"), "5001 5003 ");
    cr_expect_str_eq(listed("stage", "PACKING"), "5003 ");
    cr_expect_str_eq(listed("group", "drafts"), "5001 ");
    cr_expect_str_eq(listed("status", "UNPAID"), "5001 ");
    cr_expect_str_eq(listed("q", "5001,5002"), "5001 ");
    cr_expect_str_eq(listed("q", "MUG-1"), "5003 5001 ");
    cr_expect_str_eq(listed("condition", "NONE"), "");
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "tag", "x", NULL), 400);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "tag", "1,2", NULL), 200);
    cr_expect(says("7-5001") && says("7-5002") && says("7-5003"), "%s", text);
}

/* Then the list is read another way, and says the same. */
Test(asks_tag, lists_the_orders_of_a_tag_that_very_many_have)
{
    cr_assert_eq(make("Gift"), 201);
    test_sql(worker, "INSERT INTO tagged_order "
                     "SELECT 1, 'x-' || n, 1 FROM generate_series(1, 20001) n");
    cr_assert_eq(tag("{\"ids\":[\"7-5001\",\"7-5003\"],\"put\":[\"1\"]}"), 200);
    cr_expect_str_eq(listed("sort", "updated"), "5003 5001 ");
    cr_expect_str_eq(listed("sort", "ship_by"), "5001 5003 ");
    cr_expect_str_eq(listed("stage", "PACKING"), "5003 ");
    cr_expect_str_eq(listed("group", "drafts"), "5001 ");
    cr_expect_str_eq(listed("condition", "NONE"), "");
}

Test(asks_tag, a_list_by_tag_goes_on_behind_its_cursor)
{
    char cursor[64] = "";
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\",\"7-5002\",\"7-5003\"],\"put\":[\"1\"]}"), 200);
    cr_expect_str_eq(listed("limit", "2"), "5003 5002 ");
    const char *next = strstr(text, "\"next_cursor\" : \"");
    cr_assert_not_null(next);
    strncat(cursor, next + 17, strcspn(next + 17, "\""));
    cr_expect_str_eq(listed("cursor", cursor), "5001 ");
}

Test(asks_tag, an_order_shows_its_tags_and_who_put_them_on)
{
    cr_assert_eq(make("Gift"), 201);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[\"1\"]}"), 200);
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"take\":[\"1\"]}"), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    cr_expect(says("\"tags\": []"), "%s", text);
    cr_expect(says("\"TAG_PUT\"") && says("\"TAG_TAKEN\"") && says("\"detail\": \"Gift\""), "%s",
              text);
}

/* At once it is seen nowhere; its orders are let go of piece by piece, then it is forgotten. */
Test(asks_tag, a_deleted_tag_is_taken_off_its_orders)
{
    cr_assert_eq(make("Gift"), 201);
    test_sql(worker, "INSERT INTO tagged_order "
                     "SELECT 1, '7-' || n, 1 FROM generate_series(1, 5000) n");
    cr_assert_eq(tag("{\"ids\":[\"7-5001\"],\"put\":[\"1\"]}"), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.delete-tag", NULL, &text, "id", "1", NULL), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    cr_expect(says("\"tags\": []"), "%s", text);
    cr_expect_eq(sp_worker_job(worker, "forget-tags"), SP_AGAIN);
    cr_expect_eq(sp_worker_job(worker, "forget-tags"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM tagged_order"), 0);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_tag"), 1, "who puts it on now?");
    test_sql(worker, "UPDATE order_tag SET deleted_at = deleted_at - interval '2 minutes'");
    cr_expect_eq(sp_worker_job(worker, "forget-tags"), SP_OK);
    cr_expect_eq(test_number(worker, "SELECT count(*) FROM order_tag"), 0);
}
