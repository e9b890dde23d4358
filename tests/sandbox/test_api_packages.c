/* Packages and logistics, read over the Open API.  Covers: api_packages.c, api_package.c,
 * api_logistics.c, package_search.c, package_json.c */
#include <criterion/criterion.h>
#include <string.h>

#include "common/http_client.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/fulfil.h"

TestSuite(api_packages, .init = fulfil_open, .fini = fulfil_close);

static struct rig_answer search(const char *query, const char *body)
{
    return fulfil_call(BRITISH, "POST", "/fulfillment/202309/packages/search", query, body);
}

static bool text_is(struct sp_json value, const char *path, const char *expected)
{
    return sp_text_is(rig_text(value, path, fulfil_arena), expected);
}

static bool has(struct sp_json value, const char *path)
{
    return rig_at(value, path).kind != SP_JSON_NONE;
}

static struct rig_answer next_page(const char *query, const struct rig_answer *answer)
{
    struct sp_buffer next = {0};
    sp_buffer_printf(&next, "%s&page_token=", query);
    sp_url_encode(&next, rig_text(answer->data, "next_page_token", fulfil_arena));
    sp_buffer_put(&next, "", 1);
    struct rig_answer page = search(next.data, "{}");
    sp_buffer_free(&next);
    return page;
}

Test(api_packages, are_walked_page_by_page_in_either_direction)
{
    static const char *const queries[] = {"page_size=4&sort_order=ASC",
                                          "page_size=4&sort_field=update_time&sort_order=DESC"};
    enum { ORDERS = 11 };
    for (int i = 0; i < ORDERS; i++)
        (void)fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    (void)fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT); /* no status to be found by */
    for (size_t i = 0; i < SP_COUNT(queries); i++) {
        struct rig_answer answer = search(queries[i], "{}");
        uint32_t seen = 0;
        for (;; answer = next_page(queries[i], &answer)) {
            struct sp_json_walk walk = sp_json_each(rig_at(answer.data, "packages"));
            struct sp_json package;
            cr_assert_eq(rig_int(answer.data, "total_count"), ORDERS);
            for (; sp_json_next(&walk, NULL, &package); seen++)
                cr_assert(text_is(package, "id",
                                  fulfil_package_id(BRITISH, i == 0 ? seen : ORDERS - 1 - seen)));
            if (rig_text(answer.data, "next_page_token", fulfil_arena).size == 0)
                break;
        }
        cr_assert_eq(seen, ORDERS);
    }
}

Test(api_packages, are_sorted_by_when_their_orders_were_paid)
{
    uint32_t late = fulfil_place(BRITISH, false, 1, IN_TRANSIT);
    uint32_t early = fulfil_place(BRITISH, false, 1, IN_TRANSIT);
    fulfil_order(BRITISH, early)->times.paid -= 100;
    struct rig_answer answer = search("page_size=2&sort_field=order_pay_time&sort_order=ASC", "{}");
    cr_assert(text_is(answer.data, "packages.0.id", fulfil_package_id(BRITISH, early)));
    cr_assert(text_is(answer.data, "packages.1.id", fulfil_package_id(BRITISH, late)));
}

Test(api_packages, are_found_by_status_and_time)
{
    (void)fulfil_place(BRITISH, false, 1, IN_TRANSIT);
    (void)fulfil_place(BRITISH, true, 1, DELIVERED);
    (void)fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t gone = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    cr_assert_eq(trade_cancel(fulfil_sandbox, fulfil_shop(BRITISH), gone, BUYER, NULL), SP_OK);
    static const struct {
        const char *body;
        int64_t total;
    } cases[] = {{"{\"package_status\":\"FULFILLING\"}", 1},
                 {"{\"package_status\":\"COMPLETED\"}", 1},
                 {"{\"package_status\":\"CANCELLED\"}", 1},
                 {"{\"package_status\":\"PROCESSING\"}", 0},
                 {"{\"create_time_lt\":5}", 0},
                 {"{\"update_time_ge\":5}", 3},
                 {"[]", 3}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_answer answer = search("page_size=1", cases[i].body);
        cr_assert_eq(rig_int(answer.data, "total_count"), cases[i].total, "%s", cases[i].body);
    }
    struct rig_answer found = search("page_size=1", "{\"package_status\":\"FULFILLING\"}");
    cr_assert(text_is(found.data, "packages.0.status", "FULFILLING"));
    cr_assert_not(has(found.data, "packages.0.package_id"));
    cr_assert_eq(sp_json_count(rig_at(found.data, "packages.0.order_line_item_ids")), FULFIL_UNITS);
    cr_assert(text_is(found.data, "packages.0.orders.0.id", fulfil_order_id(BRITISH, 0)));
    cr_assert(text_is(found.data, "packages.0.shipping_provider_name", "Evri"));
}

