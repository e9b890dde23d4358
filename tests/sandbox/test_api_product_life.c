/* Products put on sale and off, their prices, where they belong.  Covers: api_product_life.c,
 * api_categories.c, product_life.c, products.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/sandbox/products.h"
#include "tests/sandbox/rig.h"

static struct sandbox *sandbox;
static struct shop *shop;
static struct sp_arena *arena;

static void open_all(void)
{
    struct sandbox_options options = rig_options();
    sandbox = rig_open(&options);
    shop = &sandbox->shops[0];
    rig_authorize(sandbox);
    arena = sp_arena_open();
}

static void pass(int64_t seconds)
{
    sandbox->clock.latest += seconds;
    sandbox->clock.at_us += seconds * 1000000;
}

static void close_all(void)
{
    sandbox_close(&sandbox);
    sp_arena_close(&arena);
}

TestSuite(product_calls, .init = open_all, .fini = close_all);

static struct rig_answer call_to(const char *method, const char *path, const char *query,
                                 const char *body)
{
    struct rig_call call = {.method = method, .path = path, .query = query, .body = body};
    return rig_call(sandbox, arena, &call);
}

static struct rig_answer ask(const char *what, uint32_t product)
{
    struct sp_text body = sp_arena_printf(arena, "{\"product_ids\":[\"%s\"]}",
                                          rig_id(sandbox, arena, ID_PRODUCT, product + 1u));
    if (strcmp(what, "delete") == 0)
        return call_to("DELETE", "/product/202309/products", NULL, body.data);
    return call_to("POST", sp_arena_printf(arena, "/product/202309/products/%s", what).data, NULL,
                   body.data);
}

static struct rig_answer detail(uint32_t product)
{
    return call_to("GET",
                   sp_arena_printf(arena, "/product/202309/products/%s",
                                   rig_id(sandbox, arena, ID_PRODUCT, product + 1u))
                       .data,
                   NULL, NULL);
}

static int64_t found(const char *body)
{
    return rig_int(call_to("POST", "/product/202502/products/search", "page_size=1", body).data,
                   "total_count");
}

static bool text_is(struct sp_json value, const char *path, const char *wanted)
{
    return sp_text_is(rig_text(value, path, arena), wanted);
}

Test(product_calls, take_products_off_and_through_the_audit_back)
{
    cr_assert_eq(rig_at(ask("deactivate", 3).data, "errors").kind, SP_JSON_NONE);
    cr_assert_eq(found("{\"status\":\"SELLER_DEACTIVATED\"}"), 1);
    cr_assert_eq(rig_int(ask("deactivate", 3).data, "errors.0.code"), 12052901);
    pass(10);
    cr_assert_eq(ask("activate", 3).code, 0);
    cr_assert_eq(found("{\"status\":\"PENDING\"}"), 1);
    cr_assert_eq(found("{\"audit_status\":[\"AUDITING\"]}"), 1);
    cr_assert_eq(found("{\"audit_status\":[\"AUDITING\",\"APPROVED\"]}"), 20);
    struct sp_json product = detail(3).data;
    cr_assert(text_is(product, "status", "PENDING"));
    cr_assert(text_is(product, "product_status", "SELLER_DEACTIVATED"));
    cr_assert(text_is(product, "audit.status", "AUDITING"));
    pass(PRODUCT_AUDIT_S - 1);
    products_tick(sandbox);
    cr_assert_eq(found("{\"status\":\"PENDING\"}"), 1);
    pass(1);
    products_tick(sandbox);
    product = detail(3).data;
    cr_assert(text_is(product, "status", "ACTIVATE"));
    cr_assert_eq(rig_int(product, "update_time"), sandbox->clock.latest);
    cr_assert_eq(shop->catalogue.pending, 0);
    cr_assert_eq(call_to("POST", "/product/202502/products/search", "page_size=1",
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
    struct sp_text path = sp_arena_printf(arena, "/product/202309/products/%s/inventory/update",
                                          rig_id(sandbox, arena, ID_PRODUCT, 3));
    cr_assert_eq(call_to("POST", path.data, NULL, "{\"skus\":[{}]}").code, 12052901);
    cr_assert_eq(ask("recover", 2).code, 0);
    cr_assert(text_is(detail(2).data, "status", "SELLER_DEACTIVATED"));
}

Test(product_calls, report_each_product_by_itself)
{
    struct sp_text body = sp_arena_printf(arena, "{\"product_ids\":[\"%s\",\"5\"]}",
                                          rig_id(sandbox, arena, ID_PRODUCT, 1));
    struct rig_answer answer =
        call_to("POST", "/product/202309/products/deactivate", NULL, body.data);
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 1);
    cr_assert_eq(rig_int(answer.data, "errors.0.code"), 12052032);
    cr_assert(text_is(answer.data, "errors.0.detail.product_id", "5"));
    cr_assert_eq(shop->catalogue.products[0].status, PRODUCT_SELLER_OFF);
    struct sp_buffer many = {0};
    sp_buffer_put_string(&many, "{\"product_ids\":[\"1\"");
    for (int i = 0; i < 20; i++)
        sp_buffer_put_string(&many, ",\"1\"");
    sp_buffer_put(&many, "]}", 3);
    cr_assert_eq(call_to("POST", "/product/202309/products/activate", NULL, many.data).code,
                 12019120);
    sp_buffer_free(&many);
    cr_assert_eq(call_to("DELETE", "/product/202309/products", NULL, "{}").code, 36009004);
}

/* ---- prices
 * -------------------------------------------------------------------------------------------- */

