/* Routes and the decoding of URLs.
 * Covers: http_url.c. */
#include <criterion/criterion.h>
#include <signal.h>

#include "common/http_exchange.h"
#include "common/http_url.h"

static void on_any(struct sp_http_request *request, void *context)
{
    (void)request;
    (void)context;
}

static const struct sp_http_route routes[] = {
    {"GET", "/", 0, on_any, "root"},
    {"GET", "/orders", 0, on_any, "list"},
    {"GET", "/orders/counts", 0, on_any, "counts"},
    {"GET", "/orders/{id}", 0, on_any, "one"},
    {"POST", "/orders/{id}/lines/{line}", 0, on_any, "line"},
    {NULL, "/any", 0, on_any, "any"},
    {"GET", "/web/{rest...}", 0, on_any, "rest"},
    {0},
};

static struct sp_http_request request;

static enum route_outcome find(const char *method, const char *path)
{
    request =
        (struct sp_http_request){.method = method,
                                 .path = sp_text_of(path),
                                 .arena = request.arena == NULL ? sp_arena_open() : request.arena};
    return sp_http_find_route(routes, &request);
}

static void expect(const char *path, const char *name, const char *first)
{
    cr_assert_eq(find("GET", path), ROUTE_FOUND, "%s", path);
    cr_assert_str_eq(request.route->more, name, "%s", path);
    cr_assert(sp_text_is(request.params[0], first), "%s: %.*s", path, SP_FMT(request.params[0]));
}

Test(http_router, the_first_pattern_that_matches_wins)
{
    expect("/", "root", "");
    expect("/orders", "list", "");
    expect("/orders/counts", "counts", "");
    expect("/orders/17-5764", "one", "17-5764");
    expect("/any", "any", "");
}

Test(http_router, params_are_decoded_one_by_one)
{
    expect("/orders/a%2Fb%20c+d", "one", "a/b c+d");
    cr_assert_eq(find("POST", "/orders/%C3%A1o/lines/7"), ROUTE_FOUND);
    cr_assert(sp_text_is(request.params[0], "áo"));
    cr_assert(sp_text_is(request.params[1], "7"));
}

Test(http_router, the_rest_takes_everything_that_is_left)
{
    expect("/web/", "rest", "");
    expect("/web/assets/index.js", "rest", "assets/index.js");
    expect("/web/a/../b", "rest", "a/../b");
}

Test(http_router, what_matches_nothing_is_not_found)
{
    static const char *const paths[] = {"",           "orders",          "/order",      "/orders/",
                                        "/orders/1/", "/orders/1/lines", "//orders",    "/orders//",
                                        "/web",       "/ORDERS",         "/orders%2F1", "/any/"};
    for (size_t i = 0; i < SP_COUNT(paths); i++)
        cr_assert_eq(find("GET", paths[i]), ROUTE_NONE, "%s", paths[i]);
}

Test(http_router, another_method_is_told_from_another_path)
{
    cr_assert_eq(find("DELETE", "/orders"), ROUTE_OTHER_METHOD);
    cr_assert(sp_text_is(sp_http_allowed(routes, &request), "GET"));
    cr_assert_eq(find("BREW", "/any"), ROUTE_FOUND);
    cr_assert_eq(find("HEAD", "/orders"), ROUTE_FOUND);
    cr_assert_eq(find("HEAD", "/orders/1/lines/2"), ROUTE_OTHER_METHOD);
}

Test(http_router, broken_escapes_and_zero_bytes_are_broken)
{
    static const char *const paths[] = {"/orders/%",   "/orders/%4",    "/orders/%zz",
                                        "/orders/a%0", "/orders/a%00b", "/web/x%"};
    for (size_t i = 0; i < SP_COUNT(paths); i++)
        cr_assert_eq(find("GET", paths[i]), ROUTE_BROKEN, "%s", paths[i]);
}

/* ---- URLs
 * ------------------------------------------------------------------------------------------ */

Test(http_url, encodes_all_but_unreserved)
{
    struct sp_buffer out = {0};
    sp_url_encode(&out, SP_TEXT("aZ09-._~ /+=&%ớ\0"));
    cr_assert(sp_text_is(sp_buffer_text(&out), "aZ09-._~%20%2F%2B%3D%26%25%E1%BB%9B%00"));
    sp_buffer_free(&out);
}

Test(http_url, decodes_what_it_encodes_for_every_byte)
{
    struct sp_arena *arena = sp_arena_open();
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    struct sp_buffer out = {0};
    struct sp_text decoded, all = {bytes, sizeof bytes};
    sp_url_encode(&out, all);
    cr_assert_eq(sp_url_decode(arena, sp_buffer_text(&out), &decoded), SP_OK);
    cr_assert(sp_text_equal(decoded, all));
    sp_buffer_free(&out);
    sp_arena_close(&arena);
}

Test(http_url, a_broken_escape_is_rejected)
{
    struct sp_arena *arena = sp_arena_open();
    static const char *const broken[] = {"%", "a%", "%1", "%g1", "%1g", "%%41", "100%+"};
    struct sp_text decoded;
    for (size_t i = 0; i < SP_COUNT(broken); i++) {
        cr_assert_eq(sp_url_decode(arena, sp_text_of(broken[i]), &decoded), SP_REJECT, "%s",
                     broken[i]);
        cr_assert_not(sp_url_escapes_valid(sp_text_of(broken[i])));
    }
    cr_assert_eq(sp_url_decode(arena, SP_TEXT("a+b%2b"), &decoded), SP_OK);
    cr_assert(sp_text_is(decoded, "a b+"));
    sp_arena_close(&arena);
}

Test(http_url, walks_pairs_in_order)
{
    struct sp_arena *arena = sp_arena_open();
    static const char *const expected[][2] = {
        {"a", "1"}, {"b", ""}, {"", "x"}, {"c", "="}, {"á b", "%zz"}};
    size_t at = 0, i = 0;
    struct sp_text pair[2];
    while (sp_url_next_pair(arena, SP_TEXT("a=1&b&&=x&c==&%C3%A1+b=%zz&"), &at, pair)) {
        cr_assert_lt(i, SP_COUNT(expected));
        cr_assert(sp_text_is(pair[0], expected[i][0]) && sp_text_is(pair[1], expected[i][1]), "%zu",
                  i);
        i++;
    }
    cr_assert_eq(i, SP_COUNT(expected));
    sp_arena_close(&arena);
}
