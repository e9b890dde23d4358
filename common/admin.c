#include "common/admin.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/http_server.h"
#include "common/json.h"
#include "common/metrics.h"

struct sp_admin {
    struct sp_http_server *server;
    struct sp_loop *loop;
    sp_admin_ready *ready;
    void *ready_context;
};

/* ---- checks
 * ---------------------------------------------------------------------------------------- */

void sp_checks_add(struct sp_checks *checks, const char *check, bool ok, int64_t age_ms,
                   const char *detail, ...)
{
    if (checks->count == SP_ADMIN_CHECKS && ok)
        return;
    size_t at = checks->count < SP_ADMIN_CHECKS ? checks->count++ : checks->count - 1;
    struct sp_check *to = &checks->list[at];
    to->check = check;
    to->ok = ok;
    to->age_ms = age_ms;
    va_list args;
    va_start(args, detail);
    (void)vsnprintf(to->detail, sizeof to->detail, detail, args);
    va_end(args);
}

bool sp_checks_ok(const struct sp_checks *checks)
{
    for (size_t i = 0; i < checks->count; i++)
        if (!checks->list[i].ok)
            return false;
    return true;
}

static void write_checks(const struct sp_checks *checks, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    sp_json_put_bool(&json, "ready", sp_checks_ok(checks));
    sp_json_open_array(&json, "checks");
    for (size_t i = 0; i < checks->count; i++) {
        const struct sp_check *check = &checks->list[i];
        sp_json_open_object(&json, NULL);
        sp_json_put_cstring(&json, "check", check->check);
        sp_json_put_bool(&json, "ok", check->ok);
        sp_json_put_cstring(&json, "detail", check->detail);
        sp_json_put_int(&json, "age_ms", check->age_ms);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    sp_buffer_put(out, "\n", 1);
}

/* ---- the three paths
 * --------------------------------------------------------------------------------- */

static void on_health(struct sp_http_request *request, void *context)
{
    const struct sp_admin *admin = context;
    int64_t age_ms = sp_loop_age_ms(admin->loop);
    bool ok = age_ms <= SP_ADMIN_HEALTHY_MS;
    struct sp_text body = sp_arena_printf(request->arena, "{\"ok\":%s,\"loop_age_ms\":%lld}\n",
                                          ok ? "true" : "false", (long long)age_ms);
    sp_http_answer(request, ok ? 200 : 503, "application/json", body, NULL);
}

static void on_ready(struct sp_http_request *request, void *context)
{
    const struct sp_admin *admin = context;
    struct sp_checks checks = {.count = 0};
    admin->ready(admin->ready_context, &checks);
    struct sp_buffer body = {0};
    write_checks(&checks, &body);
    sp_http_answer(request, sp_checks_ok(&checks) ? 200 : 503, "application/json",
                   sp_buffer_text(&body), NULL);
    sp_buffer_free(&body);
}

static void on_metrics(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_buffer body = {0};
    sp_metrics_write(&body);
    sp_metrics_write_process(&body);
    sp_http_answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", sp_buffer_text(&body),
                   NULL);
    sp_buffer_free(&body);
}

static const struct sp_http_route routes[] = {
    {"GET", "/healthz", 0, on_health, NULL},
    {"GET", "/readyz", 0, on_ready, NULL},
    {"GET", "/metrics", 0, on_metrics, NULL},
    {0},
};

/* ---- opening
 * ------------------------------------------------------------------------------------------- */

enum sp_result sp_admin_open(struct sp_admin **admin_address, struct sp_loop *loop,
                             const struct sp_admin_options *options, struct sp_error *err)
{
    struct sp_admin *admin = sp_alloc(sizeof *admin);
    *admin = (struct sp_admin){NULL, loop, options->ready, options->context};
    const struct sp_http_options http = {
        .bind = options->bind, .routes = routes, .context = admin, .max_connections = 32};
    enum sp_result result = sp_http_server_open(&admin->server, loop, &http, err);
    if (result != SP_OK) {
        free(admin);
        return result;
    }
    *admin_address = admin;
    return SP_OK;
}

void sp_admin_close(struct sp_admin **admin_address)
{
    if (*admin_address == NULL)
        return;
    sp_http_server_close(&(*admin_address)->server);
    free(*admin_address);
    *admin_address = NULL;
}

uint16_t sp_admin_port(const struct sp_admin *admin)
{
    return sp_http_server_port(admin->server);
}
