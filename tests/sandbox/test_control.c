/* The control side, over HTTP.  Covers: control.c, control_orders.c, control_truth.c,
 * control_faults.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

static struct process *sandbox;

static void start(void)
{
    static const char *const settings[] = {"SAMPAN_SANDBOX_PRODUCTS=30", NULL};
    sandbox = process_start(settings);
}

static void stop(void)
{
    cr_assert_eq(process_stop(sandbox), 0);
}

TestSuite(control, .init = start, .fini = stop);

static size_t lines_of(struct sp_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n' ? 1 : 0;
    return count;
}

static struct reply move_to(struct sp_text id, const char *body)
{
    struct sp_text path =
        sp_arena_printf(sandbox->arena, "/sandbox/orders/%.*s/status", SP_FMT(id));
    return process_post(sandbox, path.data, body);
}

Test(control, places_orders_and_tells_their_ids)
{
    struct reply reply = process_post(sandbox, "/sandbox/orders",
                                      "{\"count\":7,\"skus_per_order\":3,"
                                      "\"units_per_sku\":2,\"status\":\"UNPAID\"}");
    cr_assert_eq(reply.status, 201);
    cr_assert_eq(sp_json_count(rig_at(reply.json, "ids")), 7);
    struct sp_text last = rig_text(reply.json, "ids.6", sandbox->arena);
    struct reply truth = process_get(sandbox, "/sandbox/truth");
    cr_assert_eq(rig_int(truth.json, "orders"), 7);
    cr_assert_eq(rig_int(truth.json, "units"), 42);
    cr_assert_eq(rig_int(truth.json, "listings"), 30);
    cr_assert_eq(rig_int(truth.json, "by_status.UNPAID"), 7);
    truth = process_get(sandbox, "/sandbox/truth/orders");
    cr_assert_eq(lines_of(truth.body), 7);
    cr_assert(sp_text_holds(truth.body, sp_arena_copy(sandbox->arena, last).data));
}

Test(control, places_orders_at_a_rate)
{
    struct reply reply = process_post(sandbox, "/sandbox/orders", "{\"count\":40,\"at_rate\":100}");
    cr_assert_eq(reply.status, 202);
    cr_assert_eq(sp_json_count(rig_at(reply.json, "ids")), 40);
    cr_assert(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders") < 40);
    for (int i = 0; i < 200 && rig_int(process_get(sandbox, "/sandbox/truth").json, "orders") < 40;
         i++)
        (void)usleep(10000);
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders"), 40);
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox").json, "orders_to_come"), 0);
}

Test(control, moves_an_order_only_where_its_state_allows)
{
    struct reply placed = process_post(sandbox, "/sandbox/orders", "{\"status\":\"UNPAID\"}");
    struct sp_text id = rig_text(placed.json, "ids.0", sandbox->arena);
    struct reply reply = move_to(id, "{\"status\":\"DELIVERED\"}");
    cr_assert_eq(reply.status, 409);
    cr_assert(sp_text_holds(reply.body, "an order in UNPAID cannot deliver"));
    reply = move_to(id, "{\"status\":\"ON_HOLD\"}");
    cr_assert_eq(reply.status, 200);
    cr_assert(sp_text_is(rig_text(reply.json, "status", sandbox->arena), "ON_HOLD"));
    reply = move_to(id, "{\"status\":\"CANCELLED\",\"initiator\":\"SELLER\"}");
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(move_to(id, "{\"status\":\"UNPAID\"}").status, 409);
    cr_assert_eq(move_to(SP_TEXT("1"), "{\"status\":\"ON_HOLD\"}").status, 404);
}

Test(control, says_what_is_wrong_with_a_command)
{
    static const struct {
        const char *target, *body;
        int status;
        const char *detail;
    } cases[] = {
        {"/sandbox/orders", "{", 400, "not JSON"},
        {"/sandbox/orders", "[]", 400, "object"},
        {"/sandbox/orders", "{\"colour\":1}", 422, "unknown member"},
        {"/sandbox/orders", "{\"count\":0}", 422, "count must be"},
        {"/sandbox/orders", "{\"count\":100001}", 422, "count must be"},
        {"/sandbox/orders", "{\"count\":\"3\"}", 422, "count must be"},
        {"/sandbox/orders", "{\"shop\":2}", 422, "shop must be"},
        {"/sandbox/orders", "{\"status\":\"PARTIALLY_SHIPPING\"}", 422, "status must be"},
        {"/sandbox/orders", "{\"seller_skus\":[\"none\"]}", 422, "seller_skus"},
        {"/sandbox/faults", "{\"next\":[{\"path\":\"/x\",\"kind\":\"418\"}]}", 422, "kind must be"},
        {"/sandbox/faults", "{\"next\":[{\"path\":\"x\",\"kind\":\"500\"}]}", 422, "path must"},
        {"/sandbox/grants", "{\"expire\":\"now\"}", 422, "expire must be"},
        {"/sandbox/grants", "{\"scopes\":[\"all\"]}", 422, "scopes"},
        {"/sandbox/nothing", "{}", 404, "no POST /sandbox/nothing"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct reply reply = process_post(sandbox, cases[i].target, cases[i].body);
        cr_assert_eq(reply.status, cases[i].status, "%s", cases[i].body);
        cr_assert(sp_text_holds(reply.body, cases[i].detail), "%.*s", SP_FMT(reply.body));
        cr_assert(sp_text_holds(reply_header(&reply, "Content-Type"), "application/problem+json"));
    }
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders"), 0);
}

Test(control, lists_the_goods_as_a_seller_imports_them)
{
    struct reply reply = process_get(sandbox, "/sandbox/catalogue.csv");
    cr_assert(sp_text_holds(reply.body, "sku,name,cost_minor,currency,supply\n"));
    cr_assert(sp_text_holds(reply.body, "\"10000A\","));
    cr_assert_eq(lines_of(reply.body),
                 (size_t)rig_int(process_get(sandbox, "/sandbox/truth").json, "skus") + 1);
}

Test(control, sums_what_open_orders_demand)
{
    (void)process_post(sandbox, "/sandbox/orders",
                       "{\"count\":3,\"seller_skus\":[\"10001A\"],\"units_per_sku\":4}");
    (void)process_post(sandbox, "/sandbox/orders",
                       "{\"count\":2,\"seller_skus\":[\"10001A\"],\"units_per_sku\":5,"
                       "\"status\":\"COMPLETED\"}");
    struct reply reply = process_get(sandbox, "/sandbox/demand");
    cr_assert_eq(lines_of(reply.body), 1);
    cr_assert(sp_text_holds(reply.body, "{\"seller_sku\":\"10001A\",\"units\":12}"));
}

Test(control, places_orders_of_each_kind)
{
    static const struct {
        const char *body;
        int status;
    } cases[] = {
        {"{\"kind\":\"sample\"}", 201},
        {"{\"kind\":\"cod+fulfilled_by_tiktok\"}", 201},
        {"{\"kind\":\"pre_order\"}", 422}, /* not in Great Britain */
        {"{\"kind\":\"gift\"}", 422},
        {"{\"kind\":\"replacement\"}", 422},
        {"{\"kind\":\"replacement\",\"of\":\"5\"}", 422},
        {"{\"kind\":\"sample\",\"release_after\":\"3d\"}", 422},
        {"{\"kind\":\"sample\",\"handling_days\":3}", 422},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(process_post(sandbox, "/sandbox/orders", cases[i].body).status,
                     cases[i].status, "%s", cases[i].body);
    struct sp_text id =
        rig_text(process_post(sandbox, "/sandbox/orders", "{}").json, "ids.0", sandbox->arena);
    struct sp_text body =
        sp_arena_printf(sandbox->arena, "{\"kind\":\"replacement\",\"of\":\"%.*s\"}", SP_FMT(id));
    struct reply placed = process_post(sandbox, "/sandbox/orders", body.data);
    cr_assert_eq(placed.status, 201);
    process_authorize(sandbox);
    struct sp_text query = sp_arena_printf(sandbox->arena, "ids=%.*s",
                                           SP_FMT(rig_text(placed.json, "ids.0", sandbox->arena)));
    struct reply shown = process_signed(sandbox, "GET", "/order/202309/orders", query.data, NULL);
    cr_assert(
        sp_text_equal(rig_text(shown.json, "data.orders.0.replaced_order_id", sandbox->arena), id));
}

