/* Sending off over the Open API.  Covers: api_package_ship.c, api_package_label.c,
 * api_package_tracking.c */
#include <criterion/criterion.h>

#include "services/sandbox/trade.h"
#include "tests/sandbox/fulfil.h"

TestSuite(api_shipping, .init = fulfil_open, .fini = fulfil_close);

enum {
    FOREIGN = 21008111,
    REGION = 21008106,
    FROZEN = 10007014,
    SHIPPED = 21008121,
    WRONG_STATUS = 21008122,
    NOT_SHIPPED = 21008123,
    FINAL = 21008126,
    PARAM = 36009004,
};

static const char drop_off[] = "{\"handover_method\":\"DROP_OFF\"}";

static struct rig_answer ship(enum fulfil_shop shop, uint32_t order, const char *body)
{
    const char *id = fulfil_package_id(shop, order);
    return fulfil_call(shop, "POST", fulfil_text("/fulfillment/202309/packages/%s/ship", id), NULL,
                       body);
}

static struct rig_answer post(enum fulfil_shop shop, uint32_t order, const char *rest,
                              const char *body)
{
    const char *id = fulfil_order_id(shop, order);
    return fulfil_call(shop, "POST", fulfil_text("/fulfillment/202309/orders/%s/%s", id, rest),
                       NULL, body);
}

static const char *tracking(enum fulfil_shop shop, const char *number)
{
    return fulfil_text("\"tracking_number\":\"%s\",\"shipping_provider_id\":\"%s\"", number,
                       fulfil_carrier_id(shop, true));
}

static const char *self(enum fulfil_shop shop, const char *number)
{
    return fulfil_text("{\"handover_method\":\"PICKUP\",\"pickup_slot\":[],\"self_shipment\":{%s}}",
                       tracking(shop, number));
}

static bool text_is(struct sp_json value, const char *path, const char *expected)
{
    return sp_text_is(rig_text(value, path, fulfil_arena), expected);
}

static int status_of(enum fulfil_shop shop, uint32_t order)
{
    return fulfil_order(shop, order)->status;
}

static const struct package *package_of(enum fulfil_shop shop, uint32_t order)
{
    const struct package_book *book = &fulfil_shop(shop)->packages;
    return &book->packages[packages_only(book, fulfil_order(shop, order))];
}

/* ---- a package
 * --------------------------------------------------------------------------------------- */

Test(api_shipping, brings_a_package_to_a_point_and_its_order_on_its_way)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    struct rig_answer answer = ship(BRITISH, at, drop_off);
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(answer.data.raw, "{}"));
    cr_assert_eq(status_of(BRITISH, at), AWAITING_COLLECTION);
    cr_assert(fulfil_order(BRITISH, at)->times.arranged > 0);
    cr_assert_eq(package_of(BRITISH, at)->handover, HANDOVER_DROP_OFF);
}

Test(api_shipping, is_refused_the_second_time)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    cr_assert_eq(ship(BRITISH, at, drop_off).code, 0);
    int64_t updated = fulfil_order(BRITISH, at)->times.updated;
    cr_assert_eq(ship(BRITISH, at, drop_off).code, SHIPPED);
    cr_assert_eq(fulfil_order(BRITISH, at)->times.updated, updated);
}

Test(api_shipping, has_a_package_picked_up_in_a_slot_that_is_offered)
{
    struct pickup_slot slots[PACKAGE_SLOTS];
    int64_t now = sandbox_now(fulfil_sandbox);
    fulfil_sandbox->clock.latest =
        now - now % 86400 + 86400 + 12 * 3600; /* noon: the first is over */
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    package_slots(sandbox_now(fulfil_sandbox), slots);
    static const char format[] = "{\"handover_method\":\"PICKUP\",\"pickup_slot\":"
                                 "{\"start_time\":%lld,\"end_time\":%lld},\"self_shipment\":[]}";
    long long start = (long long)slots[5].start, end = (long long)slots[5].end;
    cr_assert_eq(ship(BRITISH, at, fulfil_text(format, start + 1, end)).code, PARAM);
    cr_assert_eq(ship(BRITISH, at, fulfil_text(format, start - 10 * 86400, end - 10 * 86400)).code,
                 PARAM);
    cr_assert_eq(
        ship(BRITISH, at, fulfil_text(format, (long long)slots[0].start, (long long)slots[0].end))
            .code,
        PARAM);
    cr_assert_eq(ship(BRITISH, at, fulfil_text(format, start, end)).code, 0);
    struct rig_answer detail = fulfil_call(
        BRITISH, "GET",
        fulfil_text("/fulfillment/202309/packages/%s", fulfil_package_id(BRITISH, at)), NULL, NULL);
    cr_assert(text_is(detail.data, "handover_method", "PICKUP"));
    cr_assert_eq(rig_int(detail.data, "pickup_slot.start_time"), start);
}

