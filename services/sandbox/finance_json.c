#include "services/sandbox/finance_json.h"

#include <string.h>

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

struct amount {
    const char *name;
    int64_t minor;
};

static void put_all(struct sp_json_writer *json, const struct shop *shop,
                    const struct amount *amounts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sp_json_put_minor(json, amounts[i].name, amounts[i].minor, shop->region->digits);
}

uint64_t finance_transaction_id(const struct shop *shop, const struct transaction *one)
{
    if (one->refund != 0)
        return ids_make(&shop->ids, ID_REFUND_TRANSACTION, one->refund);
    return ids_make(&shop->ids, ID_TRANSACTION, shop->book.orders[one->order].number);
}

void finance_put_subject(struct sp_json_writer *json, const struct shop *shop,
                         const struct transaction *one)
{
    const struct order *order = &shop->book.orders[one->order];
    put_id(json, "id", finance_transaction_id(shop, one));
    sp_json_put_cstring(json, "type", "ORDER");
    put_id(json, "order_id", ids_make(&shop->ids, ID_ORDER, order->number));
    sp_json_put_int(json, "order_create_time", order->times.created);
}

void finance_put_sums(struct sp_json_writer *json, const struct shop *shop,
                      const struct earning *earning)
{
    const struct amount amounts[] = {
        {"settlement_amount", earning->settlement},  {"revenue_amount", earning->revenue},
        {"net_sales_amount", earning->revenue},      {"fee_amount", earning->commission},
        {"shipping_cost_amount", earning->shipping}, {"adjustment_amount", 0},
    };
    put_all(json, shop, amounts, SP_COUNT(amounts));
}

/* In the US the commission is called a referral fee. */
static bool has_referral_fee(const struct shop *shop)
{
    return strcmp(shop->region->code, "US") == 0;
}

void finance_put_parts(struct sp_json_writer *json, const struct shop *shop,
                       const struct earning *earning)
{
    bool referral = has_referral_fee(shop);
    int64_t paid = earning->gross + earning->discount + earning->customer_shipping;
    int64_t back = earning->gross_refund + earning->discount_refund;
    const struct amount amounts[] = {
        {"gross_sales_amount", earning->gross},
        {"gross_sales_refund_amount", earning->gross_refund},
        {"seller_discount_amount", earning->discount},
        {"seller_discount_refund_amount", earning->discount_refund},
        {"platform_discount_amount", 0},
        {"platform_discount_refund_amount", 0},
        {"after_seller_discounts_subtotal_amount", earning->gross + earning->discount},
        {"customer_payment_amount", paid},
        {"customer_order_refund_amount", back},
        {"customer_refund_amount", back + earning->customer_shipping_refund},
        {"customer_shipping_fee_amount", earning->customer_shipping},
        {"customer_paid_shipping_fee_amount", earning->customer_shipping},
        {"customer_paid_shipping_fee_refund_amount", earning->customer_shipping_refund},
        {"fbm_shipping_cost_amount", earning->carrier - earning->by_tiktok},
        {"fbt_shipping_cost_amount", earning->by_tiktok},
        {"actual_shipping_fee_amount", earning->carrier},
        {"shipping_fee_subsidy_amount", 0},
        {"platform_commission_amount", referral ? 0 : earning->commission},
        {"referral_fee_amount", referral ? earning->commission : 0},
        {"transaction_fee_amount", 0},
        {"affiliate_commission_amount", 0},
        {"sales_tax_amount", 0},
    };
    put_all(json, shop, amounts, SP_COUNT(amounts));
}

static void put_fees(struct sp_json_writer *json, const struct shop *shop,
                     const struct earning *earning)
{
    bool referral = has_referral_fee(shop);
    const struct amount fees[] = {
        {"platform_commission_amount", referral ? 0 : earning->commission},
        {"referral_fee_amount", referral ? earning->commission : 0},
        {"transaction_fee_amount", 0},
        {"affiliate_commission_amount", 0},
        {"refund_administration_fee_amount", 0},
    };
    const struct amount taxes[] = {{"vat_amount", 0}, {"gst_amount", 0}};
    sp_json_open_object(json, "fee_tax_breakdown");
    sp_json_open_object(json, "fee");
    put_all(json, shop, fees, SP_COUNT(fees));
    sp_json_close_object(json);
    sp_json_open_object(json, "tax");
    put_all(json, shop, taxes, SP_COUNT(taxes));
    sp_json_close_object(json);
    sp_json_close_object(json);
}

void finance_put_breakdowns(struct sp_json_writer *json, const struct shop *shop,
                            const struct earning *earning)
{
    const struct amount revenue[] = {
        {"subtotal_before_discount_amount", earning->gross},
        {"seller_discount_amount", earning->discount},
        {"refund_subtotal_before_discount_amount", earning->gross_refund},
        {"seller_discount_refund_amount", earning->discount_refund},
        {"cod_service_fee_amount", 0},
        {"refund_cod_service_fee_amount", 0},
    };
    const struct amount shipping[] = {
        {"actual_shipping_fee_amount", earning->carrier},
        {"shipping_fee_discount_amount", 0},
        {"customer_paid_shipping_fee_amount",
         earning->customer_shipping + earning->customer_shipping_refund},
        {"return_shipping_fee_amount", 0},
        {"replacement_shipping_fee_amount", 0},
        {"exchange_shipping_fee_amount", 0},
        {"shipping_insurance_fee_amount", 0},
        {"signature_confirmation_fee_amount", 0},
    };
    const struct amount more[] = {
        {"fbm_shipping_cost_amount", earning->carrier - earning->by_tiktok},
        {"fbt_shipping_cost_amount", earning->by_tiktok},
        {"shipping_fee_subsidy_amount", 0}};
    sp_json_open_object(json, "revenue_breakdown");
    put_all(json, shop, revenue, SP_COUNT(revenue));
    sp_json_close_object(json);
    sp_json_open_object(json, "shipping_cost_breakdown");
    put_all(json, shop, shipping, SP_COUNT(shipping));
    sp_json_open_object(json, "supplementary_component");
    put_all(json, shop, more, SP_COUNT(more));
    sp_json_close_object(json);
    sp_json_close_object(json);
    put_fees(json, shop, earning);
}
