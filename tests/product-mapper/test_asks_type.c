/* Product types, products, and variants with values. */
/* Covers: asks_type.c, asks_product.c, type_store.c, product_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_type, .init = begin);

static int ask(const char *name, const char *body, const char **text)
{
    return test_ask(worker, name, body, text, NULL);
}

static long long number_of(const char *sql)
{
    return (long long)test_number(worker, sql);
}

/* A type with two attributes, a product of it, and a red variant without a size. */
static void make_shirt(void)
{
    const char *text;
    char body[256];
    cr_assert_eq(ask("product-mapper.save-type",
                     "{\"name\":\"Shirt\",\"attributes\":[{\"name\":\"Colour\",\"values\":[{"
                     "\"name\":\"Red\"},{\"name\":\"Blue\"}]},{\"name\":\"Size\",\"values\":[{"
                     "\"name\":\"M\"}]}]}",
                     &text),
                 201, "%s", text);
    (void)snprintf(body, sizeof body, "{\"type_id\":\"%lld\",\"name\":\"Plain shirt\"}",
                   number_of("SELECT type_id FROM product_type"));
    cr_assert_eq(ask("product-mapper.save-product", body, &text), 201, "%s", text);
}

static int save_shirt(const char *sku, const char *values, const char **text)
{
    char body[512];
    char query[256];
    (void)snprintf(query, sizeof query,
                   "SELECT json_agg(value_id::text)::text FROM attribute_value WHERE name IN (%s)",
                   values);
    (void)snprintf(body, sizeof body,
                   "{\"sku\":\"%s\",\"name\":\"Shirt\",\"product_id\":\"%lld\",\"value_ids\":%s}",
                   sku, number_of("SELECT product_id FROM product"), test_text(worker, query));
    return ask("product-mapper.save-variant", body, text);
}

/* The type as it was answered, with one text replaced. */
static const char *edited(const char *document, const char *from, const char *to)
{
    static char body[2048];
    const char *at = strstr(document, from);
    cr_assert_not_null(at, "%s", document);
    (void)snprintf(body, sizeof body, "%.*s%s%s", (int)(at - document), document, to,
                   at + strlen(from));
    return body;
}

static const char *read_type(void)
{
    const char *text;
    cr_assert_eq(ask("product-mapper.types", NULL, &text), 200);
    const char *first = strchr(text, '[') + 1;
    static char type[2048];
    (void)snprintf(type, sizeof type, "%.*s", (int)(strrchr(text, ']') - first), first);
    return type;
}

Test(asks_type, makes_type_product_and_a_variant_for_each_choice)
{
    const char *text;
    make_shirt();
    cr_assert_eq(save_shirt("S-RED-M", "'Red', 'M'", &text), 201, "%s", text);
    cr_assert(strstr(text, "\"attribute\" : \"Colour\"") != NULL, "%s", text);
    cr_assert_eq(save_shirt("S-RED-M-2", "'Red', 'M'", &text), 409, "%s", text);
    cr_assert(strstr(text, "VALUES_TAKEN") != NULL, "%s", text);
    cr_assert_eq(save_shirt("S-2", "'Red', 'Blue'", &text), 422, "%s", text);
    cr_assert(strstr(text, "VALUES_BAD") != NULL, "%s", text);
    cr_assert_eq(save_shirt("S-BLUE", "'Blue'", &text), 201, "%s", text);
    cr_assert(strstr(text, "ATTRIBUTES") != NULL, "its size is missing: %s", text);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant_meaning WHERE complete"), 1);
    cr_assert_eq(number_of("SELECT count(*) FROM catalogue_history"), 4);
}

Test(asks_type, renames_and_drops_only_what_no_variant_has)
{
    const char *text;
    make_shirt();
    cr_assert_eq(save_shirt("S-RED-M", "'Red', 'M'", &text), 201, "%s", text);
    cr_assert_eq(
        ask("product-mapper.save-type", edited(read_type(), "\"Red\"", "\"Crimson\""), &text), 200,
        "%s", text);
    cr_assert_eq(ask("product-mapper.variants", NULL, &text), 200);
    cr_assert(strstr(text, "Crimson") != NULL, "%s", text);
    char body[256];
    (void)snprintf(body, sizeof body, "{\"id\":\"%lld\",\"name\":\"Shirt\",\"attributes\":[]}",
                   number_of("SELECT type_id FROM product_type"));
    cr_assert_eq(ask("product-mapper.save-type", body, &text), 409, "%s", text);
    cr_assert(strstr(text, "VALUE_IN_USE") != NULL, "%s", text);
    cr_assert_eq(number_of("SELECT count(*) FROM attribute"), 2);
    test_sql(worker, "UPDATE variant SET value_ids = '{}'");
    cr_assert_eq(ask("product-mapper.save-type", body, &text), 200, "%s", text);
    cr_assert_eq(number_of("SELECT count(*) FROM attribute_value"), 0);
}

Test(asks_type, refuses_what_it_does_not_know_and_names_that_are_taken)
{
    const char *text;
    make_shirt();
    cr_assert_eq(ask("product-mapper.save-type", "{\"name\":\"Shirt\"}", &text), 409);
    cr_assert_eq(ask("product-mapper.save-type", "{\"id\":\"77\",\"name\":\"Mug\"}", &text), 404);
    cr_assert_eq(ask("product-mapper.save-type",
                     "{\"name\":\"Mug\",\"attributes\":[{\"id\":\"999999\","
                     "\"name\":\"Colour\"}]}",
                     &text),
                 422);
    cr_assert_eq(
        ask("product-mapper.save-product", "{\"type_id\":\"999999\",\"name\":\"Mug\"}", &text),
        422);
    cr_assert_eq(ask("product-mapper.save-product", "{\"id\":\"999999\",\"name\":\"Mug\"}", &text),
                 404);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"type_id\":\"%lld\",\"name\":\"Plain shirt\"}",
                   number_of("SELECT type_id FROM product_type"));
    cr_assert_eq(ask("product-mapper.save-product", body, &text), 409, "%s", text);
}

Test(asks_type, lists_products_and_reads_one_with_its_variants)
{
    const char *text;
    char id[24];
    make_shirt();
    cr_assert_eq(save_shirt("S-RED-M", "'Red', 'M'", &text), 201, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.products", NULL, &text, "q", "shirt plain", NULL),
                 200);
    cr_assert(strstr(text, "\"variant_count\" : 1") != NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.products", NULL, &text, "q", "mug", NULL), 200);
    cr_assert(strstr(text, "\"items\" : []") != NULL, "%s", text);
    (void)snprintf(id, sizeof id, "%lld", number_of("SELECT product_id FROM product"));
    cr_assert_eq(test_ask(worker, "product-mapper.product", NULL, &text, "id", id, NULL), 200);
    cr_assert(strstr(text, "S-RED-M") != NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.product", NULL, &text, "id", "1", NULL), 404);
}
