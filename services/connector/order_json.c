/* An order as the marketplace writes it. */
#include "services/connector/order_json.h"

#include <string.h>

#include "common/currency.h"
#include "services/connector/money.h"
#include "services/connector/order_lines.h"

/* Longest texts of channel.order (proto/connector.schema). */
enum {
    ID_MAX = 32,
    WORD_MAX = 48,
    SHORT_MAX = 16,
    NAME_MAX = 512,
    SKU_NAME_MAX = 256,
    SELLER_SKU_MAX = 64,
    REASON_MAX = 256,
    NOTE_MAX = 1024,
    BUYER_FIELD_MAX = 480,
    BUYER_ENOUGH =
        7000, /* one more field, every byte escaped, stays under the limit of buyer_sealed */
    UNITS_MAX = 20000,
    PACKAGES_MAX = 200,
};

enum order_member {
    ORDER_ID,
    ORDER_STATUS,
    ORDER_CREATED,
    ORDER_UPDATED,
    ORDER_PAID,
    ORDER_RTS,
    ORDER_COLLECTED,
    ORDER_DELIVERED,
    ORDER_CANCELLED,
    ORDER_CANCEL_INITIATOR,
    ORDER_CANCEL_REASON,
    ORDER_RTS_SLA,
    ORDER_COD,
    ORDER_SAMPLE,
    ORDER_REPLACEMENT,
    ORDER_WANTS_CANCEL,
    ORDER_FULFILMENT,
    ORDER_SHIPPING_TYPE,
    ORDER_DELIVERY_OPTION,
    ORDER_WAREHOUSE,
    ORDER_TRACKING,
    ORDER_CARRIER,
    ORDER_PACKAGES,
    ORDER_PAYMENT,
    ORDER_EMAIL,
    ORDER_NICKNAME,
    ORDER_MESSAGE,
    ORDER_ADDRESS,
    ORDER_ITEMS,
    ORDER_MEMBERS
};

static const char *const order_names[ORDER_MEMBERS] = {
    "id",
    "status",
    "create_time",
    "update_time",
    "paid_time",
    "rts_time",
    "collection_time",
    "delivery_time",
    "cancel_time",
    "cancellation_initiator",
    "cancel_reason",
    "rts_sla_time",
    "is_cod",
    "is_sample_order",
    "is_replacement_order",
    "is_buyer_request_cancel",
    "fulfillment_type",
    "shipping_type",
    "delivery_option_id",
    "warehouse_id",
    "tracking_number",
    "shipping_provider",
    "packages",
    "payment",
    "buyer_email",
    "buyer_nickname",
    "buyer_message",
    "recipient_address",
    "line_items",
};

enum unit_member {
    UNIT_ID,
    UNIT_PRODUCT,
    UNIT_PRODUCT_NAME,
    UNIT_SKU,
    UNIT_SKU_NAME,
    UNIT_SELLER_SKU,
    UNIT_PRICE,
    UNIT_CURRENCY,
    UNIT_STATUS,
    UNIT_PACKAGE,
    UNIT_TRACKING,
    UNIT_CARRIER,
    UNIT_GIFT,
    UNIT_MEMBERS
};

static const char *const unit_names[UNIT_MEMBERS] = {
    "id",         "product_id",      "product_name",
    "sku_id",     "sku_name",        "seller_sku",
    "sale_price", "currency",        "display_status",
    "package_id", "tracking_number", "shipping_provider_name",
    "is_gift",
};

enum payment_member {
    PAY_CURRENCY,
    PAY_TOTAL,
    PAY_SUBTOTAL,
    PAY_SHIPPING,
    PAY_TAX,
    PAY_SELLER_DISCOUNT,
    PAY_PLATFORM_DISCOUNT,
    PAY_MEMBERS
};

static const char *const payment_names[PAY_MEMBERS] = {
    "currency", "total_amount",    "sub_total",        "shipping_fee",
    "tax",      "seller_discount", "platform_discount"};

/* Members of recipient_address that are kept, under the same names. */
static const char *const address_names[] = {
    "name",          "first_name",    "last_name",     "phone_number",  "full_address",
    "address_line1", "address_line2", "address_line3", "address_line4", "address_detail",
    "post_town",     "postal_code",   "region_code",
};

static void read_payment(struct sp_json payment, struct channel_order *fact, struct sp_arena *arena)
{
    struct sp_json value[PAY_MEMBERS];
    sp_json_members(payment, payment_names, PAY_MEMBERS, value);
    fact->currency = tiktok_text(value[PAY_CURRENCY], 3, arena);
    int digits = sp_currency_digits(fact->currency);
    fact->total_minor = tiktok_minor(value[PAY_TOTAL], digits);
    fact->subtotal_minor = tiktok_minor(value[PAY_SUBTOTAL], digits);
    fact->shipping_minor = tiktok_minor(value[PAY_SHIPPING], digits);
    fact->tax_minor = tiktok_minor(value[PAY_TAX], digits);
    fact->seller_discount_minor = tiktok_minor(value[PAY_SELLER_DISCOUNT], digits);
    fact->platform_discount_minor = tiktok_minor(value[PAY_PLATFORM_DISCOUNT], digits);
}

