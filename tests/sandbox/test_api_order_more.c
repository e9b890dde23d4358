/* What an order's price is made of, and what it is called elsewhere.  Covers: api_price_detail.c,
 * api_external_orders.c, external_orders.c */
#include <criterion/criterion.h>

#include "tests/sandbox/rig.h"

static struct sandbox *sandbox;
static struct sp_arena *arena;

static void open_all(void)
{
    struct sandbox_options options = rig_options();
    sandbox = rig_open(&options);
    rig_authorize(sandbox);
    arena = sp_arena_open();
}

static void close_all(void)
{
    sandbox_close(&sandbox);
    sp_arena_close(&arena);
}

TestSuite(price_detail, .init = open_all, .fini = close_all);
TestSuite(external_orders, .init = open_all, .fini = close_all);

static struct rig_answer call_to(const char *method, struct sp_text path, const char *query,
                                 const char *body)
{
    struct rig_call call = {.method = method, .path = path.data, .query = query, .body = body};
    return rig_call(sandbox, arena, &call);
}

static int64_t minor(struct sp_json value, const char *path)
{
    int64_t amount;
    struct sp_json at = rig_at(value, path);
    cr_assert_eq(at.kind, SP_JSON_STRING, "%s", path);
    cr_assert_eq(sp_json_minor(at, 2, &amount), SP_OK);
    return amount;
}

static struct rig_answer price_of(const char *order)
{
    return call_to("GET", sp_arena_printf(arena, "/order/202407/orders/%s/price_detail", order),
                   NULL, NULL);
}

Test(price_detail, adds_up_to_what_the_order_says)
{
    static const char *const parts[] = {"total",
                                        "payment",
                                        "sku_list_price",
                                        "sku_sale_price",
                                        "subtotal_deduction_seller",
                                        "shipping_list_price",
                                        "shipping_sale_price"};
    (void)rig_place(sandbox, 20, AWAITING_SHIPMENT);
    for (uint32_t at = 0; at < 20; at++) {
        const char *id = rig_order(sandbox, arena, at);
        struct sp_json order = rig_at(call_to("GET", SP_TEXT("/order/202309/orders"),
                                              sp_arena_printf(arena, "ids=%s", id).data, NULL)
                                          .data,
                                      "orders.0");
        struct sp_json price = price_of(id).data, units = rig_at(price, "line_items");
        cr_assert_eq(minor(price, "payment"), minor(order, "payment.total_amount"));
        cr_assert_eq(minor(price, "sku_list_price"),
                     minor(order, "payment.original_total_product_price"));
        cr_assert_eq(minor(price, "sku_sale_price"), minor(order, "payment.sub_total"));
        cr_assert_eq(minor(price, "shipping_sale_price"), minor(order, "payment.shipping_fee"));
        cr_assert_eq(sp_json_count(units), sp_json_count(rig_at(order, "line_items")));
        for (size_t i = 0; i < SP_COUNT(parts); i++) {
            struct sp_json_walk walk = sp_json_each(units);
            struct sp_json unit;
            int64_t sum = 0;
            while (sp_json_next(&walk, NULL, &unit))
                sum += minor(unit, parts[i]);
            cr_assert_eq(sum, minor(price, parts[i]), "%s", parts[i]);
        }
        cr_assert(sp_text_equal(rig_text(units, "0.id", arena),
                                rig_text(order, "line_items.0.id", arena)));
    }
}

Test(price_detail, names_one_fee_differently_in_its_lines)
{
    struct sp_json price = price_of(rig_order(sandbox, arena, rig_place(sandbox, 1, UNPAID))).data;
    cr_assert_eq(minor(price, "cod_fee_net_amount"), 0);
    cr_assert_eq(minor(price, "line_items.0.cod_fee_amount"), 0);
    cr_assert_eq(rig_at(price, "cod_fee_amount").kind, SP_JSON_NONE);
    cr_assert_eq(price_of("5").code, 21008111);
}

/* ---- elsewhere
 * ----------------------------------------------------------------------------------------- */

static struct rig_answer attach(const char *orders)
{
    return call_to("POST", SP_TEXT("/order/202406/orders/external_orders"), NULL,
                   sp_arena_printf(arena, "{\"orders\":[%s]}", orders).data);
}

