#include "services/sandbox/returns.h"

#include <stdlib.h>

#include "common/log.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"

static const char *const descriptions[] = {
    [AGREE_REFUND] = "Refund request approved",
    [AGREE_RETURN] = "Return request approved",
    [REFUSE] = "Request rejected",
    [OFFER_PART] = "Partial refund offered",
    [ACCEPT_PART] = "Partial refund accepted",
    [DECLINE_PART] = "Partial refund declined",
    [SEND_GOODS] = "Customer shipped the items",
    [TAKE_GOODS] = "Returned package received",
    [REFUSE_GOODS] = "Returned package rejected",
    [PAY_BACK] = "Refund paid",
    [AGREE_REPLACEMENT] = "Replacement request approved",
    [REFUND_INSTEAD] = "Refund issued in place of a replacement",
    [WITHDRAW] = "Request closed",
    [ESCALATE] = "Customer asked the platform to decide",
    [SIDE_WITH_BUYER] = "The platform decided for the customer",
    [SIDE_WITH_SELLER] = "The platform decided for the seller",
    [DROP_CASE] = "The platform closed the case",
};

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct aftersale *one = about;
    sp_json_put_int(json, "order_position", one->order);
    sp_json_put_cstring(json, "status", return_status_name((enum return_status)one->status));
    sp_json_put_int(json, "update_time", one->updated);
}

static void tell(struct sandbox *sandbox, struct shop *shop, uint32_t which,
                 const struct case_note *note)
{
    cases_note(&shop->cases, note);
    truth_note(sandbox->truth, "return", write_told, cases_at(&shop->cases, CASE_RETURN, which));
    webhook_return_changed(sandbox, shop, which);
}

/* How long its state is waited in. */
static void wait_in_state(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    struct return_wait wait =
        return_wait_in((enum return_status)one->status, (enum return_type)one->type);
    one->due = wait.seconds == 0 ? 0 : sandbox_clock(sandbox) + wait.seconds;
    one->deadline = wait.seconds == 0 ? 0 : sandbox_told(sandbox, one->due);
    if (one->due != 0)
        life_put(sandbox, shop, DUE_RETURN, which, one->due);
}

/* ---- begun
 * --------------------------------------------------------------------------------------------- */

bool returns_allowed(const struct order *order, enum return_type type)
{
    if (order->status == DELIVERED || order->status == COMPLETED)
        return true;
    return order->status == IN_TRANSIT && type == TYPE_REFUND;
}

enum api_error returns_begin(struct sandbox *sandbox, struct shop *shop,
                             const struct return_wish *wish, uint32_t *which)
{
    const struct order *order = &shop->book.orders[wish->order];
    int64_t now = sandbox_now(sandbox);
    enum return_status status = return_start(wish->type);
    struct aftersale draft = {
        .order = wish->order,
        .created = now,
        .updated = now,
        .began = sandbox_clock(sandbox),
        .changed = sandbox_clock(sandbox),
        .status = (uint8_t)status,
        .role = (uint8_t)wish->role,
        .reason = (uint8_t)wish->reason,
        .whole = case_units_are_all(shop, order, wish->units),
        .type = (uint8_t)wish->type,
        .by_buyer_arranged = wish->by_buyer_arranged,
        .by_pickup = wish->by_pickup,
        .asked_minor = wish->asked_minor,
    };
    if (!returns_allowed(order, wish->type))
        return API_CASE_STATUS;
    if (wish->reason == REASON_NONE)
        return API_CANCEL_REASON;
    if (wish->asked_minor > cases_refund_of(&shop->book, order, wish->units, draft.whole).total)
        return API_CASE_REFUND;
    *which = cases_add(&shop->cases, &shop->book, CASE_RETURN, &draft, wish->units);
    wait_in_state(sandbox, shop, *which);
    struct case_note note = {
        .which = *which,
        .role = (uint8_t)wish->role,
        .description = wish->role == SELLER ? "Seller submitted a return request"
                                            : "Customer submitted a return request",
        .reason_text = return_reason(wish->reason).text,
        .at = now,
        .images = wish->images,
    };
    tell(sandbox, shop, *which, &note);
    return API_OK;
}

/* ---- going on
 * ------------------------------------------------------------------------------------------ */

/* All that was bought and not cancelled has been refunded. */
static bool is_all_refunded(const struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    uint64_t kept = 0;
    for (uint32_t i = 0; i < order->line_count; i++)
        kept += lines[i].units - lines[i].cancelled;
    struct aftersale *one = cases_newest(&shop->cases, CASE_RETURN, order);
    for (; one != NULL; one = cases_before(&shop->cases, CASE_RETURN, one)) {
        if (one->refunded_at != 0)
            kept -= cases_unit_count(cases_units(&shop->cases, one));
    }
    return kept == 0;
}

/* An order whose goods are all paid back is done. */
static void end_order(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    struct sp_error err;
    if (order->status == COMPLETED || !is_all_refunded(shop, order))
        return;
    if (trade_happen(sandbox, shop, at, COMPLETE, &err) != SP_OK)
        sp_log(SP_ERROR, "refunded-order-not-completed", "why", err.text, NULL);
}

