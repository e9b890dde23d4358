/* Products put on sale and off, their prices, where they belong.  Covers: api_product_life.c,
 * api_categories.c, product_life.c, products.c */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/products.h"
#include "tests/sandbox/rig.h"

TestSuite(product_calls, .init = rig_begin, .fini = rig_finish);

static struct rig_answer ask(const char *what, uint32_t product)
{
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"product_ids\":[\"%s\"]}", rig_id(ID_PRODUCT, product + 1u));
    if (strcmp(what, "delete") == 0)
        return rig_send("DELETE", "/product/202309/products", NULL, body.data);
    return rig_send("POST", sp_arena_printf(rig.arena, "/product/202309/products/%s", what).data,
                    NULL, body.data);
}

static struct rig_answer detail(uint32_t product)
{
    return rig_send(
        "GET",
        sp_arena_printf(rig.arena, "/product/202309/products/%s", rig_id(ID_PRODUCT, product + 1u))
            .data,
        NULL, NULL);
}

static int64_t found(const char *body)
{
    return rig_int(rig_send("POST", "/product/202502/products/search", "page_size=1", body).data,
                   "total_count");
}

Test(product_calls, take_products_off_and_through_the_audit_back)
{
    cr_assert_eq(rig_at(ask("deactivate", 3).data, "errors").kind, SP_JSON_NONE);
    cr_assert_eq(found("{\"status\":\"SELLER_DEACTIVATED\"}"), 1);
    cr_assert_eq(rig_int(ask("deactivate", 3).data, "errors.0.code"), 12052901);
    rig_pass(rig.sandbox, 10);
    cr_assert_eq(ask("activate", 3).code, 0);
    cr_assert_eq(found("{\"status\":\"PENDING\"}"), 1);
    cr_assert_eq(found("{\"audit_status\":[\"AUDITING\"]}"), 1);
    cr_assert_eq(found("{\"audit_status\":[\"AUDITING\",\"APPROVED\"]}"), 20);
    struct sp_json product = detail(3).data;
    cr_assert(rig_is(product, "status", "PENDING"));
    cr_assert(rig_is(product, "product_status", "SELLER_DEACTIVATED"));
    cr_assert(rig_is(product, "audit.status", "AUDITING"));
    rig_pass(rig.sandbox, PRODUCT_AUDIT_S - 1);
    cr_assert_eq(found("{\"status\":\"PENDING\"}"), 1);
    rig_pass(rig.sandbox, 1);
    product = detail(3).data;
    cr_assert(rig_is(product, "status", "ACTIVATE"));
    cr_assert_eq(rig_int(product, "update_time"), sandbox_clock(rig.sandbox));
    cr_assert_eq(rig_send("POST", "/product/202502/products/search", "page_size=1",
                          "{\"audit_status\":[\"MAYBE\"]}")
                     .code,
                 36009004);
}

Test(product_calls, delete_and_recover)
{
    cr_assert_eq(rig_int(ask("recover", 2).data, "errors.0.code"), 12052901);
    cr_assert_eq(rig_at(ask("delete", 2).data, "errors").kind, SP_JSON_NONE);
    cr_assert_eq(detail(2).code, 12052032);
    cr_assert_eq(found("{\"status\":\"DELETED\"}"), 1);
    struct sp_text path = sp_arena_printf(rig.arena, "/product/202309/products/%s/inventory/update",
                                          rig_id(ID_PRODUCT, 3));
    cr_assert_eq(rig_send("POST", path.data, NULL, "{\"skus\":[{}]}").code, 12052901);
    cr_assert_eq(ask("recover", 2).code, 0);
    cr_assert(rig_is(detail(2).data, "status", "SELLER_DEACTIVATED"));
}

Test(product_calls, report_each_product_by_itself)
{
    struct sp_text body =
        sp_arena_printf(rig.arena, "{\"product_ids\":[\"%s\",\"5\"]}", rig_id(ID_PRODUCT, 1));
    struct rig_answer answer =
        rig_send("POST", "/product/202309/products/deactivate", NULL, body.data);
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 1);
    cr_assert_eq(rig_int(answer.data, "errors.0.code"), 12052032);
    cr_assert(rig_is(answer.data, "errors.0.detail.product_id", "5"));
    cr_assert_eq(rig.shop->catalogue.products[0].status, PRODUCT_SELLER_OFF);
    struct sp_buffer many = {0};
    sp_buffer_put_string(&many, "{\"product_ids\":[\"1\"");
    for (int i = 0; i < 20; i++)
        sp_buffer_put_string(&many, ",\"1\"");
    sp_buffer_put(&many, "]}", 3);
    cr_assert_eq(rig_send("POST", "/product/202309/products/activate", NULL, many.data).code,
                 12019120);
    sp_buffer_free(&many);
    cr_assert_eq(rig_send("DELETE", "/product/202309/products", NULL, "{}").code, 36009004);
}

/* ---- prices
 * -------------------------------------------------------------------------------------------- */