Test(api_packages, are_not_searched_by_wrong_parameters)
{
    static const char *const queries[] = {"",
                                          "page_size=51",
                                          "page_size=0",
                                          "page_size=1&sort_field=price",
                                          "page_size=1&sort_order=UP",
                                          "page_size=1&page_token=x"};
    for (size_t i = 0; i < SP_COUNT(queries); i++)
        cr_assert_eq(search(queries[i], "{}").code, 36009004, "%s", queries[i]);
    cr_assert_eq(search("page_size=1", "{\"package_status\":\"TO_FULFILL\"}").code, 36009004);
}

static struct rig_answer get(enum fulfil_shop shop, const char *path, const char *query)
{
    return fulfil_call(shop, "GET", path, query, NULL);
}

static const char *package_path(enum fulfil_shop shop, uint32_t order, const char *rest)
{
    return fulfil_text("/fulfillment/202309/packages/%s%s", fulfil_package_id(shop, order), rest);
}

Test(api_packages, are_shown_in_detail_with_the_other_names)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    struct rig_answer answer = get(BRITISH, package_path(BRITISH, at, ""), NULL);
    static const char *const texts[][2] = {{"package_status", "PROCESSING"},
                                           {"shipping_type", "TIKTOK"},
                                           {"split_and_combine_tag", "DEFAULT"},
                                           {"delivery_option_name", "Standard shipping"},
                                           {"handover_method", "DROP_OFF"},
                                           {"dimension.unit", "CM"},
                                           {"weight.value", "1250"},
                                           {"recipient_address.region_code", "GB"}};
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "package_id", fulfil_package_id(BRITISH, at)));
    cr_assert_not(has(answer.data, "id"));
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        cr_assert(text_is(answer.data, texts[i][0], texts[i][1]), "%s", texts[i][0]);
    cr_assert(sp_json_bool(rig_at(answer.data, "has_multi_skus")));
    cr_assert_eq(rig_int(answer.data, "orders.0.skus.0.quantity"), 3);
    cr_assert(rig_text(answer.data, "tracking_number", fulfil_arena).size > 8);
    /* the marketplace ships: the buyer is masked */
    struct sp_json to = rig_at(answer.data, "recipient_address");
    cr_assert(memmem(to.raw.data, to.raw.size, "Canary", 6) == NULL);
}

Test(api_packages, have_no_status_in_detail_until_they_are_sent_off)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    struct rig_answer answer = get(BRITISH, package_path(BRITISH, at, ""), NULL);
    cr_assert_eq(answer.code, 0);
    cr_assert_not(has(answer.data, "package_status"));
    cr_assert_not(has(answer.data, "tracking_number"));
}

Test(api_packages, of_others_are_not_shown)
{
    uint32_t at = fulfil_place(VIETNAMESE, false, 1, AWAITING_SHIPMENT);
    cr_assert_eq(get(BRITISH, package_path(VIETNAMESE, at, ""), NULL).code, 21008111);
    cr_assert_eq(get(VIETNAMESE, "/fulfillment/202309/packages/1", NULL).code, 21008111);
    cr_assert_eq(get(VIETNAMESE, package_path(VIETNAMESE, at, ""), NULL).code, 0);
}

Test(api_packages, agree_with_the_order_that_names_them)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    const char *query = fulfil_text("ids=%s", fulfil_order_id(BRITISH, at));
    struct rig_answer answer = get(BRITISH, "/order/202309/orders", query);
    struct sp_json order = rig_at(answer.data, "orders.0");
    cr_assert(text_is(order, "packages.0.id", fulfil_package_id(BRITISH, at)));
    cr_assert(text_is(order, "line_items.4.package_id", fulfil_package_id(BRITISH, at)));
    cr_assert(text_is(order, "line_items.4.package_status", "TO_FULFILL"));
    cr_assert_not(has(order, "tracking_number"));
    cr_assert_eq(trade_happen(fulfil_sandbox, fulfil_shop(BRITISH), at, SHIP, NULL), SP_OK);
    answer = get(BRITISH, "/order/202309/orders", query);
    order = rig_at(answer.data, "orders.0");
    struct sp_text number = rig_text(order, "tracking_number", fulfil_arena);
    cr_assert(number.size > 0);
    cr_assert(sp_text_equal(number, rig_text(order, "line_items.0.tracking_number", fulfil_arena)));
    cr_assert(text_is(order, "shipping_provider", "Evri"));
    cr_assert(text_is(order, "line_items.0.shipping_provider_name", "Evri"));
    cr_assert(text_is(order, "line_items.0.package_status", "PROCESSING"));
}

