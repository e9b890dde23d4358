/* Orders that are put away, and taken out again as if they never had been. */
/* Covers: asks_deletion.c, deletion_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/order-ingest/domain.h"
#include "tests/order-ingest/orders.h"

#define REASON "\"reason\":\"a test order\""

static struct sp_worker *worker;
static const char *text;

static void begin(void)
{
    worker = ingest_fresh();
    feed_shop(worker, 7, "CONNECTED");
    feed_standing(worker, "5000", 1, "CANCELLED", "CANCELLED");
    feed_standing(worker, "5001", 1, "AWAITING_SHIPMENT", "NOT_READY");
    feed_standing(worker, "5002", 1, "AWAITING_SHIPMENT", "PACKED");
    test_clear_outbox(worker);
}

TestSuite(asks_deletion, .init = begin);

static bool says(const char *part)
{
    return strstr(text, part) != NULL;
}

static int erase(const char *body)
{
    return test_ask(worker, "order-ingest.delete-orders", body, &text, NULL);
}

static int restore(const char *body)
{
    return test_ask(worker, "order-ingest.restore-orders", body, &text, NULL);
}

static const char *deleted(void)
{
    return test_text(worker, "SELECT coalesce(string_agg(order_id, ',' ORDER BY order_id), '') "
                             "FROM orders WHERE deleted");
}

static const struct order_recorded *told(size_t *count)
{
    return test_emitted(worker, &order_recorded_message, "product-mapper", count);
}

static bool listed(const char *name, const char *value, const char *id)
{
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, name, value, NULL), 200);
    return says(id);
}

static int64_t total(void)
{
    cr_assert_eq(test_ask(worker, "order-ingest.counts", NULL, &text, NULL), 200);
    struct sp_json counts;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &counts, NULL), SP_OK);
    return sp_json_int(sp_json_get(counts, "total"), -1);
}

Test(asks_deletion, deletes_what_may_be_and_says_of_each_what_came_of_it)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5000\",\"7-5001\",\"7-5002\",\"7-9999\",\"7-5000\"]}"), 200,
                 "%s", text);
    cr_assert_str_eq(deleted(), "7-5000");
    cr_expect(says("{\"id\":\"7-5000\",\"result\":\"DELETED\"}"), "%s", text);
    cr_expect(says("\"7-5001\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"NOT_CANCELLED\""),
              "%s", text);
    cr_expect(says("\"7-5002\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"NOT_A_DRAFT\","
                   "\"value\":\"PACKED\""),
              "%s", text);
    cr_expect(says("\"7-9999\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"NOT_FOUND\""), "%s",
              text);
    size_t count;
    const struct order_recorded *recorded = told(&count);
    cr_assert_eq(count, 1);
    cr_assert(recorded->deleted && sp_text_is(recorded->head.key, "7-5000"));
}

Test(asks_deletion, overrides_with_a_reason_that_is_kept)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5001\"],\"override\":true}"), 422);
    cr_assert(says("REASON_WANTED"), "%s", text);
    cr_assert_eq(erase("{\"ids\":[\"7-5001\",\"7-5002\"],\"override\":true," REASON "}"), 200);
    cr_assert_str_eq(deleted(), "7-5001", "what is placed is not a draft");
    cr_assert_str_eq(test_text(worker, "SELECT concat(deleted, reason, user_name <> '') "
                                       "FROM order_deletion"),
                     "ta test ordert");
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5001", NULL), 200);
    cr_assert(says("\"reason\": \"a test order\""), "%s", text);
}

Test(asks_deletion, tells_of_the_order_what_the_marketplace_had_told_last)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5001\"],\"override\":true," REASON "}"), 200);
    size_t count;
    const struct order_recorded *recorded = told(&count);
    struct channel_order order = an_order("5001", 1, "AWAITING_SHIPMENT");
    struct order_recorded wanted;
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer is = {0}, should_be = {0};
    ingest_record(&order, recorded->head.rev, arena, &wanted);
    wanted.head = recorded->head;
    wanted.deleted = true;
    cr_assert_eq(sp_record_encode(order_recorded_message.record, recorded, &is, NULL), SP_OK);
    cr_assert_eq(sp_record_encode(order_recorded_message.record, &wanted, &should_be, NULL), SP_OK);
    cr_assert(sp_text_equal(sp_buffer_text(&is), sp_buffer_text(&should_be)));
    cr_assert_gt(recorded->head.rev, 1);
    sp_buffer_free(&is);
    sp_buffer_free(&should_be);
    sp_arena_close(&arena);
}

Test(asks_deletion, keeps_what_comes_later_and_stays_deleted)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    test_clear_outbox(worker);
    struct channel_order later = an_order("5000", 2, "AWAITING_SHIPMENT"), late = later;
    late.head.rev = 1;
    feed_order(worker, &later);
    feed_order(worker, &late);
    feed_order(worker, &later);
    cr_assert_str_eq(deleted(), "7-5000");
    cr_assert_str_eq(test_text(worker, "SELECT channel_status FROM orders "
                                       "WHERE order_id = '7-5000'"),
                     "AWAITING_SHIPMENT");
    size_t count;
    const struct order_recorded *recorded = told(&count);
    cr_assert_eq(count, 1);
    cr_assert(recorded->deleted);
    cr_assert(sp_text_is(recorded->channel_status, "AWAITING_SHIPMENT"));
}

Test(asks_deletion, leaves_the_lists_and_the_numbers_and_is_found_by_its_stage_and_id)
{
    struct order_staged staged = a_stage("5000", 2, "DELETED");
    cr_assert_eq(total(), 3);
    cr_assert(listed("tab", "CANCELLED", "7-5000"));
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    feed_stage(worker, &staged);
    cr_assert_eq(total(), 2);
    cr_assert(!listed("tab", "CANCELLED", "7-5000"));
    cr_assert(!listed("limit", "50", "7-5000"));
    cr_assert(!listed("group", "ended", "7-5000"));
    cr_assert(listed("group", "deleted", "7-5000"));
    cr_assert(listed("stage", "DELETED", "7-5000"));
    cr_assert(listed("q", "5000", "7-5000"));
    struct channel_order later = an_order("5000", 2, "COMPLETED");
    feed_order(worker, &later);
    cr_assert_eq(total(), 2, "news of it changes no number");
    cr_assert_eq(restore("{\"ids\":[\"7-5000\"]}"), 200);
    cr_assert_eq(total(), 3);
    cr_assert_eq(sp_worker_job(worker, "fold-counts"), SP_OK);
    cr_assert_eq(total(), 3);
    cr_assert(listed("tab", "COMPLETED", "7-5000"));
}

/* ---- and back
 * ------------------------------------------------------------------------------------------ */