static void read_unit(struct sp_json json, struct tiktok_unit *unit, struct channel_order *fact,
                      struct sp_arena *arena)
{
    struct sp_json value[UNIT_MEMBERS];
    sp_json_members(json, unit_names, UNIT_MEMBERS, value);
    if (fact->currency.size == 0)
        fact->currency = tiktok_text(value[UNIT_CURRENCY], 3, arena);
    int digits = sp_currency_digits(fact->currency);
    *unit = (struct tiktok_unit){
        .id = tiktok_text(value[UNIT_ID], ID_MAX, arena),
        .product_id = tiktok_text(value[UNIT_PRODUCT], ID_MAX, arena),
        .sku_id = tiktok_text(value[UNIT_SKU], ID_MAX, arena),
        .seller_sku = tiktok_text(value[UNIT_SELLER_SKU], SELLER_SKU_MAX, arena),
        .product_name = tiktok_text(value[UNIT_PRODUCT_NAME], NAME_MAX, arena),
        .sku_name = tiktok_text(value[UNIT_SKU_NAME], SKU_NAME_MAX, arena),
        .status = tiktok_text(value[UNIT_STATUS], WORD_MAX, arena),
        .package_id = tiktok_text(value[UNIT_PACKAGE], ID_MAX, arena),
        .tracking = tiktok_text(value[UNIT_TRACKING], SELLER_SKU_MAX, arena),
        .carrier = tiktok_text(value[UNIT_CARRIER], SELLER_SKU_MAX, arena),
        .price_minor = tiktok_minor(value[UNIT_PRICE], digits),
        .is_gift = sp_json_bool(value[UNIT_GIFT]),
    };
}

static size_t count_elements(struct sp_json array, size_t most)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && count < most && sp_json_next(&walk, NULL, &element))
        count++;
    return count;
}

/* The order's own list of packages, with its tracking number when there is but one. */
static void read_packages(const struct sp_json value[ORDER_MEMBERS], struct channel_order *fact,
                          struct sp_arena *arena)
{
    size_t count = count_elements(value[ORDER_PACKAGES], PACKAGES_MAX);
    if (count == 0)
        return;
    struct channel_package *packages = sp_arena_array(arena, count, sizeof *packages);
    struct sp_json_walk walk = sp_json_each(value[ORDER_PACKAGES]);
    struct sp_json element;
    for (size_t i = 0; i < count && sp_json_next(&walk, NULL, &element); i++)
        packages[i].package_id = tiktok_text(sp_json_get(element, "id"), ID_MAX, arena);
    if (count == 1) {
        packages[0].tracking = tiktok_text(value[ORDER_TRACKING], SELLER_SKU_MAX, arena);
        packages[0].carrier = tiktok_text(value[ORDER_CARRIER], SELLER_SKU_MAX, arena);
    }
    fact->packages = packages;
    fact->packages_count = count;
}

/* Room for one unit more; each walk over the items costs a pass over their bytes, so they are not
 * counted first. */
static struct tiktok_unit *grow(struct tiktok_unit *units, size_t count, size_t *room,
                                struct sp_arena *arena)
{
    if (count < *room)
        return units;
    *room = *room == 0 ? 8 : *room * 2;
    struct tiktok_unit *larger = sp_arena_array(arena, *room, sizeof *larger);
    if (count > 0)
        memcpy(larger, units, count * sizeof *larger);
    return larger;
}

static void read_items(const struct sp_json value[ORDER_MEMBERS], struct channel_order *fact,
                       struct sp_arena *arena)
{
    struct tiktok_unit *units = NULL;
    struct sp_json_walk walk = sp_json_each(value[ORDER_ITEMS]);
    struct sp_json element;
    size_t count = 0, room = 0;
    while (!walk.object && count < UNITS_MAX && sp_json_next(&walk, NULL, &element)) {
        units = grow(units, count, &room, arena);
        read_unit(element, &units[count++], fact, arena);
    }
    read_packages(value, fact, arena);
    tiktok_group_units(units, count, fact, arena);
    tiktok_collect_packages(units, count, fact, arena);
}

/* "J*** C***": of no use, and somebody's all the same. */
static bool is_masked(struct sp_text text)
{
    return sp_text_holds(text, "***");
}

/* A small document of its own: which members there are is ours to say, not the marketplace's.  The
 * buyer's words to the seller are his data like his name. */
