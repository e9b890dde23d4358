/* The table of routes.  Covers: routes.c, files.c */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/http_exchange.h"
#include "services/gateway/files.h"
#include "services/gateway/permissions.h"
#include "services/gateway/routes.h"

static struct sp_http_route *table;
static struct sp_arena *arena;

static void begin(void)
{
    table = routes_for_server();
    arena = sp_arena_open();
}

static void end(void)
{
    free(table);
    sp_arena_close(&arena);
}

TestSuite(routes, .init = begin, .fini = end);

/* What the server's own router makes of a request. */
static const struct sp_http_route *found(const char *method, const char *path)
{
    struct sp_http_request request = {.method = method, .path = sp_text_of(path), .arena = arena};
    cr_assert_eq(sp_http_find_route(table, &request), ROUTE_FOUND, "%s %s", method, path);
    return request.route;
}

static const char *ask_of(const char *method, const char *path)
{
    const struct gateway_route *route = found(method, path)->more;
    return route == NULL || route->ask == NULL ? "" : route->ask;
}

Test(routes, lead_to_their_asks)
{
    cr_expect_str_eq(ask_of("GET", "/api/v1/shops"), "connector.shops");
    cr_expect_str_eq(ask_of("POST", "/api/v1/shops"), "connector.connect");
    cr_expect_str_eq(ask_of("GET", "/api/v1/shops/7"), "connector.shop");
    cr_expect_str_eq(ask_of("GET", "/api/v1/shops/connect/ab12"), "connector.connect-state");
    cr_expect_str_eq(ask_of("POST", "/api/v1/shops/7/load"), "order-ingest.load");
    cr_expect_str_eq(ask_of("GET", "/api/v1/orders/counts"), "order-ingest.counts");
    cr_expect_str_eq(ask_of("GET", "/api/v1/orders/7-5000"), "order-ingest.order");
    cr_expect_str_eq(ask_of("GET", "/api/v1/orders/7-5000/conditions"), "placement.explain");
    cr_expect_str_eq(ask_of("POST", "/api/v1/orders/place"), "placement.place");
    cr_expect_str_eq(ask_of("POST", "/api/v1/orders/tags"), "order-ingest.tag-orders");
    cr_expect_str_eq(ask_of("DELETE", "/api/v1/tags/7"), "order-ingest.delete-tag");
    cr_expect_str_eq(ask_of("PUT", "/api/v1/orders/7-5000/notes/1"), "order-ingest.change-note");
    cr_expect_str_eq(ask_of("PUT", "/api/v1/settings/placement"), "placement.save-settings");
    cr_expect_str_eq(ask_of("POST", "/hooks/tiktok"), "connector.webhook");
}

Test(routes, refuse_other_methods_of_known_paths)
{
    cr_expect_eq(found("DELETE", "/api/v1/orders")->handle, on_wrong_method);
    cr_expect_eq(found("GET", "/api/v1/orders/1/place")->handle, on_unknown);
    cr_expect_eq(found("GET", "/api/v1/setup")->handle, on_wrong_method);
    cr_expect_eq(found("GET", "/hooks/tiktok")->handle, on_wrong_method);
}

Test(routes, look_for_files_nowhere_below_the_api)
{
    cr_expect_eq(found("GET", "/api/v1/nothing")->handle, on_unknown);
    cr_expect_eq(found("POST", "/hooks/other")->handle, on_unknown);
    cr_expect_eq(found("GET", "/")->handle, on_file);
    cr_expect_eq(found("GET", "/assets/a.js")->handle, on_file);
    cr_expect_eq(found("HEAD", "/assets/a.js")->handle, on_file);
}

Test(routes, tell_pages_from_files)
{
    cr_expect(files_is_page(SP_TEXT("")));
    cr_expect(files_is_page(SP_TEXT("orders")));
    cr_expect(files_is_page(SP_TEXT("v1.2/orders")));
    cr_expect_not(files_is_page(SP_TEXT("assets/app.js")));
    cr_expect_not(files_is_page(SP_TEXT("favicon.ico")));
}

static size_t most_body(const struct gateway_route *route)
{
    if ((route->flags & ROUTE_FILE) != 0)
        return ROUTE_FILE_BYTES;
    return (route->flags & ROUTE_SHEET) != 0 ? ROUTE_SHEET_BYTES : ROUTE_BODY_BYTES;
}

/* The ask's own service answers it, commands need keys, rights exist. */
Test(routes, are_whole)
{
    for (const struct gateway_route *route = gateway_routes; route->pattern != NULL; route++) {
        cr_expect(route->handle != NULL || route->ask != NULL, "%s", route->pattern);
        cr_expect(route->max_body > 0 && route->max_body <= most_body(route), "%s", route->pattern);
        if (route->service != NULL) {
            size_t size = strlen(route->service);
            cr_expect(gateway_service_of(sp_text_of(route->service)) != NULL);
            cr_expect(strncmp(route->ask, route->service, size) == 0 && route->ask[size] == '.',
                      "%s", route->ask);
        }
        bool reads = strcmp(route->method, "GET") == 0;
        cr_expect(!reads || (route->flags & ROUTE_COMMAND) == 0, "%s", route->pattern);
        bool asks_itself = route->handle == NULL || (route->flags & ROUTE_FILE) != 0;
        bool command = !reads && asks_itself && route->ask != NULL;
        cr_expect_eq(command, (route->flags & ROUTE_COMMAND) != 0, "%s", route->pattern);
        cr_expect(role_may(ROLE_OWNER, route->permission), "%s", route->pattern);
        cr_expect(!command || route->permission != NULL, "%s", route->pattern);
    }
}

/* What nobody needs to sign in for, all of it. */
Test(routes, are_public_only_where_they_must)
{
    static const char *const open[] = {"/healthz",      "/hooks/tiktok",   "/oauth/tiktok/callback",
                                       "/api/v1/setup", "/api/v1/session", "/api/v1/me"};
    size_t count = 0;
    for (const struct gateway_route *route = gateway_routes; route->pattern != NULL; route++) {
        if ((route->flags & ROUTE_PUBLIC) == 0)
            continue;
        cr_assert_lt(count, SP_COUNT(open));
        cr_expect_str_eq(route->pattern, open[count++]);
    }
    cr_expect_eq(count, SP_COUNT(open));
}

Test(routes, names_of_parameters_come_from_the_pattern)
{
    cr_expect(sp_text_is(route_param_name("/a/{id}/b/{line}", 0), "id"));
    cr_expect(sp_text_is(route_param_name("/a/{id}/b/{line}", 1), "line"));
    cr_expect(sp_text_is(route_param_name("/a/{rest...}", 0), "rest"));
    cr_expect_eq(route_param_name("/a/{id}", 1).size, 0);
    cr_expect_eq(route_param_name("/a", 0).size, 0);
}

Test(routes, ask_only_services_that_exist)
{
    cr_expect_str_eq(gateway_service_of(SP_TEXT("inventory")), "inventory");
    cr_expect_null(gateway_service_of(SP_TEXT("sandbox")));
    cr_expect_null(gateway_service_of(SP_TEXT("")));
}