static const char *reference(const char *order, const char *platform, const char *id,
                             const char *item)
{
    return sp_arena_printf(arena,
                           "{\"id\":\"%s\",\"external_order\":{\"id\":\"%s\",\"platform\":\"%s\","
                           "\"line_items\":[{\"id\":\"L1\",\"origin_id\":\"%s\"}]}}",
                           order, id, platform, item)
        .data;
}

static struct rig_answer find(const char *query)
{
    return call_to("POST", SP_TEXT("/order/202406/orders/external_order_search"), query, NULL);
}

static struct rig_answer read_of(const char *order, const char *query)
{
    return call_to("GET", sp_arena_printf(arena, "/order/202406/orders/%s/external_orders", order),
                   query, NULL);
}

Test(external_orders, are_read_by_order_and_found_by_their_names)
{
    uint32_t at = rig_place(sandbox, 2, UNPAID);
    const char *order = rig_order(sandbox, arena, at), *item = rig_item(sandbox, arena, at, 0);
    struct rig_answer answer = attach(reference(order, "ERP_SYSTEM", "E-1", item));
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 0);
    answer = read_of(order, "platform=ERP_SYSTEM");
    cr_assert(sp_text_is(rig_text(answer.data, "external_orders.0.id", arena), "E-1"));
    cr_assert(
        sp_text_is(rig_text(answer.data, "external_orders.0.line_items.0.origin_id", arena), item));
    cr_assert_eq(sp_json_count(rig_at(read_of(order, "platform=AMAZON").data, "external_orders")),
                 0);
    answer = find("platform=ERP_SYSTEM&external_order_id=E-1");
    cr_assert(sp_text_is(rig_text(answer.data, "orders.0.id", arena), order));
    cr_assert(
        sp_text_is(rig_text(answer.data, "orders.0.external_order.platform", arena), "ERP_SYSTEM"));
    cr_assert_eq(
        sp_json_count(rig_at(find("platform=AMAZON&external_order_id=E-1").data, "orders")), 0);
    /* told again: the new name counts */
    (void)attach(reference(order, "ERP_SYSTEM", "E-2", item));
    cr_assert_eq(
        sp_json_count(rig_at(find("platform=ERP_SYSTEM&external_order_id=E-1").data, "orders")), 0);
    cr_assert_eq(
        sp_json_count(rig_at(read_of(order, "platform=ERP_SYSTEM").data, "external_orders")), 1);
}

Test(external_orders, report_each_wrong_one_with_a_code_that_is_text)
{
    uint32_t at = rig_place(sandbox, 2, UNPAID);
    const char *order = rig_order(sandbox, arena, at), *item = rig_item(sandbox, arena, at, 0);
    const char *other = rig_item(sandbox, arena, at + 1, 0);
    struct sp_text orders = sp_arena_printf(
        arena, "%s,%s,%s,%s,%s", reference("5", "AMAZON", "A", item),
        reference(order, "PIGEON", "A", item), reference(order, "AMAZON", "", item),
        reference(order, "AMAZON", "A", other), reference(order, "MAGENTO", "M", item));
    struct rig_answer answer = attach(orders.data);
    struct sp_json errors = rig_at(answer.data, "errors");
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(errors), 4);
    cr_assert_eq(rig_at(errors, "0.code").kind, SP_JSON_STRING);
    cr_assert(sp_text_is(rig_text(errors, "0.code", arena), "36020001"));
    cr_assert(sp_text_is(rig_text(errors, "0.detail.order_id", arena), "5"));
    cr_assert(sp_text_is(rig_text(errors, "1.detail.external_order.platform", arena), "PIGEON"));
    cr_assert_eq(sandbox->shops[0].external.count, 1);
    cr_assert_eq(attach("").code, 36009004);
    cr_assert_eq(read_of(order, "").code, 36009004);
    cr_assert_eq(read_of("5", "platform=AMAZON").code, 21008111);
    cr_assert_eq(find("platform=AMAZON").code, 36009004);
    cr_assert_eq(find("external_order_id=A").code, 36009004);
}
