#include "services/sandbox/package_json.h"

#include <stdio.h>

#include "services/sandbox/buyer.h"
#include "services/sandbox/package_trade.h"

enum { UNIT_GRAMS = 250, UNIT_CM = 6 };

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

static const struct package *package_at(const struct shop *shop, uint32_t at)
{
    return &shop->packages.packages[at];
}

static const struct order *order_of(const struct shop *shop, uint32_t at)
{
    return &shop->book.orders[package_at(shop, at)->order];
}

struct sp_text package_tracking(const struct shop *shop, uint32_t at, char text[PACKAGE_TRACKING])
{
    const struct package *package = package_at(shop, at);
    if (package->shipped == 0)
        return (struct sp_text){0};
    if (package->tracking.size > 0)
        return package->tracking;
    (void)snprintf(text, PACKAGE_TRACKING, "SB%u%09u%s", shop->index + 1, at + 1,
                   shop->region->code);
    return sp_text_of(text);
}

void package_put_carrier(struct sp_json_writer *json, const struct shop *shop, uint32_t at,
                         const char *name)
{
    char text[PACKAGE_TRACKING];
    const struct package *package = package_at(shop, at);
    if (package->shipped == 0)
        return;
    sp_json_put_string(json, "tracking_number", package_tracking(shop, at, text));
    put_id(json, "shipping_provider_id", ids_make(&shop->ids, ID_CARRIER, package->carrier + 1u));
    sp_json_put_cstring(json, name, carrier_name(package->carrier));
}

void package_put_items(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    uint32_t i = package_at(shop, at)->order;
    sp_json_open_array(json, "order_line_item_ids");
    for (; i != BOOK_NONE; i = package_next_order(shop, i)) {
        const struct order *order = &shop->book.orders[i];
        const struct package_part *part = packages_first(&shop->packages, order);
        for (; part != NULL; part = packages_next(&shop->packages, part)) {
            for (uint32_t unit = 0; part->package == at && unit < part->count; unit++)
                put_id(json, NULL,
                       ids_make(&shop->ids, ID_ITEM, order->first_item + part->first + unit));
        }
    }
    sp_json_close_array(json);
}

void package_put_orders(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    uint32_t i = package_at(shop, at)->order;
    sp_json_open_array(json, "order_ids");
    for (; i != BOOK_NONE; i = package_next_order(shop, i))
        put_id(json, NULL, ids_make(&shop->ids, ID_ORDER, shop->book.orders[i].number));
    sp_json_close_array(json);
}

/* Deprecated over there, but still told. */
static uint32_t put_skus(struct sp_json_writer *json, const struct shop *shop,
                         const struct order *order, uint32_t at)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    uint32_t first = 0, kinds = 0;
    sp_json_open_array(json, "skus");
    for (uint32_t i = 0; i < order->line_count; first += lines[i].units, i++) {
        uint32_t units =
            packages_between(&shop->packages, order, at, first, first + lines[i].units);
        if (units == 0)
            continue;
        sp_json_open_object(json, NULL);
        put_id(json, "id", ids_make(&shop->ids, ID_SKU, lines[i].sku + 1u));
        sp_json_put_string(json, "name", catalogue_sku_name(&shop->catalogue, lines[i].sku));
        sp_json_put_int(json, "quantity", units);
        sp_json_close_object(json);
        kinds++;
    }
    sp_json_close_array(json);
    return kinds;
}

