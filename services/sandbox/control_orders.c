/* Buyers by command: orders are placed, at once or at a rate, and moved on. */
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/trade.h"

enum { MOST_ORDERS = 100000, MOST_UNITS = 500 };

/* What a command wants, read whole before anything happens. */
struct wanted {
    struct shop *shop;
    int64_t count, per_second; /* 0: all at once */
    struct order_wish wish;
};

static bool read_status(struct sp_http_request *request, struct sp_json body,
                        struct order_wish *wish)
{
    struct sp_text name = sp_json_text(sp_json_get(body, "status"), request->arena);
    int status = name.size == 0 ? (int)order_kind_start(&wish->kind) : life_status_of(name);
    wish->status = (enum order_status)status;
    if (status >= 0 && status != PARTIALLY_SHIPPING)
        return true;
    control_refuse(request, 422,
                   "status must be an order status, and an order cannot begin in "
                   "PARTIALLY_SHIPPING");
    return false;
}

static bool read_skus(struct sp_http_request *request, struct sp_json body,
                      const struct catalogue *catalogue, struct order_wish *wish)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "seller_skus"));
    struct sp_json value;
    while (sp_json_next(&walk, NULL, &value)) {
        struct sp_text name = sp_json_text(value, request->arena);
        uint32_t sku = catalogue_find(catalogue, name);
        if (wish->sku_count == WISH_SKUS || sku == NAMES_NONE) {
            control_refuse(request, 422, "seller_skus: at most %d, each in the shop", WISH_SKUS);
            return false;
        }
        wish->skus[wish->sku_count++] = sku;
    }
    return true;
}

/* The order that is replaced or exchanged, of the same shop. */
static bool read_replaced(struct sp_http_request *request, struct sandbox *sandbox,
                          struct sp_json body, const struct wanted *wanted, uint64_t *number)
{
    struct sp_text id = sp_json_text(sp_json_get(body, "of"), request->arena);
    struct shop *shop;
    uint32_t at;
    *number = 0;
    if (id.size == 0)
        return true;
    if (!control_find_order(sandbox, id, &shop, &at) || shop != wanted->shop) {
        control_refuse(request, 422, "of must be the id of an order of the shop");
        return false;
    }
    *number = shop->book.orders[at].number;
    return true;
}

static bool read_kind(struct sp_http_request *request, struct sandbox *sandbox, struct sp_json body,
                      struct wanted *wanted)
{
    struct order_kind *kind = &wanted->wish.kind;
    uint64_t replaced;
    if (!order_kind_read(sp_json_text(sp_json_get(body, "kind"), request->arena), kind)) {
        control_refuse(request, 422, "kind must be words of control.md, joined by +");
        return false;
    }
    int64_t days = kind->days, release_s = kind->release_s;
    struct control_range all_days = {days == 0 ? 0 : 1, days == 0 ? 0 : KIND_MOST_DAYS, days};
    struct control_range spans = {0, release_s == 0 ? 0 : KIND_MOST_DAYS * 86400, 0};
    if (!read_replaced(request, sandbox, body, wanted, &replaced) ||
        !control_int(request, body, "handling_days", all_days, &days) ||
        !control_span(request, body, "release_after", spans, &release_s))
        return false;
    kind->replaced = replaced;
    kind->days = (uint8_t)days;
    kind->release_s = (uint32_t)release_s;
    return true;
}

static bool fits(struct sp_http_request *request, const struct wanted *wanted)
{
    const char *why_not =
        order_kind_misfit(&wanted->wish.kind, wanted->shop->region, wanted->wish.status);
    if (why_not != NULL)
        control_refuse(request, 422, "%s", why_not);
    return why_not == NULL;
}

static bool read_wanted(struct sp_http_request *request, struct sandbox *sandbox,
                        struct sp_json body, struct wanted *wanted)
{
    int64_t shop, skus, units;
    struct order_wish *wish = &wanted->wish;
    struct control_range one_to_orders = {1, MOST_ORDERS, 1}, shops = {1, sandbox->shop_count, 1};
    struct control_range rates = {1, DRIP_MOST_PER_S, 0}, all_units = {1, MOST_UNITS, 0};
    struct control_range all_skus = {1, WISH_SKUS, 0};
    if (!control_int(request, body, "count", one_to_orders, &wanted->count) ||
        !control_int(request, body, "shop", shops, &shop) ||
        !control_int(request, body, "at_rate", rates, &wanted->per_second) ||
        !control_int(request, body, "skus_per_order", all_skus, &skus) ||
        !control_int(request, body, "units_per_sku", all_units, &units))
        return false;
    wanted->shop = &sandbox->shops[shop - 1];
    wish->skus_per_order = (uint32_t)skus;
    wish->units_per_sku = (uint32_t)units;
    struct sp_json tells = sp_json_get(body, "webhook");
    wish->tells = tells.kind == SP_JSON_NONE || sp_json_bool(tells);
    return read_kind(request, sandbox, body, wanted) && read_status(request, body, wish) &&
           fits(request, wanted) && read_skus(request, body, &wanted->shop->catalogue, wish);
}

