/* Lists of listings and variants. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks, .init = begin);

static const char *listings(const char *name, const char *value)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.listings", NULL, &text, name, value, NULL), 200,
                 "%s", text);
    return text;
}

Test(asks, shows_the_state_of_each_listing)
{
    struct order_recorded order = an_order("5001", 1, "UNPAID");
    feed_order(worker, &order);
    cr_assert(strstr(listings("state", "NOT_DOWNLOADED"), "7-p1") != NULL, "an order names it");
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    cr_assert(strstr(listings("state", "NOT_DOWNLOADED"), "7-p1") == NULL);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    const char *text = listings("state", "UNMAPPED");
    cr_assert(strstr(text, "\"problem\" : \"UNMAPPED\"") != NULL, "%s", text);
    cr_assert(strstr(text, "\"name\" : \"Our MUG-1\"") != NULL, "%s", text);
    (void)make_variant(worker, "SHIRT-1", "STOCKED");
    cr_assert(strstr(listings("state", "SYNCED"), "7-p1") != NULL);
    struct channel_listing gone = a_listing(2);
    gone.state = SP_TEXT("DELETED");
    feed_listing(worker, &gone);
    cr_assert(strstr(listings("state", "ARCHIVED"), "7-p1") != NULL);
}

static const char *counts(void)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.listing-counts", NULL, &text, NULL), 200);
    return text;
}

Test(asks, counts_listings_by_tab_and_state)
{
    struct channel_listing listing = a_listing(1), other = a_listing(1);
    struct listing_sku sku = {.sku_id = SP_TEXT("s9"), .seller_sku = SP_TEXT("CAP")};
    other.head.key = SP_TEXT("7-p9");
    other.product_id = SP_TEXT("p9");
    other.skus = &sku;
    other.skus_count = 1;
    feed_listing(worker, &listing);
    feed_listing(worker, &other);
    cr_assert(strstr(listings("tab", "synced"), "7-p") == NULL, "neither linked nor ordered");
    cr_assert_not_null(strstr(counts(), "\"total\" : 2, \"synced\" : 0"), "%s", counts());
    struct order_recorded order = an_order("5001", 1, "COMPLETED");
    feed_order(worker, &order);
    cr_assert(strstr(listings("tab", "synced"), "7-p1") != NULL, "an order names it");
    (void)make_variant(worker, "CAP", "STOCKED");
    cr_assert(strstr(listings("tab", "synced"), "7-p9") != NULL, "it is linked");
    cr_assert(strstr(listings("tab", "all"), "7-p9") != NULL);
    const char *text = counts();
    cr_assert_not_null(strstr(text, "\"total\" : 2, \"synced\" : 2"), "%s", text);
    cr_assert_not_null(strstr(text, "\"UNMAPPED\" : 1"), "%s", text);
    cr_assert_not_null(strstr(text, "\"SYNCED\" : 1"), "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.listing-counts", NULL, &text, "shop", "8", NULL),
                 200);
    cr_assert_not_null(strstr(text, "\"total\" : 0"), "%s", text);
}

Test(asks, is_not_synced_while_an_ordered_sku_is_not_mapped)
{
    struct channel_listing listing = a_listing(1), without = a_listing(2);
    feed_listing(worker, &listing);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    without.skus_count = 1; /* the shirt is no longer sold */
    feed_listing(worker, &without);
    cr_assert(strstr(listings("state", "SYNCED"), "7-p1") != NULL);
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_order(worker, &order);
    cr_assert(strstr(listings("state", "UNMAPPED"), "7-p1") != NULL, "the shirt was ordered");
}

Test(asks, shows_skus_with_their_listings)
{
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.skus", NULL, &text, "skus", "7-s1,7-s3", NULL),
                 200);
    cr_assert_not_null(strstr(text, "\"key\" : \"7-s1\""), "%s", text);
    cr_assert_not_null(strstr(text, "Cốc và áo"), "%s", text);
    cr_assert_not_null(strstr(text, "Our MUG-1"), "%s", text);
    cr_assert_null(strstr(text, "7-s3"));
    cr_assert_eq(test_ask(worker, "product-mapper.skus", NULL, &text, NULL), 400);
}

Test(asks, finds_listings_without_accents_and_by_seller_sku)
{
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    cr_assert(strstr(listings("q", "coc va AO"), "7-p1") != NULL);
    cr_assert(strstr(listings("q", "shirt"), "7-p1") != NULL);
    cr_assert(strstr(listings("q", "100%"), "7-p1") == NULL);
    cr_assert(strstr(listings("shop", "8"), "7-p1") == NULL);
}

Test(asks, pages_through_variants)
{
    for (int i = 0; i < 5; i++) {
        char sku[8];
        (void)snprintf(sku, sizeof sku, "V%d", i);
        (void)make_variant(worker, sku, "STOCKED");
    }
    char cursor[32] = "";
    int pages = 0;
    do {
        const char *text;
        cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, "limit", "2",
                              "cursor", cursor, NULL),
                     200);
        const char *next = strstr(text, "\"next_cursor\" : \"");
        cursor[0] = '\0';
        if (next != NULL)
            (void)sscanf(next, "\"next_cursor\" : \"%31[0-9]\"", cursor);
    } while (++pages < 9 && cursor[0] != '\0');
    cr_assert_eq(pages, 3);
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, "q", "our v3", NULL),
                 200);
    cr_assert(strstr(text, "\"V3\"") != NULL && strstr(text, "\"V2\"") == NULL, "%s", text);
    cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, "limit", "0", NULL), 400);
}
