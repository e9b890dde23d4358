/* Links as people wish them: in place, in bulk, with what will come of it and what came of it. */
/* Covers: links.c, link_jobs.c, link_job_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
}

TestSuite(links, .init = begin);

static const char *asked(const char *name, const char *param, const char *value)
{
    const char *text;
    cr_assert_eq(test_ask(worker, name, NULL, &text, param, value, NULL), 200, "%s", text);
    return text;
}

static void feed(const char *id, const char *status)
{
    struct order_recorded order = an_order(id, 1, status);
    feed_order(worker, &order);
}

Test(links, says_beforehand_how_many_orders_will_become_ready)
{
    feed("5001", "AWAITING_SHIPMENT");
    feed("5002", "ON_HOLD");
    feed("5003", "IN_TRANSIT");
    feed("5004", "CANCELLED");
    cr_assert_str_eq(asked("product-mapper.map-preview", "skus", "7-s1"),
                     "{\"orders_waiting\":2,\"orders_ready\":0}", "the shirt is missing as well");
    cr_assert_str_eq(asked("product-mapper.map-preview", "skus", "7-s1,7-s2"),
                     "{\"orders_waiting\":2,\"orders_ready\":2}");
    (void)make_variant(worker, "CUP", "STOCKED");
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    cr_assert_str_eq(asked("product-mapper.map-preview", "skus", "7-s2"),
                     "{\"orders_waiting\":2,\"orders_ready\":2}");
}

Test(links, makes_a_variant_on_the_spot_or_nothing_at_all)
{
    const char *text;
    int status = test_ask(worker, "product-mapper.map",
                          "{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"create\":{\"sku\":\"MUG-1\","
                          "\"name\":\"A mug\",\"supply\":\"STOCKED\",\"pieces\":2,"
                          "\"cost\":{\"amount\":\"100\",\"currency\":\"VND\"}}}",
                          &text, NULL);
    cr_assert_eq(status, 200, "%s", text);
    cr_assert_not_null(strstr(text, "\"name\" : \"A mug\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"pieces\" : 2"), "%s", text);
    /* The same SKU was linked by itself first, and then by hand: both are in history. */
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_history"), 2);
    cr_assert_eq(test_ask(worker, "product-mapper.map",
                          "{\"shop_id\":\"7\",\"sku_id\":\"s2\",\"create\":{\"sku\":\"MUG-1\","
                          "\"name\":\"Another\"}}",
                          &text, NULL),
                 409, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.map",
                          "{\"shop_id\":\"7\",\"sku_id\":\"s2\",\"create\":{\"sku\":\"\","
                          "\"name\":\"Nameless\"}}",
                          &text, NULL),
                 422, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.map",
                          "{\"shop_id\":\"7\",\"sku_id\":\"s77\",\"create\":{\"sku\":\"NEW\","
                          "\"name\":\"For nothing\",\"supply\":\"STOCKED\"}}",
                          &text, NULL),
                 404, "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), 1, "nothing half done");
}

Test(links, shows_how_a_link_changed)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    (void)map_by_hand(worker, "s1", "[]");
    const char *text = asked("product-mapper.map-history", "skus", "7-s1");
    const char *first = strstr(text, "unlinked by hand"), *second = strstr(text, "\"by hand\"");
    cr_assert(first != NULL && second != NULL && first < second, "the newest first: %s", text);
    cr_assert_not_null(strstr(text, "\"user\" : \"tester\""), "%s", text);
    cr_assert_not_null(strstr(text, "Our CUP"), "%s", text);
}

static const char *run_job(const char *body)
{
    const char *text;
    char id[32] = "";
    cr_assert_eq(test_ask(worker, "product-mapper.make-link-job", body, &text, NULL), 202, "%s",
                 text);
    (void)sscanf(strstr(text, "\"id\" : \""), "\"id\" : \"%31[0-9]", id);
    for (int runs = 0; sp_worker_job(worker, "link-in-bulk") == SP_AGAIN; runs++)
        cr_assert_lt(runs, 100);
    return asked("product-mapper.link-job", "id", id);
}

Test(links, links_many_with_a_result_for_each)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    feed("5001", "AWAITING_SHIPMENT");
    const char *text =
        run_job("{\"items\":[{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"parts\":[{\"sku\":\"CUP\","
                "\"pieces\":1}]},{\"shop_id\":\"7\",\"sku_id\":\"s2\",\"parts\":[{\"sku\":"
                "\"NONE\",\"pieces\":1}]},{\"shop_id\":\"7\",\"sku_id\":\"s8\",\"parts\":[]},"
                "{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"parts\":[]}]}");
    cr_assert_not_null(strstr(text, "\"total\" : 4, \"done\" : 4, \"failed\" : 3"), "%s", text);
    cr_assert_not_null(strstr(text, "VARIANT_UNKNOWN"), "%s", text);
    cr_assert_not_null(strstr(text, "NOT_FOUND"), "%s", text);
    cr_assert_not_null(strstr(text, "SKU_TWICE"), "%s", text);
    cr_assert_not_null(strstr(text, "\"state\" : \"DONE\""), "%s", text);
    heal(worker);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts_count, 1);
}

