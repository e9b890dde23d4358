/* Products and stock over the Open API.  Covers: api_products.c, api_inventory.c, product_json.c */
#include <criterion/criterion.h>

#include "common/http_client.h"
#include "tests/sandbox/rig.h"

TestSuite(api_products, .init = rig_begin, .fini = rig_finish);
TestSuite(api_inventory, .init = rig_begin, .fini = rig_finish);

Test(api_products, are_walked_page_by_page_in_each_version)
{
    static const char *const paths[] = {"/product/202309/products/search",
                                        "/product/202312/products/search",
                                        "/product/202502/products/search"};
    for (size_t i = 0; i < SP_COUNT(paths); i++) {
        struct rig_answer answer = rig_post(paths[i], "page_size=8", "{\"status\":\"ALL\"}");
        size_t seen = sp_json_count(rig_at(answer.data, "products"));
        while (rig_text(answer.data, "next_page_token", rig.arena).size > 0) {
            struct sp_buffer query = {0};
            sp_buffer_put_string(&query, "page_size=8&page_token=");
            sp_url_encode(&query, rig_text(answer.data, "next_page_token", rig.arena));
            sp_buffer_put(&query, "", 1);
            answer = rig_post(paths[i], query.data, "{\"status\":\"ALL\"}");
            seen += sp_json_count(rig_at(answer.data, "products"));
            sp_buffer_free(&query);
        }
        cr_assert_eq(seen, 20);
    }
}

Test(api_products, show_what_each_version_has)
{
    static const struct {
        const char *path;
        bool audit, draft;
    } versions[] = {
        {"/product/202309/products/search", false, false},
        {"/product/202312/products/search", true, false},
        {"/product/202502/products/search", true, true},
    };
    for (size_t i = 0; i < SP_COUNT(versions); i++) {
        struct sp_json first =
            rig_at(rig_post(versions[i].path, "page_size=1", "{}").data, "products.0");
        cr_assert_eq(rig_at(first, "audit").kind != SP_JSON_NONE, versions[i].audit);
        cr_assert_eq(rig_at(first, "has_draft").kind != SP_JSON_NONE, versions[i].draft);
        cr_assert_eq(rig_at(first, "skus.0.status_info").kind != SP_JSON_NONE, versions[i].draft);
    }
}

Test(api_products, are_filtered)
{
    static const char path[] = "/product/202502/products/search";
    struct sp_text by_sku = sp_arena_printf(rig.arena, "{\"sku_ids\":[\"%s\"]}", rig_id(ID_SKU, 1));
    static const struct {
        const char *body;
        int64_t total;
    } cases[] = {
        {"{\"seller_skus\":[\"10000A\",\"none\"]}", 1},
        {"{\"seller_skus\":[\"none\"]}", 0},
        {"{\"status\":\"DRAFT\"}", 0},
        {"{\"status\":\"ACTIVATE\"}", 20},
        {"{\"update_time_ge\":9999999999}", 0},
        {"{\"create_time_le\":9999999999}", 20},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_int(rig_post(path, "page_size=1", cases[i].body).data, "total_count"),
                     cases[i].total, "%s", cases[i].body);
    cr_assert_eq(rig_int(rig_post(path, "page_size=1", by_sku.data).data, "total_count"), 1);
}

Test(api_products, refuse_parameters_that_are_wrong)
{
    static const char path[] = "/product/202309/products/search";
    cr_assert_eq(rig_post(path, "", "{}").code, 12019109);
    cr_assert_eq(rig_post(path, "page_size=101", "{}").code, 12019109);
    cr_assert_eq(rig_post(path, "page_size=1&page_token=x", "{}").code, 12019108);
    cr_assert_eq(rig_post(path, "page_size=1", "{\"status\":\"SOLD\"}").code, 36009004);
    cr_assert_eq(
        rig_post(path, "page_size=1",
                 "{\"sku_ids\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\","
                 "\"11\"]}")
            .code,
        12019120);
}

Test(api_products, are_shown_in_detail_without_a_wrapper)
{
    struct sp_text path =
        sp_arena_printf(rig.arena, "/product/202309/products/%s", rig_id(ID_PRODUCT, 1));
    struct rig_call call = {.method = "GET", .path = path.data};
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &call);
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(rig_text(answer.data, "product_status", rig.arena), "ACTIVATE"));
    cr_assert(rig_text(answer.data, "skus.0.price.sale_price", rig.arena).size > 0);
    cr_assert(rig_text(answer.data, "main_images.0.uri", rig.arena).size > 0);
    call.path = "/product/202309/products/5";
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 12052032);
}

/* ---- stock
 * ------------------------------------------------------------------------------------------- */

Test(api_inventory, is_searched_by_product_or_sku)
{
    static const char path[] = "/product/202309/inventory/search";
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"product_ids\":[\"%s\",\"5\"]}", rig_id(ID_PRODUCT, 1));
    struct rig_answer answer = rig_post(path, NULL, body.data);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "inventory")), 1);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "inventory.0.skus.0.warehouse_inventory")), 2);
    cr_assert_eq(rig_at(answer.data, "inventory.0.skus.0.total_available_inventory_distribution."
                                     "campaign_inventory")
                     .kind,
                 SP_JSON_ARRAY);
    body = sp_arena_printf(rig.arena, "{\"product_ids\":[\"%s\"],\"sku_ids\":[]}",
                           rig_id(ID_PRODUCT, 1));
    cr_assert_eq(sp_json_count(rig_at(rig_post(path, NULL, body.data).data, "inventory")), 1);
    body =
        sp_arena_printf(rig.arena, "{\"sku_ids\":[\"%s\"],\"product_ids\":[]}", rig_id(ID_SKU, 2));
    answer = rig_post(path, NULL, body.data);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "inventory.0.skus")), 1);
    cr_assert(
        sp_text_is(rig_text(answer.data, "inventory.0.skus.0.id", rig.arena), rig_id(ID_SKU, 2)));
    cr_assert_eq(rig_post(path, NULL, "{}").code, 36009004);
}