static const char *state(void)
{
    return test_text(worker, "SELECT string_agg((to_jsonb(o) - 'rev')::text, ' ' ORDER BY order_id)"
                             " FROM orders o");
}

Test(asks_deletion, done_and_undone_is_the_same_with_both_in_the_history)
{
    const char *before = state();
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    cr_assert_str_neq(state(), before);
    cr_assert_eq(restore("{\"ids\":[\"7-5000\",\"7-5001\"]}"), 200);
    cr_expect(says("\"7-5000\",\"result\":\"RESTORED\"") &&
                  says("\"7-5001\",\"result\":\"UNCHANGED\""),
              "%s", text);
    cr_assert_str_eq(state(), before);
    size_t count;
    const struct order_recorded *recorded = told(&count);
    cr_assert_eq(count, 2);
    cr_assert_neq(recorded[0].deleted, recorded[1].deleted);
    cr_assert_eq(recorded[0].deleted, recorded[0].head.rev < recorded[1].head.rev);
    cr_assert_eq(test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5000", NULL), 200);
    cr_assert(says("\"mark\": \"DELETED\"") && says("\"mark\": \"RESTORED\""), "%s", text);
    cr_assert(says("\"deletion\": null"), "%s", text);
}

Test(asks_deletion, twice_is_once)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    cr_assert(says("\"result\":\"UNCHANGED\""), "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_deletion"), 1);
    size_t count;
    (void)told(&count);
    cr_assert_eq(count, 1);
}

Test(asks_deletion, a_past_moment_shows_whether_it_was_deleted_then)
{
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    test_sql(worker, "UPDATE orders SET changed_at = now() - interval '1 hour'");
    test_sql(worker, "UPDATE order_stage SET committed_at = now() - interval '1 hour'");
    const char *before = test_text(worker, "SELECT rfc3339(now() - interval '30 minutes')");
    cr_assert_eq(
        test_ask(worker, "order-ingest.order", NULL, &text, "id", "7-5000", "at", before, NULL),
        200);
    cr_assert(says("\"deletion\": null"), "%s", text);
}

Test(asks_deletion, an_import_says_that_it_saw_a_deleted_order)
{
    test_sql(worker, "INSERT INTO import_run (account_id, run_id, shop_id, reason) "
                     "VALUES (1, 501, 7, 'manual')");
    test_sql(worker, "INSERT INTO run_line (account_id, run_id, channel_order_id, order_id) "
                     "VALUES (1, 501, '5000', '7-5000')");
    cr_assert_eq(erase("{\"ids\":[\"7-5000\"]}"), 200);
    cr_assert_eq(test_ask(worker, "order-ingest.run-lines", NULL, &text, "id", "501", NULL), 200);
    cr_assert(says("DELETED"), "%s", text);
}

Test(asks_deletion, refuses_what_makes_no_sense)
{
    static char many[8192];
    size_t used = (size_t)snprintf(many, sizeof many, "{\"ids\":[");
    for (int i = 0; i < 501; i++)
        used += (size_t)snprintf(many + used, sizeof many - used, "%s\"7-5000\"", i > 0 ? "," : "");
    (void)snprintf(many + used, sizeof many - used, "]}");
    cr_assert_eq(erase("nonsense"), 400);
    cr_assert_eq(erase("{\"ids\":[]}"), 422);
    cr_assert_eq(erase(many), 422);
    cr_assert_eq(restore("{}"), 422);
    cr_assert_str_eq(deleted(), "");
}
