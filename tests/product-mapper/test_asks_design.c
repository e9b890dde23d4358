/* Designs: what there is, what has which, and orders that wait for theirs. */
/* Covers: asks_design.c, design_store.c, decide_again.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

#define FIRST "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SECOND "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct sp_worker *worker;

static const char *ask(int status, const char *name, const char *body)
{
    const char *text;
    cr_assert_eq(test_ask(worker, name, body, &text, "id", "7-5001", NULL), status, "%s", text);
    return text;
}

static void add(const char *id, const char *name)
{
    char body[256];
    (void)snprintf(body, sizeof body,
                   "{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"PNG\",\"bytes\":100,\"width\":10,"
                   "\"height\":20}",
                   id, name);
    (void)ask(200, "product-mapper.add-design", body);
}

/* A shirt of a type that is made by a print file, linked to s2; and a mug for s1. */
static void begin(void)
{
    worker = mapper_fresh();
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    (void)make_variant(worker, "PRINTED", "MADE_TO_ORDER");
    test_sql(worker, "INSERT INTO product_type (account_id, type_id, name, needs_design) VALUES "
                     "(1, 1, 'Shirt', true)");
    test_sql(worker, "INSERT INTO product (account_id, product_id, type_id, name) VALUES "
                     "(1, 2, 1, 'A shirt')");
    test_sql(worker, "UPDATE variant SET product_id = 2 WHERE sku = 'PRINTED'");
    (void)map_by_hand(worker, "s2", "[{\"sku\":\"PRINTED\",\"pieces\":1}]");
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
}

TestSuite(asks_design, .init = begin);

static bool shirt_is(const char *problem)
{
    return sp_text_is(newest_mapped(worker, "7-5001")->lines[1].problem, problem);
}

Test(asks_design, holds_an_order_until_its_sku_has_one)
{
    cr_assert(shirt_is("DESIGN_MISSING"));
    add(FIRST, "shirt.png");
    const char *text = ask(200, "product-mapper.attach-design",
                           "{\"design_id\":\"" FIRST "\",\"skus\":[\"7-s1\",\"7-s2\"]}");
    cr_assert_not_null(strstr(text, "\"design_id\" : \"" FIRST "\""), "%s", text);
    heal(worker);
    cr_assert(shirt_is(""));
    (void)ask(200, "product-mapper.attach-design", "{\"design_id\":\"\",\"skus\":[\"7-s2\"]}");
    heal(worker);
    cr_assert(shirt_is("DESIGN_MISSING"), "it was taken away");
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM design_history WHERE by_whom = 'tester'"), 3);
    (void)ask(422, "product-mapper.attach-design",
              "{\"design_id\":\"" SECOND "\",\"skus\":[\"7-s2\"]}");
}

Test(asks_design, asks_one_of_each_line_of_a_personalised_listing)
{
    add(FIRST, "for-anna.png");
    const char *text =
        ask(200, "product-mapper.personalise", "{\"listing_id\":\"7-p1\",\"on\":true}");
    cr_assert_not_null(strstr(text, "\"personalised\" : true"), "%s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM listing_sku WHERE problem <> ''"), 0,
                 "mapping is complete without a design");
    heal(worker);
    const struct order_mapped *mapped = newest_mapped(worker, "7-5001");
    cr_assert(sp_text_is(mapped->lines[0].problem, "DESIGN_MISSING"));
    cr_assert(shirt_is("DESIGN_MISSING"));
    (void)ask(200, "product-mapper.attach-line-design", "{\"line\":1,\"design_id\":\"" FIRST "\"}");
    cr_assert(shirt_is("DESIGN_MISSING"), "the other line still waits");
    text =
        ask(200, "product-mapper.attach-line-design", "{\"line\":3,\"design_id\":\"" FIRST "\"}");
    cr_assert_not_null(strstr(text, "for-anna.png"), "%s", text);
    mapped = newest_mapped(worker, "7-5001");
    cr_assert(mapped->lines[0].problem.size == 0 && mapped->lines[1].problem.size == 0,
              "at once, without a heal");
    struct order_recorded later = an_order("5001", 2, "AWAITING_SHIPMENT");
    feed_order(worker, &later);
    cr_assert(shirt_is(""), "what comes later of the order knows it");
    (void)ask(200, "product-mapper.attach-line-design", "{\"line\":3,\"design_id\":\"\"}");
    cr_assert(shirt_is("DESIGN_MISSING"));
}

Test(asks_design, goes_to_all_that_are_named)
{
    add(FIRST, "both.png");
    (void)ask(200, "product-mapper.attach-design",
              "{\"design_id\":\"" FIRST "\",\"skus\":[\"7-s1\",\"7-s2\"]}");
    cr_assert_eq(
        test_number(worker, "SELECT count(*) FROM listing_sku WHERE design_id = '" FIRST "'"), 2);
}

static bool is_synced(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.listings", NULL, &text, "tab", "synced", "state",
                          "SYNCED", NULL),
                 200, "%s", text);
    return strstr(text, "7-p1") != NULL;
}

/* What the second SKU lacks so far. */
static const char *shirt_lacks(void)
{
    return test_text(worker, "SELECT problem FROM listing_sku WHERE sku_id = 's2'");
}