Test(api_shipping, names_what_is_missing)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    static const char *const cases[][2] = {
        {"{}", "param body.handover_method is missing"},
        {"{\"handover_method\":\"PICKUP\",\"pickup_slot\":[]}",
         "param body.pickup_slot is missing"},
        {"{\"handover_method\":\"PIGEON\"}", "invalid param: handover_method"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct rig_answer answer = ship(BRITISH, at, cases[i][0]);
        cr_assert_eq(answer.code, PARAM);
        cr_assert(sp_text_is(answer.message, cases[i][1]), "%s", cases[i][0]);
    }
    cr_assert_eq(ship(BRITISH, at, self(BRITISH, "RM123456789GB")).code, REGION);
    cr_assert_eq(status_of(BRITISH, at), AWAITING_SHIPMENT);
}

Test(api_shipping, takes_the_sellers_own_number_where_the_seller_ships)
{
    uint32_t at = fulfil_place(VIETNAMESE, true, 1, AWAITING_SHIPMENT);
    cr_assert_eq(ship(VIETNAMESE, at, drop_off).code, PARAM);
    cr_assert_eq(ship(VIETNAMESE, at, self(BRITISH, "GHN0001")).code, PARAM); /* no such carrier */
    cr_assert_eq(ship(VIETNAMESE, at, self(VIETNAMESE, "GHN0001")).code, 0);
    cr_assert(sp_text_is(package_of(VIETNAMESE, at)->tracking, "GHN0001"));
    cr_assert_eq(package_of(VIETNAMESE, at)->handover, HANDOVER_SELF);
    cr_assert_eq(status_of(VIETNAMESE, at), AWAITING_COLLECTION);
}

Test(api_shipping, is_refused_in_the_wrong_state)
{
    struct shop *shop = fulfil_shop(BRITISH);
    uint32_t gone = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t asked = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t labelled = fulfil_place(AMERICAN, false, 1, AWAITING_COLLECTION);
    cr_assert_eq(trade_cancel(fulfil_sandbox, shop, gone, BUYER, NULL), SP_OK);
    fulfil_order(BRITISH, asked)->wants_cancel = true;
    cr_assert_eq(ship(BRITISH, gone, drop_off).code, WRONG_STATUS);
    cr_assert_eq(ship(BRITISH, asked, drop_off).code, FROZEN);
    cr_assert_eq(ship(AMERICAN, labelled, drop_off).code, REGION);
    cr_assert_eq(
        fulfil_call(BRITISH, "POST", "/fulfillment/202309/packages/1/ship", NULL, drop_off).code,
        FOREIGN);
}

Test(api_shipping, ships_many_and_says_which_could_not)
{
    uint32_t first = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t second = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    uint32_t third = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    const char *body = fulfil_text(
        "{\"packages\":[{\"id\":\"%s\",\"handover_method\":\"DROP_OFF\"},"
        "{\"id\":\"%s\",\"handover_method\":\"DROP_OFF\"},{\"id\":\"%s\"},{\"id\":\"77\"}]}",
        fulfil_package_id(BRITISH, first), fulfil_package_id(BRITISH, second),
        fulfil_package_id(BRITISH, third));
    struct rig_answer answer =
        fulfil_call(BRITISH, "POST", "/fulfillment/202309/packages/ship", NULL, body);
    cr_assert_eq(answer.code, 0);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 3);
    cr_assert_eq(rig_int(answer.data, "errors.0.code"), SHIPPED);
    cr_assert(
        text_is(answer.data, "errors.0.detail.package_id", fulfil_package_id(BRITISH, second)));
    cr_assert(text_is(answer.data, "errors.1.message", "param body.handover_method is missing"));
    cr_assert_eq(rig_int(answer.data, "errors.2.code"), FOREIGN);
    cr_assert_eq(status_of(BRITISH, first), AWAITING_COLLECTION);
    cr_assert_eq(status_of(BRITISH, third), AWAITING_SHIPMENT);
    cr_assert_eq(fulfil_call(BRITISH, "POST", "/fulfillment/202309/packages/ship", NULL, "{}").code,
                 PARAM);
}

