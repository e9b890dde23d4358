/* Archive and restore, and the history of both. */
/* Covers: asks_archive.c, archive_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_archive, .init = begin);

static const char *archive(const char *kind, int64_t id, bool archived)
{
    char body[128];
    const char *text;
    (void)snprintf(body, sizeof body, "{\"kind\":\"%s\",\"ids\":[\"%lld\"],\"archived\":%s}", kind,
                   (long long)id, archived ? "true" : "false");
    cr_assert_eq(test_ask(worker, "product-mapper.archive", body, &text, NULL), 200, "%s", text);
    return text;
}

Test(asks_archive, takes_a_variant_out_and_back_with_both_in_its_history)
{
    int64_t cup = make_variant(worker, "CUP", "STOCKED");
    test_clear_outbox(worker);
    cr_assert(strstr(archive("variant", cup, true), "\"done\":true") != NULL);
    size_t count = 0;
    const struct variant_saved *saved =
        test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert(count == 1 && saved->archived);
    cr_assert(strstr(archive("variant", cup, true), "UNCHANGED") != NULL);
    cr_assert(strstr(archive("variant", cup, false), "\"done\":true") != NULL);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant WHERE archived"), 0);
    char id[24];
    const char *text;
    (void)snprintf(id, sizeof id, "%lld", (long long)cup);
    cr_assert_eq(
        test_ask(worker, "product-mapper.history", NULL, &text, "kind", "variant", "id", id, NULL),
        200);
    const char *last = strstr(text, "\"archived\": false");
    const char *first = strstr(text, "\"archived\": true");
    cr_assert(last != NULL && first > last, "the newest first: %s", text);
}

Test(asks_archive, refuses_what_links_and_bundles_use)
{
    struct channel_listing listing = a_listing(1);
    int64_t mug = make_variant(worker, "MUG", "STOCKED");
    int64_t tray = make_variant(worker, "TRAY", "STOCKED");
    char body[256];
    const char *text;
    feed_listing(worker, &listing);
    (void)map_by_hand(worker, "s1", "[{\"sku\":\"MUG\",\"pieces\":1}]");
    cr_assert(strstr(archive("variant", mug, true), "\"reason\":\"LINKED\",\"count\":1") != NULL);
    (void)snprintf(body, sizeof body,
                   "{\"sku\":\"SET\",\"name\":\"Set\",\"parts\":[{\"variant_id\":\"%lld\","
                   "\"pieces\":2}]}",
                   (long long)tray);
    cr_assert_eq(test_ask(worker, "product-mapper.save-variant", body, &text, NULL), 201, "%s",
                 text);
    cr_assert(strstr(archive("variant", tray, true), "IN_BUNDLE") != NULL);
    int64_t set = test_number(worker, "SELECT variant_id FROM variant WHERE sku = 'SET'");
    cr_assert(strstr(archive("variant", set, true), "\"done\":true") != NULL);
    cr_assert(strstr(archive("variant", tray, true), "\"done\":true") != NULL);
    cr_assert(strstr(archive("variant", set, false), "PARENT_ARCHIVED") != NULL);
    cr_assert(strstr(archive("variant", 999999, true), "NOT_FOUND") != NULL);
}

Test(asks_archive, takes_types_and_products_when_nothing_lives_in_them)
{
    const char *text;
    char body[128];
    cr_assert_eq(test_ask(worker, "product-mapper.save-type", "{\"name\":\"Mug\"}", &text, NULL),
                 201);
    int64_t type = test_number(worker, "SELECT type_id FROM product_type");
    (void)snprintf(body, sizeof body, "{\"type_id\":\"%lld\",\"name\":\"Mug\"}", (long long)type);
    cr_assert_eq(test_ask(worker, "product-mapper.save-product", body, &text, NULL), 201);
    int64_t product = test_number(worker, "SELECT product_id FROM product");
    cr_assert(strstr(archive("type", type, true), "HAS_PRODUCTS") != NULL);
    cr_assert(strstr(archive("product", product, true), "\"done\":true") != NULL);
    cr_assert(strstr(archive("type", type, true), "\"done\":true") != NULL);
    cr_assert(strstr(archive("product", product, false), "TYPE_ARCHIVED") != NULL);
    cr_assert_eq(test_ask(worker, "product-mapper.archive", "{\"kind\":\"order\"}", &text, NULL),
                 422);
    cr_assert_eq(
        test_ask(worker, "product-mapper.archive", "{\"kind\":\"type\",\"ids\":[]}", &text, NULL),
        422);
}
