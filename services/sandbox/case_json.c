#include "services/sandbox/case_json.h"

#include <stdio.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/money.h"
#include "services/sandbox/return_life.h"

enum { IMAGE_PIXELS = 200, RETURN_PROVIDER = 9 };

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

void case_json_put_refund(struct sp_json_writer *json, const char *name, const struct shop *shop,
                          const struct refund *refund)
{
    int digits = shop->region->digits;
    sp_json_open_object(json, name);
    sp_json_put_cstring(json, "currency", shop->region->currency);
    sp_json_put_minor(json, "refund_total", refund->total, digits);
    sp_json_put_minor(json, "refund_subtotal", refund->subtotal, digits);
    sp_json_put_minor(json, "refund_shipping_fee", refund->shipping, digits);
    sp_json_put_minor(json, "refund_tax", 0, digits);
    sp_json_put_minor(json, "retail_delivery_fee", 0, digits);
    sp_json_close_object(json);
}

/* ---- its units
 * ------------------------------------------------------------------------------------------ */

/* The units of one case, counted through. */
struct items {
    const struct shop *shop;
    const struct aftersale *one;
    const struct order *order;
    const char *id_name; /* cancel_line_item_id or return_line_item_id */
    struct refund refund;
    int64_t count, at;
};

static void put_image(struct sp_json_writer *json, uint32_t product)
{
    char url[80];
    (void)snprintf(url, sizeof url, "https://images.example.com/tos-sandbox/%08x.jpeg",
                   (unsigned)product + 1);
    sp_json_open_object(json, "product_image");
    sp_json_put_cstring(json, "url", url);
    sp_json_put_int(json, "width", IMAGE_PIXELS);
    sp_json_put_int(json, "height", IMAGE_PIXELS);
    sp_json_close_object(json);
}

/* A unit's share: its price, and an even part of what is refunded for all of them together. */
static struct refund refund_of_unit(const struct items *items, const struct order_line *line)
{
    struct refund refund = {.subtotal = line->price_minor - line->discount_minor};
    if (items->one->asked_minor != 0)
        refund.subtotal = money_share(items->one->asked_minor, items->at, items->count);
    if (items->refund.total == 0)
        refund.subtotal = 0;
    refund.shipping = money_share(items->refund.shipping, items->at, items->count);
    refund.total = refund.subtotal + refund.shipping;
    return refund;
}

static void put_item(struct sp_json_writer *json, struct items *items,
                     const struct order_line *line, uint64_t order_item)
{
    const struct shop *shop = items->shop;
    const struct sku *sku = &shop->catalogue.skus[line->sku];
    struct refund refund = refund_of_unit(items, line);
    sp_json_open_object(json, NULL);
    put_id(json, items->id_name,
           ids_make(&shop->ids, ID_CASE_ITEM, items->one->first_item + (uint64_t)items->at));
    put_id(json, "order_line_item_id", ids_make(&shop->ids, ID_ITEM, order_item));
    put_id(json, "sku_id", ids_make(&shop->ids, ID_SKU, line->sku + 1u));
    sp_json_put_string(json, "sku_name", catalogue_sku_name(&shop->catalogue, line->sku));
    sp_json_put_string(json, "seller_sku", sku->seller_sku);
    sp_json_put_string(json, "product_name", shop->catalogue.products[sku->product].title);
    put_image(json, sku->product);
    case_json_put_refund(json, "refund_amount", shop, &refund);
    sp_json_close_object(json);
    items->at++;
}

static void put_items(struct sp_json_writer *json, const char *name, struct items *items)
{
    const struct order_line *lines = book_lines(&items->shop->book, items->order);
    struct unit_set units = cases_units(&items->shop->cases, items->one);
    uint64_t line_item = items->order->first_item;
    uint32_t line = 0;
    items->count = (int64_t)cases_unit_count(units);
    sp_json_open_array(json, name);
    for (uint32_t i = 0; i < units.count; i++) {
        const struct unit_range *range = &units.ranges[i];
        for (; line < range->line; line++)
            line_item += lines[line].units;
        for (uint32_t k = 0; k < range->count; k++)
            put_item(json, items, &lines[line], line_item + range->first + k);
    }
    sp_json_close_array(json);
}

static struct items items_of(const struct shop *shop, const struct aftersale *one)
{
    return (struct items){.shop = shop,
                          .one = one,
                          .order = &shop->book.orders[one->order],
                          .refund = cases_refund(&shop->cases, &shop->book, one)};
}

