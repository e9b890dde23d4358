/* The page for people, and what it shows: everything at one look. */
#include "services/sandbox/cancels.h"
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/return_life.h"
#include "services/sandbox/scenario.h"

enum { SHOWN_ORDERS = 25 };

/* The files of page/. */
extern const char page_html[], page_css[], page_js[];
extern const size_t page_html_size, page_css_size, page_js_size;

void home_show(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text page = {page_html, page_html_size};
    sp_http_answer(request, 200, "text/html; charset=utf-8", page, NULL);
}

void home_style(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text style = {page_css, page_css_size};
    sp_http_answer(request, 200, "text/css; charset=utf-8", style, NULL);
}

void home_script(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text script = {page_js, page_js_size};
    sp_http_answer(request, 200, "text/javascript; charset=utf-8", script, NULL);
}

/* ---- its data
 * ----------------------------------------------------------------------------------------- */

static void put_grant(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    const struct grants *grants = &sandbox->grants;
    sp_json_open_object(json, "grant");
    sp_json_put_bool(json, "live", grants_is_live(grants, sandbox_clock(sandbox)));
    sp_json_put_int(json, "ends", sandbox_told(sandbox, grants->grant_expires));
    sp_json_put_int(json, "token_ends", sandbox_told(sandbox, grants->access_expires));
    sp_json_close_object(json);
}

static void put_shops(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    sp_json_open_array(json, "shops");
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        const struct shop *shop = &sandbox->shops[i];
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "number", i + 1);
        sp_json_put_cstring(json, "name", shop->name);
        sp_json_put_cstring(json, "region", shop->region->code);
        sp_json_put_int(json, "orders", (int64_t)shop->book.order_count);
        sp_json_open_object(json, "by_status");
        for (int k = 0; k < ORDER_STATUSES; k++)
            sp_json_put_int(json, life_status_name((enum order_status)k),
                            (int64_t)shop->book.by_status[k]);
        sp_json_close_object(json);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

/* The newest case of an order, when it has one. */
static void put_case(struct sp_json_writer *json, const struct shop *shop,
                     const struct order *order, enum case_kind kind)
{
    const struct aftersale *one = cases_newest(&shop->cases, kind, order);
    bool cancels = kind == CASE_CANCEL;
    char text[ID_TEXT];
    if (one == NULL)
        return;
    uint64_t number = (uint64_t)(one - shop->cases.rows[kind].all) + 1;
    uint64_t id = ids_make(&shop->ids, cancels ? ID_CANCEL : ID_RETURN, number);
    sp_json_open_object(json, cancels ? "cancellation" : "return");
    sp_json_put_string(json, "id", ids_text(id, text));
    sp_json_put_cstring(json, "status",
                        cancels ? cancel_status_name((enum cancel_status)one->status)
                                : return_status_name((enum return_status)one->status));
    sp_json_close_object(json);
}

static void put_order(struct sp_json_writer *json, const struct shop *shop,
                      const struct order *order)
{
    char text[ID_TEXT];
    uint64_t id = ids_make(&shop->ids, ID_ORDER, order->number);
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", ids_text(id, text));
    sp_json_put_int(json, "shop", shop->index + 1);
    sp_json_put_cstring(json, "status", life_status_name((enum order_status)order->status));
    sp_json_put_int(json, "units", order->units);
    sp_json_put_int(json, "updated", order->times.updated);
    struct sp_buffer kind = {0};
    order_kind_put(&kind, &order->kind);
    sp_json_put_string(json, "kind", sp_buffer_text(&kind));
    sp_buffer_free(&kind);
    put_case(json, shop, order, CASE_CANCEL);
    put_case(json, shop, order, CASE_RETURN);
    sp_json_close_object(json);
}

/* The shop whose next order, counted from its end, is the newest; -1 when all are through. */
static int newest_of(const struct sandbox *sandbox, const size_t left[])
{
    int newest = -1;
    int64_t latest = -1;
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        if (left[i] == 0)
            continue;
        int64_t created = sandbox->shops[i].book.orders[left[i] - 1].times.created;
        if (created <= latest)
            continue;
        latest = created;
        newest = (int)i;
    }
    return newest;
}

/* `status`: only orders in it; -1: all. */
static void put_orders(struct sp_json_writer *json, const struct sandbox *sandbox, int status)
{
    size_t left[SANDBOX_SHOPS];
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        left[i] = sandbox->shops[i].book.order_count;
    sp_json_open_array(json, "orders");
    int shown = 0, at = newest_of(sandbox, left);
    for (; at >= 0 && shown < SHOWN_ORDERS; at = newest_of(sandbox, left)) {
        const struct shop *shop = &sandbox->shops[at];
        const struct order *order = &shop->book.orders[--left[at]];
        if (status >= 0 && order->status != status)
            continue;
        put_order(json, shop, order);
        shown++;
    }
    sp_json_close_array(json);
}

static void put_tries(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    struct notice_try tries[NOTICE_TRIES];
    size_t count = sandbox->notifier == NULL ? 0 : notifier_tries(sandbox->notifier, tries);
    sp_json_open_array(json, "tries");
    for (size_t i = 0; i < count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "at", tries[i].at);
        sp_json_put_int(json, "try", tries[i].nth);
        sp_json_put_int(json, "status", tries[i].status);
        sp_json_put_bool(json, "forged", tries[i].forged);
        if (tries[i].body[0] != '\0')
            sp_json_put_raw(json, "body", sp_text_of(tries[i].body));
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_calls(struct sp_json_writer *json, const struct traffic *traffic)
{
    sp_json_open_array(json, "calls");
    for (size_t i = 0; i < traffic->count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_cstring(json, "path", traffic->paths[i].path);
        sp_json_put_int(json, "count", (int64_t)traffic->paths[i].count);
        sp_json_put_int(json, "failed", (int64_t)traffic->paths[i].failed);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

void home_view(struct sp_http_request *request, void *context)
{
    const struct edge *edge = context;
    const struct sandbox *sandbox = edge->sandbox;
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "real", sp_now_us() / 1000000);
    sp_json_open_object(&json, "clock");
    control_put_clock(&json, sandbox);
    sp_json_close_object(&json);
    put_grant(&json, sandbox);
    put_shops(&json, sandbox);
    put_orders(&json, sandbox, life_status_of(sp_http_query(request, "status")));
    sp_json_open_object(&json, "life");
    control_put_life(&json, sandbox);
    sp_json_close_object(&json);
    sp_json_open_object(&json, "scenario");
    scenario_put(&json, sandbox);
    sp_json_close_object(&json);
    control_put_webhooks(&json, sandbox);
    put_tries(&json, sandbox);
    sp_json_open_object(&json, "faults");
    control_put_faults(&json, sandbox);
    sp_json_close_object(&json);
    put_calls(&json, &sandbox->traffic);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}
