/* Returns and refunds: searching, answering, and beginning one in the buyer's place. */
#include "services/sandbox/api_cases.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/case_json.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/returns.h"

enum { PAGE_LEAST = 10, PAGE_MOST = 50, IMAGE_PIXELS = 200 };

enum api_error api_search_returns(struct api_call *call)
{
    static const char *const fields[] = {"create_time", "update_time", NULL};
    static const struct listing_rules rules = {PAGE_LEAST, PAGE_MOST, PAGE_LEAST, fields, false};
    return api_case_search(call, CASE_RETURN, &rules, "return_orders", case_json_put_return);
}

/* ---- answers
 * ------------------------------------------------------------------------------------------- */

/* A decision is for one type of return, or for any. */
struct decision {
    const char *name;
    enum return_event event;
    int type; /* -1: any */
};

static const struct decision approvals[] = {
    {"APPROVE_REFUND", AGREE_REFUND, TYPE_REFUND},
    {"APPROVE_RETURN", AGREE_RETURN, TYPE_RETURN},
    {"APPROVE_RECEIVED_PACKAGE", TAKE_GOODS, TYPE_RETURN},
    {"APPROVE_REPLACEMENT", AGREE_REPLACEMENT, TYPE_REPLACEMENT},
    {"ISSUE_REPLACEMENT_REFUND", REFUND_INSTEAD, TYPE_REPLACEMENT},
    {"OFFER_PARTIAL_REFUND", OFFER_PART, -1},
};

static const struct decision rejections[] = {
    {"REJECT_REFUND", REFUSE, TYPE_REFUND},
    {"REJECT_RETURN", REFUSE, TYPE_RETURN},
    {"REJECT_RECEIVED_PACKAGE", REFUSE_GOODS, TYPE_RETURN},
    {"REJECT_REPLACEMENT", REFUSE, TYPE_REPLACEMENT},
};

static enum api_error read_decision(struct api_call *call, const struct decision *decisions,
                                    size_t count, const struct api_case *found,
                                    struct return_step *step)
{
    struct sp_text name = sp_json_text(sp_json_get(call->body, "decision"), call->arena);
    int type = cases_at(&call->shop->cases, CASE_RETURN, found->which)->type;
    if (name.size == 0)
        return api_fail(call, API_BODY_MISSING, "decision");
    for (size_t i = 0; i < count; i++) {
        if (!sp_text_is(name, decisions[i].name))
            continue;
        *step = (struct return_step){.event = decisions[i].event, .who = SELLER};
        bool fits = decisions[i].type == -1 || decisions[i].type == type;
        return fits ? API_OK : API_CASE_STATUS;
    }
    return api_fail(call, API_INVALID_PARAM, "decision");
}

static enum api_error read_money(struct api_call *call, struct sp_json amount,
                                 struct sp_json currency, int64_t *minor)
{
    struct sp_text code = sp_json_text(currency, call->arena);
    if (code.size > 0 && !sp_text_is(code, call->shop->region->currency))
        return api_fail(call, API_INVALID_PARAM, "currency");
    if (sp_json_minor(amount, call->shop->region->digits, minor) != SP_OK || *minor < 0)
        return api_fail(call, API_INVALID_PARAM, "amount");
    return API_OK;
}

enum api_error api_approve_return(struct api_call *call)
{
    struct api_case found;
    struct return_step step;
    struct sp_json part = sp_json_get(call->body, "partial_refund");
    enum api_error error = api_case_find(call, CASE_RETURN, &found);
    if (error != API_OK || found.answered)
        return error;
    error = read_decision(call, approvals, SP_COUNT(approvals), &found, &step);
    if (error == API_OK && step.event == OFFER_PART)
        error = read_money(call, sp_json_get(part, "amount"), sp_json_get(part, "currency"),
                           &step.part_minor);
    if (error != API_OK)
        return error;
    step.keeps_item =
        step.event == AGREE_RETURN && sp_json_bool(sp_json_get(call->body, "buyer_keep_item"));
    error = returns_happen(call->sandbox, call->shop, found.which, &step);
    return api_case_answered(call, &found, error);
}

enum api_error api_reject_return(struct api_call *call)
{
    struct api_case found;
    struct return_step step;
    int reason;
    enum api_error error = api_case_find(call, CASE_RETURN, &found);
    if (error != API_OK || found.answered)
        return error;
    error = read_decision(call, rejections, SP_COUNT(rejections), &found, &step);
    if (error == API_OK)
        error = api_case_reject_reason(call, CASE_RETURN, &reason);
    if (error != API_OK)
        return error;
    step.note = sp_json_text(sp_json_get(call->body, "comment"), call->arena);
    step.reason_text = reject_reason(CASE_RETURN, reason).text;
    error = returns_happen(call->sandbox, call->shop, found.which, &step);
    return api_case_answered(call, &found, error);
}

