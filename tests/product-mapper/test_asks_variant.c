/* Saving one variant. */
/* Covers: asks_variant.c, variants.c, variant_store.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/product-mapper/mapper.h"

static struct sp_worker *worker;

static void begin(void)
{
    worker = mapper_fresh();
}

TestSuite(asks_variant, .init = begin);

static int save(const char *body, const char **text)
{
    return test_ask(worker, "product-mapper.save-variant", body, text, NULL);
}

Test(asks_variant, makes_one_and_tells_everyone)
{
    int64_t id = make_variant(worker, "CUP", "PURCHASED");
    size_t count = 0;
    const struct variant_saved *saved =
        test_emitted(worker, &variant_saved_message, "placement", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(saved->variant_id, id);
    cr_assert_eq(saved->cost_minor, 50000);
    cr_assert(sp_text_is(saved->supply, "PURCHASED"));
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 1);
}

Test(asks_variant, changes_one_and_keeps_what_is_not_said)
{
    const char *text;
    cr_assert_eq(
        save("{\"sku\":\"CUP\",\"name\":\"Cup\",\"barcode\":\"893\",\"weight_g\":300}", &text), 201,
        "%s", text);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"id\":\"%lld\",\"sku\":\"CUP-2\",\"name\":\"Cup two\"}",
                   (long long)test_number(worker, "SELECT variant_id FROM variant"));
    cr_assert_eq(save(body, &text), 200, "%s", text);
    cr_assert(strstr(text, "CUP-2") != NULL && strstr(text, "893") != NULL &&
                  strstr(text, "300") != NULL,
              "%s", text);
    size_t count = 0;
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 2);
}

Test(asks_variant, links_listing_skus_that_waited_for_it)
{
    struct channel_listing listing = a_listing(1);
    struct order_recorded order = an_order("5001", 1, "AWAITING_SHIPMENT");
    feed_listing(worker, &listing);
    feed_order(worker, &order);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    heal(worker);
    cr_assert_eq(newest_mapped(worker, "7-5001")->lines[0].parts_count, 1);
}

Test(asks_variant, refuses_bad_and_taken_ones)
{
    const char *text;
    (void)make_variant(worker, "CUP", "STOCKED");
    int64_t bowl = make_variant(worker, "BOWL", "STOCKED");
    cr_assert_eq(save("{\"sku\":\"CUP\",\"name\":\"Another\"}", &text), 409);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"id\":\"%lld\",\"sku\":\"CUP\",\"name\":\"Bowl\"}",
                   (long long)bowl);
    cr_assert_eq(save(body, &text), 409);
    cr_assert(strstr(text, "SKU_TAKEN") != NULL);
    cr_assert_eq(save("{\"sku\":\"\",\"name\":\"Nameless\"}", &text), 422);
    cr_assert_eq(save("{\"sku\":\"A\",\"name\":\"A\",\"supply\":\"MAGIC\"}", &text), 422);
    cr_assert_eq(save("{\"id\":\"99999999\",\"sku\":\"A\",\"name\":\"A\"}", &text), 404);
    cr_assert_eq(save("[", &text), 400);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM variant"), 2);
}

Test(asks_variant, keeps_every_change_and_emits_nothing_for_none)
{
    const char *text;
    (void)make_variant(worker, "CUP", "STOCKED");
    char body[128];
    (void)snprintf(body, sizeof body, "{\"id\":\"%lld\",\"name\":\"Cup\"}",
                   (long long)test_number(worker, "SELECT variant_id FROM variant"));
    cr_assert_eq(save(body, &text), 200, "%s", text);
    cr_assert_eq(save(body, &text), 200, "again: %s", text);
    cr_assert_str_eq(test_text(worker, "SELECT string_agg(state->>'name', ', ' ORDER BY rev) "
                                       "FROM catalogue_history WHERE kind = 'variant'"),
                     "Our CUP, Cup");
    size_t count = 0;
    (void)test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 2);
}