static struct sp_text read_buyer(const struct sp_json value[ORDER_MEMBERS], struct sp_arena *arena)
{
    struct sp_json address[SP_COUNT(address_names)];
    sp_json_members(value[ORDER_ADDRESS], address_names, SP_COUNT(address_names), address);
    struct sp_buffer buffer = {0};
    struct sp_json_writer json = sp_json_writer(&buffer);
    bool any = false;
    sp_json_open_object(&json, NULL);
    const struct sp_json own[] = {value[ORDER_MESSAGE], value[ORDER_EMAIL], value[ORDER_NICKNAME]};
    static const char *const own_names[] = {"note", "email", "nickname"};
    for (size_t i = 0; i < SP_COUNT(own) + SP_COUNT(address); i++) {
        bool is_own = i < SP_COUNT(own);
        struct sp_json from = is_own ? own[i] : address[i - SP_COUNT(own)];
        struct sp_text text = tiktok_text(from, i == 0 ? NOTE_MAX : BUYER_FIELD_MAX, arena);
        if (text.size == 0 || is_masked(text) || buffer.size > BUYER_ENOUGH)
            continue;
        any = true;
        sp_json_put_string(&json, is_own ? own_names[i] : address_names[i - SP_COUNT(own)], text);
    }
    sp_json_close_object(&json);
    struct sp_text buyer = {0};
    if (any)
        buyer = sp_arena_copy(arena, sp_buffer_text(&buffer));
    sp_buffer_free(&buffer);
    return buyer;
}

/* The webhook's word for a cancelled order, should it ever turn up here. */
static struct sp_text status_of(struct sp_json value, struct sp_arena *arena)
{
    struct sp_text status = tiktok_text(value, WORD_MAX, arena);
    return sp_text_is(status, "CANCEL") ? SP_TEXT("CANCELLED") : status;
}

static bool is_fulfilled_by_channel(struct sp_text kind)
{
    return kind.size > 0 && !sp_text_is(kind, "FULFILLMENT_BY_SELLER");
}

static void read_state(const struct sp_json value[ORDER_MEMBERS], struct channel_order *fact,
                       struct sp_arena *arena)
{
    fact->status = status_of(value[ORDER_STATUS], arena);
    fact->created_at = tiktok_time(value[ORDER_CREATED]);
    fact->updated_at = tiktok_time(value[ORDER_UPDATED]);
    fact->paid_at = tiktok_time(value[ORDER_PAID]);
    fact->ready_at = tiktok_time(value[ORDER_RTS]);
    fact->collected_at = tiktok_time(value[ORDER_COLLECTED]);
    fact->delivered_at = tiktok_time(value[ORDER_DELIVERED]);
    fact->cancelled_at = tiktok_time(value[ORDER_CANCELLED]);
    fact->cancel_initiator = tiktok_text(value[ORDER_CANCEL_INITIATOR], SHORT_MAX, arena);
    fact->cancel_reason = tiktok_text(value[ORDER_CANCEL_REASON], REASON_MAX, arena);
    fact->ship_by = tiktok_time(value[ORDER_RTS_SLA]);
    fact->is_cod = sp_json_bool(value[ORDER_COD]);
    fact->is_sample = sp_json_bool(value[ORDER_SAMPLE]);
    fact->is_replacement = sp_json_bool(value[ORDER_REPLACEMENT]);
    fact->buyer_wants_cancel = sp_json_bool(value[ORDER_WANTS_CANCEL]);
    fact->fulfilled_by_channel =
        is_fulfilled_by_channel(tiktok_text(value[ORDER_FULFILMENT], WORD_MAX, arena));
    fact->shipping_type = tiktok_text(value[ORDER_SHIPPING_TYPE], SHORT_MAX, arena);
    fact->delivery_option_id = tiktok_text(value[ORDER_DELIVERY_OPTION], ID_MAX, arena);
    fact->channel_warehouse_id = tiktok_text(value[ORDER_WAREHOUSE], ID_MAX, arena);
}

enum sp_result tiktok_read_order(struct sp_json json, struct sp_arena *arena,
                                 struct tiktok_order *order, struct sp_error *err)
{
    if (json.kind != SP_JSON_OBJECT)
        return sp_fail(err, SP_REJECT, "an order is not an object");
    struct sp_json value[ORDER_MEMBERS];
    sp_json_members(json, order_names, ORDER_MEMBERS, value);
    struct channel_order *fact = &order->fact;
    fact->channel_order_id = sp_json_text(value[ORDER_ID], arena);
    if (!tiktok_is_id(fact->channel_order_id))
        return sp_fail(err, SP_REJECT, "an order has no usable id");
    read_state(value, fact, arena);
    if (fact->updated_at == 0)
        return sp_fail(err, SP_REJECT, "order %.*s has no update time",
                       SP_FMT(fact->channel_order_id));
    read_payment(value[ORDER_PAYMENT], fact, arena);
    read_items(value, fact, arena);
    order->buyer = read_buyer(value, arena);
    return SP_OK;
}