static void put_action(struct sp_json_writer *json, const char *action, int64_t deadline)
{
    sp_json_open_array(json, "seller_next_action_response");
    if (action != NULL) {
        sp_json_open_object(json, NULL);
        sp_json_put_cstring(json, "action", action);
        sp_json_put_int(json, "deadline", deadline);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_times(struct sp_json_writer *json, const struct aftersale *one)
{
    sp_json_put_cstring(json, "role", life_initiator_name((enum order_initiator)one->role));
    sp_json_put_int(json, "create_time", one->created);
    sp_json_put_int(json, "update_time", one->updated);
}

void case_json_put_cancel(struct sp_json_writer *json, const struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    struct items items = items_of(shop, one);
    struct case_reason reason = cancel_reason(one->reason);
    items.id_name = "cancel_line_item_id";
    sp_json_open_object(json, NULL);
    put_id(json, "cancel_id", ids_make(&shop->ids, ID_CANCEL, which + 1u));
    put_id(json, "order_id", ids_make(&shop->ids, ID_ORDER, items.order->number));
    sp_json_put_cstring(json, "cancel_type", one->by_request ? "BUYER_CANCEL" : "CANCEL");
    sp_json_put_cstring(json, "cancel_status", cancel_status_name((enum cancel_status)one->status));
    sp_json_put_cstring(json, "cancel_reason", reason.name);
    sp_json_put_cstring(json, "cancel_reason_text", reason.text);
    case_json_put_refund(json, "refund_amount", shop, &items.refund);
    put_items(json, "cancel_line_items", &items);
    put_action(json, one->status == CANCEL_PENDING ? "SELLER_RESPOND_CANCEL" : NULL, one->deadline);
    put_times(json, one);
    sp_json_close_object(json);
}

/* ---- returns
 * -------------------------------------------------------------------------------------------- */

static void put_way_back(struct sp_json_writer *json, const struct shop *shop,
                         const struct aftersale *one, uint32_t which)
{
    bool sent = one->sent_at != 0;
    char tracking[32];
    if (one->type == TYPE_REFUND)
        return;
    sp_json_put_cstring(json, "shipment_type",
                        one->by_buyer_arranged ? "BUYER_ARRANGE" : "PLATFORM");
    sp_json_put_cstring(json, "return_method",
                        one->by_buyer_arranged ? "BUYER_SHIPPED" : "PLATFORM_SHIPPED");
    if (!one->by_buyer_arranged) {
        sp_json_put_cstring(json, "handover_method", one->by_pickup ? "PICKUP" : "DROP_OFF");
        sp_json_put_cstring(json, "return_shipping_document_type", "SHIPPING_LABEL");
    }
    if (sent) {
        (void)snprintf(tracking, sizeof tracking, "RT%02u%010u", shop->index + 1,
                       (unsigned)which + 1);
        put_id(json, "return_provider_id",
               ids_make(&shop->ids, ID_DELIVERY_OPTION, RETURN_PROVIDER));
        sp_json_put_cstring(json, "return_provider_name", "Sandbox Post");
        sp_json_put_cstring(json, "return_tracking_number", tracking);
    }
    sp_json_open_object(json, "return_warehouse_address");
    sp_json_put_cstring(json, "full_address", "1 Harbour Road, Leeds");
    sp_json_close_object(json);
}

static void put_partial(struct sp_json_writer *json, const struct shop *shop,
                        const struct aftersale *one)
{
    if (one->partial_minor == 0)
        return;
    sp_json_put_cstring(json, "seller_proposed_return_type", "PARTIAL_REFUND");
    sp_json_open_object(json, "partial_refund");
    sp_json_put_minor(json, "amount", one->partial_minor, shop->region->digits);
    sp_json_put_cstring(json, "currency", shop->region->currency);
    sp_json_close_object(json);
    sp_json_put_bool(json, "buyer_rejected_partial_refund", one->partial_refused);
}

static void put_sums(struct sp_json_writer *json, const struct shop *shop,
                     const struct refund *refund)
{
    int digits = shop->region->digits;
    const char *currency = shop->region->currency;
    case_json_put_refund(json, "refund_amount", shop, refund);
    sp_json_open_array(json, "discount_amount");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "currency", currency);
    sp_json_put_minor(json, "product_seller_discount", refund->discount, digits);
    sp_json_put_minor(json, "product_platform_discount", 0, digits);
    sp_json_put_minor(json, "shipping_fee_seller_discount", 0, digits);
    sp_json_put_minor(json, "shipping_fee_platform_discount", 0, digits);
    sp_json_close_object(json);
    sp_json_close_array(json);
    sp_json_open_array(json, "shipping_fee_amount");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "currency", currency);
    sp_json_put_minor(json, "buyer_paid_return_shipping_fee", 0, digits);
    sp_json_put_minor(json, "platform_paid_return_shipping_fee", 0, digits);
    sp_json_put_minor(json, "seller_paid_return_shipping_fee", 0, digits);
    sp_json_close_object(json);
    sp_json_close_array(json);
}

void case_json_put_return(struct sp_json_writer *json, const struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    enum return_status status = (enum return_status)one->status;
    enum return_type type = (enum return_type)one->type;
    struct items items = items_of(shop, one);
    struct case_reason reason = return_reason(one->reason);
    items.id_name = "return_line_item_id";
    sp_json_open_object(json, NULL);
    put_id(json, "return_id", ids_make(&shop->ids, ID_RETURN, which + 1u));
    put_id(json, "order_id", ids_make(&shop->ids, ID_ORDER, items.order->number));
    sp_json_put_cstring(json, "return_type", return_type_name(type));
    sp_json_put_cstring(json, "return_status", return_status_name(status));
    sp_json_put_cstring(json, "return_reason", reason.name);
    sp_json_put_cstring(json, "return_reason_text", reason.text);
    if (one->arbitration != ARBITRATION_NONE)
        sp_json_put_cstring(json, "arbitration_status",
                            arbitration_name((enum arbitration)one->arbitration));
    sp_json_put_bool(json, "can_buyer_keep_item", one->keeps_item || type == TYPE_REFUND);
    sp_json_put_bool(json, "is_combined_return", false);
    put_way_back(json, shop, one, which);
    put_partial(json, shop, one);
    put_sums(json, shop, &items.refund);
    put_items(json, "return_line_items", &items);
    put_action(json, return_seller_action(status, type), one->deadline);
    put_times(json, one);
    sp_json_close_object(json);
}
