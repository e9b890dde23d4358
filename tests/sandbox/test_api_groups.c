/* Splitting and combining over the Open API.  Covers: api_package_group.c */
#include <criterion/criterion.h>

#include "common/http_client.h"
#include "tests/sandbox/fulfil.h"

TestSuite(api_groups, .init = fulfil_open, .fini = fulfil_close);

enum { REFUSED_SPLIT = 21008124, REFUSED_COMBINE = 21008125, FOREIGN = 21008111, PARAM = 36009004 };

static bool text_is(struct sp_json value, const char *path, const char *expected)
{
    return sp_text_is(rig_text(value, path, fulfil_arena), expected);
}

static const char *text_at(struct sp_json value, const char *path)
{
    struct sp_text text = rig_text(value, path, fulfil_arena);
    return fulfil_text("%.*s", SP_FMT(text));
}

/* "abbab": which group each unit goes into; '-': none. */
static struct rig_answer split(enum fulfil_shop shop, uint32_t order, const char *groups)
{
    struct sp_buffer body = {0};
    sp_buffer_printf(&body, "{\"order_id\":\"%s\",\"splittable_groups\":[",
                     fulfil_order_id(shop, order));
    for (char group = 'a'; group <= 'c'; group++) {
        size_t count = 0;
        for (uint32_t i = 0; i < FULFIL_UNITS; i++) {
            if (groups[i] != group)
                continue;
            if (count++ == 0)
                sp_buffer_printf(&body, "%s{\"id\":\"%c\",\"order_line_item_ids\":[",
                                 group > 'a' ? "," : "", group);
            sp_buffer_printf(&body, "%s\"%s\"", count > 1 ? "," : "",
                             fulfil_item_id(shop, order, i));
        }
        if (count > 0)
            sp_buffer_put_string(&body, "]}");
    }
    sp_buffer_put(&body, "]}", 3);
    struct rig_answer answer = fulfil_call(
        shop, "POST",
        fulfil_text("/fulfillment/202309/orders/%s/split", fulfil_order_id(shop, order)), NULL,
        body.data);
    sp_buffer_free(&body);
    return answer;
}

static struct rig_answer attributes(enum fulfil_shop shop, const char *ids)
{
    return fulfil_call(shop, "GET", "/fulfillment/202309/orders/split_attributes",
                       fulfil_text("order_ids=%s", ids), NULL);
}

Test(api_groups, splits_an_order_unit_by_unit)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    const char *old = fulfil_package_id(BRITISH, at);
    struct rig_answer answer = split(BRITISH, at, "abbab");
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "packages.0.splittable_group_id", "a"));
    const char *first = text_at(answer.data, "packages.0.id");
    struct rig_answer order =
        fulfil_call(BRITISH, "GET", "/order/202309/orders",
                    fulfil_text("ids=%s", fulfil_order_id(BRITISH, at)), NULL);
    cr_assert(text_is(order.data, "orders.0.line_items.0.package_id", first));
    cr_assert(text_is(order.data, "orders.0.line_items.3.package_id", first));
    cr_assert(text_is(order.data, "orders.0.split_or_combine_tag", "SPLIT"));
    cr_assert_eq(sp_json_count(rig_at(order.data, "orders.0.packages")), 2);
    cr_assert_eq(
        fulfil_call(BRITISH, "GET", fulfil_text("/fulfillment/202309/packages/%s", old), NULL, NULL)
            .code,
        FOREIGN);
    cr_assert_eq(fulfil_call(BRITISH, "POST",
                             fulfil_text("/fulfillment/202309/packages/%s/ship", first), NULL,
                             "{\"handover_method\":\"DROP_OFF\"}")
                     .code,
                 0);
    cr_assert_eq(fulfil_order(BRITISH, at)->status, PARTIALLY_SHIPPING);
    cr_assert_eq(split(BRITISH, at, "abbab").code, REFUSED_SPLIT);
}

