#include "services/sandbox/order_json.h"

#include <string.h>

#include "services/sandbox/buyer.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/money.h"
#include "services/sandbox/package_json.h"

enum {
    ITEM_ID_AT = 7, /* where the digits begin in {"id":"… */
    ITEM_ID_DIGITS = 18,
};

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

static void put_time(struct sp_json_writer *json, const char *name, int64_t time)
{
    if (time != 0)
        sp_json_put_int(json, name, time);
}

static void put_deadlines(struct sp_json_writer *json, const struct order *order)
{
    const struct order_times *times = &order->times;
    static const struct {
        const char *name;
        int64_t after_s;
    } deadlines[] = {
        {"rts_sla_time", LIFE_SHIP_WITHIN_S},        {"tts_sla_time", LIFE_COLLECT_WITHIN_S},
        {"cancel_order_sla_time", LIFE_SHIP_DUE_S},  {"shipping_due_time", LIFE_SHIP_DUE_S},
        {"collection_due_time", LIFE_COLLECT_DUE_S}, {"delivery_sla_time", LIFE_DELIVER_WITHIN_S},
        {"delivery_due_time", LIFE_DELIVER_DUE_S},
    };
    int64_t from = book_handled_from(order);
    put_time(json, "paid_time", times->paid);
    for (size_t i = 0; from != 0 && i < SP_COUNT(deadlines); i++)
        sp_json_put_int(json, deadlines[i].name, from + book_span(order, deadlines[i].after_s));
    put_time(json, "rts_time", times->arranged);
    put_time(json, "collection_time", times->collected);
    put_time(json, "delivery_time", times->delivered);
    put_time(json, "request_cancel_time", times->cancel_asked);
    put_time(json, "cancel_time", times->cancelled);
}

/* Who cancelled a unit and why; nobody when it is not. */
struct unit_end {
    enum order_initiator who;
    const char *reason;
};

static bool is_accepted(const struct aftersale *one)
{
    return one->status == CANCEL_SUCCESS || one->status == CANCEL_COMPLETE;
}

static struct unit_end unit_end(const struct shop *shop, const struct order *order, uint32_t line,
                                uint32_t unit)
{
    bool in_part = book_lines(&shop->book, order)[line].cancelled > 0;
    struct aftersale *one = NULL;
    if (in_part)
        one = cases_of_unit(&shop->cases, CASE_CANCEL, order, line, unit);
    else if (order->status == CANCELLED)
        one = cases_newest(&shop->cases, CASE_CANCEL, order);
    if (one == NULL || !is_accepted(one))
        return (struct unit_end){NOBODY, ""};
    return (struct unit_end){(enum order_initiator)one->role, cancel_reason(one->reason).name};
}

static void put_kind(struct sp_json_writer *json, const struct shop *shop,
                     const struct order *order)
{
    const struct order_kind *kind = &order->kind;
    sp_json_put_cstring(json, "order_type", order_kind_type_name(kind));
    sp_json_put_bool(json, "is_cod", kind->is_cod);
    sp_json_put_bool(json, "is_sample_order", kind->is_sample);
    sp_json_put_bool(json, "is_replacement_order", kind->replaces);
    sp_json_put_bool(json, "is_exchange_order", kind->exchanges);
    if (kind->replaced != 0)
        put_id(json, kind->replaces ? "replaced_order_id" : "exchange_source_order_id",
               ids_make(&shop->ids, ID_ORDER, kind->replaced));
    if (kind->type == ORDER_PRE)
        sp_json_put_int(json, "release_date", book_released_at(order));
    if (kind->days == 0)
        return;
    char days[ID_TEXT];
    sp_json_open_object(json, "handling_duration");
    sp_json_put_string(json, "days", ids_text(kind->days, days));
    sp_json_put_cstring(json, "type", "CALENDAR_DAY");
    sp_json_close_object(json);
}

static void put_identity(struct sp_json_writer *json, const struct shop *shop,
                         const struct order *order, const struct buyer *buyer)
{
    put_id(json, "id", ids_make(&shop->ids, ID_ORDER, order->number));
    sp_json_put_cstring(json, "status", life_status_name((enum order_status)order->status));
    sp_json_put_int(json, "create_time", order->times.created);
    sp_json_put_int(json, "update_time", order->times.updated);
    put_deadlines(json, order);
    put_id(json, "user_id", ids_make(&shop->ids, ID_USER, order->user));
    sp_json_put_cstring(json, "buyer_email", buyer->email);
    sp_json_put_cstring(json, "buyer_nickname", buyer->nickname);
    if (buyer->message[0] != '\0')
        sp_json_put_cstring(json, "buyer_message", buyer->message);
    sp_json_put_cstring(json, "commerce_platform", "TIKTOK_SHOP");
    put_kind(json, shop, order);
    sp_json_put_bool(json, "is_on_hold_order", order->had_hold);
    sp_json_put_bool(json, "is_buyer_request_cancel", order->wants_cancel);
    sp_json_put_bool(json, "has_updated_recipient_address", order->moves > 0);
    struct unit_end end = unit_end(shop, order, 0, 0);
    if (end.who != NOBODY) {
        sp_json_put_cstring(json, "cancellation_initiator", life_initiator_name(end.who));
        sp_json_put_cstring(json, "cancel_reason", end.reason);
    }
}

