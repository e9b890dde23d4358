/* A page for people: what is in the sandbox, and a button to buy something. */
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/page.h"

enum { SHOWN_ORDERS = 10 };

static void put_counts(struct sp_buffer *page, const struct shop *shop)
{
    sp_buffer_put_string(page, "<h2>");
    page_put_string(page, shop->name);
    sp_buffer_printf(page, "</h2><table><tr><th>products<td>%zu<tr><th>SKUs<td>%zu",
                     shop->catalogue.product_count, shop->catalogue.sku_count);
    sp_buffer_printf(page, "<tr><th>orders<td>%zu<tr><th>units<td>%llu", shop->book.order_count,
                     (unsigned long long)shop->book.units);
    for (int i = 0; i < ORDER_STATUSES; i++)
        sp_buffer_printf(page, "<tr><td>%s<td>%llu", life_status_name((enum order_status)i),
                         (unsigned long long)shop->book.by_status[i]);
    sp_buffer_printf(page, "<tr><th>stock levels told<td>%llu</table>",
                     (unsigned long long)shop->stock_told);
}

static void put_latest(struct sp_buffer *page, const struct shop *shop)
{
    size_t count = shop->book.order_count;
    sp_buffer_put_string(page, "<h3>Latest orders</h3><table>");
    for (size_t i = count; i > 0 && count - i < SHOWN_ORDERS; i--) {
        const struct order *order = &shop->book.orders[i - 1];
        char text[ID_TEXT];
        struct sp_text id = ids_text(ids_make(&shop->ids, ID_ORDER, order->number), text);
        sp_buffer_printf(page, "<tr><td>%.*s<td>%s<td>%u units", SP_FMT(id),
                         life_status_name((enum order_status)order->status), order->units);
    }
    sp_buffer_put_string(page, "</table>");
}

void home_show(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    struct sandbox *sandbox = edge->sandbox;
    struct sp_buffer page = {0};
    page_begin(&page, "Sandbox: a local TikTok Shop");
    sp_buffer_put_string(
        &page, "<form method=\"post\" action=\"/sandbox/buy\"><button>Buy</button></form>");
    sp_buffer_printf(&page, "<p>%s. %llu calls served.</p>",
                     grants_is_live(&sandbox->grants, sandbox_clock(sandbox))
                         ? "An app is authorized"
                         : "No app is authorized",
                     (unsigned long long)sandbox->calls);
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        put_counts(&page, &sandbox->shops[i]);
        put_latest(&page, &sandbox->shops[i]);
    }
    page_answer(request, 200, &page);
}

void home_buy(struct sp_http_request *request, void *context)
{
    static const char *const headers[] = {"Location: /", NULL};
    struct edge *edge = context;
    struct shop *shop = &edge->sandbox->shops[0];
    struct order_wish wish = {.status = AWAITING_SHIPMENT, .tells = true};
    if (book_has_room(&shop->book, 1))
        (void)order_maker_place(edge->sandbox, shop, &wish, book_reserve(&shop->book, 1));
    sp_http_answer(request, 303, "text/plain", (struct sp_text){0}, headers);
}
