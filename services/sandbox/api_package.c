#include "services/sandbox/api_package.h"

#include <string.h>

#include "services/sandbox/package_search.h"
#include "services/sandbox/page_token.h"

enum { TRACKING_BYTES = 64 };

enum api_error api_find_order(const struct api_call *call, struct sp_text id, uint32_t *at)
{
    *at = book_find(&call->shop->book, ids_counter(&call->shop->ids, ID_ORDER, id));
    return *at == BOOK_NONE ? API_ORDER_FOREIGN : API_OK;
}

enum api_error api_find_package(const struct api_call *call, struct sp_text id, uint32_t *at)
{
    const struct package_book *book = &call->shop->packages;
    *at = packages_find(book, ids_counter(&call->shop->ids, ID_PACKAGE, id));
    bool gone = *at == PACKAGE_NONE || book->packages[*at].status == PACKAGE_REPLACED;
    return gone ? API_PACKAGE_FOREIGN : API_OK;
}

enum package_flow api_flow(const struct api_call *call, uint32_t order)
{
    return package_flow(call->shop, &call->shop->book.orders[order]);
}

enum api_error api_read_items(struct api_call *call, uint32_t at, struct sp_json ids, bool **wanted)
{
    const struct order *order = &call->shop->book.orders[at];
    struct sp_json_walk walk = sp_json_each(ids);
    struct sp_json id;
    bool listed = false;
    *wanted = sp_arena_alloc(call->arena, order->units * sizeof **wanted);
    memset(*wanted, 0, order->units * sizeof **wanted);
    for (; sp_json_next(&walk, NULL, &id); listed = true) {
        uint64_t item = ids_counter(&call->shop->ids, ID_ITEM, sp_json_text(id, call->arena));
        uint64_t place = item - order->first_item;
        if (item < order->first_item || place >= order->units ||
            cases_took_unit(&call->shop->cases, &call->shop->book, order, (uint32_t)place))
            return api_fail(call, API_INVALID_PARAM, "order_line_item_ids");
        (*wanted)[item - order->first_item] = true;
    }
    for (uint32_t i = 0; !listed && i < order->units; i++)
        (*wanted)[i] = !cases_took_unit(&call->shop->cases, &call->shop->book, order, i);
    return API_OK;
}

void api_put_items(struct sp_json_writer *json, const char *name, const struct shop *shop,
                   uint32_t at, const bool wanted[])
{
    const struct order *order = &shop->book.orders[at];
    sp_json_open_array(json, name);
    for (uint32_t i = 0; i < order->units; i++) {
        if (wanted[i])
            api_put_id(json, NULL, ids_make(&shop->ids, ID_ITEM, order->first_item + i));
    }
    sp_json_close_array(json);
}

enum api_error api_read_tracking(struct api_call *call, struct sp_json from, bool by_seller,
                                 struct shipment *shipment)
{
    struct sp_text carrier = sp_json_text(sp_json_get(from, "shipping_provider_id"), call->arena);
    shipment->tracking = sp_json_text(sp_json_get(from, "tracking_number"), call->arena);
    if (shipment->tracking.size == 0)
        return api_fail(call, API_BODY_MISSING, "tracking_number");
    if (shipment->tracking.size > TRACKING_BYTES)
        return api_fail(call, API_INVALID_PARAM, "tracking_number");
    if (carrier.size == 0)
        return api_fail(call, API_BODY_MISSING, "shipping_provider_id");
    uint64_t number = ids_counter(&call->shop->ids, ID_CARRIER, carrier);
    if (number == 0 || number > carrier_count() ||
        !carrier_serves((uint32_t)(number - 1), call->shop->region, by_seller))
        return api_fail(call, API_INVALID_PARAM, "shipping_provider_id");
    shipment->carrier = (uint32_t)(number - 1);
    return API_OK;
}

void api_put_package_error(struct api_call *call, enum api_error error, struct sp_text id)
{
    char message[API_ERROR_TEXT];
    api_error_text(error, call->detail, message);
    call->detail = NULL;
    sp_json_open_object(&call->data, NULL);
    sp_json_put_int(&call->data, "code", api_error_of(error)->code);
    sp_json_put_cstring(&call->data, "message", message);
    sp_json_open_object(&call->data, "detail");
    sp_json_put_string(&call->data, "package_id", id);
    sp_json_close_object(&call->data);
    sp_json_close_object(&call->data);
}

struct told {
    struct sp_text id;
    enum api_error error;
};

static void write_told(struct sp_json_writer *json, const void *about)
{
    const struct told *told = about;
    sp_json_put_string(json, "id", told->id);
    sp_json_put_int(json, "error", api_error_of(told->error)->code);
}

void api_note_told(const struct api_call *call, const char *what, struct sp_text id,
                   enum api_error error)
{
    truth_note(call->sandbox->truth, what, write_told, &(struct told){id, error});
}

struct sp_text api_next_id(struct sp_text *ids)
{
    const char *comma = ids->size == 0 ? NULL : memchr(ids->data, ',', ids->size);
    struct sp_text id = {ids->data, comma == NULL ? ids->size : (size_t)(comma - ids->data)};
    size_t used = comma == NULL ? id.size : id.size + 1;
    *ids = (struct sp_text){ids->data + used, ids->size - used};
    return id;
}

enum api_error api_read_page(struct api_call *call, struct sp_text about, int64_t *page_size,
                             uint64_t *place)
{
    struct sp_text token = api_query(call, "page_token");
    struct sp_text key = sp_text_of(call->sandbox->options.app_secret);
    *place = 0;
    if (token.size > 0 && page_token_read(key, about, token, place) != SP_OK)
        return api_fail(call, API_INVALID_PARAM, "page_token");
    return api_query_int(call, "page_size", 1, PACKAGE_PAGE, page_size);
}
