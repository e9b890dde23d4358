#include "services/sandbox/case_reasons.h"

#include <string.h>

enum market { MARKET_US = 1, MARKET_UK = 2, MARKET_OTHER = 4, MARKET_ANY = 7 };

static const struct {
    struct case_reason reason;
    enum order_initiator who;
    enum market markets;
    bool paid, unpaid; /* when it may be given */
    bool sells_out;
} cancels[] = {
    /* the first that fits is the usual one */
    {{"seller_cancel_reason_out_of_stock", "Out of stock"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     true,
     false,
     true},
    {{"seller_cancel_reason_wrong_price", "Pricing error"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     true,
     false,
     false},
    {{"seller_cancel_paid_reason_address_not_deliver", "Unable to deliver to the buyer's address"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     true,
     false,
     false},
    {{"seller_cancel_paid_reason_buyer_requested_cancellation", "Buyer asked for cancellation"},
     SELLER,
     MARKET_US,
     true,
     false,
     false},
    {{"seller_cancel_unpaid_reason_out_of_stock", "Out of stock"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     false,
     true,
     true},
    {{"seller_cancel_unpaid_reason_wrong_price", "Pricing error"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     false,
     true,
     false},
    {{"seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed", "Buyer did not pay"},
     SELLER,
     MARKET_US | MARKET_OTHER,
     false,
     true,
     false},
    {{"seller_cancel_unpaid_reason_buyer_requested_cancellation", "Buyer asked for cancellation"},
     SELLER,
     MARKET_US,
     false,
     true,
     false},

    {{"seller_cancel_reason_out_of_stock_uk", "Out of stock"},
     SELLER,
     MARKET_UK,
     true,
     false,
     true},
    {{"seller_cancel_reason_wrong_price_uk", "Pricing error"},
     SELLER,
     MARKET_UK,
     true,
     false,
     false},
    {{"seller_cancel_paid_reason_address_not_deliver_uk",
      "Unable to deliver to the buyer's address"},
     SELLER,
     MARKET_UK,
     true,
     false,
     false},
    {{"seller_cancel_unpaid_reason_out_of_stock_uk", "Out of stock"},
     SELLER,
     MARKET_UK,
     false,
     true,
     true},
    {{"seller_cancel_unpaid_reason_wrong_price_uk", "Pricing error"},
     SELLER,
     MARKET_UK,
     false,
     true,
     false},
    {{"seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed_uk", "Buyer did not pay"},
     SELLER,
     MARKET_UK,
     false,
     true,
     false},

    {{"ecom_order_to_ship_canceled_reason_no_longer_needed", "No longer needed"},
     BUYER,
     MARKET_ANY,
     true,
     true,
     false},
    {{"ecom_order_to_ship_canceled_reason_created_by_mistakes", "Order created by mistake"},
     BUYER,
     MARKET_ANY,
     true,
     true,
     false},
    {{"ecom_order_to_ship_canceled_reason_better_price", "Better price elsewhere"},
     BUYER,
     MARKET_ANY,
     true,
     true,
     false},

    {{"system_cancel_unpaid_time_out", "Not paid in time"}, SYSTEM, MARKET_ANY, false, true, false},
    {{"system_cancel_order_reason_shipping_timeout", "Not shipped in time"},
     SYSTEM,
     MARKET_ANY,
     true,
     false,
     false},
    {{"package_lost", "Package lost"}, SYSTEM, MARKET_ANY, true, false, false},
    {{"returned_to_shipper_refused", "Delivery refused"}, SYSTEM, MARKET_ANY, true, false, false},
};

static const struct case_reason returns[] = {
    {"ecom_order_delivered_refund_and_return_reason_wrong_product", "Wrong product was sent"},
    {"ecom_order_delivered_refund_and_return_reason_damaged", "Damaged product"},
    {"ecom_order_delivered_refund_and_return_reason_no_longer_needed", "No longer needed"},
    {"ecom_order_delivered_refund_and_return_reason_wrong_product_seller",
     "Wrong product was sent"},
    {"ecom_order_delivered_refund_reason_missing_product", "Missing product"},
    {"ecom_order_delivered_refund_reason_missing_product_seller", "Missing product"},
};

static const struct case_reason cancel_refusals[] = {
    {"seller_reject_apply_product_has_been_packed", "Product has been packed"},
    {"seller_reject_apply_package_shipped", "Package has been shipped"},
    {"seller_reject_apply_you_have_reached_an_agreement_with_the_buyer",
     "You have reached an agreement with the buyer"},
};

static const struct case_reason return_refusals[] = {
    {"seller_reject_apply_you_have_reached_an_agreement_with_the_buyer",
     "You have reached an agreement with the buyer"},
    {"seller_reject_apply_package_has_not_exceeded_estimated_delivery_time",
     "Package has not exceeded its estimated delivery time"},
    {"seller_reject_apply_product_not_returnable", "Product cannot be returned"},
    {"seller_reject_apply_returned_product_is_not_as_sold", "Returned product is not as sold"},
};

static enum market market_of(const struct region *region)
{
    if (strcmp(region->code, "US") == 0)
        return MARKET_US;
    return strcmp(region->code, "GB") == 0 ? MARKET_UK : MARKET_OTHER;
}

int cancel_reason_of(struct sp_text name)
{
    for (size_t i = 0; i < SP_COUNT(cancels); i++) {
        if (sp_text_is(name, cancels[i].reason.name))
            return (int)i;
    }
    return REASON_NONE;
}

struct case_reason cancel_reason(int reason)
{
    return cancels[reason].reason;
}

bool cancel_reason_fits(int reason, const struct region *region, enum order_initiator who,
                        enum order_status status)
{
    return reason != REASON_NONE && cancels[reason].who == who &&
           (cancels[reason].markets & market_of(region)) != 0 &&
           (status == UNPAID ? cancels[reason].unpaid : cancels[reason].paid);
}

int cancel_reason_usual(const struct region *region, enum order_initiator who,
                        enum order_status status)
{
    int reason = 0;
    while (!cancel_reason_fits(reason, region, who, status)) {
        reason++;
        SP_ASSERT(reason < (int)SP_COUNT(cancels));
    }
    return reason;
}

bool cancel_reason_sells_out(int reason)
{
    return cancels[reason].sells_out;
}

static int find(const struct case_reason *reasons, size_t count, struct sp_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_is(name, reasons[i].name))
            return (int)i;
    }
    return REASON_NONE;
}

int return_reason_of(struct sp_text name)
{
    return find(returns, SP_COUNT(returns), name);
}

struct case_reason return_reason(int reason)
{
    return returns[reason];
}

int reject_reason_of(enum case_kind kind, struct sp_text name)
{
    return kind == CASE_CANCEL ? find(cancel_refusals, SP_COUNT(cancel_refusals), name)
                               : find(return_refusals, SP_COUNT(return_refusals), name);
}

struct case_reason reject_reason(enum case_kind kind, int reason)
{
    return kind == CASE_CANCEL ? cancel_refusals[reason] : return_refusals[reason];
}

int reject_reason_count(enum case_kind kind)
{
    return (int)(kind == CASE_CANCEL ? SP_COUNT(cancel_refusals) : SP_COUNT(return_refusals));
}