static struct rig_answer price(uint32_t product, uint64_t sku, const char *what)
{
    struct sp_text path = sp_arena_printf(arena, "/product/202309/products/%s/prices/update",
                                          rig_id(sandbox, arena, ID_PRODUCT, product + 1u));
    struct sp_text body = sp_arena_printf(arena, "{\"skus\":[{\"id\":\"%s\",\"price\":{%s}}]}",
                                          rig_id(sandbox, arena, ID_SKU, sku), what);
    return call_to("POST", path.data, NULL, body.data);
}

Test(product_calls, set_prices_written_otherwise_than_read)
{
    struct rig_answer answer = price(0, 1, "\"amount\":\"14.50\",\"currency\":\"GBP\"");
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(answer.data.raw, "{}"));
    cr_assert(text_is(detail(0).data, "skus.0.price.sale_price", "14.50"));
    cr_assert(text_is(detail(0).data, "skus.0.price.tax_exclusive_price", "14.50"));
    cr_assert_eq(price(0, 1, "\"sale_price\":\"15\"").code, 0);
    cr_assert_eq(shop->catalogue.skus[0].price_minor, 1500);
}

Test(product_calls, refuse_prices_that_are_wrong_and_then_set_none)
{
    int64_t before = shop->catalogue.skus[0].price_minor;
    cr_assert_eq(price(0, 1, "\"amount\":\"1.234\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"0\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"-1\"").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":5").code, 12052012);
    cr_assert_eq(price(0, 1, "\"amount\":\"5\",\"currency\":\"USD\"").code, 12052012);
    cr_assert_eq(price(0, 900, "\"amount\":\"5\"").code, 12052036);
    cr_assert_eq(price(900, 1, "\"amount\":\"5\"").code, 12052032);
    struct sp_text path = sp_arena_printf(arena, "/product/202309/products/%s/prices/update",
                                          rig_id(sandbox, arena, ID_PRODUCT, 1));
    struct sp_text body = sp_arena_printf(
        arena,
        "{\"skus\":[{\"id\":\"%s\",\"price\":{\"amount\":\"5\"}},{\"id\":\"5\",\"price\":{}}]}",
        rig_id(sandbox, arena, ID_SKU, 1));
    cr_assert_eq(call_to("POST", path.data, NULL, body.data).code, 12052036);
    cr_assert_eq(call_to("POST", path.data, NULL, "{}").code, 36009004);
    shop->catalogue.products[0].price_locked = true;
    cr_assert_eq(price(0, 1, "\"amount\":\"5\"").code, 12019045);
    cr_assert(products_happen(sandbox, shop, 0, PRODUCT_DEACTIVATE));
    cr_assert_eq(price(0, 1, "\"amount\":\"5\"").code, 12052901);
    cr_assert_eq(shop->catalogue.skus[0].price_minor, before);
}

Test(product_calls, name_categories_and_brands)
{
    struct rig_answer answer = call_to("GET", "/product/202309/categories", NULL, NULL);
    cr_assert(text_is(answer.data, "categories.0.parent_id", "0"));
    const char *leaf =
        sp_arena_printf(arena, "%.*s", SP_FMT(rig_text(answer.data, "categories.1.id", arena)))
            .data;
    cr_assert(text_is(answer.data, "categories.1.is_leaf", "true"));
    cr_assert(text_is(detail(0).data, "category_chains.0.id", leaf));
    answer = call_to("GET",
                     sp_arena_printf(arena, "/product/202309/categories/%s/attributes", leaf).data,
                     NULL, NULL);
    cr_assert_eq(rig_at(answer.data, "attributes.0.is_requried").kind, SP_JSON_BOOL);
    cr_assert_eq(call_to("GET", "/product/202309/categories/5/attributes", NULL, NULL).code,
                 36009004);
    answer = call_to("GET", "/product/202309/brands", "page_size=10", NULL);
    cr_assert(text_is(answer.data, "brands.0.authorized_status", "UNAUTHORIEZD"));
    cr_assert_eq(call_to("GET", "/product/202309/brands", NULL, NULL).code, 36009004);
}

Test(product_calls, show_one_version_at_a_time)
{
    struct sp_text path = sp_arena_printf(arena, "/product/202309/products/%s",
                                          rig_id(sandbox, arena, ID_PRODUCT, 1));
    cr_assert_eq(call_to("GET", path.data, "return_draft_version=true", NULL).code, 0);
    cr_assert_eq(call_to("GET", path.data,
                         "return_draft_version=true&return_under_review_version=true", NULL)
                     .code,
                 36009004);
    cr_assert(products_happen(sandbox, shop, 0, PRODUCT_FREEZE));
    cr_assert_eq(call_to("GET", path.data, NULL, NULL).code, 12052032);
}

/* ---- the life
 * ------------------------------------------------------------------------------------------ */

static void print_steps(struct sp_buffer *out)
{
    for (size_t i = 0; i < product_life.step_count; i++)
        sp_buffer_printf(out, "%-19s %-10s %s\n", product_life.states[product_life.steps[i].from],
                         product_life.events[product_life.steps[i].event],
                         product_life.states[product_life.steps[i].to]);
    sp_buffer_put(out, "", 1);
}

Test(product_life, has_exactly_the_steps_that_are_documented)
{
    struct sp_buffer printed = {0};
    static char documented[16384];
    FILE *file = fopen(SANDBOX_STATES, "r");
    cr_assert(file != NULL);
    cr_assert(fread(documented, 1, sizeof documented - 1, file) > 0);
    (void)fclose(file);
    print_steps(&printed);
    cr_assert(strstr(documented, printed.data) != NULL, "%s", printed.data);
    sp_buffer_free(&printed);
}