/* ---- an order
 * ---------------------------------------------------------------------------------------- */

Test(api_shipping, marks_units_as_shipped_and_makes_their_package)
{
    uint32_t at = fulfil_place(BRITISH, true, 1, AWAITING_SHIPMENT);
    const char *body =
        fulfil_text("{\"order_line_item_ids\":[\"%s\",\"%s\"],%s}", fulfil_item_id(BRITISH, at, 1),
                    fulfil_item_id(BRITISH, at, 4), tracking(BRITISH, "RM123456789GB"));
    struct rig_answer answer = post(BRITISH, at, "packages", body);
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "order_id", fulfil_order_id(BRITISH, at)));
    cr_assert_eq(sp_json_count(rig_at(answer.data, "order_line_item_ids")), 2);
    cr_assert_eq(rig_text(answer.data, "package_id", fulfil_arena).size, 19);
    cr_assert_eq(rig_at(answer.data, "warning").kind, SP_JSON_NONE);
    cr_assert_eq(status_of(BRITISH, at), PARTIALLY_SHIPPING);
    cr_assert_eq(post(BRITISH, at, "packages", body).code, SHIPPED);
    body = fulfil_text("{\"order_line_item_ids\":[\"%s\",\"%s\",\"%s\"],%s}",
                       fulfil_item_id(BRITISH, at, 0), fulfil_item_id(BRITISH, at, 2),
                       fulfil_item_id(BRITISH, at, 3), tracking(BRITISH, "RM1"));
    answer = post(BRITISH, at, "packages", body);
    cr_assert_eq(answer.code, 0);
    cr_assert(rig_text(answer.data, "warning.message", fulfil_arena).size > 0);
    cr_assert_eq(status_of(BRITISH, at), AWAITING_COLLECTION);
}

Test(api_shipping, marks_a_whole_order_when_no_units_are_named)
{
    uint32_t at = fulfil_place(GERMAN, true, 1, AWAITING_SHIPMENT);
    const char *body = fulfil_text("{%s}", tracking(GERMAN, "JJD0000000001"));
    cr_assert_eq(post(GERMAN, at, "packages", "{}").code, PARAM);
    cr_assert_eq(
        sp_json_count(rig_at(post(GERMAN, at, "packages", body).data, "order_line_item_ids")),
        FULFIL_UNITS);
    cr_assert_eq(status_of(GERMAN, at), AWAITING_COLLECTION);
    cr_assert_eq(post(GERMAN, at, "packages", body).code, SHIPPED);
}

Test(api_shipping, marks_nothing_where_packages_come_first_or_at_the_wrong_time)
{
    uint32_t theirs = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t vietnamese = fulfil_place(VIETNAMESE, true, 1, AWAITING_SHIPMENT);
    uint32_t held = fulfil_place(BRITISH, true, 1, ON_HOLD);
    uint32_t asked = fulfil_place(BRITISH, true, 1, AWAITING_SHIPMENT);
    fulfil_order(BRITISH, asked)->wants_cancel = true;
    const char *body = fulfil_text("{%s}", tracking(BRITISH, "RM123456789GB"));
    cr_assert_eq(post(BRITISH, theirs, "packages", body).code, REGION);
    cr_assert_eq(post(VIETNAMESE, vietnamese, "packages", body).code, REGION);
    cr_assert_eq(post(BRITISH, held, "packages", body).code, WRONG_STATUS);
    cr_assert_eq(post(BRITISH, asked, "packages", body).code, FROZEN);
    cr_assert_eq(post(GERMAN, fulfil_place(GERMAN, true, 1, AWAITING_SHIPMENT), "packages",
                      "{\"order_line_item_ids\":[\"3\"]}")
                     .code,
                 PARAM);
}

/* ---- labels
 * ------------------------------------------------------------------------------------------ */

static const char parcel[] =
    "\"dimension\":{\"length\":\"10\",\"width\":\"8.5\",\"height\":\"4\",\"unit\":\"INCH\"},"
    "\"weight\":{\"value\":\"2\",\"unit\":\"POUND\"}";