struct level {
    uint64_t warehouse;
    long quantity;
};

static const char *update_of(uint64_t sku, const struct level levels[], size_t count)
{
    struct sp_buffer body = {0};
    sp_buffer_printf(&body, "{\"id\":\"%s\",\"inventory\":[", rig_id(ID_SKU, sku));
    for (size_t i = 0; i < count; i++)
        sp_buffer_printf(&body, "%s{\"warehouse_id\":\"%s\",\"quantity\":%ld}", i > 0 ? "," : "",
                         rig_id(ID_WAREHOUSE, levels[i].warehouse), levels[i].quantity);
    sp_buffer_put(&body, "]}", 3);
    const char *kept = sp_arena_copy(rig.arena, sp_buffer_text(&body)).data;
    sp_buffer_free(&body);
    return kept;
}

static struct rig_answer update(const char *skus)
{
    struct sp_text path = sp_arena_printf(rig.arena, "/product/202309/products/%s/inventory/update",
                                          rig_id(ID_PRODUCT, 1));
    return rig_post(path.data, NULL, sp_arena_printf(rig.arena, "{\"skus\":[%s]}", skus).data);
}

Test(api_inventory, is_set_absolutely_in_all_warehouses)
{
    static const struct level levels[] = {{1, 12}, {2, 0}};
    struct rig_answer answer = update(update_of(1, levels, 2));
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(rig_at(answer.data, "errors").kind, SP_JSON_NONE);
    const struct catalogue *catalogue = &rig.sandbox->shops[0].catalogue;
    cr_assert_eq(catalogue_stock(catalogue, 0, 0)->available, 12);
    cr_assert_eq(catalogue_stock(catalogue, 0, 1)->available, 0);
    cr_assert_eq(catalogue_stock(catalogue, 0, 0)->told, 12);
    cr_assert_eq(rig.sandbox->shops[0].stock_told, 2);
}

/* Codes of items inside code 0; what is wrong with one SKU leaves the others alone. */
Test(api_inventory, reports_each_wrong_sku_and_applies_the_rest)
{
    static const struct level right[] = {{1, 3}, {2, 4}};
    static const struct level one[] = {{1, 3}}, foreign[] = {{1, 3}, {2, 4}, {9, 1}};
    static const struct level negative[] = {{1, -1}, {2, 4}}, huge[] = {{1, 100000}, {2, 4}};
    const struct {
        const char *sku;
        int64_t code;
    } cases[] = {
        {update_of(1, one, 1), 12019028},      {update_of(1, foreign, 3), 12019022},
        {update_of(1, negative, 2), 12019024}, {update_of(1, huge, 2), 12019024},
        {update_of(900, right, 2), 12052036},  {"{\"inventory\":[]}", 12052036},
    };
    int32_t before = catalogue_stock(&rig.sandbox->shops[0].catalogue, 0, 0)->available;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_answer answer = update(cases[i].sku);
        cr_assert_eq(answer.code, 0);
        cr_assert_eq(rig_int(answer.data, "errors.0.code"), cases[i].code, "%zu", i);
        cr_assert_eq(catalogue_stock(&rig.sandbox->shops[0].catalogue, 0, 0)->available, before);
    }
    struct sp_text both = sp_arena_printf(rig.arena, "%s,%s", cases[4].sku, update_of(1, right, 2));
    struct rig_answer answer = update(both.data);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 1);
    cr_assert(sp_text_is(rig_text(answer.data, "errors.0.detail.sku_id", rig.arena),
                         rig_id(ID_SKU, 900)));
    cr_assert_eq(catalogue_stock(&rig.sandbox->shops[0].catalogue, 0, 0)->available, 3);
}

Test(api_inventory, takes_a_lone_warehouse_unnamed_and_zero_only_when_set_so)
{
    struct sandbox_options options = rig_options();
    options.warehouses = 1;
    options.accepts_zero = false;
    rig_finish();
    rig_begin_with(&options);
    struct sp_text sku = sp_arena_printf(
        rig.arena, "{\"id\":\"%s\",\"inventory\":[{\"quantity\":7}]}", rig_id(ID_SKU, 1));
    cr_assert_eq(rig_at(update(sku.data).data, "errors").kind, SP_JSON_NONE);
    cr_assert_eq(catalogue_stock(&rig.sandbox->shops[0].catalogue, 0, 0)->available, 7);
    static const struct level zero[] = {{1, 0}};
    cr_assert_eq(rig_int(update(update_of(1, zero, 1)).data, "errors.0.code"), 12019024);
}

Test(api_inventory, refuses_updates_without_skus_and_of_unknown_products)
{
    cr_assert_eq(update("").code, 36009004);
    cr_assert_eq(rig_post("/product/202309/products/5/inventory/update", NULL, "{}").code,
                 12052032);
}
