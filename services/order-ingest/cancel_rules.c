/* Cancelling an order by the seller: until when, and with which of the marketplace's reasons. */
#include "services/order-ingest/cancel_rules.h"

/* NULL: not to be given for an order that stands so. */
static const struct {
    const char *meaning, *when_paid, *when_unpaid;
    bool us_only, of_units;
} reasons_known[] = {
    {"OUT_OF_STOCK", "seller_cancel_reason_out_of_stock",
     "seller_cancel_unpaid_reason_out_of_stock", false, true},
    {"WRONG_PRICE", "seller_cancel_reason_wrong_price", "seller_cancel_unpaid_reason_wrong_price",
     false, false},
    {"NOT_DELIVERABLE", "seller_cancel_paid_reason_address_not_deliver", NULL, false, false},
    {"NOT_PAID", NULL, "seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed", false,
     false},
    {"BUYER_ASKED", "seller_cancel_paid_reason_buyer_requested_cancellation",
     "seller_cancel_unpaid_reason_buyer_requested_cancellation", true, false},
};
_Static_assert(SP_COUNT(reasons_known) <= CANCEL_REASONS, "all reasons find room");

bool cancel_may_begin(struct sp_text region, struct sp_text channel_status)
{
    static const char *const open[] = {"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT",
                                       "PARTIALLY_SHIPPING"};
    return sp_text_among(channel_status, open, SP_COUNT(open)) >= 0 ||
           (sp_text_is(region, "US") && sp_text_is(channel_status, "AWAITING_COLLECTION"));
}

static bool has_units(struct sp_text region, struct sp_text channel_status)
{
    return (sp_text_is(region, "US") || sp_text_is(region, "GB")) &&
           !sp_text_is(channel_status, "UNPAID");
}

size_t cancel_reasons(const struct cancel_order *order, enum cancel_what what,
                      struct sp_arena *arena, struct cancel_reason reasons[CANCEL_REASONS])
{
    struct sp_text region = order->region, channel_status = order->channel_status;
    bool is_us = sp_text_is(region, "US"), is_unpaid = sp_text_is(channel_status, "UNPAID");
    const char *suffix = sp_text_is(region, "GB") ? "_uk" : "";
    size_t count = 0;
    if (!cancel_may_begin(region, channel_status) ||
        (what == CANCEL_SOME && !has_units(region, channel_status)))
        return 0;
    for (size_t i = 0; i < SP_COUNT(reasons_known); i++) {
        const char *name = is_unpaid ? reasons_known[i].when_unpaid : reasons_known[i].when_paid;
        if (name == NULL || (reasons_known[i].us_only && !is_us) ||
            (what == CANCEL_SOME && !reasons_known[i].of_units))
            continue;
        reasons[count++] = (struct cancel_reason){sp_arena_printf(arena, "%s%s", name, suffix),
                                                  reasons_known[i].meaning};
    }
    return count;
}

size_t cancel_own_reasons(struct cancel_reason reasons[CANCEL_REASONS])
{
    for (size_t i = 0; i < SP_COUNT(reasons_known); i++)
        reasons[i] =
            (struct cancel_reason){sp_text_of(reasons_known[i].meaning), reasons_known[i].meaning};
    return SP_COUNT(reasons_known);
}

bool cancel_is_own_reason(struct sp_text name)
{
    for (size_t i = 0; i < SP_COUNT(reasons_known); i++) {
        if (sp_text_is(name, reasons_known[i].meaning))
            return true;
    }
    return false;
}