static struct rig_answer buy(uint32_t order, const char *service)
{
    const char *body = fulfil_text("{\"order_id\":\"%s\",%s,\"shipping_service_id\":\"%s\"}",
                                   fulfil_order_id(AMERICAN, order), parcel, service);
    return fulfil_call(AMERICAN, "POST", "/fulfillment/202309/packages", NULL, body);
}

Test(api_shipping, offers_services_and_sells_a_label)
{
    uint32_t at = fulfil_place(AMERICAN, false, 1, AWAITING_SHIPMENT);
    struct rig_answer answer =
        post(AMERICAN, at, "shipping_services/query", fulfil_text("{%s}", parcel));
    cr_assert_eq(sp_json_count(rig_at(answer.data, "shipping_services")), 3);
    cr_assert(sp_json_bool(rig_at(answer.data, "shipping_services.0.is_default")));
    cr_assert(text_is(answer.data, "shipping_services.1.price", "8.12")); /* 907 grams */
    cr_assert(text_is(answer.data, "shipping_services.1.currency", "USD"));
    struct sp_text service = rig_text(answer.data, "shipping_services.1.id", fulfil_arena);
    answer = buy(at, fulfil_text("%.*s", SP_FMT(service)));
    cr_assert_eq(answer.code, 0);
    cr_assert(text_is(answer.data, "package_id", fulfil_package_id(AMERICAN, at)));
    cr_assert(text_is(answer.data, "shipping_service_info.name", "USPS Priority Mail"));
    cr_assert(text_is(answer.data, "dimension.width", "8.5"));
    cr_assert_eq(status_of(AMERICAN, at), AWAITING_COLLECTION);
    cr_assert_eq(buy(at, "").code, SHIPPED);
    struct rig_answer detail =
        fulfil_call(AMERICAN, "GET",
                    fulfil_text("/fulfillment/202309/packages/%s", fulfil_package_id(AMERICAN, at)),
                    NULL, NULL);
    cr_assert(text_is(detail.data, "weight.unit", "POUND"));
    cr_assert(sp_json_bool(rig_at(detail.data, "insurance.is_purchased")));
}

Test(api_shipping, sells_no_label_elsewhere_or_for_nothing)
{
    uint32_t at = fulfil_place(AMERICAN, false, 1, AWAITING_SHIPMENT);
    uint32_t own = fulfil_place(AMERICAN, true, 1, AWAITING_SHIPMENT);
    uint32_t british = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    const char *whole = fulfil_text("{%s}", parcel);
    cr_assert_eq(post(AMERICAN, own, "shipping_services/query", whole).code, REGION);
    cr_assert_eq(post(BRITISH, british, "shipping_services/query", whole).code, REGION);
    cr_assert_eq(post(AMERICAN, at, "shipping_services/query", "{}").code, PARAM);
    cr_assert_eq(buy(at, "12").code, PARAM);
    cr_assert_eq(buy(own, "").code, REGION);
    cr_assert_eq(buy(at, "").code, 0); /* the default one */
}

/* ---- on the way
 * -------------------------------------------------------------------------------------- */

static struct rig_answer correct(enum fulfil_shop shop, uint32_t order, const char *number)
{
    return post(shop, order, "shipping_info/update", fulfil_text("{%s}", tracking(shop, number)));
}

Test(api_shipping, corrects_a_number_once_and_within_three_days)
{
    uint32_t at = fulfil_place(BRITISH, true, 1, AWAITING_SHIPMENT);
    cr_assert_eq(correct(BRITISH, at, "RM1").code, WRONG_STATUS); /* no package yet */
    cr_assert_eq(
        post(BRITISH, at, "packages", fulfil_text("{%s}", tracking(BRITISH, "RM100000001"))).code,
        0);
    cr_assert_eq(correct(BRITISH, at, "RM100000002").code, 0);
    cr_assert(sp_text_is(package_of(BRITISH, at)->tracking, "RM100000002"));
    cr_assert_eq(correct(BRITISH, at, "RM100000003").code, FINAL);
    uint32_t late = fulfil_place(BRITISH, true, 1, AWAITING_COLLECTION);
    fulfil_sandbox->clock.latest += 72 * 3600;
    cr_assert_eq(correct(BRITISH, late, "RM100000004").code, FINAL);
}

