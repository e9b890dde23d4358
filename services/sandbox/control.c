#include "services/sandbox/control.h"

#include <stdio.h>

#include "services/sandbox/duration.h"
#include "services/sandbox/edge_routes.h"

/* ---- reading
 * ------------------------------------------------------------------------------------------- */

void control_refuse(struct sp_http_request *request, int status, const char *format, ...)
{
    char detail[300];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    const char *code = status == 404 ? "not_found" : status == 409 ? "conflict" : "invalid_request";
    sp_http_problem(request, status, code, detail);
}

static bool is_known(struct sp_text name, const char *const known[])
{
    for (; *known != NULL; known++) {
        if (sp_text_is(name, *known))
            return true;
    }
    return false;
}

bool control_read(struct sp_http_request *request, const char *const known[], struct sp_json *body)
{
    struct sp_error err;
    *body = (struct sp_json){.kind = SP_JSON_OBJECT, .raw = SP_TEXT("{}")};
    if (request->body.size > 0 && sp_json_parse(request->body, body, &err) != SP_OK) {
        control_refuse(request, 400, "the body is not JSON: %s", err.text);
        return false;
    }
    if (body->kind != SP_JSON_OBJECT) {
        control_refuse(request, 400, "the body must be a JSON object");
        return false;
    }
    struct sp_json_walk walk = sp_json_each(*body);
    struct sp_text name;
    struct sp_json value;
    while (sp_json_next(&walk, &name, &value)) {
        if (known == NULL || is_known(name, known))
            continue;
        control_refuse(request, 422, "unknown member \"%.*s\"",
                       name.size > 60 ? 60 : (int)name.size, name.data);
        return false;
    }
    return true;
}

bool control_int(struct sp_http_request *request, struct sp_json body, const char *name,
                 struct control_range range, int64_t *value)
{
    struct sp_json given = sp_json_get(body, name);
    *value = range.otherwise;
    if (given.kind == SP_JSON_NONE || given.kind == SP_JSON_NULL)
        return true;
    if (given.kind == SP_JSON_NUMBER && sp_text_to_int(given.raw, value) && *value >= range.least &&
        *value <= range.most)
        return true;
    control_refuse(request, 422, "%s must be a whole number from %lld to %lld", name,
                   (long long)range.least, (long long)range.most);
    return false;
}

bool control_span(struct sp_http_request *request, struct sp_json body, const char *name,
                  struct control_range range, int64_t *seconds)
{
    struct sp_json given = sp_json_get(body, name);
    int64_t read;
    if (given.kind == SP_JSON_NONE)
        return true;
    if (duration_read(sp_json_text(given, request->arena), &read) && read >= range.least &&
        read <= range.most) {
        *seconds = read;
        return true;
    }
    control_refuse(request, 422,
                   "%s must be a span such as 90s, 48h or P2D, of %lld s at least and at most "
                   "%lld days",
                   name, (long long)range.least, (long long)(range.most / 86400));
    return false;
}

void control_answer(struct sp_http_request *request, int status, struct sp_buffer *json)
{
    sp_http_answer(request, status, "application/json", sp_buffer_text(json), NULL);
    sp_buffer_free(json);
}

bool control_find_order(struct sandbox *sandbox, struct sp_text id, struct shop **shop,
                        uint32_t *at)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        *shop = &sandbox->shops[i];
        *at = book_find(&(*shop)->book, ids_counter(&(*shop)->ids, ID_ORDER, id));
        if (*at != BOOK_NONE)
            return true;
    }
    return false;
}

/* ---- the state
 * ------------------------------------------------------------------------------------------- */

void control_health(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 200, "application/json", SP_TEXT("{\"ok\":true}"), NULL);
}

void control_unknown(struct sp_http_request *request, void *context)
{
    (void)context;
    control_refuse(request, 404, "the control side has no %s %.*s", request->method,
                   SP_FMT(request->path));
}

static void put_shops(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    char text[ID_TEXT];
    sp_json_open_array(json, "shops");
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        const struct shop *shop = &sandbox->shops[i];
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "number", i + 1);
        sp_json_put_string(json, "id", ids_text(ids_make(&shop->ids, ID_SHOP, 1), text));
        sp_json_put_cstring(json, "name", shop->name);
        sp_json_put_cstring(json, "region", shop->region->code);
        sp_json_put_int(json, "products", (int64_t)shop->catalogue.product_count);
        sp_json_put_int(json, "skus", (int64_t)shop->catalogue.sku_count);
        sp_json_put_int(json, "orders", (int64_t)shop->book.order_count);
        sp_json_put_int(json, "units", (int64_t)shop->book.units);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_invoices(struct sp_json_writer *json, const struct invoices_report *report)
{
    sp_json_open_object(json, "invoices");
    sp_json_put_int(json, "rows", (int64_t)report->rows);
    sp_json_put_int(json, "orders", (int64_t)report->orders);
    sp_json_put_int(json, "cancelled", (int64_t)report->cancelled);
    sp_json_put_int(json, "corrections", (int64_t)report->corrections);
    sp_json_put_int(json, "skipped", (int64_t)report->skipped);
    sp_json_open_array(json, "problems");
    for (size_t i = 0; i < report->problem_count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "line", (int64_t)report->problems[i].line);
        sp_json_put_cstring(json, "what", report->problems[i].what);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
    sp_json_close_object(json);
}

void control_show(struct sp_http_request *request, const struct edge *edge,
                  void (*put)(struct sp_json_writer *json, const struct sandbox *sandbox))
{
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    put(&json, edge->sandbox);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}

void control_put_webhooks(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    struct notifier_counts counts = {0};
    if (sandbox->notifier != NULL)
        counts = notifier_count(sandbox->notifier);
    sp_json_open_object(json, "webhooks");
    sp_json_put_int(json, "queued", (int64_t)counts.queued);
    sp_json_put_int(json, "waiting", (int64_t)counts.waiting);
    sp_json_put_int(json, "delivered", (int64_t)counts.delivered);
    sp_json_put_int(json, "failed_tries", (int64_t)counts.failed_tries);
    sp_json_put_int(json, "given_up", (int64_t)counts.given_up);
    sp_json_put_int(json, "dropped", (int64_t)counts.dropped);
    sp_json_put_int(json, "lost", (int64_t)counts.lost);
    sp_json_put_int(json, "forged", (int64_t)counts.forged);
    sp_json_put_int(json, "forged_taken", (int64_t)counts.forged_taken);
    sp_json_close_object(json);
}

void control_state(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    struct sandbox *sandbox = edge->sandbox;
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "seed", (int64_t)sandbox->options.seed);
    sp_json_put_int(&json, "started", sandbox->started);
    sp_json_put_int(&json, "calls", (int64_t)sandbox->calls);
    sp_json_put_bool(&json, "authorized", grants_is_live(&sandbox->grants, sandbox_clock(sandbox)));
    sp_json_put_int(&json, "orders_to_come", (int64_t)drips_waiting(&sandbox->drips));
    put_shops(&json, sandbox);
    put_invoices(&json, &sandbox->invoices);
    control_put_webhooks(&json, sandbox);
    sp_json_put_int(&json, "truth_lines", (int64_t)truth_lines(sandbox->truth));
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}
