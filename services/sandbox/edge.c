#include "services/sandbox/edge.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "services/sandbox/api.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/faulty_page.h"
#include "services/sandbox/scenario.h"
#include "services/sandbox/trade.h"

enum { SECOND_MS = 1000, LIFE_MS = 100, DRIP_MS = 10, FORM = 16 * 1024, CONTROL = 1024 * 1024 };

static const struct sp_http_route routes[] = {
    {"GET", "/", 0, home_show, NULL},
    {"GET", "/sandbox/page.css", 0, home_style, NULL},
    {"GET", "/sandbox/page.js", 0, home_script, NULL},
    {"GET", "/sandbox/view", 0, home_view, NULL},
    {"GET", "/healthz", 0, control_health, NULL},
    {"GET", "/readyz", 0, control_health, NULL}, /* where `health` looks, as with every service */

    {"GET", "/open/authorize", 0, consent_show, NULL},
    {"POST", "/open/authorize", FORM, consent_decide, NULL},
    {"GET", "/oauth/authorize", 0, consent_show, NULL},
    {"POST", "/oauth/authorize", FORM, consent_decide, NULL},
    {"GET", "/api/v2/token/get", 0, tokens_get, NULL},
    {"GET", "/api/v2/token/refresh", 0, tokens_refresh, NULL},

    {"GET", "/documents/{id}", 0, document_serve, NULL},

    {"GET", "/sandbox", 0, control_state, NULL},
    {"POST", "/sandbox/orders", CONTROL, control_place_orders, NULL},
    {"POST", "/sandbox/orders/{id}/status", CONTROL, control_move_order, NULL},
    {"POST", "/sandbox/orders/{id}/address", CONTROL, control_move_address, NULL},
    {"POST", "/sandbox/orders/{id}/cancellation", CONTROL, control_ask_cancel, NULL},
    {"POST", "/sandbox/orders/{id}/return", CONTROL, control_ask_return, NULL},
    {"POST", "/sandbox/cancellations/{id}/withdraw", CONTROL, control_withdraw_cancel, NULL},
    {"POST", "/sandbox/products/{id}/event", CONTROL, control_move_product, NULL},
    {"POST", "/sandbox/returns/{id}/event", CONTROL, control_move_return, NULL},
    {"GET", "/sandbox/truth", 0, control_truth, NULL},
    {"GET", "/sandbox/truth/orders", 0, control_truth_orders, NULL},
    {"GET", "/sandbox/truth/stock", 0, control_truth_stock, NULL},
    {"GET", "/sandbox/catalogue.csv", 0, control_catalogue, NULL},
    {"GET", "/sandbox/demand", 0, control_demand, NULL},
    {"GET", "/sandbox/routes", 0, control_list_routes, NULL},
    {"GET", "/sandbox/limits", 0, control_list_limits, NULL},
    {"PUT", "/sandbox/limits", CONTROL, control_set_limits, NULL},
    {"GET", "/sandbox/faults", 0, control_list_faults, NULL},
    {"POST", "/sandbox/faults", CONTROL, control_order_faults, NULL},
    {"DELETE", "/sandbox/faults", 0, control_clear_faults, NULL},
    {"POST", "/sandbox/notices", CONTROL, control_say, NULL},
    {"POST", "/sandbox/grants", CONTROL, control_change_grant, NULL},
    {"POST", "/sandbox/reset", CONTROL, control_reset, NULL},
    {"GET", "/sandbox/clock", 0, control_clock, NULL},
    {"POST", "/sandbox/clock", CONTROL, control_set_clock, NULL},
    {"GET", "/sandbox/scenario", 0, control_scenario, NULL},
    {"POST", "/sandbox/scenario", SCENARIO_BYTES, control_start_scenario, NULL},
    {"DELETE", "/sandbox/scenario", 0, control_stop_scenario, NULL},
    {"GET", "/sandbox/life", 0, control_life, NULL},
    {"POST", "/sandbox/life", CONTROL, control_set_life, NULL},
    {NULL, "/sandbox/{rest...}", CONTROL, control_unknown, NULL},

    {NULL, "/{rest...}", API_BODY, open_api, NULL},
    {0},
};

/* ---- faults
 * ------------------------------------------------------------------------------------------ */

static void hold(struct edge *edge, struct sp_http_request *request)
{
    if (edge->held_count == EDGE_HELD) {
        sp_http_drop(request);
        return;
    }
    edge->held[edge->held_count++] = (struct held_call){
        request, sp_monotonic_us() + edge->sandbox->options.timeout_fault_ms * 1000};
}

static void answer_held(struct edge *edge, struct sp_http_request *request)
{
    struct sp_buffer out = {0};
    int status = api_refuse(edge->sandbox, API_TIMEOUT, NULL, &out);
    sp_http_answer(request, status, "application/json", sp_buffer_text(&out), NULL);
    sp_buffer_free(&out);
}

static void end_held(struct edge *edge, int64_t now_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < edge->held_count; i++) {
        if (edge->held[i].until_us > now_us)
            edge->held[kept++] = edge->held[i];
        else
            answer_held(edge, edge->held[i].request);
    }
    edge->held_count = kept;
}

/* `retry_after` may be empty. */
static void answer(struct sp_http_request *request, int status, struct sp_text json,
                   struct sp_text retry_after)
{
    char header[96];
    const char *headers[] = {NULL, NULL};
    if (retry_after.size > 0) {
        (void)snprintf(header, sizeof header, "Retry-After: %.*s", SP_FMT(retry_after));
        headers[0] = header;
    }
    sp_http_answer(request, status, "application/json", json, headers);
}

