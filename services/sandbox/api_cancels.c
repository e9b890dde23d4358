/* Cancellations: by the seller, and the seller's answers to what buyers ask for. */
#include "services/sandbox/api_cases.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/cancels.h"
#include "services/sandbox/case_filter.h"
#include "services/sandbox/case_json.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/listing.h"

enum { PAGE_MOST = 50, PAGE_USUAL = 10 };

enum api_error api_cancel_order(struct api_call *call)
{
    struct sp_text reason = sp_json_text(sp_json_get(call->body, "cancel_reason"), call->arena);
    struct cancel_wish wish = {.reason = cancel_reason_of(reason)};
    uint32_t which;
    enum api_error error = api_case_order(call, sp_json_get(call->body, "order_id"), &wish.order);
    if (error == API_OK && reason.size == 0)
        error = api_fail(call, API_BODY_MISSING, "cancel_reason");
    if (error == API_OK)
        error = case_units_read(
            &(struct case_units_of){call->shop, wish.order, CASE_CANCEL, call->arena}, call->body,
            &wish.units);
    if (error == API_OK)
        error = cancels_by_seller(call->sandbox, call->shop, &wish, &which);
    if (error != API_OK)
        return error;
    const struct aftersale *one = cases_at(&call->shop->cases, CASE_CANCEL, which);
    api_put_id(&call->data, "cancel_id", ids_make(&call->shop->ids, ID_CANCEL, which + 1u));
    sp_json_put_cstring(&call->data, "cancel_status",
                        cancel_status_name((enum cancel_status)one->status));
    return API_OK;
}

enum api_error api_search_cancels(struct api_call *call)
{
    static const char *const fields[] = {"create_time", "update_time", NULL};
    static const struct listing_rules rules = {1, PAGE_MOST, PAGE_USUAL, fields, false};
    return api_case_search(call, CASE_CANCEL, &rules, "cancellations", case_json_put_cancel);
}

enum api_error api_approve_cancel(struct api_call *call)
{
    struct api_case found;
    enum api_error error = api_case_find(call, CASE_CANCEL, &found);
    if (error != API_OK || found.answered)
        return error;
    error = cancels_approve(call->sandbox, call->shop, found.which);
    return api_case_answered(call, &found, error);
}

enum api_error api_reject_cancel(struct api_call *call)
{
    struct api_case found;
    int reason;
    enum api_error error = api_case_find(call, CASE_CANCEL, &found);
    if (error != API_OK || found.answered)
        return error;
    error = api_case_reject_reason(call, CASE_CANCEL, &reason);
    if (error == API_OK)
        error = cancels_reject(call->sandbox, call->shop, found.which);
    return api_case_answered(call, &found, error);
}
