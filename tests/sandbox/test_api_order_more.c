/* What an order's price is made of, and what it is called elsewhere.  Covers: api_price_detail.c,
 * api_external_orders.c, external_orders.c */
#include <criterion/criterion.h>

#include "tests/sandbox/rig.h"

TestSuite(price_detail, .init = rig_begin, .fini = rig_finish);
TestSuite(external_orders, .init = rig_begin, .fini = rig_finish);

static struct rig_answer price_of(const char *order)
{
    return rig_get(sp_arena_printf(rig.arena, "/order/202407/orders/%s/price_detail", order).data,
                   NULL);
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
    (void)rig_place(rig.sandbox, 20, AWAITING_SHIPMENT);
    for (uint32_t at = 0; at < 20; at++) {
        const char *id = rig_order(at);
        struct sp_json order = rig_at(
            rig_get("/order/202309/orders", sp_arena_printf(rig.arena, "ids=%s", id).data).data,
            "orders.0");
        struct sp_json price = price_of(id).data, units = rig_at(price, "line_items");
        cr_assert_eq(rig_minor(price, "payment"), rig_minor(order, "payment.total_amount"));
        cr_assert_eq(rig_minor(price, "sku_list_price"),
                     rig_minor(order, "payment.original_total_product_price"));
        cr_assert_eq(rig_minor(price, "sku_sale_price"), rig_minor(order, "payment.sub_total"));
        cr_assert_eq(rig_minor(price, "shipping_sale_price"),
                     rig_minor(order, "payment.shipping_fee"));
        cr_assert_eq(sp_json_count(units), sp_json_count(rig_at(order, "line_items")));
        for (size_t i = 0; i < SP_COUNT(parts); i++) {
            struct sp_json_walk walk = sp_json_each(units);
            struct sp_json unit;
            int64_t sum = 0;
            while (sp_json_next(&walk, NULL, &unit))
                sum += rig_minor(unit, parts[i]);
            cr_assert_eq(sum, rig_minor(price, parts[i]), "%s", parts[i]);
        }
        cr_assert(sp_text_equal(rig_text(units, "0.id", rig.arena),
                                rig_text(order, "line_items.0.id", rig.arena)));
    }
}

Test(price_detail, names_one_fee_differently_in_its_lines)
{
    struct sp_json price = price_of(rig_order(rig_place(rig.sandbox, 1, UNPAID))).data;
    cr_assert_eq(rig_minor(price, "cod_fee_net_amount"), 0);
    cr_assert_eq(rig_minor(price, "line_items.0.cod_fee_amount"), 0);
    cr_assert_eq(rig_at(price, "cod_fee_amount").kind, SP_JSON_NONE);
    cr_assert_eq(price_of("5").code, 21008111);
}

/* ---- elsewhere
 * ----------------------------------------------------------------------------------------- */

static struct rig_answer attach(const char *orders)
{
    return rig_post("/order/202406/orders/external_orders", NULL,
                    sp_arena_printf(rig.arena, "{\"orders\":[%s]}", orders).data);
}

static const char *reference(const char *order, const char *platform, const char *id,
                             const char *item)
{
    return sp_arena_printf(rig.arena,
                           "{\"id\":\"%s\",\"external_order\":{\"id\":\"%s\",\"platform\":\"%s\","
                           "\"line_items\":[{\"id\":\"L1\",\"origin_id\":\"%s\"}]}}",
                           order, id, platform, item)
        .data;
}

static struct rig_answer find(const char *query)
{
    return rig_post("/order/202406/orders/external_order_search", query, NULL);
}

static struct rig_answer read_of(const char *order, const char *query)
{
    return rig_get(
        sp_arena_printf(rig.arena, "/order/202406/orders/%s/external_orders", order).data, query);
}

Test(external_orders, are_read_by_order_and_found_by_their_names)
{
    uint32_t at = rig_place(rig.sandbox, 2, UNPAID);
    const char *order = rig_order(at), *item = rig_item(at, 0);
    struct rig_answer answer = attach(reference(order, "ERP_SYSTEM", "E-1", item));
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 0);
    answer = read_of(order, "platform=ERP_SYSTEM");
    cr_assert(sp_text_is(rig_text(answer.data, "external_orders.0.id", rig.arena), "E-1"));
    cr_assert(sp_text_is(
        rig_text(answer.data, "external_orders.0.line_items.0.origin_id", rig.arena), item));
    cr_assert_eq(sp_json_count(rig_at(read_of(order, "platform=AMAZON").data, "external_orders")),
                 0);
    answer = find("platform=ERP_SYSTEM&external_order_id=E-1");
    cr_assert(sp_text_is(rig_text(answer.data, "orders.0.id", rig.arena), order));
    cr_assert(sp_text_is(rig_text(answer.data, "orders.0.external_order.platform", rig.arena),
                         "ERP_SYSTEM"));
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
    uint32_t at = rig_place(rig.sandbox, 2, UNPAID);
    const char *order = rig_order(at), *item = rig_item(at, 0);
    const char *other = rig_item(at + 1, 0);
    struct sp_text orders = sp_arena_printf(
        rig.arena, "%s,%s,%s,%s,%s", reference("5", "AMAZON", "A", item),
        reference(order, "PIGEON", "A", item), reference(order, "AMAZON", "", item),
        reference(order, "AMAZON", "A", other), reference(order, "MAGENTO", "M", item));
    struct rig_answer answer = attach(orders.data);
    struct sp_json errors = rig_at(answer.data, "errors");
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(errors), 4);
    cr_assert_eq(rig_at(errors, "0.code").kind, SP_JSON_STRING);
    cr_assert(sp_text_is(rig_text(errors, "0.code", rig.arena), "36020001"));
    cr_assert(sp_text_is(rig_text(errors, "0.detail.order_id", rig.arena), "5"));
    cr_assert(
        sp_text_is(rig_text(errors, "1.detail.external_order.platform", rig.arena), "PIGEON"));
    cr_assert_eq(rig.sandbox->shops[0].external.count, 1);
    cr_assert_eq(attach("").code, 36009004);
    cr_assert_eq(read_of(order, "").code, 36009004);
    cr_assert_eq(read_of("5", "platform=AMAZON").code, 21008111);
    cr_assert_eq(find("platform=AMAZON").code, 36009004);
    cr_assert_eq(find("external_order_id=A").code, 36009004);
}
