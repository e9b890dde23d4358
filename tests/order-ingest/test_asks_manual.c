/* Orders made by hand, from the form to what the pipeline and people are told. */
/* Covers: asks_manual.c, asks_sheet.c, manual.c, manual_store.c, buyer.c, asks_cancel.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/order-ingest/orders.h"

#define PERSON "\"customer\":{\"name\":\"Linh Canary\",\"phone\":\"0912345678\"}"
#define BODY(units)                                                                                \
    "{\"reference\":\"M-1\",\"currency\":\"VND\",\"note\":\"n\"," PERSON                           \
    ",\"shipping_minor\":\"30000\",\"lines\":[{\"sku\":\"MUG-1\",\"name\":\"Mug\","                \
    "\"units\":" units ",\"price_minor\":\"129000\"}]}"

static struct sp_worker *worker;
static const char *text;

static void begin(void)
{
    worker = ingest_fresh();
}

TestSuite(asks_manual, .init = begin);

static bool says(const char *part)
{
    return strstr(text, part) != NULL;
}

static int add(const char *body)
{
    return test_ask(worker, "order-ingest.add-order", body, &text, NULL);
}

static int change(const char *body)
{
    return test_ask(worker, "order-ingest.change-order", body, &text, "id", "0-M-1", NULL);
}

static int cancel(const char *reason)
{
    return test_ask(worker, "order-ingest.cancel-order", reason, &text, "id", "0-M-1", NULL);
}

static int look(const char *ask)
{
    return test_ask(worker, ask, NULL, &text, "id", "0-M-1", NULL);
}

static void stage(int64_t rev, const char *name)
{
    struct order_staged staged = a_stage("M-1", rev, name);
    staged.head.key = SP_TEXT("0-M-1");
    feed_stage(worker, &staged);
}

static const struct order_recorded *told(size_t *count)
{
    return test_emitted(worker, &order_recorded_message, "product-mapper", count);
}

static const struct order_recorded *newest(size_t wanted)
{
    size_t count;
    const struct order_recorded *all = told(&count), *last = all;
    cr_assert_eq(count, wanted);
    for (size_t i = 0; i < count; i++)
        last = all[i].head.rev > last->head.rev ? &all[i] : last;
    return last;
}

Test(asks_manual, goes_the_way_of_every_order)
{
    cr_assert_eq(add(BODY("2")), 201, "%s", text);
    cr_assert_str_eq(text, "{\"id\":\"0-M-1\",\"result\":\"CREATED\"}");
    const struct order_recorded *recorded = newest(1);
    cr_assert(recorded->is_manual && sp_text_is(recorded->head.key, "0-M-1"));
    cr_assert(sp_text_is(recorded->channel_status, "AWAITING_SHIPMENT"));
    cr_assert_eq(recorded->lines[0].units, 2);
    cr_assert(sp_text_is(recorded->lines[0].seller_sku, "MUG-1"));
    cr_assert_eq(recorded->ship_by, 0);
    cr_assert_eq(look("order-ingest.order"), 200);
    cr_assert(says("\"total\": {\"amount\": \"288000\", \"currency\": \"VND\"}"), "%s", text);
    cr_assert(says("\"MANUAL\"") && says("\"source\": \"person\""), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "source", "manual", NULL),
                 200);
    cr_assert(says("0-M-1"), "%s", text);
    cr_assert_eq(test_ask(worker, "order-ingest.orders", NULL, &text, "q", "M-1", NULL), 200);
    cr_assert(says("0-M-1"), "found by its reference: %s", text);
}

Test(asks_manual, said_twice_is_said_once)
{
    cr_assert_eq(add(BODY("2")), 201);
    cr_assert_eq(add(BODY("2")), 200);
    cr_assert(says("UNCHANGED"), "%s", text);
    cr_assert_eq(add(BODY("3")), 409);
    cr_assert(says("REFERENCE_TAKEN"), "%s", text);
    (void)newest(1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 1);
    cr_assert_eq(test_number(worker, "SELECT sum(orders) FROM order_number"), 1);
}

Test(asks_manual, is_changed_as_long_as_it_is_not_placed)
{
    cr_assert_eq(change(BODY("3")), 404);
    cr_assert_eq(add(BODY("2")), 201);
    stage(1, "NOT_READY");
    test_sql(worker, "UPDATE orders SET updated_at = updated_at - interval '1 minute'");
    cr_assert_eq(change(BODY("3")), 200, "%s", text);
    cr_assert(says("CHANGED"));
    cr_assert_eq(newest(2)->lines[0].units, 3);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_history"), 1, "both are kept");
    stage(2, "AWAITING_SHIPMENT");
    cr_assert_eq(change(BODY("4")), 409);
    cr_assert(says("ORDER_NOT_OPEN"), "%s", text);
    cr_assert_eq(change(BODY("3")), 200, "nothing was to be changed");
    (void)newest(2);
    cr_assert_eq(
        test_ask(worker, "order-ingest.change-order", BODY("3"), &text, "id", "0-M-2", NULL), 422);
}

Test(asks_manual, is_cancelled_until_it_is_shipped_and_keeps_what_it_was)
{
    cr_assert_eq(add(BODY("2")), 201);
    stage(1, "PACKED");
    cr_assert_eq(look("order-ingest.cancelling"), 200);
    cr_assert(says("OUT_OF_STOCK"), "%s", text);
    cr_assert_eq(cancel("{\"reason\":\"because\"}"), 422);
    cr_assert_eq(cancel("{\"reason\":\"OUT_OF_STOCK\"}"), 200, "%s", text);
    const struct order_recorded *recorded = newest(2);
    cr_assert(sp_text_is(recorded->channel_status, "CANCELLED") && recorded->cancelled_at > 0);
    cr_assert(recorded->is_manual && recorded->lines[0].cancelled);
    cr_assert_eq(look("order-ingest.order"), 200);
    cr_assert(says("288000") && says("129000") && says("\"cancel_reason\": \"OUT_OF_STOCK\""), "%s",
              text);
    cr_assert_eq(look("order-ingest.customer"), 200, "who it was for is kept as long as ever");
    cr_assert_eq(cancel("{\"reason\":\"OUT_OF_STOCK\"}"), 200, "pressed twice");
    (void)newest(2);
    cr_assert_eq(change(BODY("3")), 409);
    cr_assert_eq(look("order-ingest.cancelling"), 200);
    cr_assert(!says("OUT_OF_STOCK"), "%s", text);
    size_t count;
    (void)test_emitted(worker, &action_requested_message, NULL, &count);
    cr_assert_eq(count, 0, "no marketplace is asked");
}

Test(asks_manual, is_not_cancelled_when_it_is_away)
{
    cr_assert_eq(add(BODY("2")), 201);
    stage(1, "IN_TRANSIT");
    cr_assert_eq(cancel("{\"reason\":\"OUT_OF_STOCK\"}"), 409);
    cr_assert_eq(test_ask(worker, "order-ingest.cancel-order", "{\"reason\":\"OUT_OF_STOCK\"}",
                          &text, "id", "0-M-2", NULL),
                 404);
    (void)newest(1);
}

Test(asks_manual, is_deleted_and_restored_like_any_other)
{
    cr_assert_eq(add(BODY("2")), 201);
    stage(1, "NOT_READY");
    cr_assert_eq(test_ask(worker, "order-ingest.delete-orders",
                          "{\"ids\":[\"0-M-1\"],\"override\":true,\"reason\":\"x\"}", &text, NULL),
                 200);
    cr_assert(says("DELETED") && newest(2)->is_manual, "%s", text);
    cr_assert_eq(change(BODY("3")), 409);
    cr_assert(says("ORDER_DELETED"), "%s", text);
    cr_assert_eq(
        test_ask(worker, "order-ingest.restore-orders", "{\"ids\":[\"0-M-1\"]}", &text, NULL), 200);
    cr_assert_eq(change(BODY("3")), 200);
}

/* ---- who it is for
 * ------------------------------------------------------------------------------------------ */