Test(api_groups, lets_the_packages_of_a_split_order_be_marked_one_by_one)
{
    uint32_t at = fulfil_place(BRITISH, true, 1, AWAITING_SHIPMENT);
    struct rig_answer answer = split(BRITISH, at, "abbab");
    const char *second = text_at(answer.data, "packages.1.id");
    const char *body = fulfil_text(
        "{\"order_line_item_ids\":[\"%s\",\"%s\",\"%s\"],\"tracking_number\":\"RM123456789GB\","
        "\"shipping_provider_id\":\"%s\"}",
        fulfil_item_id(BRITISH, at, 1), fulfil_item_id(BRITISH, at, 2),
        fulfil_item_id(BRITISH, at, 4), fulfil_carrier_id(BRITISH, true));
    answer = fulfil_call(
        BRITISH, "POST",
        fulfil_text("/fulfillment/202309/orders/%s/packages", fulfil_order_id(BRITISH, at)), NULL,
        body);
    cr_assert(text_is(answer.data, "package_id", second));
    cr_assert_eq(fulfil_order(BRITISH, at)->status, PARTIALLY_SHIPPING);
}

Test(api_groups, splits_whole_skus_only_in_south_east_asia)
{
    uint32_t at = fulfil_place(VIETNAMESE, false, 1, AWAITING_SHIPMENT);
    cr_assert_eq(split(VIETNAMESE, at, "aabbb").code, REFUSED_SPLIT);
    cr_assert_eq(split(VIETNAMESE, at, "aaabb").code, 0);
}

Test(api_groups, splits_nothing_that_is_left_over_or_named_twice)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    cr_assert_eq(split(BRITISH, at, "aab-b").code, REFUSED_SPLIT);
    cr_assert_eq(split(BRITISH, at, "aaaaa").code, PARAM);
    const char *twice = fulfil_text("{\"splittable_groups\":[{\"id\":\"a\",\"order_line_item_ids\":"
                                    "[\"%s\"]},{\"id\":\"b\",\"order_line_item_ids\":[\"%s\"]}]}",
                                    fulfil_item_id(BRITISH, at, 0), fulfil_item_id(BRITISH, at, 0));
    cr_assert_eq(fulfil_call(BRITISH, "POST",
                             fulfil_text("/fulfillment/202309/orders/%s/split",
                                         fulfil_order_id(BRITISH, at)),
                             NULL, twice)
                     .code,
                 PARAM);
    cr_assert_eq(attributes(BRITISH, fulfil_order_id(BRITISH, at)).code, 0);
}

Test(api_groups, say_why_an_order_cannot_be_split)
{
    uint32_t can = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t sent = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    struct rig_answer answer =
        attributes(BRITISH, fulfil_text("%s%%2C%s", fulfil_order_id(BRITISH, can),
                                        fulfil_order_id(BRITISH, sent)));
    cr_assert(sp_json_bool(rig_at(answer.data, "split_attributes.0.can_split")));
    cr_assert_not(sp_json_bool(rig_at(answer.data, "split_attributes.0.must_split")));
    cr_assert_eq(rig_at(answer.data, "split_attributes.0.reason").kind, SP_JSON_NONE);
    cr_assert_not(sp_json_bool(rig_at(answer.data, "split_attributes.1.can_split")));
    cr_assert(rig_text(answer.data, "split_attributes.1.reason", fulfil_arena).size > 0);
    cr_assert_eq(attributes(BRITISH, "5").code, FOREIGN);
    cr_assert_eq(attributes(BRITISH, "").code, PARAM);
}

/* ---- together
 * ---------------------------------------------------------------------------------------- */

static struct rig_answer combinable(const char *query)
{
    return fulfil_call(BRITISH, "GET", "/fulfillment/202309/combinable_packages/search", query,
                       NULL);
}

static struct rig_answer combine(const char *id, const char *orders)
{
    const char *body = fulfil_text("{\"combinable_packages\":[{\"id\":\"%s\",\"order_ids\":[%s]},"
                                   "{\"id\":\"5\",\"order_ids\":[\"6\",\"7\"]}]}",
                                   id, orders);
    return fulfil_call(BRITISH, "POST", "/fulfillment/202309/packages/combine", NULL, body);
}

/* Ids in quotes, with commas. */
static const char *quoted(uint32_t first, uint32_t second)
{
    return fulfil_text("\"%s\",\"%s\"", fulfil_order_id(BRITISH, first),
                       fulfil_order_id(BRITISH, second));
}