/* Numbers are given out now, so the ids are known before the orders come. */
static bool place(struct edge *edge, const struct wanted *wanted, uint64_t first)
{
    struct sandbox *sandbox = edge->sandbox;
    if (wanted->per_second == 0) {
        for (int64_t i = 0; i < wanted->count; i++)
            (void)order_maker_place(sandbox, wanted->shop, &wanted->wish, first + (uint64_t)i);
        return true;
    }
    struct drip drip = {.shop = wanted->shop->index,
                        .next_number = first,
                        .count = (size_t)wanted->count,
                        .per_second = wanted->per_second,
                        .began_us = sp_monotonic_us(),
                        .wish = wanted->wish};
    if (!drips_add(&sandbox->drips, &drip))
        return false;
    edge_start_drip(edge);
    return true;
}

static void answer_ids(struct sp_http_request *request, const struct wanted *wanted, uint64_t first)
{
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "ids");
    for (int64_t i = 0; i < wanted->count; i++) {
        char text[ID_TEXT];
        uint64_t id = ids_make(&wanted->shop->ids, ID_ORDER, first + (uint64_t)i);
        sp_json_put_string(&json, NULL, ids_text(id, text));
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    control_answer(request, wanted->per_second == 0 ? 201 : 202, &out);
}

void control_place_orders(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"count",  "shop",        "skus_per_order", "units_per_sku",
                                        "status", "seller_skus", "webhook",        "at_rate",
                                        "kind",   "of",          "handling_days",  "release_after",
                                        NULL};
    struct edge *edge = context;
    struct sp_json body;
    struct wanted wanted = {0};
    if (!control_read(request, known, &body) || !read_wanted(request, edge->sandbox, body, &wanted))
        return;
    if (!book_has_room(&wanted.shop->book, (size_t)wanted.count)) {
        control_refuse(request, 409, "a shop holds %d orders at most", BOOK_ORDERS);
        return;
    }
    if (!order_maker_can(wanted.shop, &wanted.wish)) {
        control_refuse(request, 409, "nothing of that is on sale");
        return;
    }
    uint64_t first = book_reserve(&wanted.shop->book, (size_t)wanted.count);
    if (place(edge, &wanted, first))
        answer_ids(request, &wanted, first);
    else
        control_refuse(request, 409, "%d rows of orders are coming already", DRIPS);
}

/* ---- moving on
 * ------------------------------------------------------------------------------------------- */

static enum sp_result move(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                           const struct sp_json *body, struct sp_error *err)
{
    struct sp_arena *arena = sp_arena_open();
    int status = life_status_of(sp_json_text(sp_json_get(*body, "status"), arena));
    struct sp_text who = sp_json_text(sp_json_get(*body, "initiator"), arena);
    int initiator = who.size == 0 ? BUYER : life_initiator_of(who);
    sp_arena_close(&arena);
    if (status < 0)
        return sp_fail(err, SP_REJECT, "status must be an order status");
    if (initiator < 0)
        return sp_fail(err, SP_REJECT, "initiator must be SELLER, BUYER or SYSTEM");
    int event = life_event_to((enum order_status)status);
    if (event < 0)
        return sp_fail(err, SP_REJECT, "nothing leads back to %s",
                       life_status_name((enum order_status)status));
    if (event == CANCEL)
        return trade_cancel(sandbox, shop, at, (enum order_initiator)initiator, err);
    return trade_happen(sandbox, shop, at, (enum order_event)event, err);
}

static void answer_order(struct sp_http_request *request, const struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "id", request->params[0]);
    sp_json_put_cstring(&json, "status", life_status_name((enum order_status)order->status));
    sp_json_put_int(&json, "update_time", order->times.updated);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

void control_move_order(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"status", "initiator", NULL};
    struct edge *edge = context;
    struct sp_json body;
    struct shop *shop;
    uint32_t at;
    struct sp_error err;
    if (!control_read(request, known, &body))
        return;
    if (!control_find_order(edge->sandbox, request->params[0], &shop, &at)) {
        control_refuse(request, 404, "there is no such order");
        return;
    }
    if (move(edge->sandbox, shop, at, &body, &err) != SP_OK) {
        control_refuse(request, 409, "%s", err.text);
        return;
    }
    answer_order(request, shop, at);
}

/* Where it is sent, by the buyer. */
void control_move_address(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {NULL};
    struct edge *edge = context;
    struct sp_json body;
    struct shop *shop;
    uint32_t at;
    struct sp_error err;
    if (!control_read(request, known, &body))
        return;
    if (!control_find_order(edge->sandbox, request->params[0], &shop, &at))
        control_refuse(request, 404, "there is no such order");
    else if (trade_move(edge->sandbox, shop, at, &err) != SP_OK)
        control_refuse(request, 409, "%s", err.text);
    else
        answer_order(request, shop, at);
}
