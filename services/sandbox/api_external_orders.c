/* External order references: attached in batches, read by order, found by what they are called. */
#include "services/sandbox/api_routes.h"

enum { MOST_ORDERS = 100, MOST_LINES = 100 };

/* ---- attaching
 * ----------------------------------------------------------------------------------------- */

static enum api_error read_lines(struct api_call *call, struct sp_json lines,
                                 struct external_order *one)
{
    const struct order *order = &call->shop->book.orders[one->order];
    struct sp_json_walk walk = sp_json_each(lines);
    struct sp_json line;
    size_t count = sp_json_count(lines);
    if (count > MOST_LINES)
        return API_EXTERNAL_LINES;
    one->lines = sp_arena_array(call->arena, count, sizeof *one->lines);
    while (sp_json_next(&walk, NULL, &line)) {
        struct sp_text origin = sp_json_text(sp_json_get(line, "origin_id"), call->arena);
        uint64_t item = ids_counter(&call->shop->ids, ID_ITEM, origin);
        if (item < order->first_item || item - order->first_item >= order->units)
            return API_EXTERNAL_LINES;
        one->lines[one->line_count++] =
            (struct external_line){sp_json_text(sp_json_get(line, "id"), call->arena), item};
    }
    return API_OK;
}

static enum api_error read_one(struct api_call *call, struct sp_json from,
                               struct external_order *one)
{
    struct sp_json there = sp_json_get(from, "external_order");
    struct sp_text id = sp_json_text(sp_json_get(from, "id"), call->arena);
    *one = (struct external_order){
        .order = book_find(&call->shop->book, ids_counter(&call->shop->ids, ID_ORDER, id)),
        .platform = external_platform_of(sp_json_text(sp_json_get(there, "platform"), call->arena)),
        .id = sp_json_text(sp_json_get(there, "id"), call->arena),
    };
    if (one->order == BOOK_NONE)
        return API_EXTERNAL_ORDER;
    if (one->platform == EXTERNAL_NONE)
        return API_EXTERNAL_PLATFORM;
    if (one->id.size == 0)
        return API_EXTERNAL_ID;
    return read_lines(call, sp_json_get(there, "line_items"), one);
}

/* Its code is a text, unlike those of all other batches. */
static void put_failure(struct api_call *call, struct sp_json from, enum api_error error)
{
    struct sp_json there = sp_json_get(from, "external_order");
    const struct api_error_row *row = api_error_of(error);
    char text[ID_TEXT];
    sp_json_open_object(&call->data, NULL);
    sp_json_put_string(&call->data, "code", ids_text((uint64_t)row->code, text));
    sp_json_put_cstring(&call->data, "message", row->message);
    sp_json_open_object(&call->data, "detail");
    sp_json_put_string(&call->data, "order_id", sp_json_text(sp_json_get(from, "id"), call->arena));
    sp_json_open_object(&call->data, "external_order");
    sp_json_put_string(&call->data, "id", sp_json_text(sp_json_get(there, "id"), call->arena));
    sp_json_put_string(&call->data, "platform",
                       sp_json_text(sp_json_get(there, "platform"), call->arena));
    sp_json_close_object(&call->data);
    sp_json_close_object(&call->data);
    sp_json_close_object(&call->data);
}

enum api_error api_put_external_orders(struct api_call *call)
{
    struct sp_json orders = sp_json_get(call->body, "orders"), from;
    struct sp_json_walk walk = sp_json_each(orders);
    size_t count = sp_json_count(orders);
    if (count == 0)
        return api_fail(call, API_BODY_MISSING, "orders");
    if (count > MOST_ORDERS)
        return api_fail(call, API_INVALID_PARAM, "orders");
    sp_json_open_array(&call->data, "errors");
    while (sp_json_next(&walk, NULL, &from)) {
        struct external_order one;
        enum api_error error = read_one(call, from, &one);
        if (error == API_OK)
            external_orders_put(&call->shop->external, &one);
        else
            put_failure(call, from, error);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------- */

static void put_reference(struct api_call *call, const char *name, const struct external_order *one)
{
    sp_json_open_object(&call->data, name);
    sp_json_put_string(&call->data, "id", one->id);
    sp_json_put_cstring(&call->data, "platform", external_platform_name(one->platform));
    sp_json_open_array(&call->data, "line_items");
    for (size_t i = 0; i < one->line_count; i++) {
        sp_json_open_object(&call->data, NULL);
        sp_json_put_string(&call->data, "id", one->lines[i].id);
        api_put_id(&call->data, "origin_id",
                   ids_make(&call->shop->ids, ID_ITEM, one->lines[i].item));
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    sp_json_close_object(&call->data);
}

enum api_error api_get_external_orders(struct api_call *call)
{
    const struct external_orders *all = &call->shop->external;
    uint64_t number = ids_counter(&call->shop->ids, ID_ORDER, call->path_params[0]);
    uint32_t at = book_find(&call->shop->book, number);
    int platform = external_platform_of(api_query(call, "platform"));
    if (at == BOOK_NONE)
        return API_ORDER_FOREIGN;
    if (platform == EXTERNAL_NONE)
        return api_fail(call, API_INVALID_PARAM, "platform");
    sp_json_open_array(&call->data, "external_orders");
    for (size_t i = 0; i < all->count; i++) {
        if (all->all[i].order == at && all->all[i].platform == platform)
            put_reference(call, NULL, &all->all[i]);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

enum api_error api_search_external_orders(struct api_call *call)
{
    const struct external_orders *all = &call->shop->external;
    struct sp_text id = api_query(call, "external_order_id");
    int platform = external_platform_of(api_query(call, "platform"));
    if (platform == EXTERNAL_NONE)
        return api_fail(call, API_INVALID_PARAM, "platform");
    if (id.size == 0)
        return api_fail(call, API_INVALID_PARAM, "external_order_id");
    sp_json_open_array(&call->data, "orders");
    for (size_t i = 0; i < all->count; i++) {
        const struct external_order *one = &all->all[i];
        if (one->platform != platform || !sp_text_equal(one->id, id))
            continue;
        uint64_t number = call->shop->book.orders[one->order].number;
        sp_json_open_object(&call->data, NULL);
        api_put_id(&call->data, "id", ids_make(&call->shop->ids, ID_ORDER, number));
        put_reference(call, "external_order", one);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}
