/* Saving one variant. */
/* Covers: asks_variant.c, variants.c, variant_store.c, variant_list_store.c. */
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

static int save_set(const char *sku, int64_t part, int pieces, const char **text)
{
    char body[256];
    (void)snprintf(body, sizeof body,
                   "{\"sku\":\"%s\",\"name\":\"Set\",\"parts\":[{\"variant_id\":\"%lld\","
                   "\"pieces\":%d}]}",
                   sku, (long long)part, pieces);
    return save(body, text);
}

Test(asks_variant, makes_a_bundle_that_costs_what_its_parts_cost)
{
    const char *text;
    int64_t cup = make_variant(worker, "CUP", "STOCKED");
    test_clear_outbox(worker);
    cr_assert_eq(save_set("SET", cup, 3, &text), 201, "%s", text);
    cr_assert(strstr(text, "\"amount\" : \"150000\"") != NULL, "%s", text);
    size_t count = 0;
    const struct variant_saved *saved =
        test_emitted(worker, &variant_saved_message, "inventory", &count);
    cr_assert_eq(count, 1);
    cr_assert_eq(saved->parts_count, 1);
    cr_assert(saved->parts[0].variant_id == cup && saved->parts[0].pieces == 3);
}

Test(asks_variant, refuses_bundles_in_bundles_and_in_circles)
{
    const char *text;
    int64_t cup = make_variant(worker, "CUP", "STOCKED");
    cr_assert_eq(save_set("SET", cup, 2, &text), 201, "%s", text);
    int64_t set = test_number(worker, "SELECT variant_id FROM variant WHERE sku = 'SET'");
    static const struct {
        const char *form, *code;
    } cases[] = {
        {"{\"sku\":\"S2\",\"name\":\"S\",\"parts\":[{\"variant_id\":\"%lld\",\"pieces\":1}]}",
         "PART_IS_BUNDLE"},
        {"{\"id\":\"%lld\",\"parts\":[]}", "BUNDLE_FIXED"},
        {"{\"id\":\"%lld\",\"cost\":{\"amount\":\"5\"}}", "BUNDLE_HAS_COST"},
        {"{\"id\":\"%lld\",\"product_id\":\"5\"}", "BUNDLE_OF_PRODUCT"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char body[256];
        const char *hole = strstr(cases[i].form, "%lld");
        (void)snprintf(body, sizeof body, "%.*s%lld%s", (int)(hole - cases[i].form), cases[i].form,
                       (long long)set, hole + strlen("%lld"));
        cr_assert_eq(save(body, &text), 422, "%zu: %s", i, text);
        cr_assert(strstr(text, cases[i].code) != NULL, "%zu: %s", i, text);
    }
    char circle[128];
    (void)snprintf(circle, sizeof circle,
                   "{\"id\":\"%lld\",\"parts\":[{\"variant_id\":\"%lld\",\"pieces\":1}]}",
                   (long long)cup, (long long)set);
    cr_assert_eq(save(circle, &text), 422, "%s", text);
    cr_assert_eq(save_set("S3", 999999, 1, &text), 422);
    cr_assert_eq(save_set("S3", cup, 1001, &text), 422);
}

Test(asks_variant, takes_costs_in_the_wallets_currency_only)
{
    const char *text;
    test_sql(worker, "UPDATE account SET currency = 'VND'");
    (void)make_variant(worker, "CUP", "STOCKED");
    cr_assert_eq(save("{\"sku\":\"TRAY\",\"name\":\"Tray\",\"cost\":{\"amount\":\"1\","
                      "\"currency\":\"USD\"}}",
                      &text),
                 422, "%s", text);
    cr_assert(strstr(text, "CURRENCY_NOT_WALLETS") != NULL, "%s", text);
    cr_assert_eq(save("{\"sku\":\"TRAY\",\"name\":\"Tray\",\"cost\":{\"amount\":\"1\"}}", &text),
                 201, "%s", text);
    cr_assert_str_eq(test_text(worker, "SELECT currency FROM variant WHERE sku = 'TRAY'"), "VND");
}

static bool finds(const char *q, const char *sku)
{
    const char *text;
    cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, "q", q, NULL), 200);
    return strstr(text, sku) != NULL;
}

Test(asks_variant, finds_without_accents_in_four_languages)
{
    static const char *const named[][2] = {
        {"VI", "Áo thun Đỏ"}, {"TH", "เสื้อยืดสีน้ำเงิน"}, {"ZH", "短袖T恤红色"}, {"EN", "Café mug 50%"}};
    const char *text;
    for (size_t i = 0; i < SP_COUNT(named); i++) {
        char body[256];
        (void)snprintf(body, sizeof body,
                       "{\"sku\":\"%s-1\",\"name\":\"%s\",\"barcode\":\"893%zu\"}", named[i][0],
                       named[i][1], i);
        cr_assert_eq(save(body, &text), 201, "%s", text);
    }
    cr_assert(finds("ao thun do", "VI-1") && finds("đỏ áo", "VI-1") && !finds("ao xanh", "VI-1"));
    cr_assert(finds("เสือยืด", "TH-1") && finds("สีน้ำเงิน", "TH-1"));
    cr_assert(finds("红色", "ZH-1") && finds("Ｔ恤", "ZH-1") && finds("红", "ZH-1"));
    cr_assert(finds("cafe", "EN-1") && finds("MUG", "EN-1") && finds("50%", "EN-1"));
    cr_assert(!finds("5%0", "EN-1") && !finds("c_fe", "EN-1"), "nothing stands for anything");
    cr_assert(finds("8932", "ZH-1") && finds("th-1", "TH-1"));
}

Test(asks_variant, filters_by_what_is_missing)
{
    const char *text;
    struct channel_listing listing = a_listing(1);
    feed_listing(worker, &listing);
    (void)make_variant(worker, "MUG-1", "STOCKED");
    cr_assert_eq(
        save("{\"sku\":\"FULL\",\"name\":\"Full\",\"barcode\":\"1\",\"weight_g\":1,\"image\":"
             "\"https://a.example/b.png\",\"supply\":\"PURCHASED\",\"cost\":{\"amount\":"
             "\"1\"}}",
             &text),
        201, "%s", text);
    static const struct {
        const char *name, *value;
        bool mug, full;
    } cases[] = {
        {"unmapped", "true", false, true},    {"low", "true", true, false},
        {"supply", "PURCHASED", false, true}, {"archived", "true", false, false},
        {"type", "1", false, false},          {"q", "", true, true},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, cases[i].name,
                              cases[i].value, NULL),
                     200, "%s", text);
        cr_assert_eq(strstr(text, "\"MUG-1\"") != NULL, cases[i].mug, "%s", cases[i].name);
        cr_assert_eq(strstr(text, "\"FULL\"") != NULL, cases[i].full, "%s", cases[i].name);
    }
    cr_assert_eq(test_ask(worker, "product-mapper.variants", NULL, &text, "type", "x", NULL), 400);
}