Test(asks_manual, shows_who_it_is_for_to_whoever_sees_orders)
{
    cr_assert_eq(add(BODY("2")), 201);
    cr_assert_eq(look("order-ingest.customer"), 200);
    cr_assert(says("Linh Canary") && says("0912345678"), "%s", text);
    struct channel_order other = an_order("5001", 1, "AWAITING_SHIPMENT");
    other.buyer_sealed = SP_TEXT("sealed");
    feed_order(worker, &other);
    cr_assert_eq(test_ask(worker, "order-ingest.customer", NULL, &text, "id", "7-5001", NULL), 404,
                 "a marketplace's buyer is not shown this way");
}

Test(asks_manual, keeps_it_sealed_and_nowhere_else)
{
    cr_assert_eq(add(BODY("2")), 201);
    cr_assert(!says("Canary"));
    cr_assert_eq(look("order-ingest.order"), 200);
    cr_assert(!says("Canary") && !says("0912345678"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders o WHERE o::text LIKE '%Canary%'"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer WHERE encode(sealed, "
                                     "'escape') LIKE '%Canary%' OR expires_at IS NULL"),
                 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox WHERE encode(body, 'escape') "
                                     "LIKE '%Canary%'"),
                 0);
}

Test(asks_manual, changes_who_it_is_for_without_a_word_to_others)
{
    cr_assert_eq(add(BODY("2")), 201);
    cr_assert_eq(change("{\"reference\":\"M-1\",\"currency\":\"VND\",\"note\":\"n\",\"customer\":{"
                        "\"name\":\"Ana\"},\"shipping_minor\":\"30000\",\"lines\":[{\"sku\":\"MUG-1"
                        "\",\"name\":\"Mug\",\"units\":2,\"price_minor\":\"129000\"}]}"),
                 200, "%s", text);
    cr_assert(says("CHANGED"));
    (void)newest(1);
    cr_assert_eq(look("order-ingest.customer"), 200);
    cr_assert(says("Ana") && !says("Linh"), "%s", text);
}