Test(control, sells_nothing_that_was_taken_off_sale)
{
    static const char order[] = "{\"seller_skus\":[\"10000A\"]}";
    process_authorize(sandbox);
    struct reply found =
        process_signed(sandbox, "POST", "/product/202502/products/search", "page_size=1", order);
    struct sp_text path =
        sp_arena_printf(sandbox->arena, "/sandbox/products/%.*s/event",
                        SP_FMT(rig_text(found.json, "data.products.0.id", sandbox->arena)));
    cr_assert_eq(process_post(sandbox, "/sandbox/orders", order).status, 201);
    cr_assert_eq(process_post(sandbox, path.data, "{\"event\":\"deactivate\"}").status, 200);
    cr_assert_eq(process_post(sandbox, "/sandbox/orders", order).status, 409);
}

Test(control, shows_only_stock_that_was_told)
{
    process_authorize(sandbox);
    cr_assert_eq(process_get(sandbox, "/sandbox/truth/stock").body.size, 0);
    struct reply found = process_signed(sandbox, "POST", "/product/202502/products/search",
                                        "page_size=1", "{\"seller_skus\":[\"10000A\"]}");
    struct sp_text product = rig_text(found.json, "data.products.0.id", sandbox->arena);
    struct sp_text sku = rig_text(found.json, "data.products.0.skus.0.id", sandbox->arena);
    struct sp_text path = sp_arena_printf(
        sandbox->arena, "/product/202309/products/%.*s/inventory/update", SP_FMT(product));
    struct sp_text body = sp_arena_printf(
        sandbox->arena, "{\"skus\":[{\"id\":\"%.*s\",\"inventory\":[{\"quantity\":33}]}]}",
        SP_FMT(sku));
    (void)process_signed(sandbox, "POST", path.data, "", body.data);
    struct reply reply = process_get(sandbox, "/sandbox/truth/stock");
    cr_assert_eq(lines_of(reply.body), 1);
    cr_assert(sp_text_holds(reply.body, "\"quantity\":33"));
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "stock_pushes"), 1);
}

Test(control, begins_again_on_reset)
{
    (void)process_post(sandbox, "/sandbox/orders", "{\"count\":5}");
    struct reply reply = process_post(sandbox, "/sandbox/reset", "{}");
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders"), 0);
}

Test(control, takes_scopes_away)
{
    process_authorize(sandbox);
    (void)process_post(sandbox, "/sandbox/grants", "{\"scopes\":[\"seller.product.basic\"]}");
    struct reply reply = process_signed(sandbox, "GET", "/logistics/202309/warehouses", "", NULL);
    cr_assert_eq(rig_int(reply.json, "code"), 105005);
}

Test(control, gives_shops_other_ciphers)
{
    process_authorize(sandbox);
    (void)process_post(sandbox, "/sandbox/grants", "{\"new_ciphers\":true}");
    struct reply reply = process_signed(sandbox, "GET", "/logistics/202309/warehouses", "", NULL);
    cr_assert_eq(rig_int(reply.json, "code"), 101000);
}
