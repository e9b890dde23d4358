/* Questions and commands of people.  Covers: asks.c, commands.c, adjustment.c, ask_store.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/inventory/world.h"

static struct sp_worker *worker;
static int64_t home;

static void open_shop(void)
{
    worker = world_open();
    home = world_warehouse(worker, "W1", 1);
    world_shop(worker, 1, home, true);
    world_variant(worker, 10, "MUG");
    world_variant(worker, 11, "MUG-2");
}

static void close_shop(void)
{
    world_check(worker);
    sp_worker_close(&worker);
}

TestSuite(inventory_asks, .init = open_shop, .fini = close_shop);

static void assert_answer(const char *name, const char *body, int status, const char *part)
{
    const char *said;
    int got = test_ask(worker, name, body, &said, NULL);
    cr_assert_eq(got, status, "%s: %d %s", name, got, said);
    cr_assert_not_null(strstr(said, part), "%s", said);
}

Test(inventory_asks, save_a_warehouse_and_tell_it)
{
    test_clear_outbox(worker);
    assert_answer("inventory.save-warehouse",
                  "{\"name\":\"W2\",\"kind\":\"CLOUD_STOCKING\",\"priority\":3}", 201,
                  "\"approved\" : false");
    size_t count;
    const struct warehouse_saved *told =
        test_emitted(worker, &warehouse_saved_message, "placement", &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(told[0].kind, "CLOUD_STOCKING"));
    cr_assert_not(told[0].approved);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"id\":\"%lld\",\"name\":\"Main\",\"kind\":\"OWN\"}",
                   (long long)home);
    assert_answer("inventory.save-warehouse", body, 200, "\"name\" : \"Main\"");
    assert_answer("inventory.warehouses", NULL, 200, "\"name\" : \"Main\"");
}

Test(inventory_asks, refuse_warehouses_that_cannot_be)
{
    assert_answer("inventory.save-warehouse", "{\"name\":\"\"}", 422, "NAME_WANTED");
    assert_answer("inventory.save-warehouse", "{\"name\":\"W1\"}", 409, "NAME_TAKEN");
    assert_answer("inventory.save-warehouse", "{\"name\":\"X\",\"kind\":\"BOAT\"}", 422,
                  "UNKNOWN_KIND");
    assert_answer("inventory.save-warehouse", "{\"id\":\"99\",\"name\":\"X\"}", 422,
                  "NOT_POSSIBLE");
    assert_answer("inventory.save-warehouse", "{", 400, "BAD_REQUEST");
}

Test(inventory_asks, adjust_by_variant_or_sku_with_a_ledger_row_each)
{
    char body[512];
    (void)snprintf(
        body, sizeof body,
        "{\"reason\":\"count\",\"lines\":[{\"warehouse_id\":\"%lld\",\"sku\":\"MUG\",\"delta\":5},"
        "{\"warehouse_id\":\"%lld\",\"variant_id\":\"11\",\"delta\":3},"
        "{\"warehouse_id\":\"%lld\",\"sku\":\"MUG\",\"delta\":-1}]}",
        (long long)home, (long long)home, (long long)home);
    assert_answer("inventory.adjust", body, 200, "\"adjusted\":2");
    cr_assert_eq(world_figure(worker, "on_hand", 10), 4);
    cr_assert_eq(world_figure(worker, "on_hand", 11), 3);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM stock_entry WHERE reason = 'count' "
                                     "AND user_name = 'tester' AND cause = 'ADJUSTED'"),
                 2);
}

static void assert_adjust(const char *line, int status, const char *part)
{
    char body[512];
    (void)snprintf(body, sizeof body, "{\"reason\":\"x\",\"lines\":[%s]}", line);
    assert_answer("inventory.adjust", body, status, part);
}

Test(inventory_asks, refuse_adjustments_that_cannot_be_and_keep_nothing_of_them)
{
    world_stock(worker, home, 10, 5);
    struct world_order order = {1, 1, .lines = {{10, 3}}};
    world_feed(worker, &order, 1);
    assert_adjust("{\"warehouse_id\":\"1\",\"variant_id\":\"10\",\"delta\":-3}", 422,
                  "STOCK_TAKEN");
    assert_adjust("{\"warehouse_id\":\"1\",\"variant_id\":\"11\",\"delta\":4},"
                  "{\"warehouse_id\":\"1\",\"variant_id\":\"10\",\"delta\":-3}",
                  422, "STOCK_TAKEN");
    cr_assert_eq(world_figure(worker, "on_hand", 11), 0);
    assert_adjust("{\"warehouse_id\":\"9\",\"variant_id\":\"10\",\"delta\":1}", 422,
                  "UNKNOWN_WAREHOUSE");
    assert_adjust("{\"warehouse_id\":\"1\",\"variant_id\":\"99\",\"delta\":1}", 422,
                  "UNKNOWN_VARIANT");
    assert_adjust("{\"warehouse_id\":\"1\",\"sku\":\"CUP\",\"delta\":1}", 422, "UNKNOWN_SKU");
    assert_adjust("{\"warehouse_id\":\"1\",\"variant_id\":\"10\",\"delta\":0}", 422, "DELTA_RANGE");
    assert_adjust("", 422, "LINES_WANTED");
    world_variant(worker, 12, "MUG");
    assert_adjust("{\"warehouse_id\":\"1\",\"sku\":\"MUG\",\"delta\":1}", 422, "AMBIGUOUS_SKU");
    assert_adjust("{\"warehouse_id\":\"1\",\"variant_id\":\"10\",\"delta\":-2}", 200,
                  "\"available\" : 0");
    assert_answer("inventory.adjust", "{\"lines\":[]}", 422, "REASON_WANTED");
}

Test(inventory_asks, list_stock_page_by_page)
{
    world_stock(worker, home, 10, 5);
    world_stock(worker, home, 11, 6);
    const char *said;
    cr_assert_eq(test_ask(worker, "inventory.stock", NULL, &said, "limit", "1", NULL), 200);
    cr_assert_not_null(strstr(said, "\"variant_id\" : \"10\""), "%s", said);
    cr_assert_null(strstr(said, "\"variant_id\" : \"11\""), "%s", said);
    const char *cursor = strstr(said, "\"next_cursor\" : \"");
    cr_assert_not_null(cursor);
    char value[32];
    cr_assert_eq(sscanf(cursor, "\"next_cursor\" : \"%31[^\"]", value), 1);
    cr_assert_eq(
        test_ask(worker, "inventory.stock", NULL, &said, "limit", "1", "cursor", value, NULL), 200);
    cr_assert_not_null(strstr(said, "\"variant_id\" : \"11\""), "%s", said);
    cr_assert_eq(test_ask(worker, "inventory.stock", NULL, &said, "q", "mug-", NULL), 200);
    cr_assert_null(strstr(said, "\"variant_id\" : \"10\""), "%s", said);
    cr_assert_eq(test_ask(worker, "inventory.stock", NULL, &said, "q", "%", NULL), 200);
    cr_assert_null(strstr(said, "\"variant_id\" : \"10\""), "%% stands for itself: %s", said);
    cr_assert_eq(test_ask(worker, "inventory.stock", NULL, &said, "warehouse", "99", NULL), 200);
    cr_assert_null(strstr(said, "\"variant_id\" : \"10\""), "%s", said);
    cr_assert_eq(test_ask(worker, "inventory.stock", NULL, &said, "cursor", "x", NULL), 400);
}

Test(inventory_asks, show_what_is_kept_for_an_order)
{
    world_stock(worker, home, 10, 1);
    struct world_order order = {1, 1, .lines = {{10, 3}}};
    world_feed(worker, &order, 1);
    const char *said;
    cr_assert_eq(test_ask(worker, "inventory.order", NULL, &said, "id", "3-1", NULL), 200);
    cr_assert_not_null(strstr(said, "\"reserved\" : 1, \"missing\" : 2"), "%s", said);
    cr_assert_eq(test_ask(worker, "inventory.order", NULL, &said, "id", "3-9", NULL), 404);
    assert_answer("inventory.changes", "{\"accounts\":[\"1\"]}", 200, "\"waiting\" : 1");
}

Test(inventory_asks, keep_push_rules_within_their_ranges)
{
    assert_answer("inventory.save-push-rule", "{\"shop_id\":\"3\",\"percent\":101}", 422,
                  "OUT_OF_RANGE");
    assert_answer("inventory.save-push-rule", "{\"shop_id\":\"3\",\"percent\":80,\"most\":9}", 200,
                  "\"most\" : 9");
    const char *said;
    cr_assert_eq(test_ask(worker, "inventory.push-rule", NULL, &said, "id", "3", NULL), 200);
    cr_assert_not_null(strstr(said, "\"percent\" : 80"), "%s", said);
}
