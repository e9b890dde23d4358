#include "services/sandbox/cancels.h"

#include <stdlib.h>
#include <string.h>

#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/life.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"

static const char *const status_names[] = {
    [CANCEL_PENDING] = "CANCELLATION_REQUEST_PENDING",
    [CANCEL_SUCCESS] = "CANCELLATION_REQUEST_SUCCESS",
    [CANCEL_COMPLETE] = "CANCELLATION_REQUEST_COMPLETE",
    [CANCEL_CLOSED] = "CANCELLATION_REQUEST_CANCELLED",
};

const char *cancel_status_name(enum cancel_status status)
{
    return status_names[status];
}

int cancel_status_of(struct sp_text name)
{
    if (sp_text_is(name, "CANCELLATION_REQUEST_CANCEL"))
        return CANCEL_CLOSED;
    return sp_text_among(name, status_names, CANCEL_STATUSES);
}

static bool is_in(const struct shop *shop, const char *country)
{
    return strcmp(shop->region->code, country) == 0;
}

bool cancels_allowed(const struct shop *shop, const struct order *order, enum order_initiator who)
{
    if (order->status <= PARTIALLY_SHIPPING)
        return true;
    return order->status == AWAITING_COLLECTION && (who != SELLER || is_in(shop, "US"));
}

bool cancels_parts_allowed(const struct shop *shop)
{
    return is_in(shop, "US") || is_in(shop, "GB");
}

/* ---- carrying out
 * -------------------------------------------------------------------------------------- */

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct aftersale *one = about;
    sp_json_put_int(json, "order_position", one->order);
    sp_json_put_cstring(json, "status", status_names[one->status]);
    sp_json_put_int(json, "update_time", one->updated);
}

static void wait_until(struct sandbox *sandbox, struct shop *shop, uint32_t which, int64_t due)
{
    cases_at(&shop->cases, CASE_CANCEL, which)->due = due;
    life_put(sandbox, shop, DUE_CANCEL, which, due);
}

static void change(struct sandbox *sandbox, struct shop *shop, uint32_t which,
                   enum cancel_status status)
{
    struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    int64_t now = sandbox_now(sandbox);
    struct refund refund = cases_refund(&shop->cases, &shop->book, one);
    if (status == CANCEL_SUCCESS && refund.total == 0)
        status = CANCEL_COMPLETE; /* nothing was paid */
    one->status = (uint8_t)status;
    one->due = 0;
    one->deadline = 0; /* nobody is asked any more */
    if (status == CANCEL_SUCCESS)
        wait_until(sandbox, shop, which, sandbox_clock(sandbox) + CANCEL_REFUND_S);
    cases_changed(&shop->cases, CASE_CANCEL, one, now);
    truth_note(sandbox->truth, "cancellation", write_told, one);
    webhook_cancellation_changed(sandbox, shop, which);
}

/* The order goes on without these units. */
static void drop_units(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                       struct unit_set units)
{
    const struct order *order = &shop->book.orders[at];
    bool committed = life_is_open((enum order_status)order->status);
    for (uint32_t i = 0; i < units.count; i++) {
        const struct unit_range *range = &units.ranges[i];
        if (committed)
            shop_cancel_units(shop, order, range->line, range->count);
        book_cancel_units(&shop->book, at, range->line, range->count);
    }
    trade_touch(sandbox, shop, at);
    package_drop_cancelled(shop, at);
    package_ship_rest(sandbox, shop, at);
}

static void sell_out(struct shop *shop, const struct aftersale *one)
{
    struct unit_set units = cases_units(&shop->cases, one);
    for (uint32_t i = 0; i < units.count; i++)
        shop_sell_out(shop, &shop->book.orders[one->order], units.ranges[i].line);
}

/* The case stands in its row already; the order follows. */
static void carry_out(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    struct unit_set units = cases_units(&shop->cases, one);
    struct order *order = &shop->book.orders[one->order];
    order->wants_cancel = false;
    change(sandbox, shop, which, CANCEL_SUCCESS);
    if (case_units_are_all(shop, order, units)) {
        struct sp_error err;
        enum sp_result result =
            trade_end(sandbox, shop, one->order, (enum order_initiator)one->role, &err);
        SP_ASSERT(result == SP_OK); /* its state was looked at before */
    } else {
        drop_units(sandbox, shop, one->order, units);
    }
    if (cancel_reason_sells_out(one->reason))
        sell_out(shop, one);
}

static uint32_t add(struct sandbox *sandbox, struct shop *shop, const struct cancel_wish *wish,
                    enum order_initiator role, bool by_request)
{
    int64_t now = sandbox_now(sandbox), due = sandbox_clock(sandbox) + CANCEL_ANSWER_S;
    struct aftersale draft = {
        .order = wish->order,
        .created = now,
        .updated = now,
        .deadline = by_request ? sandbox_told(sandbox, due) : 0,
        .status = CANCEL_PENDING,
        .role = (uint8_t)role,
        .reason = (uint8_t)wish->reason,
        .by_request = by_request,
        .whole = case_units_are_all(shop, &shop->book.orders[wish->order], wish->units),
    };
    uint32_t which = cases_add(&shop->cases, &shop->book, CASE_CANCEL, &draft, wish->units);
    if (by_request)
        wait_until(sandbox, shop, which, due);
    return which;
}

