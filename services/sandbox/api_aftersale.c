/* What could still be cancelled or returned of an order, and what would be refunded for it. */
#include "services/sandbox/api_cases.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/cancels.h"
#include "services/sandbox/case_json.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/returns.h"

/* ---- what is possible
 * --------------------------------------------------------------------------------- */

enum ask { ASK_CANCEL, ASK_REFUND, ASK_RETURN, ASKS };

static const char *const ask_names[] = {
    [ASK_CANCEL] = "CANCEL", [ASK_REFUND] = "RETURN", [ASK_RETURN] = "RETURN_AND_REFUND"};

struct outlook {
    struct api_call *call;
    const struct order *order;
    bool status_allows[ASKS];
    struct unit_set free[ASKS];
};

static bool holds(struct unit_set units, uint32_t line, uint32_t unit)
{
    for (uint32_t i = 0; i < units.count; i++) {
        const struct unit_range *range = &units.ranges[i];
        if (range->line == line && unit >= range->first && unit - range->first < range->count)
            return true;
    }
    return false;
}

/* The units of the SKU for which the answer is `eligible`; nothing when there are none. */
static void put_units(const struct outlook *outlook, enum ask ask, uint32_t line, bool eligible)
{
    struct api_call *call = outlook->call;
    const struct order_line *lines = book_lines(&call->shop->book, outlook->order);
    uint64_t item = outlook->order->first_item;
    bool any = false;
    for (uint32_t i = 0; i < line; i++)
        item += lines[i].units;
    for (uint32_t unit = 0; unit < lines[line].units; unit++) {
        bool may = outlook->status_allows[ask] && holds(outlook->free[ask], line, unit);
        if (may != eligible)
            continue;
        if (!any) {
            sp_json_open_object(&call->data, NULL);
            sp_json_open_array(&call->data, "order_line_items_ids"); /* spelled so on the wire */
        }
        any = true;
        api_put_id(&call->data, NULL, ids_make(&call->shop->ids, ID_ITEM, item + unit));
    }
    if (!any)
        return;
    sp_json_close_array(&call->data);
    sp_json_put_cstring(&call->data, "request_type", ask_names[ask]);
    sp_json_put_bool(&call->data, "eligible", eligible);
    if (!eligible) {
        const struct api_error_row *row = api_error_of(API_CASE_STATUS);
        sp_json_put_int(&call->data, "ineligible_code", row->code);
        sp_json_put_cstring(&call->data, "ineligible_reason", row->message);
    }
    sp_json_close_object(&call->data);
}

static void put_line(const struct outlook *outlook, uint32_t line)
{
    struct api_call *call = outlook->call;
    uint32_t sku = book_lines(&call->shop->book, outlook->order)[line].sku;
    sp_json_open_object(&call->data, NULL);
    api_put_id(&call->data, "sku_id", ids_make(&call->shop->ids, ID_SKU, sku + 1u));
    sp_json_open_array(&call->data, "line_item_eligibility");
    for (int ask = 0; ask < ASKS; ask++) {
        put_units(outlook, (enum ask)ask, line, true);
        put_units(outlook, (enum ask)ask, line, false);
    }
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

enum api_error api_check_aftersale(struct api_call *call)
{
    struct sp_text user = api_query(call, "initiate_aftersale_user");
    enum order_initiator who = sp_text_is(user, "BUYER") ? BUYER : SELLER;
    uint64_t number = ids_counter(&call->shop->ids, ID_ORDER, call->path_params[0]);
    uint32_t at = book_find(&call->shop->book, number);
    if (at == BOOK_NONE)
        return API_ORDER_FOREIGN;
    if (user.size > 0 && who == SELLER && !sp_text_is(user, "SELLER"))
        return api_fail(call, API_INVALID_PARAM, "initiate_aftersale_user");
    const struct order *order = &call->shop->book.orders[at];
    struct unit_set kept = case_units_free(call->shop, order, CASE_RETURN, call->arena);
    struct outlook outlook = {
        .call = call,
        .order = order,
        .status_allows = {cancels_allowed(call->shop, order, who),
                          returns_allowed(order, TYPE_REFUND), returns_allowed(order, TYPE_RETURN)},
        .free = {case_units_free(call->shop, order, CASE_CANCEL, call->arena), kept, kept},
    };
    sp_json_open_array(&call->data, "sku_eligibility");
    for (uint32_t line = 0; line < order->line_count; line++)
        put_line(&outlook, line);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- what it would cost
 * ------------------------------------------------------------------------------- */

enum api_error api_calculate_refund(struct api_call *call)
{
    struct sp_text type = sp_json_text(sp_json_get(call->body, "request_type"), call->arena);
    bool is_cancel = sp_text_is(type, "CANCEL");
    struct unit_set units;
    uint32_t at;
    enum api_error error = api_case_order(call, sp_json_get(call->body, "order_id"), &at);
    if (error == API_OK && type.size == 0)
        error = api_fail(call, API_BODY_MISSING, "request_type");
    if (error == API_OK && !is_cancel && return_type_of(type) < 0)
        error = api_fail(call, API_INVALID_PARAM, "request_type");
    if (error == API_OK)
        error = case_units_read(&(struct case_units_of){call->shop, at,
                                                        is_cancel ? CASE_CANCEL : CASE_RETURN,
                                                        call->arena},
                                call->body, &units);
    if (error != API_OK)
        return error;
    const struct order *order = &call->shop->book.orders[at];
    bool whole = case_units_are_all(call->shop, order, units);
    struct refund refund = cases_refund_of(&call->shop->book, order, units, whole);
    case_json_put_refund(&call->data, "order_refund_amount", call->shop, &refund);
    return API_OK;
}