Test(links, goes_on_with_a_job_step_by_step)
{
    enum { ITEMS = 450 };
    static char body[ITEMS * 64];
    size_t size = (size_t)snprintf(body, sizeof body, "{\"items\":[");
    for (int i = 0; i < ITEMS; i++)
        size += (size_t)snprintf(body + size, sizeof body - size,
                                 "%s{\"shop_id\":\"7\",\"sku_id\":\"x%d\",\"parts\":[]}",
                                 i > 0 ? "," : "", i);
    (void)snprintf(body + size, sizeof body - size, "]}");
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.make-link-job", body, &text, NULL), 202);
    cr_assert_eq(sp_worker_job(worker, "link-in-bulk"), SP_AGAIN);
    cr_assert_eq(test_number(worker, "SELECT done FROM link_job WHERE ended_at IS NULL"), 200);
    text = run_job("{\"items\":[{\"shop_id\":\"7\",\"sku_id\":\"s1\",\"parts\":[]}]}");
    cr_assert_eq(test_number(worker, "SELECT sum(done) FROM link_job WHERE ended_at IS NOT NULL"),
                 ITEMS + 1);
}

Test(links, what_the_database_never_takes_fails_alone)
{
    (void)make_variant(worker, "CUP", "STOCKED");
    test_sql(worker, "ALTER TABLE link_history ADD CHECK (sku_key <> '7-s2') NOT VALID");
    const char *text =
        run_job("{\"items\":[{\"shop_id\":\"7\",\"sku_id\":\"s8\",\"parts\":[]},{\"shop_id\":\"7\","
                "\"sku_id\":\"s2\",\"parts\":[{\"sku\":\"CUP\",\"pieces\":1}]},{\"shop_id\":\"7\","
                "\"sku_id\":\"s1\",\"parts\":[{\"sku\":\"CUP\",\"pieces\":1}]}]}");
    cr_assert_not_null(strstr(text, "\"total\" : 3, \"done\" : 3, \"failed\" : 2"), "%s", text);
    cr_assert_not_null(strstr(text, "NOT_SAVED"), "%s", text);
    cr_assert_not_null(strstr(text, "\"state\" : \"DONE\""), "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM link_job_item WHERE result = 'LINKED' "
                                     "AND wish LIKE '%s1%'"),
                 1);
}

Test(links, takes_no_job_without_sense)
{
    const char *text;
    static const char *const bodies[] = {"{}", "{\"items\":[]}", "{\"items\":[3]}",
                                         "{\"items\":{\"a\":1}}",
                                         "{\"items\":[{\"sku_id\":\"a\\u0000\"}]}"};
    for (size_t i = 0; i < SP_COUNT(bodies); i++)
        cr_assert_eq(test_ask(worker, "product-mapper.make-link-job", bodies[i], &text, NULL), 422,
                     "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.link-job", NULL, &text, "id", "99", NULL), 404);
}

Test(links, tells_how_far_the_orders_are)
{
    enum { ORDERS = 1100 };
    (void)make_variant(worker, "CUP", "STOCKED");
    for (int i = 0; i < ORDERS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", 10000 + i);
        feed(id, "AWAITING_SHIPMENT");
    }
    cr_assert_not_null(strstr(asked("product-mapper.healing", "q", ""), "\"running\" : false"));
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"CUP\",\"pieces\":1}]");
    const char *text = asked("product-mapper.healing", "q", "");
    cr_assert_not_null(strstr(text, "\"running\" : true, \"total\" : 1100, \"done\" : 0"), "%s",
                       text);
    heal(worker);
    text = asked("product-mapper.healing", "q", "");
    cr_assert_not_null(strstr(text, "\"running\" : false, \"total\" : 1100, \"done\" : 1100"), "%s",
                       text);
}

Test(links, suggests_with_reasons_and_is_sure_of_nothing_ambiguous)
{
    test_sql(worker, "UPDATE account SET map_by_sku = false");
    (void)make_variant(worker, "MUG-1", "STOCKED");
    (void)make_variant(worker, "shirt-1", "STOCKED");
    const char *text = asked("product-mapper.suggestions", "skus", "7-s1,7-s2");
    cr_assert_not_null(strstr(text, "\"reason\":\"SAME_SKU\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"reason\":\"SKU_ALIKE\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"sure\":true"), "%s", text);
    test_sql(worker, "UPDATE variant SET barcode = 'MUG-1' WHERE sku = 'shirt-1'");
    text = asked("product-mapper.suggestions", "skus", "7-s1");
    cr_assert_not_null(strstr(text, "\"reason\":\"SAME_BARCODE\""), "%s", text);
    cr_assert_null(strstr(text, "\"sure\":true"), "two are meant: %s", text);
}

Test(links, suggests_by_title_and_attributes_page_by_page)
{
    test_sql(worker, "UPDATE account SET map_by_sku = false");
    (void)make_variant(worker, "X-1", "STOCKED");
    test_sql(worker, "UPDATE variant SET name = 'Cốc và áo Blue'");
    const char *text = asked("product-mapper.suggestions", "limit", "1");
    cr_assert_not_null(strstr(text, "TITLE_AND_ATTRIBUTES"), "%s", text);
    cr_assert_not_null(strstr(text, "\"next_cursor\":\"7-s1\""), "%s", text);
    text = asked("product-mapper.suggestions", "cursor", "7-s1");
    cr_assert_null(strstr(text, "\"key\" : \"7-s1\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"key\" : \"7-s2\""), "%s", text);
    cr_assert_not_null(strstr(text, "\"next_cursor\":null"), "%s", text);
}