/* Who carries it is told of the order when it travels in one package. */
static void put_packages(struct sp_json_writer *json, const struct shop *shop,
                         const struct order *order)
{
    static const char *const tags[] = {NULL, "COMBINED", "SPLIT"};
    const struct package_book *book = &shop->packages;
    const struct package_part *part = packages_other(book, order, NULL);
    if (part == NULL)
        return;
    uint32_t only = packages_only(book, order);
    const char *tag = tags[book->packages[part->package].tag];
    if (only != PACKAGE_NONE)
        package_put_carrier(json, shop, only, "shipping_provider");
    if (tag != NULL)
        sp_json_put_cstring(json, "split_or_combine_tag", tag);
    sp_json_open_array(json, "packages");
    for (; part != NULL; part = packages_other(book, order, part)) {
        sp_json_open_object(json, NULL);
        put_id(json, "id", ids_make(&shop->ids, ID_PACKAGE, part->package + 1u));
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_fulfilment(struct sp_json_writer *json, const struct shop *shop,
                           const struct order *order)
{
    sp_json_put_cstring(json, "fulfillment_type",
                        order->kind.by_tiktok ? "FULFILLMENT_BY_TIKTOK" : "FULFILLMENT_BY_SELLER");
    sp_json_put_cstring(json, "shipping_type", order->by_seller ? "SELLER" : "TIKTOK");
    sp_json_put_cstring(json, "delivery_type", "HOME_DELIVERY");
    put_id(json, "delivery_option_id",
           ids_make(&shop->ids, ID_DELIVERY_OPTION, order->by_seller ? 1 : 2));
    sp_json_put_cstring(json, "delivery_option_name", package_option_name(order->by_seller));
    put_id(json, "warehouse_id", ids_make(&shop->ids, ID_WAREHOUSE, 1u + order->warehouse));
    put_packages(json, shop, order);
}

static void put_payment(struct sp_json_writer *json, const struct shop *shop,
                        const struct order *order)
{
    struct order_money money = money_of_order(&shop->book, order);
    int digits = shop->region->digits;
    sp_json_open_object(json, "payment");
    sp_json_put_cstring(json, "currency", shop->region->currency);
    sp_json_put_minor(json, "original_total_product_price", money.original, digits);
    sp_json_put_minor(json, "seller_discount", money.discount, digits);
    sp_json_put_minor(json, "platform_discount", 0, digits);
    sp_json_put_minor(json, "sub_total", money.sub_total, digits);
    sp_json_put_minor(json, "original_shipping_fee", money.shipping, digits);
    sp_json_put_minor(json, "shipping_fee_seller_discount", 0, digits);
    sp_json_put_minor(json, "shipping_fee_platform_discount", 0, digits);
    sp_json_put_minor(json, "shipping_fee", money.shipping, digits);
    sp_json_put_minor(json, "tax", 0, digits);
    sp_json_put_minor(json, "total_amount", money.total, digits);
    sp_json_close_object(json);
}

static void put_address(struct sp_json_writer *json, const struct region *region,
                        const struct buyer *buyer)
{
    sp_json_open_object(json, "recipient_address");
    buyer_put_address(json, region, buyer);
    sp_json_put_cstring(json, "first_name", buyer->first_name);
    sp_json_put_cstring(json, "last_name", buyer->last_name);
    sp_json_put_cstring(json, "post_town", buyer->town);
    sp_json_open_array(json, "district_info");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "address_level", "L0");
    sp_json_put_cstring(json, "address_level_name", "Country");
    sp_json_put_cstring(json, "address_name", region->name);
    sp_json_put_cstring(json, "iso_code", region->code);
    sp_json_close_object(json);
    sp_json_close_array(json);
    sp_json_close_object(json);
}

/* What a unit's line says of its own way: while an order is on its way, its packages may be
 * differently far. */
static const char *unit_status(const struct order *order, const struct package *package,
                               const struct unit_end *end)
{
    static const enum order_status of_package[] = {
        [TO_FULFILL] = AWAITING_SHIPMENT,
        [PROCESSING] = AWAITING_COLLECTION,
        [FULFILLING] = IN_TRANSIT,
        [PACKAGE_DELIVERED] = DELIVERED,
    };
    if (end->who != NOBODY)
        return life_status_name(CANCELLED);
    bool on_its_way = order->status >= PARTIALLY_SHIPPING && order->status <= IN_TRANSIT;
    if (on_its_way && package == NULL)
        return life_status_name(AWAITING_SHIPMENT);
    if (on_its_way && package->status <= PACKAGE_DELIVERED)
        return life_status_name(of_package[package->status]);
    return life_status_name((enum order_status)order->status);
}

static void put_unit_package(struct sp_json_writer *json, const struct shop *shop, uint32_t at,
                             const struct unit_end *end)
{
    const char *none = end->who == NOBODY ? "TO_FULFILL" : "CANCELLED";
    if (at == PACKAGE_NONE) {
        sp_json_put_cstring(json, "package_status", none);
        return;
    }
    const struct package *package = &shop->packages.packages[at];
    put_id(json, "package_id", ids_make(&shop->ids, ID_PACKAGE, at + 1u));
    sp_json_put_cstring(json, "package_status",
                        package_status_name((enum package_status)package->status));
    package_put_carrier(json, shop, at, "shipping_provider_name");
    put_time(json, "rts_time", package->shipped);
}

/* In what the units of one line can differ. */
struct unit_look {
    uint32_t package;
    struct unit_end end;
};

/* One unit, with room for its id at ITEM_ID_AT: units of a line differ in nothing else. */
static void write_unit(struct sp_buffer *out, const struct shop *shop, const struct order *order,
                       const struct order_line *line, const struct unit_look *look)
{
    const struct sku *sku = &shop->catalogue.skus[line->sku];
    int digits = shop->region->digits;
    sp_buffer_reset(out);
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    put_id(&json, "id", ids_make(&shop->ids, ID_ITEM, order->first_item));
    put_id(&json, "product_id", ids_make(&shop->ids, ID_PRODUCT, sku->product + 1u));
    sp_json_put_string(&json, "product_name", shop->catalogue.products[sku->product].title);
    put_id(&json, "sku_id", ids_make(&shop->ids, ID_SKU, line->sku + 1u));
    sp_json_put_string(&json, "sku_name", catalogue_sku_name(&shop->catalogue, line->sku));
    sp_json_put_string(&json, "seller_sku", sku->seller_sku);
    sp_json_put_minor(&json, "original_price", line->price_minor, digits);
    sp_json_put_minor(&json, "sale_price", line->price_minor - line->discount_minor, digits);
    sp_json_put_minor(&json, "seller_discount", line->discount_minor, digits);
    sp_json_put_minor(&json, "platform_discount", 0, digits);
    sp_json_put_cstring(&json, "currency", shop->region->currency);
    bool packed = look->package != PACKAGE_NONE;
    sp_json_put_cstring(
        &json, "display_status",
        unit_status(order, packed ? &shop->packages.packages[look->package] : NULL, &look->end));
    put_unit_package(&json, shop, look->package, &look->end);
    if (look->end.who != NOBODY) {
        sp_json_put_cstring(&json, "cancel_user", life_initiator_name(look->end.who));
        sp_json_put_cstring(&json, "cancel_reason", look->end.reason);
    }
    sp_json_put_bool(&json, "is_gift", false);
    sp_json_close_object(&json);
}

/* The package of a unit; `part` moves on as the units are walked. */
static uint32_t package_of(const struct package_book *book, const struct package_part **part,
                           uint32_t unit)
{
    while (*part != NULL && unit >= (*part)->first + (*part)->count)
        *part = packages_next(book, *part);
    return *part == NULL || unit < (*part)->first ? PACKAGE_NONE : (*part)->package;
}

static void put_units(struct sp_json_writer *json, const struct shop *shop,
                      const struct order *order, struct sp_buffer *scratch)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    const struct package_part *part = packages_first(&shop->packages, order);
    struct unit_look last = {0};
    uint32_t place = 0;
    for (uint32_t i = 0; i < order->line_count; i++) {
        for (uint32_t unit = 0; unit < lines[i].units; unit++, place++) {
            struct unit_look look = {package_of(&shop->packages, &part, place),
                                     unit_end(shop, order, i, unit)};
            if (unit == 0 || look.package != last.package || look.end.reason != last.end.reason)
                write_unit(scratch, shop, order, &lines[i], &look);
            last = look;
            char text[ID_TEXT];
            uint64_t item = order->first_item + place;
            struct sp_text id = ids_text(ids_make(&shop->ids, ID_ITEM, item), text);
            SP_ASSERT(id.size == ITEM_ID_DIGITS);
            memcpy(scratch->data + ITEM_ID_AT, id.data, id.size);
            sp_json_put_raw(json, NULL, sp_buffer_text(scratch));
        }
    }
}

void order_json_put(struct sp_json_writer *json, const struct shop *shop, const struct order *order,
                    enum order_view view, struct sp_buffer *scratch)
{
    const struct region *region = region_at(order->country);
    struct buyer buyer;
    buyer_of(shop, order, &buyer);
    sp_json_open_object(json, NULL);
    put_identity(json, shop, order, &buyer);
    put_fulfilment(json, shop, order);
    bool by_card = order->times.paid != 0 && !order->kind.is_cod;
    if (by_card || order->kind.is_cod)
        sp_json_put_cstring(json, "payment_method_name",
                            by_card ? "Credit/Debit card" : "Cash on delivery");
    if (by_card && view == ORDER_IN_DETAIL) {
        sp_json_put_cstring(json, "payment_method_code", "CARD");
        sp_json_put_cstring(json, "payment_card_type", "DEBIT");
    }
    put_payment(json, shop, order);
    if (life_shows_address((enum order_status)order->status))
        put_address(json, region, &buyer);
    sp_json_open_array(json, "line_items");
    put_units(json, shop, order, scratch);
    sp_json_close_array(json);
    sp_json_close_object(json);
}