Test(api_shipping, corrects_the_number_of_one_package_by_its_id)
{
    uint32_t at = fulfil_place(VIETNAMESE, true, 1, AWAITING_SHIPMENT);
    uint32_t theirs = fulfil_place(VIETNAMESE, false, 1, AWAITING_COLLECTION);
    const char *path = fulfil_text("/fulfillment/202309/packages/%s/shipping_info/update",
                                   fulfil_package_id(VIETNAMESE, at));
    const char *body = fulfil_text("{%s}", tracking(VIETNAMESE, "GHN0002"));
    cr_assert_eq(fulfil_call(VIETNAMESE, "POST", path, NULL, body).code, NOT_SHIPPED);
    cr_assert_eq(ship(VIETNAMESE, at, self(VIETNAMESE, "GHN0001")).code, 0);
    struct rig_answer answer = fulfil_call(VIETNAMESE, "POST", path, NULL, body);
    cr_assert_eq(answer.code, 0);
    cr_assert(sp_text_is(answer.data.raw, "{}"));
    cr_assert(sp_text_is(package_of(VIETNAMESE, at)->tracking, "GHN0002"));
    cr_assert_eq(correct(VIETNAMESE, theirs, "GHN0003").code, REGION);
}

Test(api_shipping, tells_where_an_order_is_in_milliseconds)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, IN_TRANSIT);
    struct rig_answer answer = fulfil_call(
        BRITISH, "GET",
        fulfil_text("/fulfillment/202309/orders/%s/tracking", fulfil_order_id(BRITISH, at)), NULL,
        NULL);
    cr_assert_eq(sp_json_count(rig_at(answer.data, "tracking")), 3);
    cr_assert_eq(rig_int(answer.data, "tracking.0.update_time_millis"),
                 fulfil_order(BRITISH, at)->times.collected * 1000);
}

static struct rig_answer deliver(enum fulfil_shop shop, uint32_t order, const char *rest)
{
    const char *body =
        fulfil_text("{\"packages\":[{\"id\":\"%s\",%s}]}", fulfil_package_id(shop, order), rest);
    return fulfil_call(shop, "POST", "/fulfillment/202309/packages/deliver", NULL, body);
}

Test(api_shipping, takes_the_word_of_the_sellers_own_drivers)
{
    static const char success[] = "\"delivery_type\":\"DELIVERY_SUCCESS\"";
    static const char proof[] = "\"delivery_type\":\"UPDATE_POD\",\"file_type\":\"IMG\","
                                "\"file_url\":\"https://example.com/door.png\"";
    uint32_t at = fulfil_place(VIETNAMESE, true, 1, IN_TRANSIT);
    uint32_t early = fulfil_place(VIETNAMESE, true, 1, AWAITING_COLLECTION);
    uint32_t theirs = fulfil_place(VIETNAMESE, false, 1, IN_TRANSIT);
    uint32_t british = fulfil_place(BRITISH, true, 1, IN_TRANSIT);
    cr_assert_eq(rig_int(deliver(VIETNAMESE, at, "\"delivery_type\":\"DELIVERY_FAILED\"").data,
                         "errors.0.code"),
                 PARAM);
    struct rig_answer answer =
        deliver(VIETNAMESE, at,
                "\"delivery_type\":\"DELIVERY_FAILED\",\"fail_delivery_reason\":\"OTHERS\"");
    cr_assert_eq(sp_json_count(rig_at(answer.data, "errors")), 0);
    cr_assert_eq(status_of(VIETNAMESE, at), IN_TRANSIT);
    cr_assert_eq(rig_int(deliver(VIETNAMESE, at, proof).data, "errors.0.code"), WRONG_STATUS);
    cr_assert_eq(sp_json_count(rig_at(deliver(VIETNAMESE, at, success).data, "errors")), 0);
    cr_assert_eq(status_of(VIETNAMESE, at), DELIVERED);
    cr_assert_eq(sp_json_count(rig_at(deliver(VIETNAMESE, at, proof).data, "errors")), 0);
    cr_assert_eq(rig_int(deliver(VIETNAMESE, early, success).data, "errors.0.code"), WRONG_STATUS);
    cr_assert_eq(rig_int(deliver(VIETNAMESE, theirs, success).data, "errors.0.code"), REGION);
    cr_assert_eq(deliver(BRITISH, british, success).code, REGION);
}