static void strike(struct edge *edge, struct sp_http_request *request, const struct fault *fault)
{
    struct sp_buffer out = {0};
    struct sp_text retry_after = {0};
    if (fault->retry_after_s > 0)
        retry_after = sp_arena_printf(request->arena, "%lld", (long long)fault->retry_after_s);
    enum api_error error = fault->kind == FAULT_TOO_MANY ? API_TOO_MANY_CALLS : API_INTERNAL;
    int status = api_refuse(edge->sandbox, error, NULL, &out);
    answer(request, status, sp_buffer_text(&out), retry_after);
    sp_buffer_free(&out);
}

static void write_fault(struct sp_json_writer *json, const void *about)
{
    const struct fault *fault = about;
    sp_json_put_cstring(json, "kind", faults_kind_name(fault->kind));
    sp_json_put_cstring(json, "path", fault->path);
}

/* True when the call is over. */
static bool struck(struct edge *edge, struct sp_http_request *request, struct fault *fault)
{
    const struct sp_text page = SP_TEXT("<html><body><h1>502 Bad Gateway</h1></body></html>");
    bool later = sp_http_query(request, "page_token").size > 0;
    *fault = faults_take(&edge->sandbox->faults, request->path, later);
    if (fault->kind != FAULT_NONE)
        truth_note(edge->sandbox->truth, "fault", write_fault, fault);
    if (fault->kind == FAULT_TIMEOUT)
        hold(edge, request);
    else if (fault->kind == FAULT_HTML)
        sp_http_answer(request, 200, "text/html", page, NULL);
    else if (fault->kind == FAULT_TOO_MANY || fault->kind == FAULT_INTERNAL)
        strike(edge, request, fault);
    else
        return false;
    return true;
}

void edge_run(struct edge *edge, struct sp_http_request *request, edge_serve *serve)
{
    struct fault fault;
    struct sp_text path = sp_arena_copy(request->arena, request->path);
    struct traffic *traffic = &edge->sandbox->traffic;
    if (struck(edge, request, &fault)) {
        traffic_note(traffic, path, true);
        return;
    }
    struct sp_buffer out = {0};
    edge->retry_after = (struct sp_text){0};
    if (fault.kind == FAULT_CHANGE)
        trade_stir(edge->sandbox);
    request->user = &fault;
    int status = serve(edge, request, &out);
    traffic_note(traffic, path, status != 200 || fault.kind == FAULT_DROP);
    if (fault.kind == FAULT_OMIT)
        faulty_page_omit(&out);
    if (fault.kind == FAULT_DROP)
        sp_http_drop(request);
    else if (fault.kind == FAULT_SLOW)
        sp_http_answer_slowly(request, status, "application/json", sp_buffer_text(&out),
                              (size_t)fault.bytes_per_s);
    else
        answer(request, status, sp_buffer_text(&out), edge->retry_after);
    sp_buffer_free(&out);
}

/* ---- the Open API
 * -------------------------------------------------------------------------------------- */

static int serve_open_api(struct edge *edge, struct sp_http_request *request, struct sp_buffer *out)
{
    const struct fault *fault = request->user;
    struct api_request call = {
        .method = request->method,
        .path = request->path,
        .query = request->query,
        .body = request->body,
        .content_type = sp_http_header(request, "Content-Type"),
        .access_token = sp_http_header(request, "x-tts-access-token"),
        .host = sp_http_header(request, "Host"),
        .begins_anew = fault->kind == FAULT_REPEAT,
        .arena = request->arena,
        .retry_after = &edge->retry_after,
    };
    return api_serve(edge->sandbox, &call, out);
}

void open_api(struct sp_http_request *request, void *context)
{
    edge_run(context, request, serve_open_api);
}

/* ---- time
 * ------------------------------------------------------------------------------------------------
 */

static void on_second(void *context)
{
    struct edge *edge = context;
    truth_flush(edge->sandbox->truth);
    end_held(edge, sp_monotonic_us());
}

static void on_life(void *context)
{
    struct edge *edge = context;
    life_run(edge->sandbox);
}

static void on_drip(void *context)
{
    struct edge *edge = context;
    trade_drip(edge->sandbox, sp_monotonic_us());
    if (drips_waiting(&edge->sandbox->drips) > 0)
        return;
    sp_loop_cancel(edge->loop, edge->drip);
    edge->drip = -1;
}

void edge_start_drip(struct edge *edge)
{
    if (edge->drip < 0)
        edge->drip = sp_loop_every(edge->loop, DRIP_MS, on_drip, edge);
}

/* ---- opening and closing
 * --------------------------------------------------------------------------------- */

enum sp_result edge_open(struct edge **opened, struct sandbox *sandbox, struct sp_loop *loop,
                         const char *bind, struct sp_error *err)
{
    struct edge *edge = sp_alloc(sizeof *edge);
    struct sp_http_options options = {.bind = bind, .routes = routes, .context = edge};
    *edge = (struct edge){.sandbox = sandbox, .loop = loop, .drip = -1};
    enum sp_result result = sp_http_server_open(&edge->server, loop, &options, err);
    if (result != SP_OK) {
        free(edge);
        return result;
    }
    edge->second = sp_loop_every(loop, SECOND_MS, on_second, edge);
    edge->life = sp_loop_every(loop, LIFE_MS, on_life, edge);
    *opened = edge;
    return SP_OK;
}

void edge_close(struct edge **closed)
{
    struct edge *edge = *closed;
    if (edge == NULL)
        return;
    sp_loop_cancel(edge->loop, edge->second);
    sp_loop_cancel(edge->loop, edge->life);
    if (edge->drip >= 0)
        sp_loop_cancel(edge->loop, edge->drip);
    end_held(edge, INT64_MAX);
    sp_http_server_close(&edge->server);
    free(edge);
    *closed = NULL;
}
