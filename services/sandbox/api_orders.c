/* Orders: search page by page, details by id. */
#include <stdio.h>
#include <string.h>

#include "services/sandbox/api_routes.h"
#include "services/sandbox/order_json.h"
#include "services/sandbox/order_search.h"
#include "services/sandbox/page_token.h"

enum { MOST_IDS = 50, MOST_WAREHOUSES = 100 };

struct served_orders {
    const struct shop *shop;
    const uint32_t *orders;
    size_t count;
};

/* [["id","status",update_time],…] */
static void write_served(struct sp_json_writer *json, const void *about)
{
    const struct served_orders *served = about;
    sp_json_open_array(json, "orders");
    for (size_t i = 0; i < served->count; i++) {
        const struct order *order = &served->shop->book.orders[served->orders[i]];
        sp_json_open_array(json, NULL);
        api_put_id(json, NULL, ids_make(&served->shop->ids, ID_ORDER, order->number));
        sp_json_put_cstring(json, NULL, life_status_name((enum order_status)order->status));
        sp_json_put_int(json, NULL, order->times.updated);
        sp_json_close_array(json);
    }
    sp_json_close_array(json);
}

static void put_orders(struct api_call *call, const struct served_orders *served,
                       enum order_view view)
{
    struct sp_buffer scratch = {0};
    sp_json_open_array(&call->data, "orders");
    for (size_t i = 0; i < served->count; i++)
        order_json_put(&call->data, served->shop, &served->shop->book.orders[served->orders[i]],
                       view, &scratch);
    sp_json_close_array(&call->data);
    sp_buffer_free(&scratch);
    truth_note(call->sandbox->truth,
               view == ORDER_IN_SEARCH ? "served-orders" : "served-order-details", write_served,
               served);
}

/* ---- search
 * ------------------------------------------------------------------------------------------ */

static enum api_error read_sorting(struct api_call *call, struct order_filter *filter)
{
    struct sp_text field = api_query(call, "sort_field"), order = api_query(call, "sort_order");
    filter->by_update = sp_text_is(field, "update_time");
    if (field.size > 0 && !filter->by_update && !sp_text_is(field, "create_time"))
        return api_fail(call, API_INVALID_PARAM, "sort_field");
    filter->descending = !sp_text_is(order, "ASC");
    if (order.size > 0 && filter->descending && !sp_text_is(order, "DESC"))
        return api_fail(call, API_INVALID_PARAM, "sort_order");
    return API_OK;
}

static enum api_error read_warehouses(struct api_call *call, struct order_filter *filter)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(call->body, "warehouse_ids"));
    struct sp_json id;
    for (size_t i = 0; sp_json_next(&walk, NULL, &id); i++) {
        if (i == MOST_WAREHOUSES)
            return api_fail(call, API_INVALID_PARAM, "warehouse_ids");
        uint64_t number =
            ids_counter(&call->shop->ids, ID_WAREHOUSE, sp_json_text(id, call->arena));
        bool ours = number >= 1 && number <= call->shop->catalogue.warehouse_count;
        /* A foreign id matches no order: a bit that no warehouse has. */
        filter->warehouses |= 1u << (ours ? number - 1 : CATALOGUE_WAREHOUSES);
    }
    return API_OK;
}

static enum api_error read_choices(struct api_call *call, struct order_filter *filter)
{
    struct sp_text status = sp_json_text(sp_json_get(call->body, "order_status"), call->arena);
    struct sp_text shipping = sp_json_text(sp_json_get(call->body, "shipping_type"), call->arena);
    struct sp_text buyer = sp_json_text(sp_json_get(call->body, "buyer_user_id"), call->arena);
    struct sp_json cancel = sp_json_get(call->body, "is_buyer_request_cancel");
    filter->status = status.size == 0 ? SEARCH_ANY : life_status_of(status);
    if (status.size > 0 && filter->status < 0)
        return api_fail(call, API_INVALID_PARAM, "order_status");
    filter->by_seller = shipping.size == 0 ? SEARCH_ANY : sp_text_is(shipping, "SELLER");
    if (shipping.size > 0 && filter->by_seller == 0 && !sp_text_is(shipping, "TIKTOK"))
        return api_fail(call, API_INVALID_PARAM, "shipping_type");
    filter->wants_cancel = cancel.kind == SP_JSON_BOOL ? sp_json_bool(cancel) : SEARCH_ANY;
    if (buyer.size > 0) {
        filter->user = ids_counter(&call->shop->ids, ID_USER, buyer);
        if (filter->user == 0)
            filter->user = ID_COUNTERS; /* nobody */
    }
    return read_warehouses(call, filter);
}