/* ---- begun
 * --------------------------------------------------------------------------------------------- */

static enum api_error check(const struct shop *shop, const struct cancel_wish *wish,
                            enum order_initiator who)
{
    const struct order *order = &shop->book.orders[wish->order];
    enum order_status status = (enum order_status)order->status;
    if (!cancels_allowed(shop, order, who))
        return API_CASE_STATUS;
    if (!cancel_reason_fits(wish->reason, shop->region, who, status))
        return API_CANCEL_REASON;
    if (case_units_are_all(shop, order, wish->units))
        return API_OK;
    if (status == UNPAID || !cancels_parts_allowed(shop))
        return API_CANCEL_PART;
    bool sold_out = cancel_reason_sells_out(wish->reason);
    return who == BUYER || sold_out ? API_OK : API_CANCEL_PART;
}

enum api_error cancels_by_seller(struct sandbox *sandbox, struct shop *shop,
                                 const struct cancel_wish *wish, uint32_t *which)
{
    enum api_error error = check(shop, wish, SELLER);
    if (error != API_OK)
        return error;
    cancels_close_request(sandbox, shop, wish->order);
    *which = add(sandbox, shop, wish, SELLER, false);
    carry_out(sandbox, shop, *which);
    return API_OK;
}

enum api_error cancels_by_buyer(struct sandbox *sandbox, struct shop *shop,
                                const struct cancel_wish *wish, uint32_t *which)
{
    struct order *order = &shop->book.orders[wish->order];
    enum api_error error = order->wants_cancel ? API_CASE_STATUS : check(shop, wish, BUYER);
    if (error != API_OK)
        return error;
    bool by_request = order->status > ON_HOLD;
    *which = add(sandbox, shop, wish, BUYER, by_request);
    if (!by_request) {
        carry_out(sandbox, shop, *which);
        return API_OK;
    }
    order->wants_cancel = true;
    order->times.cancel_asked = sandbox_now(sandbox);
    trade_touch(sandbox, shop, wish->order);
    truth_note(sandbox->truth, "cancellation", write_told,
               cases_at(&shop->cases, CASE_CANCEL, *which));
    webhook_cancellation_changed(sandbox, shop, *which);
    return API_OK;
}

/* ---- answered
 * ------------------------------------------------------------------------------------------ */

enum api_error cancels_approve(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    if (cases_at(&shop->cases, CASE_CANCEL, which)->status != CANCEL_PENDING)
        return API_CASE_STATUS;
    carry_out(sandbox, shop, which);
    return API_OK;
}

static enum api_error end_request(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    if (one->status != CANCEL_PENDING)
        return API_CASE_STATUS;
    shop->book.orders[one->order].wants_cancel = false;
    change(sandbox, shop, which, CANCEL_CLOSED);
    trade_touch(sandbox, shop, one->order);
    return API_OK;
}

enum api_error cancels_reject(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    return end_request(sandbox, shop, which);
}

enum api_error cancels_withdraw(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    return end_request(sandbox, shop, which);
}

void cancels_close_request(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct cases *cases = &shop->cases;
    struct order *order = &shop->book.orders[at];
    struct aftersale *one = cases_newest(cases, CASE_CANCEL, order);
    if (one == NULL || one->status != CANCEL_PENDING)
        return;
    order->wants_cancel = false;
    change(sandbox, shop, (uint32_t)(one - cases->rows[CASE_CANCEL].all), CANCEL_CLOSED);
}

/* ---- without a word
 * ------------------------------------------------------------------------------------ */

void cancels_record(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                    const struct cancel_record *record)
{
    struct cancel_wish wish = {
        .order = at,
        .units = record->units,
        .reason = cancel_reason_usual(shop->region, record->who, record->before),
    };
    change(sandbox, shop, add(sandbox, shop, &wish, record->who, false), CANCEL_SUCCESS);
}

void cancels_record_past(struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    enum order_initiator who = (enum order_initiator)order->initiator;
    struct unit_range *ranges = sp_alloc(order->line_count * sizeof *ranges);
    struct unit_set units = {ranges, order->line_count};
    for (uint32_t line = 0; line < order->line_count; line++)
        ranges[line] = (struct unit_range){line, 0, book_lines(&shop->book, order)[line].units};
    struct aftersale draft = {
        .order = at,
        .created = order->times.cancelled,
        .updated = order->times.cancelled,
        .status = CANCEL_COMPLETE,
        .role = order->initiator,
        .reason = (uint8_t)cancel_reason_usual(
            shop->region, who, book_handled_from(order) == 0 ? UNPAID : AWAITING_SHIPMENT),
        .whole = true,
    };
    (void)cases_add(&shop->cases, &shop->book, CASE_CANCEL, &draft, units);
    free(ranges);
}

/* ---- time
 * ---------------------------------------------------------------------------------------------- */

void cancels_go_on(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_CANCEL, which);
    if (one->due == 0 || one->due > sandbox_clock(sandbox))
        return; /* somebody has answered */
    if (one->status == CANCEL_PENDING)
        carry_out(sandbox, shop, which);
    else
        change(sandbox, shop, which, CANCEL_COMPLETE);
}
