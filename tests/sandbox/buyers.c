#include "tests/sandbox/buyers.h"

#include <criterion/criterion.h>

#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/returns.h"

static struct unit_set units_left(uint32_t order, enum case_kind kind)
{
    return case_units_free(rig.shop, &rig.shop->book.orders[order], kind, rig.arena);
}

uint32_t buyers_cancel(uint32_t order)
{
    struct cancel_wish wish = {
        .order = order,
        .units = units_left(order, CASE_CANCEL),
        .reason = cancel_reason_of(SP_TEXT("ecom_order_to_ship_canceled_reason_better_price"))};
    uint32_t which;
    cr_assert_eq(cancels_by_buyer(rig.sandbox, rig.shop, &wish, &which), API_OK);
    return which;
}

uint32_t buyers_return(uint32_t order, enum return_type type, struct unit_set units)
{
    struct return_wish wish = {.order = order, .units = units, .type = type, .role = BUYER};
    uint32_t which;
    cr_assert_eq(returns_begin(rig.sandbox, rig.shop, &wish, &which), API_OK);
    return which;
}

struct unit_set buyers_units(uint32_t order)
{
    return units_left(order, CASE_RETURN);
}
