/* On the way: another tracking number, where it is, that it has arrived. */
#include "services/sandbox/api_package.h"

enum { CORRECTABLE_S = 72 * 3600, MOST_DELIVERED = 50 };

/* ---- another number
 * ---------------------------------------------------------------------------------- */

static enum api_error correct(struct api_call *call, uint32_t at)
{
    struct package *package = &call->shop->packages.packages[at];
    int64_t now = sandbox_now(call->sandbox);
    struct shipment shipment = {0};
    if (!call->shop->book.orders[package->order].by_seller)
        return API_FULFIL_REGION;
    if (package->status == TO_FULFILL)
        return API_PACKAGE_NOT_SHIPPED;
    if (!package_is_shipped(package))
        return API_PACKAGE_STATUS;
    if (package->corrected || now >= package->shipped + CORRECTABLE_S)
        return API_TRACKING_FINAL;
    enum api_error error = api_read_tracking(call, call->body, true, &shipment);
    if (error != API_OK)
        return error;
    package->tracking = sp_arena_copy(packages_texts(&call->shop->packages), shipment.tracking);
    package->carrier = shipment.carrier;
    package->corrected = true;
    package->updated = now;
    package_touch_orders(call->sandbox, call->shop, at);
    return API_OK;
}

enum api_error api_update_package_tracking(struct api_call *call)
{
    uint32_t at;
    enum api_error error = api_find_package(call, call->path_params[0], &at);
    if (error == API_OK)
        error = correct(call, at);
    api_note_told(call, "told-tracking", call->path_params[0], error);
    return error;
}

/* Only for an order in one package; the packages of a split one are told apart by their ids. */
enum api_error api_update_order_tracking(struct api_call *call)
{
    uint32_t order, at = PACKAGE_NONE;
    enum api_error error = api_find_order(call, call->path_params[0], &order);
    if (error == API_OK) {
        at = packages_only(&call->shop->packages, &call->shop->book.orders[order]);
        error = at == PACKAGE_NONE ? API_PACKAGE_STATUS : correct(call, at);
    }
    api_note_told(call, "told-tracking", call->path_params[0], error);
    return error;
}

/* ---- where it is
 * ------------------------------------------------------------------------------------- */

/* The last news first. */
enum api_error api_get_tracking(struct api_call *call)
{
    uint32_t at;
    enum api_error error = api_find_order(call, call->path_params[0], &at);
    if (error != API_OK)
        return error;
    const struct order_times *times = &call->shop->book.orders[at].times;
    const struct {
        const char *description;
        int64_t time;
    } news[] = {
        {"The shipment has been cancelled", times->arranged != 0 ? times->cancelled : 0},
        {"Your package has been delivered", times->delivered},
        {"Your package was collected by the carrier", times->collected},
        {"The seller is preparing your package", times->arranged},
        {"Your order has been placed", times->created},
    };
    sp_json_open_array(&call->data, "tracking");
    for (size_t i = 0; i < SP_COUNT(news); i++) {
        if (news[i].time == 0)
            continue;
        sp_json_open_object(&call->data, NULL);
        sp_json_put_cstring(&call->data, "description", news[i].description);
        sp_json_put_int(&call->data, "update_time_millis", news[i].time * 1000);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- it has arrived
 * ---------------------------------------------------------------------------------- */

static enum api_error read_proof(struct api_call *call, struct sp_json from)
{
    struct sp_text type = sp_json_text(sp_json_get(from, "file_type"), call->arena);
    struct sp_text url = sp_json_text(sp_json_get(from, "file_url"), call->arena);
    if (url.size == 0)
        return api_fail(call, API_BODY_MISSING, "file_url");
    return sp_text_is(type, "IMG") || sp_text_is(type, "PDF")
               ? API_OK
               : api_fail(call, API_INVALID_PARAM, "file_type");
}

/* A delivery that failed leaves the package on its way. */
static enum api_error deliver(struct api_call *call, struct sp_text id, struct sp_json from)
{
    struct sp_text type = sp_json_text(sp_json_get(from, "delivery_type"), call->arena);
    struct sp_json reason = sp_json_get(from, "fail_delivery_reason");
    uint32_t at;
    enum api_error error = api_find_package(call, id, &at);
    if (error != API_OK)
        return error;
    const struct package *package = &call->shop->packages.packages[at];
    if (!call->shop->book.orders[package->order].by_seller)
        return API_FULFIL_REGION;
    bool arrived = package->status == PACKAGE_DELIVERED, moving = package->status == FULFILLING;
    if (sp_text_is(type, "UPDATE_POD"))
        return arrived ? read_proof(call, from) : API_PACKAGE_STATUS;
    if (sp_text_is(type, "DELIVERY_FAILED") && sp_json_text(reason, call->arena).size == 0)
        return api_fail(call, API_BODY_MISSING, "fail_delivery_reason");
    bool success = sp_text_is(type, "DELIVERY_SUCCESS");
    if (!success && !sp_text_is(type, "DELIVERY_FAILED"))
        return api_fail(call, API_INVALID_PARAM, "delivery_type");
    if (!moving)
        return API_PACKAGE_STATUS;
    if (success)
        package_arrive(call->sandbox, call->shop, at);
    return API_OK;
}

enum api_error api_deliver_packages(struct api_call *call)
{
    struct sp_json packages = sp_json_get(call->body, "packages"), package;
    struct sp_json_walk walk = sp_json_each(packages);
    if (!package_own_fleet(call->shop->region))
        return API_FULFIL_REGION;
    if (packages.kind != SP_JSON_ARRAY)
        return api_fail(call, API_BODY_MISSING, "packages");
    sp_json_open_array(&call->data, "errors");
    for (size_t i = 0; sp_json_next(&walk, NULL, &package); i++) {
        struct sp_text id = sp_json_text(sp_json_get(package, "id"), call->arena);
        enum api_error error = i < MOST_DELIVERED ? deliver(call, id, package)
                                                  : api_fail(call, API_INVALID_PARAM, "packages");
        api_note_told(call, "told-delivery", id, error);
        if (error != API_OK)
            api_put_package_error(call, error, id);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
