/* Cancelling by the seller: where, until when, with which reasons. */
#include "services/order-ingest/cancel_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *offered_for(enum cancel_what what, const char *region, const char *status)
{
    static char text[1024];
    struct sp_arena *arena = sp_arena_open();
    struct cancel_reason reasons[CANCEL_REASONS];
    struct cancel_order order = {sp_text_of(region), sp_text_of(status)};
    size_t count = cancel_reasons(&order, what, arena, reasons);
    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s=%.*s", i > 0 ? " " : "",
                       reasons[i].meaning, SP_FMT(reasons[i].name));
    }
    sp_arena_close(&arena);
    return text;
}

static const char *offered(const char *region, const char *status)
{
    return offered_for(CANCEL_ALL, region, status);
}

Test(cancel_rules, names_the_reasons_as_the_marketplace_does_where_the_shop_is)
{
    cr_expect_str_eq(offered("US", "AWAITING_SHIPMENT"),
                     "OUT_OF_STOCK=seller_cancel_reason_out_of_stock "
                     "WRONG_PRICE=seller_cancel_reason_wrong_price "
                     "NOT_DELIVERABLE=seller_cancel_paid_reason_address_not_deliver "
                     "BUYER_ASKED=seller_cancel_paid_reason_buyer_requested_cancellation");
    cr_expect_str_eq(offered("GB", "AWAITING_SHIPMENT"),
                     "OUT_OF_STOCK=seller_cancel_reason_out_of_stock_uk "
                     "WRONG_PRICE=seller_cancel_reason_wrong_price_uk "
                     "NOT_DELIVERABLE=seller_cancel_paid_reason_address_not_deliver_uk");
    cr_expect_str_eq(offered("VN", "UNPAID"),
                     "OUT_OF_STOCK=seller_cancel_unpaid_reason_out_of_stock "
                     "WRONG_PRICE=seller_cancel_unpaid_reason_wrong_price "
                     "NOT_PAID=seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed");
}

Test(cancel_rules, offers_for_an_order_of_the_sellers_own_the_meanings_alone)
{
    struct cancel_reason reasons[CANCEL_REASONS];
    size_t count = cancel_own_reasons(reasons);
    cr_assert_eq(count, 5);
    for (size_t i = 0; i < count; i++)
        cr_expect(sp_text_is(reasons[i].name, reasons[i].meaning) &&
                  cancel_is_own_reason(reasons[i].name));
    cr_expect(!cancel_is_own_reason(SP_TEXT("seller_cancel_reason_out_of_stock")));
}

Test(cancel_rules, offers_none_when_it_is_too_late)
{
    static const char *const late[] = {"IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED",
                                       "NEW_WORD"};
    for (size_t i = 0; i < SP_COUNT(late); i++)
        cr_expect_str_eq(offered("US", late[i]), "", "%s", late[i]);
    cr_expect_str_eq(offered("VN", "AWAITING_COLLECTION"), "");
    cr_expect_str_neq(offered("US", "AWAITING_COLLECTION"), "");
    cr_expect_str_neq(offered("VN", "PARTIALLY_SHIPPING"), "");
    cr_expect_str_neq(offered("VN", "ON_HOLD"), "");
}

Test(cancel_rules, single_units_go_for_want_of_stock_where_the_marketplace_has_that)
{
    cr_expect_str_eq(offered_for(CANCEL_SOME, "US", "AWAITING_SHIPMENT"),
                     "OUT_OF_STOCK=seller_cancel_reason_out_of_stock");
    cr_expect_str_eq(offered_for(CANCEL_SOME, "GB", "PARTIALLY_SHIPPING"),
                     "OUT_OF_STOCK=seller_cancel_reason_out_of_stock_uk");
    cr_expect_str_eq(offered_for(CANCEL_SOME, "GB", "UNPAID"), "");
    cr_expect_str_eq(offered_for(CANCEL_SOME, "GB", "IN_TRANSIT"), "");
    cr_expect_str_eq(offered_for(CANCEL_SOME, "VN", "AWAITING_SHIPMENT"), "");
}