/* Only one bound given: the other is now, or the shop's start. */
static void read_windows(const struct api_call *call, struct order_filter *filter)
{
    int64_t now = sandbox_now(call->sandbox);
    filter->create_ge = api_body_time(call, "create_time_ge");
    filter->create_lt = api_body_time(call, "create_time_lt");
    filter->update_ge = api_body_time(call, "update_time_ge");
    filter->update_lt = api_body_time(call, "update_time_lt");
    if (filter->create_ge != 0 && filter->create_lt == 0)
        filter->create_lt = now;
    if (filter->update_ge != 0 && filter->update_lt == 0)
        filter->update_lt = now;
}

/* All that a walk depends on, as it was asked: a bound that stands for now does not change the
 * walk. */
static struct sp_text describe(const struct api_call *call, const struct order_filter *filter)
{
    return sp_arena_printf(call->arena, "orders %u %d %d %d %llu %x %d %d %lld %lld %lld %lld",
                           call->shop->index, filter->status, filter->by_seller,
                           filter->wants_cancel, (unsigned long long)filter->user,
                           filter->warehouses, filter->by_update, filter->descending,
                           (long long)api_body_time(call, "create_time_ge"),
                           (long long)api_body_time(call, "create_time_lt"),
                           (long long)api_body_time(call, "update_time_ge"),
                           (long long)api_body_time(call, "update_time_lt"));
}

static enum api_error read_filter(struct api_call *call, struct order_filter *filter)
{
    enum api_error error = read_sorting(call, filter);
    if (error == API_OK)
        error = read_choices(call, filter);
    read_windows(call, filter);
    return error;
}

enum api_error api_search_orders(struct api_call *call)
{
    struct order_filter filter = {0};
    int64_t page_size;
    uint64_t place = 0;
    enum api_error error = api_query_int(call, "page_size", 1, API_PAGE, &page_size);
    if (error == API_OK)
        error = read_filter(call, &filter);
    if (error != API_OK)
        return error;
    struct sp_text about = describe(call, &filter), token = api_query(call, "page_token");
    struct sp_text key = sp_text_of(call->sandbox->options.app_secret);
    if (token.size > 0 && page_token_read(key, about, token, &place) != SP_OK)
        return api_fail(call, API_INVALID_PARAM, "page_token");
    struct order_page page;
    order_search(&call->shop->book, &filter, place, (size_t)page_size, &page);
    sp_json_put_int(&call->data, "total_count", (int64_t)page.total);
    if (page.more)
        sp_json_put_string(&call->data, "next_page_token",
                           page_token_make(key, about, page.last, call->arena));
    put_orders(call, &(struct served_orders){call->shop, page.orders, page.count}, ORDER_IN_SEARCH);
    return API_OK;
}

/* ---- detail
 * ------------------------------------------------------------------------------------------ */

enum api_error api_get_orders(struct api_call *call)
{
    struct sp_text ids = api_query(call, "ids");
    uint32_t found[MOST_IDS];
    size_t count = 0;
    while (ids.size > 0) {
        const char *comma = memchr(ids.data, ',', ids.size);
        struct sp_text id = {ids.data, comma == NULL ? ids.size : (size_t)(comma - ids.data)};
        size_t used = comma == NULL ? id.size : id.size + 1;
        ids = (struct sp_text){ids.data + used, ids.size - used};
        if (count == MOST_IDS)
            return api_fail(call, API_INVALID_PARAM, "ids");
        uint64_t number = ids_counter(&call->shop->ids, ID_ORDER, id);
        uint32_t at = book_find(&call->shop->book, number);
        if (at == BOOK_NONE)
            return API_ORDER_FOREIGN;
        found[count++] = at;
    }
    if (count == 0)
        return api_fail(call, API_INVALID_PARAM, "ids");
    put_orders(call, &(struct served_orders){call->shop, found, count}, ORDER_IN_DETAIL);
    return API_OK;
}