Test(api_packages, are_picked_up_or_brought_where_the_marketplace_ships)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    struct rig_answer slots = get(BRITISH, package_path(BRITISH, at, "/handover_time_slots"), NULL);
    cr_assert(sp_json_bool(rig_at(slots.data, "can_pickup")));
    cr_assert(sp_json_bool(rig_at(slots.data, "can_van_collection")));
    cr_assert_eq(sp_json_count(rig_at(slots.data, "pickup_slots")), PACKAGE_SLOTS);
    cr_assert(sp_json_bool(rig_at(slots.data, "pickup_slots.5.avaliable")));
    uint32_t own = fulfil_place(VIETNAMESE, true, 1, AWAITING_SHIPMENT);
    slots = get(VIETNAMESE, package_path(VIETNAMESE, own, "/handover_time_slots"), NULL);
    cr_assert_not(sp_json_bool(rig_at(slots.data, "can_drop_off")));
    cr_assert_eq(sp_json_count(rig_at(slots.data, "pickup_slots")), 0);
}

Test(api_packages, of_an_order_without_any_have_slots_by_the_order)
{
    uint32_t at = fulfil_place(AMERICAN, false, 1, AWAITING_SHIPMENT);
    const char *path = fulfil_text("/fulfillment/202309/orders/%s/handover_time_slots",
                                   fulfil_order_id(AMERICAN, at));
    const char *items = fulfil_text("order_line_item_ids=%s%%2C%s", fulfil_item_id(AMERICAN, at, 0),
                                    fulfil_item_id(AMERICAN, at, 4));
    struct rig_answer slots = get(AMERICAN, path, items);
    cr_assert_eq(slots.code, 0);
    cr_assert(sp_json_bool(rig_at(slots.data, "can_pickup")));
    cr_assert_not(sp_json_bool(rig_at(slots.data, "can_van_collection")));
    cr_assert_eq(get(AMERICAN, path, "order_line_item_ids=5").code, 36009004);
    cr_assert_eq(get(GERMAN, path, items).code, 21008111);
}

/* ---- logistics
 * --------------------------------------------------------------------------------------- */

static const char *warehouse_path(uint64_t number)
{
    return fulfil_text(
        "/logistics/202309/warehouses/%llu/delivery_options",
        (unsigned long long)ids_make(&fulfil_shop(BRITISH)->ids, ID_WAREHOUSE, number));
}

Test(api_logistics, offers_two_ways_from_a_warehouse_that_sells)
{
    fulfil_open();
    struct rig_answer answer = get(BRITISH, warehouse_path(1), "scope=WAREHOUSE");
    cr_assert(text_is(answer.data, "delivery_options.0.type", "SEND_BY_SELLER"));
    cr_assert(text_is(answer.data, "delivery_options.1.type", "STANDARD"));
    cr_assert_eq(rig_int(answer.data, "delivery_options.1.weight_limit.max_weight"), 30000);
    cr_assert_eq(
        sp_json_count(rig_at(get(BRITISH, warehouse_path(3), NULL).data, "delivery_options")), 0);
    cr_assert_eq(get(BRITISH, warehouse_path(4), NULL).code, 36009004);
    cr_assert_eq(get(BRITISH, warehouse_path(1), "scope=ALL").code, 36009004);
    fulfil_close();
}

Test(api_logistics, names_the_carriers_of_the_way_an_order_goes)
{
    fulfil_open();
    uint32_t at = fulfil_place(BRITISH, true, 1, AWAITING_SHIPMENT);
    struct rig_answer order =
        get(BRITISH, "/order/202309/orders", fulfil_text("ids=%s", fulfil_order_id(BRITISH, at)));
    struct sp_text option = rig_text(order.data, "orders.0.delivery_option_id", fulfil_arena);
    struct rig_answer answer = get(
        BRITISH,
        fulfil_text("/logistics/202309/delivery_options/%.*s/shipping_providers", SP_FMT(option)),
        NULL);
    cr_assert(text_is(answer.data, "shipping_providers.0.id", fulfil_carrier_id(BRITISH, true)));
    cr_assert(text_is(answer.data, "shipping_providers.0.name", "Royal Mail"));
    cr_assert_eq(sp_json_count(rig_at(answer.data, "shipping_providers")), 3);
    cr_assert_eq(get(BRITISH, "/logistics/202309/delivery_options/1/shipping_providers", NULL).code,
                 36009004);
    fulfil_close();
}

Test(api_logistics, lists_global_warehouses_without_a_shop)
{
    fulfil_open();
    struct rig_call call = {
        .method = "GET", .path = "/logistics/202309/global_warehouses", .without_cipher = true};
    struct rig_answer answer = rig_call(fulfil_sandbox, fulfil_arena, &call);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "global_warehouses")), 2);
    cr_assert(text_is(answer.data, "global_warehouses.0.ownership", "SELLER"));
    fulfil_close();
}