static struct rig_answer price(uint32_t product, uint64_t sku, const char *what)
{
    struct sp_text path = sp_arena_printf(rig.arena, "/product/202309/products/%s/prices/update",
                                          rig_id(ID_PRODUCT, product + 1u));
    struct sp_text body = sp_arena_printf(rig.arena, "{\"skus\":[{\"id\":\"%s\",\"price\":{%s}}]}",
                                          rig_id(ID_SKU, sku), what);
    return rig_send("POST", path.data, NULL, body.data);
}

Test(product_calls, set_prices_written_otherwise_than_read)
{
    struct rig_answer answer = price(0, 1, "\"amount\":\"14.50\",\"currency\":\"GBP\"");
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(answer.data.raw, "{}"));
    cr_assert(rig_is(detail(0).data, "skus.0.price.sale_price", "14.50"));
    cr_assert(rig_is(detail(0).data, "skus.0.price.tax_exclusive_price", "14.50"));
    cr_assert_eq(price(0, 1, "\"sale_price\":\"15\"").code, 0);
    cr_assert_eq(rig.shop->catalogue.skus[0].price_minor, 1500);
}

Test(product_calls, refuse_prices_that_are_wrong_and_then_set_none)
{
    int64_t before = rig.shop->catalogue.skus[0].price_minor;
    cr_assert_eq(price(0, 1, "\"amount\":\"1.234\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"0\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"-1\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":5").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"5\",\"currency\":\"USD\"").code, 12052012);
    cr_assert_eq(price(0, 900, "\"amount\":\"5\"").code, 12052036);
    cr_assert_eq(price(900, 1, "\"amount\":\"5\"").code, 12052032);
    struct sp_text path = sp_arena_printf(rig.arena, "/product/202309/products/%s/prices/update",
                                          rig_id(ID_PRODUCT, 1));
    struct sp_text body = sp_arena_printf(
        rig.arena,
        "{\"skus\":[{\"id\":\"%s\",\"price\":{\"amount\":\"5\"}},{\"id\":\"5\",\"price\":{}}]}",
        rig_id(ID_SKU, 1));
    cr_assert_eq(rig_send("POST", path.data, NULL, body.data).code, 12052036);
    cr_assert_eq(rig_send("POST", path.data, NULL, "{}").code, 36009004);
    rig.shop->catalogue.products[0].price_locked = true;
    cr_assert_eq(price(0, 1, "\"amount\":\"5\"").code, 12019045);
    cr_assert(products_happen(rig.sandbox, rig.shop, 0, PRODUCT_DEACTIVATE));
    cr_assert_eq(price(0, 1, "\"amount\":\"5\"").code, 12052901);
    cr_assert_eq(rig.shop->catalogue.skus[0].price_minor, before);
}

Test(product_calls, name_categories_and_brands)
{
    struct rig_answer answer = rig_send("GET", "/product/202309/categories", NULL, NULL);
    cr_assert(rig_is(answer.data, "categories.0.parent_id", "0"));
    const char *leaf = sp_arena_printf(rig.arena, "%.*s",
                                       SP_FMT(rig_text(answer.data, "categories.1.id", rig.arena)))
                           .data;
    cr_assert(rig_is(answer.data, "categories.1.is_leaf", "true"));
    cr_assert(rig_is(detail(0).data, "category_chains.0.id", leaf));
    answer = rig_send(
        "GET", sp_arena_printf(rig.arena, "/product/202309/categories/%s/attributes", leaf).data,
        NULL, NULL);
    cr_assert_eq(rig_at(answer.data, "attributes.0.is_requried").kind, SP_JSON_BOOL);
    cr_assert_eq(rig_send("GET", "/product/202309/categories/5/attributes", NULL, NULL).code,
                 36009004);
    answer = rig_send("GET", "/product/202309/brands", "page_size=10", NULL);
    cr_assert(rig_is(answer.data, "brands.0.authorized_status", "UNAUTHORIEZD"));
    cr_assert_eq(rig_send("GET", "/product/202309/brands", NULL, NULL).code, 36009004);
}

Test(product_calls, show_one_version_at_a_time)
{
    struct sp_text path =
        sp_arena_printf(rig.arena, "/product/202309/products/%s", rig_id(ID_PRODUCT, 1));
    cr_assert_eq(rig_send("GET", path.data, "return_draft_version=true", NULL).code, 0);
    cr_assert_eq(rig_send("GET", path.data,
                          "return_draft_version=true&return_under_review_version=true", NULL)
                     .code,
                 36009004);
    cr_assert(products_happen(rig.sandbox, rig.shop, 0, PRODUCT_FREEZE));
    cr_assert_eq(rig_send("GET", path.data, NULL, NULL).code, 12052032);
}

/* ---- the life
 * ------------------------------------------------------------------------------------------ */

Test(product_life, has_exactly_the_steps_that_are_documented)
{
    rig_steps_are_documented(&product_life);
}
