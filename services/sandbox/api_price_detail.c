/* What an order's price is made of, for the whole and for each unit: the units add up to it. */
#include "services/sandbox/api_routes.h"
#include "services/sandbox/money.h"

/* Minor units; taxes, fees and the marketplace's own discounts are not charged here. */
struct price {
    int64_t list, deduction, shipping;
};

static void put_zeros(struct api_call *call, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        sp_json_put_minor(&call->data, names[i], 0, call->shop->region->digits);
}

static void put_price(struct api_call *call, const struct price *price)
{
    static const char *const zeros[] = {
        "cod_fee",
        "distance_fee",
        "distance_shipping_fee",
        "shipping_fee_deduction_platform",
        "shipping_fee_deduction_platform_voucher",
        "shipping_fee_deduction_seller",
        "sku_gift_net_price",
        "sku_gift_original_price",
        "subtotal_deduction_platform",
        "subtotal_tax_amount",
        "tax_amount",
        "tax_rate",
        "voucher_deduction_platform",
        "voucher_deduction_seller",
    };
    int64_t sale = price->list - price->deduction;
    const struct {
        const char *name;
        int64_t minor;
    } amounts[] = {
        {"total", price->list + price->shipping}, /* before discounts */
        {"payment", sale + price->shipping},
        {"sku_list_price", price->list},
        {"sku_sale_price", sale},
        {"subtotal", sale},
        {"subtotal_deduction_seller", price->deduction},
        {"shipping_list_price", price->shipping},
        {"shipping_sale_price", price->shipping},
        {"net_price_amount", sale},
    };
    sp_json_put_cstring(&call->data, "currency", call->shop->region->currency);
    for (size_t i = 0; i < SP_COUNT(amounts); i++)
        sp_json_put_minor(&call->data, amounts[i].name, amounts[i].minor,
                          call->shop->region->digits);
    put_zeros(call, zeros, SP_COUNT(zeros));
}

static void put_units(struct api_call *call, const struct order *order)
{
    static const char *const zero[] = {"cod_fee_amount"}; /* of the whole: cod_fee_net_amount */
    const struct order_line *lines = book_lines(&call->shop->book, order);
    uint32_t place = 0;
    for (uint32_t i = 0; i < order->line_count; i++) {
        for (uint32_t unit = 0; unit < lines[i].units; unit++, place++) {
            struct price price = {lines[i].price_minor, lines[i].discount_minor,
                                  money_share(order->shipping_minor, place, order->units)};
            sp_json_open_object(&call->data, NULL);
            api_put_id(&call->data, "id",
                       ids_make(&call->shop->ids, ID_ITEM, order->first_item + place));
            put_price(call, &price);
            put_zeros(call, zero, SP_COUNT(zero));
            sp_json_close_object(&call->data);
        }
    }
}

enum api_error api_get_price_detail(struct api_call *call)
{
    static const char *const zero[] = {"cod_fee_net_amount"};
    uint64_t number = ids_counter(&call->shop->ids, ID_ORDER, call->path_params[0]);
    uint32_t at = book_find(&call->shop->book, number);
    if (at == BOOK_NONE)
        return API_ORDER_FOREIGN;
    const struct order *order = &call->shop->book.orders[at];
    struct order_money money = money_of_order(&call->shop->book, order);
    put_price(call, &(struct price){money.original, money.discount, money.shipping});
    put_zeros(call, zero, SP_COUNT(zero));
    sp_json_open_array(&call->data, "line_items");
    put_units(call, order);
    sp_json_close_array(&call->data);
    return API_OK;
}