Test(asks_design, makes_a_listing_synced_when_nothing_else_is_missing)
{
    char body[256];
    (void)ask(200, "product-mapper.save-type",
              "{\"id\":\"1\",\"name\":\"Shirt\",\"needs_design\":true,\"attributes\":[{\"name\":"
              "\"Colour\",\"values\":[{\"name\":\"Red\"}]},{\"name\":\"Size\",\"values\":[{"
              "\"name\":\"M\"}]}]}");
    heal(worker);
    cr_assert_str_eq(shirt_lacks(), "INCOMPLETE");
    cr_assert_not(is_synced());
    for (int values = 1; values <= 2; values++) {
        (void)snprintf(
            body, sizeof body, "{\"id\":\"%s\",\"product_id\":\"2\",\"value_ids\":%s}",
            test_text(worker, "SELECT variant_id::text FROM variant WHERE sku = 'PRINTED'"),
            test_text(worker, values == 1 ? "SELECT json_agg(value_id::text)::text FROM "
                                            "attribute_value WHERE name = 'Red'"
                                          : "SELECT json_agg(value_id::text)::text FROM "
                                            "attribute_value"));
        (void)ask(200, "product-mapper.save-variant", body);
        heal(worker);
        cr_assert_str_eq(shirt_lacks(), values == 1 ? "INCOMPLETE" : "DESIGN_MISSING");
        cr_assert_not(is_synced());
    }
    add(FIRST, "shirt.png");
    (void)ask(200, "product-mapper.attach-design",
              "{\"design_id\":\"" FIRST "\",\"skus\":[\"7-s2\"]}");
    cr_assert_str_eq(shirt_lacks(), "");
    cr_assert(is_synced());
}

Test(asks_design, refuses_lines_and_listings_that_are_not_there)
{
    add(FIRST, "x.png");
    (void)ask(404, "product-mapper.attach-line-design", "{\"line\":2,\"design_id\":\"" FIRST "\"}");
    (void)ask(422, "product-mapper.attach-line-design",
              "{\"line\":1,\"design_id\":\"" SECOND "\"}");
    (void)ask(404, "product-mapper.personalise", "{\"listing_id\":\"7-p8\",\"on\":true}");
    (void)ask(400, "product-mapper.personalise", "{\"listing_id\":\"7-p1\"}");
    (void)ask(422, "product-mapper.add-design", "{\"id\":\"a\",\"name\":\"x\"}");
}

Test(asks_design, goes_by_the_sku_in_the_name)
{
    add(FIRST, "front SHIRT-1.png");
    add(SECOND, "logo.png");
    const char *text =
        ask(200, "product-mapper.match-designs", "{\"ids\":[\"" FIRST "\",\"" SECOND "\"]}");
    cr_assert_not_null(strstr(text, "\"sku\":\"SHIRT-1\",\"skus\":1"), "%s", text);
    cr_assert_not_null(strstr(text, "\"sku\":\"\",\"skus\":0"), "%s", text);
    cr_assert_str_eq(test_text(worker, "SELECT design_id FROM listing_sku WHERE sku_id = 's2'"),
                     FIRST);
    cr_assert_str_eq(test_text(worker, "SELECT design_id FROM listing_sku WHERE sku_id = 's1'"),
                     "");
}

Test(asks_design, lists_forgets_and_tells_strange_ones)
{
    add(FIRST, "a.png");
    add(SECOND, "b.png");
    test_sql(worker, "UPDATE design SET added_at = now() - interval '31 days', "
                     "had_at = now() - interval '31 days'");
    add(SECOND, "again.png");
    const char *text = ask(200, "product-mapper.designs", NULL);
    const char *newer = strstr(text, SECOND), *older = strstr(text, FIRST);
    cr_assert(newer != NULL && older != NULL && newer < older, "%s", text);
    cr_assert_not_null(strstr(text, "b.png"), "the name it first came with: %s", text);
    cr_assert_eq(sp_worker_job(worker, "forget-designs"), SP_OK);
    text = ask(200, "product-mapper.strange-designs",
               "{\"account_id\":1,\"ids\":[\"" FIRST "\",\"" SECOND "\"]}");
    cr_assert_not_null(strstr(text, FIRST), "%s", text);
    cr_assert_null(strstr(text, SECOND), "%s", text);
}

static bool is_known_after_a_month(void)
{
    test_sql(worker, "UPDATE design SET had_at = now() - interval '31 days'");
    cr_assert_eq(sp_worker_job(worker, "forget-designs"), SP_OK);
    return test_number(worker, "SELECT count(*) FROM design") == 1;
}

Test(asks_design, is_forgotten_a_month_after_the_last_had_it)
{
    static const char give[] = "{\"design_id\":\"" FIRST "\",\"skus\":[\"7-s1\"]}";
    static const char take[] = "{\"design_id\":\"\",\"skus\":[\"7-s1\"]}";
    add(FIRST, "a.png");
    (void)ask(200, "product-mapper.attach-design", give);
    cr_assert(is_known_after_a_month());
    (void)ask(200, "product-mapper.attach-design", take);
    cr_assert_eq(sp_worker_job(worker, "forget-designs"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM design"), 1, "taken away by mistake?");
    test_sql(worker, "UPDATE design SET had_at = now() - interval '31 days'");
    (void)ask(200, "product-mapper.attach-design", give);
    (void)ask(200, "product-mapper.attach-design", take);
    cr_assert_eq(sp_worker_job(worker, "forget-designs"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM design"), 1, "it was about to be had");
    cr_assert(!is_known_after_a_month());
}