/* What the two types have in common in the table, they have not in life. */
static bool fits_type(enum return_type type, enum return_event event)
{
    if (event == AGREE_RETURN)
        return type == TYPE_RETURN;
    return true;
}

static void take_effect(struct aftersale *one, const struct return_step *step,
                        enum return_event event, int64_t now)
{
    enum arbitration arbitration;
    if (arbitration_next((enum arbitration)one->arbitration, event, &arbitration))
        one->arbitration = (uint8_t)arbitration;
    if (event == OFFER_PART)
        one->partial_minor = step->part_minor;
    if (event == ACCEPT_PART)
        one->asked_minor = one->partial_minor;
    if (event == DECLINE_PART)
        one->partial_refused = true;
    if (event == SEND_GOODS)
        one->sent_at = now;
    if (event == PAY_BACK || event == REFUND_INSTEAD)
        one->refunded_at = one->changed;
    if (step->keeps_item || event == ACCEPT_PART)
        one->keeps_item = true;
}

/* What was asked for again, for nothing. */
static void replace(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    const struct order *order = &shop->book.orders[one->order];
    struct unit_set units = cases_units(&shop->cases, one);
    int64_t now = sandbox_now(sandbox);
    if (!book_has_room(&shop->book, 1))
        return;
    struct order_line *lines = sp_alloc(units.count * sizeof *lines);
    for (uint32_t i = 0; i < units.count; i++) {
        const struct order_line *sold = &book_lines(&shop->book, order)[units.ranges[i].line];
        lines[i] = (struct order_line){.sku = sold->sku,
                                       .units = units.ranges[i].count,
                                       .discount_minor = (int32_t)sold->price_minor,
                                       .price_minor = sold->price_minor};
    }
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1), .lines = lines, .line_count = units.count};
    draft.order = (struct order){
        .times = life_past(AWAITING_SHIPMENT, now, now),
        .kind = {.replaces = true, .replaced = order->number, .by_tiktok = order->kind.by_tiktok},
        .status = AWAITING_SHIPMENT,
        .user = order->user,
        .country = order->country,
        .warehouse = order->warehouse,
        .by_seller = order->by_seller,
    };
    (void)trade_place(sandbox, shop, &draft, TRADE_TELLS);
    free(lines);
}

/* Of what was asked back anew since, the platform decides nothing. */
static bool may_be_decided(const struct shop *shop, const struct aftersale *one,
                           enum return_event event)
{
    enum arbitration after;
    const struct order *order = &shop->book.orders[one->order];
    if (event == ESCALATE && cases_newest(&shop->cases, CASE_RETURN, order) != one)
        return false;
    return arbitration_next((enum arbitration)one->arbitration, event, &after);
}

static enum api_error check(const struct shop *shop, const struct aftersale *one,
                            const struct return_step *step, int *next)
{
    enum return_type type = (enum return_type)one->type;
    bool keeps = step->event == AGREE_RETURN && step->keeps_item;
    if (!fits_type(type, step->event) || !may_be_decided(shop, one, step->event) ||
        !sp_state_next(&return_life, one->status, (int)(keeps ? AGREE_REFUND : step->event), next))
        return API_CASE_STATUS;
    int64_t most = cases_refund(&shop->cases, &shop->book, one).total;
    if (step->event == OFFER_PART && (step->part_minor <= 0 || step->part_minor > most))
        return API_CASE_REFUND;
    return API_OK;
}

enum api_error returns_happen(struct sandbox *sandbox, struct shop *shop, uint32_t which,
                              const struct return_step *step)
{
    struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    int64_t now = sandbox_now(sandbox);
    int next;
    enum api_error error = check(shop, one, step, &next);
    if (error != API_OK)
        return error;
    one->status = (uint8_t)next;
    wait_in_state(sandbox, shop, which);
    one->changed = sandbox_clock(sandbox);
    take_effect(one, step, step->event, now);
    cases_changed(&shop->cases, CASE_RETURN, one, now);
    struct case_note note = {
        .which = which,
        .role = (uint8_t)step->who,
        .description = descriptions[step->event],
        .reason_text = step->reason_text == NULL ? "" : step->reason_text,
        .note = step->note,
        .at = now,
    };
    tell(sandbox, shop, which, &note);
    if (one->refunded_at != 0)
        end_order(sandbox, shop, one->order);
    if (step->event == AGREE_REPLACEMENT)
        replace(sandbox, shop, which);
    return API_OK;
}

void returns_go_on(struct sandbox *sandbox, struct shop *shop, uint32_t which)
{
    const struct aftersale *one = cases_at(&shop->cases, CASE_RETURN, which);
    struct return_wait wait =
        return_wait_in((enum return_status)one->status, (enum return_type)one->type);
    if (one->due == 0 || one->due > sandbox_clock(sandbox))
        return; /* somebody has answered */
    struct return_step step = {.event = wait.event, .who = wait.who};
    enum api_error error = returns_happen(sandbox, shop, which, &step);
    SP_ASSERT(error == API_OK); /* the table of waits names only steps there are */
}
