/* What is true here, for a test to compare with: orders, stock that was told, goods, open demand.
 */
#include <stdlib.h>

#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"

enum { COST_IN_100 = 40 }; /* what the seller paid, of the price */

static void put_id(struct sp_json_writer *json, const char *name, uint64_t id)
{
    char text[ID_TEXT];
    sp_json_put_string(json, name, ids_text(id, text));
}

static void answer_rows(struct sp_http_request *request, const char *type, struct sp_buffer *out)
{
    sp_http_answer(request, 200, type, sp_buffer_text(out), NULL);
    sp_buffer_free(out);
}

void control_truth(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    uint64_t orders = 0, units = 0, products = 0, skus = 0, told = 0;
    uint64_t by_status[ORDER_STATUSES] = {0};
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        const struct shop *shop = &edge->sandbox->shops[i];
        orders += shop->book.order_count;
        units += shop->book.units;
        products += shop->catalogue.product_count;
        skus += shop->catalogue.sku_count;
        told += shop->stock_told;
        for (size_t k = 0; k < ORDER_STATUSES; k++)
            by_status[k] += shop->book.by_status[k];
    }
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "orders", (int64_t)orders);
    sp_json_put_int(&json, "units", (int64_t)units);
    sp_json_put_int(&json, "listings", (int64_t)products);
    sp_json_put_int(&json, "skus", (int64_t)skus);
    sp_json_put_int(&json, "stock_pushes", (int64_t)told);
    sp_json_open_object(&json, "by_status");
    for (int k = 0; k < ORDER_STATUSES; k++)
        sp_json_put_int(&json, life_status_name((enum order_status)k), (int64_t)by_status[k]);
    sp_json_close_object(&json);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

static void put_order(struct sp_buffer *out, const struct shop *shop, const struct order *order)
{
    const struct order_line *lines = book_lines(&shop->book, order);
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    put_id(&json, "id", ids_make(&shop->ids, ID_ORDER, order->number));
    put_id(&json, "shop_id", ids_make(&shop->ids, ID_SHOP, 1));
    sp_json_put_cstring(&json, "status", life_status_name((enum order_status)order->status));
    sp_json_put_int(&json, "create_time", order->times.created);
    sp_json_put_int(&json, "update_time", order->times.updated);
    sp_json_open_array(&json, "lines");
    for (uint32_t i = 0; i < order->line_count; i++) {
        sp_json_open_object(&json, NULL);
        put_id(&json, "sku_id", ids_make(&shop->ids, ID_SKU, lines[i].sku + 1u));
        sp_json_put_int(&json, "units", lines[i].units);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    sp_buffer_put_string(out, "\n");
}

void control_truth_orders(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sp_buffer out = {0};
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        const struct shop *shop = &edge->sandbox->shops[i];
        for (size_t k = 0; k < shop->book.order_count; k++)
            put_order(&out, shop, &shop->book.orders[k]);
    }
    answer_rows(request, "application/x-ndjson", &out);
}

static void put_told(struct sp_buffer *out, const struct shop *shop, uint32_t sku, uint32_t place)
{
    const struct stock *stock = catalogue_stock(&shop->catalogue, sku, place);
    if (stock->told < 0)
        return;
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    put_id(&json, "product_id",
           ids_make(&shop->ids, ID_PRODUCT, shop->catalogue.skus[sku].product + 1u));
    put_id(&json, "sku_id", ids_make(&shop->ids, ID_SKU, sku + 1u));
    put_id(&json, "warehouse_id", ids_make(&shop->ids, ID_WAREHOUSE, place + 1u));
    sp_json_put_int(&json, "quantity", stock->told);
    sp_json_put_int(&json, "told_at", stock->told_at);
    sp_json_put_int(&json, "available", stock->available);
    sp_json_close_object(&json);
    sp_buffer_put_string(out, "\n");
}

/* Only what the seller's software has ever set, as it last set it. */
void control_truth_stock(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sp_buffer out = {0};
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        const struct shop *shop = &edge->sandbox->shops[i];
        for (uint32_t sku = 0; sku < shop->catalogue.sku_count; sku++) {
            for (uint32_t place = 0; place < shop->catalogue.warehouse_count; place++)
                put_told(&out, shop, sku, place);
        }
    }
    answer_rows(request, "application/x-ndjson", &out);
}

static void put_csv_text(struct sp_buffer *out, struct sp_text text)
{
    sp_buffer_put_string(out, "\"");
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            sp_buffer_put_string(out, "\"");
        sp_buffer_put(out, &text.data[i], 1);
    }
    sp_buffer_put_string(out, "\"");
}

/* True when an earlier shop sells under the same seller SKU: one variant of the seller's. */
static bool is_repeated(const struct sandbox *sandbox, uint32_t shop, struct sp_text seller_sku)
{
    for (uint32_t i = 0; i < shop; i++) {
        if (catalogue_find(&sandbox->shops[i].catalogue, seller_sku) != NAMES_NONE)
            return true;
    }
    return false;
}

/* The goods as the seller knows them: what their own software imports.  A SKU without a description
 * is named by its code. */
void control_catalogue(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sp_buffer out = {0};
    sp_buffer_put_string(&out, "sku,name,cost_minor,currency,supply\n");
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        const struct shop *shop = &edge->sandbox->shops[i];
        for (uint32_t at = 0; at < shop->catalogue.sku_count; at++) {
            const struct sku *sku = &shop->catalogue.skus[at];
            if (is_repeated(edge->sandbox, i, sku->seller_sku))
                continue;
            put_csv_text(&out, sku->seller_sku);
            sp_buffer_put_string(&out, ",");
            put_csv_text(&out, sku->name.size > 0 ? sku->name : sku->seller_sku);
            sp_buffer_printf(&out, ",%lld,%s,STOCKED\n",
                             (long long)(sku->price_minor * COST_IN_100 / 100),
                             shop->region->currency);
        }
    }
    answer_rows(request, "text/csv; charset=utf-8", &out);
}

static void add_demand(const struct shop *shop, uint64_t *units)
{
    for (size_t i = 0; i < shop->book.order_count; i++) {
        const struct order *order = &shop->book.orders[i];
        const struct order_line *lines = book_lines(&shop->book, order);
        if (!life_is_open((enum order_status)order->status))
            continue;
        for (uint32_t k = 0; k < order->line_count; k++)
            units[lines[k].sku] += lines[k].units;
    }
}

/* Shops may share a seller SKU: then it has a row in each. */
void control_demand(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sp_buffer out = {0};
    for (uint32_t i = 0; i < edge->sandbox->shop_count; i++) {
        const struct shop *shop = &edge->sandbox->shops[i];
        uint64_t *units = sp_alloc(shop->catalogue.sku_count * sizeof *units);
        add_demand(shop, units);
        for (uint32_t at = 0; at < shop->catalogue.sku_count; at++) {
            if (units[at] == 0)
                continue;
            struct sp_json_writer json = sp_json_writer(&out);
            sp_json_open_object(&json, NULL);
            sp_json_put_string(&json, "seller_sku", shop->catalogue.skus[at].seller_sku);
            sp_json_put_int(&json, "units", (int64_t)units[at]);
            sp_json_close_object(&json);
            sp_buffer_put_string(&out, "\n");
        }
        free(units);
    }
    answer_rows(request, "application/x-ndjson", &out);
}