/* How many kinds of goods are in it. */
static uint32_t put_contents(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    uint32_t kinds = 0, i = package_at(shop, at)->order;
    sp_json_open_array(json, "orders");
    for (; i != BOOK_NONE; i = package_next_order(shop, i)) {
        sp_json_open_object(json, NULL);
        put_id(json, "id", ids_make(&shop->ids, ID_ORDER, shop->book.orders[i].number));
        kinds += put_skus(json, shop, &shop->book.orders[i], at);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
    package_put_items(json, shop, at);
    return kinds;
}

void package_put_found(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    const struct package *package = package_at(shop, at);
    sp_json_open_object(json, NULL);
    put_id(json, "id", ids_make(&shop->ids, ID_PACKAGE, at + 1u));
    sp_json_put_cstring(json, "status", package_status_name((enum package_status)package->status));
    (void)put_contents(json, shop, at);
    package_put_carrier(json, shop, at, "shipping_provider_name");
    sp_json_put_int(json, "create_time", package->created);
    sp_json_put_int(json, "update_time", package->updated);
    sp_json_close_object(json);
}

/* ---- detail
 * ------------------------------------------------------------------------------------------ */

static uint32_t units_of(const struct shop *shop, uint32_t at)
{
    uint32_t units = 0, i = package_at(shop, at)->order;
    for (; i != BOOK_NONE; i = package_next_order(shop, i))
        units += packages_units(&shop->packages, &shop->book.orders[i], at);
    return units;
}

static struct parcel estimate(const struct shop *shop, uint32_t at, char text[2][ID_TEXT])
{
    uint32_t units = units_of(shop, at);
    return (struct parcel){
        .length = SP_TEXT("30"),
        .width = SP_TEXT("20"),
        .height = ids_text((uint64_t)units * UNIT_CM, text[0]),
        .size_unit = SP_TEXT("CM"),
        .weight = ids_text((uint64_t)units * UNIT_GRAMS, text[1]),
        .weight_unit = SP_TEXT("GRAM"),
    };
}

void parcel_put(struct sp_json_writer *json, const struct parcel *parcel)
{
    sp_json_open_object(json, "dimension");
    sp_json_put_string(json, "length", parcel->length);
    sp_json_put_string(json, "width", parcel->width);
    sp_json_put_string(json, "height", parcel->height);
    sp_json_put_string(json, "unit", parcel->size_unit);
    sp_json_close_object(json);
    sp_json_open_object(json, "weight");
    sp_json_put_string(json, "value", parcel->weight);
    sp_json_put_string(json, "unit", parcel->weight_unit);
    sp_json_close_object(json);
}

static void put_parcel(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    char text[2][ID_TEXT];
    const struct parcel *bought = package_at(shop, at)->parcel;
    struct parcel parcel = bought != NULL ? *bought : estimate(shop, at, text);
    parcel_put(json, &parcel);
}

/* Every label that is bought is insured. */
static void put_insurance(struct sp_json_writer *json)
{
    sp_json_open_object(json, "insurance");
    sp_json_put_bool(json, "is_purchased", true);
    sp_json_put_bool(json, "is_claim_eligible", false);
    sp_json_put_cstring(json, "claim_status", "NOT_STARTED");
    sp_json_put_cstring(json, "coverage_amount", "100.00");
    sp_json_close_object(json);
}

/* The same desk as in the list of warehouses. */
static void put_sender(struct sp_json_writer *json, const struct shop *shop)
{
    sp_json_open_object(json, "sender_address");
    sp_json_put_cstring(json, "name", "Warehouse desk");
    sp_json_put_cstring(json, "phone_number", "(+44)1130000000");
    sp_json_put_cstring(json, "full_address", "1 Harbour Road, Leeds");
    sp_json_put_cstring(json, "address_detail", "1 Harbour Road");
    sp_json_put_cstring(json, "address_line1", "1 Harbour Road");
    sp_json_put_cstring(json, "address_line2", "");
    sp_json_put_cstring(json, "postal_code", "LS1 1AA");
    sp_json_put_cstring(json, "region_code", shop->region->code);
    sp_json_close_object(json);
}

/* What is known once it is sent off.  TO_FULFILL is no status of a detail: then there is none. */
static void put_progress(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    const struct package *package = package_at(shop, at);
    if (package->status != TO_FULFILL)
        sp_json_put_cstring(json, "package_status",
                            package_status_name((enum package_status)package->status));
    package_put_carrier(json, shop, at, "shipping_provider_name");
    if (package->handover == HANDOVER_PICKUP || package->handover == HANDOVER_DROP_OFF)
        sp_json_put_cstring(json, "handover_method",
                            package->handover == HANDOVER_PICKUP ? "PICKUP" : "DROP_OFF");
    if (package->slot_start == 0)
        return;
    sp_json_open_object(json, "pickup_slot");
    sp_json_put_int(json, "start_time", package->slot_start);
    sp_json_put_int(json, "end_time", package->slot_end);
    sp_json_close_object(json);
}

void package_put_detail(struct sp_json_writer *json, const struct shop *shop, uint32_t at)
{
    static const char *const tags[] = {"DEFAULT", "COMBINE", "SPLIT"};
    const struct package *package = package_at(shop, at);
    const struct order *order = order_of(shop, at);
    const struct region *region = region_at(order->country);
    struct buyer buyer;
    buyer_of(shop, order, &buyer);
    put_id(json, "package_id", ids_make(&shop->ids, ID_PACKAGE, at + 1u));
    put_progress(json, shop, at);
    sp_json_put_bool(json, "has_multi_skus", put_contents(json, shop, at) > 1);
    sp_json_put_cstring(json, "shipping_type", order->by_seller ? "SELLER" : "TIKTOK");
    put_id(json, "delivery_option_id",
           ids_make(&shop->ids, ID_DELIVERY_OPTION, order->by_seller ? 1 : 2));
    sp_json_put_cstring(json, "delivery_option_name", package_option_name(order->by_seller));
    put_parcel(json, shop, at);
    if (package->parcel != NULL)
        put_insurance(json);
    sp_json_open_object(json, "recipient_address");
    buyer_put_address(json, region, &buyer);
    sp_json_close_object(json);
    put_sender(json, shop);
    sp_json_put_cstring(json, "split_and_combine_tag", tags[package->tag]);
    sp_json_put_cstring(json, "note_tag",
                        buyer.message[0] != '\0' ? "BUYER_NOTED" : "BUYER_UNNOTED");
    sp_json_put_int(json, "create_time", package->created);
    sp_json_put_int(json, "update_time", package->updated);
}
