/* Sending off: one package, several, or units of an order that had none.  Nothing here may be said
 * twice: the second time is refused. */
#include "services/sandbox/api_package.h"

enum { MOST_SHIPPED = 50, SHORT_NUMBER = 8 };

/* ---- packages that are there
 * ------------------------------------------------------------------------- */

static enum api_error read_slot(struct api_call *call, struct sp_json slot,
                                struct shipment *shipment)
{
    struct pickup_slot slots[PACKAGE_SLOTS];
    /* The [] of PHP is no slot. */
    if (slot.kind != SP_JSON_OBJECT || sp_json_get(slot, "start_time").kind == SP_JSON_NONE)
        return api_fail(call, API_BODY_MISSING, "pickup_slot");
    shipment->slot_start = sp_json_int(sp_json_get(slot, "start_time"), 0);
    shipment->slot_end = sp_json_int(sp_json_get(slot, "end_time"), 0);
    package_slots(sandbox_now(call->sandbox), slots);
    for (size_t i = 0; i < PACKAGE_SLOTS; i++) {
        if (slots[i].available && slots[i].start == shipment->slot_start &&
            slots[i].end == shipment->slot_end)
            return API_OK;
    }
    return api_fail(call, API_INVALID_PARAM, "pickup_slot");
}

static enum api_error read_self(struct api_call *call, struct sp_json self,
                                struct shipment *shipment)
{
    shipment->handover = HANDOVER_SELF;
    if (self.kind != SP_JSON_OBJECT)
        return api_fail(call, API_BODY_MISSING, "self_shipment");
    return api_read_tracking(call, self, true, shipment);
}

static enum api_error read_shipment(struct api_call *call, bool by_seller, struct sp_json from,
                                    struct shipment *shipment)
{
    struct sp_text method = sp_json_text(sp_json_get(from, "handover_method"), call->arena);
    struct sp_json self = sp_json_get(from, "self_shipment");
    if (by_seller)
        return read_self(call, self, shipment);
    if (sp_json_get(self, "tracking_number").kind != SP_JSON_NONE)
        return API_FULFIL_REGION; /* the marketplace gives the number */
    shipment->carrier = carrier_default(call->shop->region, false);
    shipment->handover = HANDOVER_DROP_OFF;
    if (sp_text_is(method, "DROP_OFF"))
        return API_OK;
    shipment->handover = HANDOVER_PICKUP;
    if (sp_text_is(method, "PICKUP"))
        return read_slot(call, sp_json_get(from, "pickup_slot"), shipment);
    return method.size == 0 ? api_fail(call, API_BODY_MISSING, "handover_method")
                            : api_fail(call, API_INVALID_PARAM, "handover_method");
}

static enum api_error check_package(const struct api_call *call, uint32_t at)
{
    const struct package *package = &call->shop->packages.packages[at];
    if (api_flow(call, package->order) != FLOW_PACKAGE)
        return API_FULFIL_REGION;
    if (package_is_shipped(package))
        return API_PACKAGE_SHIPPED;
    if (package->status != TO_FULFILL)
        return API_PACKAGE_STATUS;
    return package_is_frozen(call->shop, package) ? API_PACKAGE_FROZEN : API_OK;
}

static enum api_error ship(struct api_call *call, struct sp_text id, struct sp_json from)
{
    struct shipment shipment = {0};
    uint32_t at, order;
    enum api_error error = api_find_package(call, id, &at);
    if (error == API_OK)
        error = check_package(call, at);
    if (error != API_OK)
        return error;
    order = call->shop->packages.packages[at].order;
    error = read_shipment(call, call->shop->book.orders[order].by_seller, from, &shipment);
    if (error == API_OK)
        package_send(call->sandbox, call->shop, at, &shipment);
    return error;
}

enum api_error api_ship_package(struct api_call *call)
{
    enum api_error error = ship(call, call->path_params[0], call->body);
    api_note_told(call, "told-shipment", call->path_params[0], error);
    return error;
}

enum api_error api_ship_packages(struct api_call *call)
{
    struct sp_json packages = sp_json_get(call->body, "packages"), package;
    size_t count = packages.kind == SP_JSON_ARRAY ? sp_json_count(packages) : 0;
    if (count == 0)
        return api_fail(call, API_BODY_MISSING, "packages");
    if (count > MOST_SHIPPED)
        return api_fail(call, API_INVALID_PARAM, "packages");
    struct sp_json_walk walk = sp_json_each(packages);
    sp_json_open_array(&call->data, "errors");
    while (sp_json_next(&walk, NULL, &package)) {
        struct sp_text id = sp_json_text(sp_json_get(package, "id"), call->arena);
        enum api_error error = ship(call, id, package);
        api_note_told(call, "told-shipment", id, error);
        if (error != API_OK)
            api_put_package_error(call, error, id);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- orders without a package
 * ------------------------------------------------------------------------- */

enum api_error api_check_units(const struct api_call *call, uint32_t at, const bool wanted[])
{
    const struct order *order = &call->shop->book.orders[at];
    const struct package_part *part = packages_first(&call->shop->packages, order);
    for (; part != NULL; part = packages_next(&call->shop->packages, part)) {
        bool shipped = package_is_shipped(&call->shop->packages.packages[part->package]);
        for (uint32_t i = 0; shipped && i < part->count; i++) {
            if (wanted[part->first + i])
                return API_PACKAGE_SHIPPED;
        }
    }
    if (order->status != AWAITING_SHIPMENT && order->status != PARTIALLY_SHIPPING)
        return API_PACKAGE_STATUS;
    return order->wants_cancel ? API_PACKAGE_FROZEN : API_OK;
}

static enum api_error mark(struct api_call *call, uint32_t *order, bool **wanted, uint32_t *package)
{
    struct shipment shipment = {.handover = HANDOVER_SELF};
    enum api_error error = api_find_order(call, call->path_params[0], order);
    if (error == API_OK && api_flow(call, *order) != FLOW_MARK)
        error = API_FULFIL_REGION;
    if (error == API_OK)
        error =
            api_read_items(call, *order, sp_json_get(call->body, "order_line_item_ids"), wanted);
    if (error == API_OK)
        error = api_read_tracking(call, call->body, true, &shipment);
    if (error == API_OK)
        error = api_check_units(call, *order, *wanted);
    if (error != API_OK)
        return error;
    *package = package_of_units(call->shop, *order, *wanted, sandbox_now(call->sandbox));
    package_send(call->sandbox, call->shop, *package, &shipment);
    if (shipment.tracking.size < SHORT_NUMBER) {
        sp_json_open_object(&call->data, "warning");
        sp_json_put_cstring(&call->data, "message",
                            "The tracking number does not look like one of this provider");
        sp_json_close_object(&call->data);
    }
    return API_OK;
}

enum api_error api_mark_shipped(struct api_call *call)
{
    uint32_t order, package;
    bool *wanted;
    enum api_error error = mark(call, &order, &wanted, &package);
    api_note_told(call, "told-marked", call->path_params[0], error);
    if (error != API_OK)
        return error;
    sp_json_put_string(&call->data, "order_id", call->path_params[0]);
    api_put_items(&call->data, "order_line_item_ids", call->shop, order, wanted);
    api_put_id(&call->data, "package_id", ids_make(&call->shop->ids, ID_PACKAGE, package + 1u));
    return API_OK;
}
