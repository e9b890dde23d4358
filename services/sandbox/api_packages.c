/* Packages: search page by page, one in detail, when it can be picked up. */
#include "services/sandbox/api_package.h"
#include "services/sandbox/order_search.h"
#include "services/sandbox/package_json.h"
#include "services/sandbox/package_search.h"
#include "services/sandbox/page_token.h"

/* ---- search
 * ------------------------------------------------------------------------------------------ */

static enum api_error read_sorting(struct api_call *call, struct package_filter *filter)
{
    static const char *const fields[] = {"create_time", "update_time", "order_pay_time"};
    struct sp_text field = api_query(call, "sort_field"), order = api_query(call, "sort_order");
    size_t sort = 0;
    while (sort < SP_COUNT(fields) && !sp_text_is(field, fields[sort]))
        sort++;
    if (sort == SP_COUNT(fields) && field.size > 0)
        return api_fail(call, API_INVALID_PARAM, "sort_field");
    filter->sort = field.size == 0 ? BY_CREATION : (enum package_sort)sort;
    filter->descending = !sp_text_is(order, "ASC");
    if (order.size > 0 && filter->descending && !sp_text_is(order, "DESC"))
        return api_fail(call, API_INVALID_PARAM, "sort_order");
    return API_OK;
}

static enum api_error read_filter(struct api_call *call, struct package_filter *filter)
{
    struct sp_text status = sp_json_text(sp_json_get(call->body, "package_status"), call->arena);
    filter->status = status.size == 0 ? SEARCH_ANY : package_status_of(status);
    if (status.size > 0 && filter->status <= TO_FULFILL)
        return api_fail(call, API_INVALID_PARAM, "package_status");
    filter->create_ge = api_body_time(call, "create_time_ge");
    filter->create_lt = api_body_time(call, "create_time_lt");
    filter->update_ge = api_body_time(call, "update_time_ge");
    filter->update_lt = api_body_time(call, "update_time_lt");
    return read_sorting(call, filter);
}

enum api_error api_search_packages(struct api_call *call)
{
    struct package_filter filter = {0};
    int64_t page_size;
    uint64_t place;
    enum api_error error = read_filter(call, &filter);
    struct sp_text about = sp_arena_printf(
        call->arena, "packages %u %d %d %d %lld %lld %lld %lld", call->shop->index, filter.status,
        (int)filter.sort, filter.descending, (long long)filter.create_ge,
        (long long)filter.create_lt, (long long)filter.update_ge, (long long)filter.update_lt);
    if (error == API_OK)
        error = api_read_page(call, about, &page_size, &place);
    if (error != API_OK)
        return error;
    struct package_page page;
    package_search(call->shop, &filter, place, (size_t)page_size, &page);
    sp_json_put_int(&call->data, "total_count", (int64_t)page.total);
    if (page.more)
        sp_json_put_string(&call->data, "next_page_token",
                           page_token_make(sp_text_of(call->sandbox->options.app_secret), about,
                                           page.places[page.count - 1], call->arena));
    sp_json_open_array(&call->data, "packages");
    for (size_t i = 0; i < page.count; i++)
        package_put_found(&call->data, call->shop, page.packages[i]);
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- detail
 * ------------------------------------------------------------------------------------------ */

enum api_error api_get_package(struct api_call *call)
{
    uint32_t at;
    enum api_error error = api_find_package(call, call->path_params[0], &at);
    if (error == API_OK)
        package_put_detail(&call->data, call->shop, at);
    return error;
}

/* ---- handover
 * ---------------------------------------------------------------------------------------- */

/* What the seller ships alone nobody comes for. */
static void put_slots(struct api_call *call, bool by_seller)
{
    struct pickup_slot slots[PACKAGE_SLOTS];
    bool british = sp_text_is(sp_text_of(call->shop->region->code), "GB");
    sp_json_put_bool(&call->data, "can_pickup", !by_seller);
    sp_json_put_bool(&call->data, "can_drop_off", !by_seller);
    sp_json_put_bool(&call->data, "can_van_collection", !by_seller && british);
    if (!by_seller)
        sp_json_put_cstring(&call->data, "drop_off_point_url", "https://example.com/drop-off");
    sp_json_open_array(&call->data, "pickup_slots");
    package_slots(sandbox_now(call->sandbox), slots);
    for (size_t i = 0; !by_seller && i < PACKAGE_SLOTS; i++) {
        sp_json_open_object(&call->data, NULL);
        sp_json_put_int(&call->data, "start_time", slots[i].start);
        sp_json_put_int(&call->data, "end_time", slots[i].end);
        sp_json_put_bool(&call->data, "avaliable", slots[i].available); /* spelled so */
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
}

enum api_error api_package_slots(struct api_call *call)
{
    uint32_t at;
    enum api_error error = api_find_package(call, call->path_params[0], &at);
    if (error != API_OK)
        return error;
    const struct package *package = &call->shop->packages.packages[at];
    put_slots(call, call->shop->book.orders[package->order].by_seller);
    return API_OK;
}

enum api_error api_order_slots(struct api_call *call)
{
    struct sp_text ids = api_query(call, "order_line_item_ids");
    uint32_t at;
    enum api_error error = api_find_order(call, call->path_params[0], &at);
    if (error != API_OK)
        return error;
    const struct order *order = &call->shop->book.orders[at];
    while (ids.size > 0) {
        uint64_t item = ids_counter(&call->shop->ids, ID_ITEM, api_next_id(&ids));
        if (item < order->first_item || item - order->first_item >= order->units)
            return api_fail(call, API_INVALID_PARAM, "order_line_item_ids");
    }
    put_slots(call, order->by_seller);
    return API_OK;
}