Test(asks_manual, forgets_whom_it_was_for_like_every_buyer)
{
    cr_assert_eq(add(BODY("2")), 201);
    cr_assert_eq(test_ask(worker, "order-ingest.erase-buyer",
                          "{\"order_id\":\"0-M-1\",\"reason\":\"x\"}", &text, NULL),
                 200);
    cr_assert_eq(look("order-ingest.customer"), 404);
    cr_assert_eq(change(BODY("3")), 200);
    cr_assert_eq(look("order-ingest.customer"), 404, "nothing brings him back");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_buyer WHERE sealed IS NOT NULL"),
                 0);
}

Test(asks_manual, refuses_what_is_no_order)
{
    cr_assert_eq(add("nonsense"), 400);
    cr_assert_eq(add("{}"), 422);
    cr_assert_eq(add(BODY("0")), 422);
    cr_assert(says("LINE_UNITS_BAD") && says("line 1"), "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 0);
}

/* ---- from a file
 * ------------------------------------------------------------------------------------------ */

#define FILE_HEAD "reference,currency,sku,units,price,customer\n"

static int take_file(const char *file, const char *check)
{
    return test_ask(worker, "order-ingest.import-orders", file, &text, "check", check, NULL);
}

Test(asks_manual, a_file_is_looked_at_before_it_is_taken_in)
{
    static const char file[] = FILE_HEAD "M-1,USD,MUG-1,2,12.90,Linh Canary\nM-1,,CUP,1,,\n"
                                         "M-2,USD,TEE,0,,\nLinh Canary,USD,TEE,1,,\n";
    cr_assert_eq(take_file(file, "true"), 200, "%s", text);
    cr_assert(says("{\"reference\":\"M-1\",\"line\":2,\"result\":\"CREATED\",\"id\":\"0-M-1\"}"),
              "%s", text);
    cr_assert(
        says("{\"reference\":\"M-2\",\"line\":4,\"result\":\"WRONG\",\"code\":\"LINE_UNITS_BAD\"}"),
        "%s", text);
    cr_assert(says("REFERENCE_BAD") && !says("Canary"), "an answer names nobody: %s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 0);
    cr_assert_eq(take_file(file, "false"), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 1);
    cr_assert_eq(newest(1)->lines_count, 2);
    cr_assert_eq(look("order-ingest.customer"), 200);
    cr_assert(says("Canary"));
}

Test(asks_manual, a_file_sent_again_changes_nothing_and_a_mended_one_what_is_mended)
{
    cr_assert_eq(take_file(FILE_HEAD "M-1,USD,MUG-1,2,1,\nM-2,USD,MUG-1,2,1,\n", "false"), 200);
    cr_assert_eq(take_file(FILE_HEAD "M-2,USD,MUG-1,2,1,\nM-1,USD,MUG-1,2,1,\n", "false"), 200);
    cr_assert(says("UNCHANGED") && !says("CREATED") && !says("\"CHANGED\""), "%s", text);
    (void)newest(2);
    stage(1, "PACKED");
    cr_assert_eq(take_file(FILE_HEAD "M-2,USD,MUG-1,3,1,\nM-1,USD,MUG-1,3,1,\n", "false"), 200);
    cr_assert(says("\"M-2\",\"line\":2,\"result\":\"CHANGED\"") &&
                  says("\"result\":\"REFUSED\",\"id\":\"0-M-1\",\"code\":\"PLACED\""),
              "%s", text);
    (void)newest(3);
}

Test(asks_manual, a_file_that_is_none_is_refused_as_a_whole)
{
    cr_assert_eq(take_file("nonsense", "false"), 422);
    cr_assert(says("SHEET_BAD"), "%s", text);
    cr_assert_eq(take_file("", "false"), 422);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM orders"), 0);
}