Test(api_groups, finds_orders_of_one_buyer_page_by_page)
{
    for (uint64_t user = 1; user <= 3; user++) {
        (void)fulfil_place(BRITISH, false, user, AWAITING_SHIPMENT);
        (void)fulfil_place(BRITISH, false, user, AWAITING_SHIPMENT);
        (void)fulfil_place(BRITISH, true, user, AWAITING_SHIPMENT); /* has no package */
        (void)fulfil_place(BRITISH, false, user, ON_HOLD);
    }
    (void)fulfil_place(BRITISH, false, 4, AWAITING_SHIPMENT); /* alone */
    uint32_t asked = fulfil_place(BRITISH, false, 4, AWAITING_SHIPMENT);
    fulfil_order(BRITISH, asked)->wants_cancel = true;
    struct rig_answer answer = combinable("page_size=2");
    cr_assert_eq(rig_int(answer.data, "total_count"), 3);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "combinable_packages")), 2);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "combinable_packages.0.order_ids")), 2);
    cr_assert(
        text_is(answer.data, "combinable_packages.0.order_ids.1", fulfil_order_id(BRITISH, 1)));
    struct sp_buffer query = {0};
    sp_buffer_put_string(&query, "page_size=2&page_token=");
    sp_url_encode(&query, rig_text(answer.data, "next_page_token", fulfil_arena));
    sp_buffer_put(&query, "", 1);
    answer = combinable(query.data);
    sp_buffer_free(&query);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "combinable_packages")), 1);
    cr_assert(
        text_is(answer.data, "combinable_packages.0.order_ids.0", fulfil_order_id(BRITISH, 8)));
    cr_assert_eq(rig_text(answer.data, "next_page_token", fulfil_arena).size, 0);
}

Test(api_groups, combines_what_it_can_and_says_what_it_cannot)
{
    uint32_t first = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t second = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t other = fulfil_place(BRITISH, false, 2, AWAITING_SHIPMENT);
    const char *id = text_at(combinable("page_size=5").data, "combinable_packages.0.id");
    struct rig_answer answer = combine(id, quoted(first, other));
    cr_assert_eq(sp_json_count(rig_at(answer.data, "packages")), 0);
    cr_assert_eq(rig_int(answer.data, "errors.0.code"), REFUSED_COMBINE);
    answer = combine(id, quoted(first, second));
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "packages.0.id", fulfil_package_id(BRITISH, second)));
    cr_assert_eq(sp_json_count(rig_at(answer.data, "packages.0.order_ids")), 2);
    cr_assert_eq(rig_int(answer.data, "errors.0.code"), FOREIGN);
    cr_assert(text_is(answer.data, "errors.0.detail.package_id", "5"));
    struct rig_answer detail = fulfil_call(
        BRITISH, "GET",
        fulfil_text("/fulfillment/202309/packages/%s", fulfil_package_id(BRITISH, first)), NULL,
        NULL);
    cr_assert(text_is(detail.data, "split_and_combine_tag", "COMBINE"));
    cr_assert_eq(sp_json_count(rig_at(detail.data, "orders")), 2);
    cr_assert_eq(sp_json_count(rig_at(detail.data, "order_line_item_ids")), 2 * FULFIL_UNITS);
    cr_assert_eq(rig_int(combine(id, quoted(first, second)).data, "errors.0.code"),
                 REFUSED_COMBINE);
}

static struct rig_answer uncombine(uint32_t order, uint32_t leaving)
{
    return fulfil_call(
        BRITISH, "POST",
        fulfil_text("/fulfillment/202309/packages/%s/uncombine", fulfil_package_id(BRITISH, order)),
        NULL, fulfil_text("{\"order_ids\":[\"%s\"]}", fulfil_order_id(BRITISH, leaving)));
}

Test(api_groups, takes_orders_apart_again)
{
    uint32_t first = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t second = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t other = fulfil_place(BRITISH, false, 2, AWAITING_SHIPMENT);
    cr_assert_eq(uncombine(first, first).code, REFUSED_COMBINE);
    (void)combine("1", quoted(first, second));
    cr_assert_eq(uncombine(first, other).code, PARAM);
    struct rig_answer answer = uncombine(first, second);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "packages")), 2);
    cr_assert(text_is(answer.data, "packages.0.id", fulfil_package_id(BRITISH, first)));
    cr_assert(text_is(answer.data, "packages.1.id", fulfil_package_id(BRITISH, second)));
    cr_assert(text_is(answer.data, "packages.1.order_ids.0", fulfil_order_id(BRITISH, second)));
}