/* ---- begun by the seller
 * ------------------------------------------------------------------------------- */

static enum api_error read_way(struct api_call *call, struct return_wish *wish)
{
    struct sp_text type = sp_json_text(sp_json_get(call->body, "return_type"), call->arena);
    struct sp_text way = sp_json_text(sp_json_get(call->body, "shipment_type"), call->arena);
    struct sp_text hand = sp_json_text(sp_json_get(call->body, "handover_method"), call->arena);
    int number = return_type_of(type);
    if (type.size == 0)
        return api_fail(call, API_BODY_MISSING, "return_type");
    if (number < 0 || number == TYPE_REPLACEMENT)
        return api_fail(call, API_INVALID_PARAM, "return_type");
    wish->type = (enum return_type)number;
    wish->by_buyer_arranged = sp_text_is(way, "BUYER_ARRANGE");
    if (way.size > 0 && !wish->by_buyer_arranged && !sp_text_is(way, "PLATFORM"))
        return api_fail(call, API_INVALID_PARAM, "shipment_type");
    wish->by_pickup = sp_text_is(hand, "PICKUP");
    if (hand.size > 0 && !wish->by_pickup && !sp_text_is(hand, "DROP_OFF"))
        return api_fail(call, API_INVALID_PARAM, "handover_method");
    return read_money(call, sp_json_get(call->body, "refund_total"),
                      sp_json_get(call->body, "currency"), &wish->asked_minor);
}

static void put_begun(struct api_call *call, uint32_t which)
{
    const struct aftersale *one = cases_at(&call->shop->cases, CASE_RETURN, which);
    api_put_id(&call->data, "return_id", ids_make(&call->shop->ids, ID_RETURN, which + 1u));
    sp_json_put_cstring(&call->data, "return_status",
                        return_status_name((enum return_status)one->status));
}

enum api_error api_create_return(struct api_call *call)
{
    struct return_wish wish = {.role = SELLER};
    struct sp_text reason = sp_json_text(sp_json_get(call->body, "return_reason"), call->arena);
    struct aftersale *before;
    struct api_case made = {.kind = CASE_RETURN, .key = api_case_key(call)};
    enum api_error error = api_case_order(call, sp_json_get(call->body, "order_id"), &wish.order);
    if (error != API_OK)
        return error;
    before = cases_newest(&call->shop->cases, CASE_RETURN, &call->shop->book.orders[wish.order]);
    if (made.key != 0 && before != NULL && before->key == made.key) {
        put_begun(call, (uint32_t)(before - call->shop->cases.rows[CASE_RETURN].all));
        return API_OK;
    }
    error = read_way(call, &wish);
    if (error == API_OK)
        error = case_units_read(
            &(struct case_units_of){call->shop, wish.order, CASE_RETURN, call->arena}, call->body,
            &wish.units);
    wish.reason = return_reason_of(reason);
    if (error == API_OK)
        error = returns_begin(call->sandbox, call->shop, &wish, &made.which);
    if (error != API_OK)
        return error;
    put_begun(call, made.which);
    return api_case_answered(call, &made, API_OK);
}

/* ---- records
 * ------------------------------------------------------------------------------------------- */

static void put_images(struct api_call *call, const struct case_note *note, size_t place)
{
    sp_json_open_array(&call->data, "images");
    for (unsigned i = 0; i < note->images; i++) {
        struct sp_text url = sp_arena_printf(
            call->arena, "https://images.example.com/tos-sandbox/return-%zu-%u.jpeg", place + 1,
            i + 1);
        sp_json_open_object(&call->data, NULL);
        sp_json_put_string(&call->data, "url", url);
        sp_json_put_int(&call->data, "width", IMAGE_PIXELS);
        sp_json_put_int(&call->data, "height", IMAGE_PIXELS);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
}

enum api_error api_list_return_records(struct api_call *call)
{
    struct api_case found;
    const struct cases *cases = &call->shop->cases;
    enum api_error error = api_case_find(call, CASE_RETURN, &found);
    if (error != API_OK)
        return error;
    sp_json_open_array(&call->data, "records");
    for (size_t i = 0; i < cases->note_count; i++) {
        const struct case_note *note = &cases->notes[i];
        if (note->which != found.which)
            continue;
        sp_json_open_object(&call->data, NULL);
        sp_json_put_cstring(&call->data, "event", "ORDER_RETURN");
        sp_json_put_cstring(&call->data, "role",
                            life_initiator_name((enum order_initiator)note->role));
        sp_json_put_cstring(&call->data, "description", note->description);
        sp_json_put_string(&call->data, "note", note->note);
        sp_json_put_cstring(&call->data, "reason_text", note->reason_text);
        put_images(call, note, i);
        sp_json_open_array(&call->data, "videos");
        sp_json_close_array(&call->data);
        sp_json_put_int(&call->data, "create_time", note->at);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
