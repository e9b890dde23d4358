/* The HTTP server in ordinary use, with late answers, opening and stopping.
 * Covers: http_answer.c, http_exchange.c, http_request.c, http_listen.c. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/common/http_rig.h"

static struct sp_http_request *_Atomic kept; /* by /keep, to be answered later */

static void on_hello(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 200, "text/plain", SP_TEXT("hello"), NULL);
}

static void on_keep(struct sp_http_request *request, void *context)
{
    (void)context;
    kept = request;
}

static void on_tell(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text text = sp_arena_printf(
        request->arena, "q=%.*s|cookie=%.*s|header=%.*s|peer=%.*s|",
        SP_FMT(sp_http_query(request, "q")), SP_FMT(sp_http_cookie(request, "__Host-session")),
        SP_FMT(sp_http_header(request, "x-test")), SP_FMT(sp_http_peer(request)));
    sp_http_answer(request, 200, "text/plain", text, NULL);
}

static void on_headers(struct sp_http_request *request, void *context)
{
    (void)context;
    static const char *const headers[] = {"Cache-Control: max-age=60", "Set-Cookie: a=1",
                                          "Set-Cookie: b=2", "X-Broken: a\r\nX-Smuggled: b", NULL};
    sp_http_answer(request, 200, "text/plain", SP_TEXT("x"), headers);
}

static void on_problem(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_problem(request, 422, "NO_STOCK", "There are \"none\" left.");
}

static const struct sp_http_route routes[] = {
    {"GET", "/hello", 0, on_hello, NULL},     {"GET", "/keep", 0, on_keep, NULL},
    {"GET", "/tell", 0, on_tell, NULL},       {"GET", "/headers", 0, on_headers, NULL},
    {"GET", "/problem", 0, on_problem, NULL}, {0},
};

static bool is_kept(void *context)
{
    (void)context;
    return kept != NULL;
}

static void answer_kept(void *context)
{
    (void)context;
    sp_http_answer(kept, 200, "text/plain", SP_TEXT("late"), NULL);
    kept = NULL;
}

static void assert_alive(struct rig *rig)
{
    char *heard = rig_get(rig, "/hello");
    rig_assert_status(heard, 200);
    rig_assert_has(heard, "\r\n\r\nhello");
    free(heard);
}

#define ENDING " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"

/* ---- ordinary use
 * ---------------------------------------------------------------------------------- */

Test(http_server, answers_two_requests_on_one_connection)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /hello HTTP/1.1\r\nHost: t\r\n\r\nGET /tell?q=2" ENDING "\r\n");
    char *heard = rig_hear(fd, NULL);
    rig_assert_has(heard, "\r\n\r\nhello");
    rig_assert_has(heard, "q=2|");
    free(heard);
    close(fd);
    rig_stop(&rig);
}

Test(http_server, reads_query_cookie_header_and_peer)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig,
               "GET /tell?x=1&q=%C3%A1o+thun%26&q=no" ENDING
               "Cookie: a=b; __Host-session=abc123\r\nX-Test: yes\r\n\r\n",
               200, "q=áo thun&|cookie=abc123|header=yes|peer=127.0.0.1|");
    rig_stop(&rig);
}

Test(http_server, every_answer_has_the_security_headers)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    const char *const paths[] = {"/hello", "/nowhere"};
    for (size_t i = 0; i < SP_COUNT(paths); i++) {
        char *heard = rig_get(&rig, paths[i]);
        rig_assert_has(heard, "\r\nContent-Security-Policy: default-src 'self';");
        rig_assert_has(heard, "frame-ancestors 'none'\r\n");
        rig_assert_has(heard, "\r\nX-Content-Type-Options: nosniff\r\n");
        rig_assert_has(heard, "\r\nStrict-Transport-Security: ");
        rig_assert_has(heard, "\r\nCache-Control: no-store\r\n");
        free(heard);
    }
    rig_stop(&rig);
}

Test(http_server, a_handlers_header_replaces_the_usual_one)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/headers");
    rig_assert_has(heard, "\r\nCache-Control: max-age=60\r\n");
    cr_assert_null(strstr(heard, "no-store"));
    rig_assert_has(heard, "\r\nSet-Cookie: a=1\r\n");
    rig_assert_has(heard, "\r\nSet-Cookie: b=2\r\n");
    free(heard);
    rig_stop(&rig);
}

Test(http_server, a_line_break_in_a_header_value_is_not_sent)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/headers");
    rig_assert_status(heard, 200);
    cr_assert_null(strstr(heard, "X-Smuggled"));
    free(heard);
    rig_stop(&rig);
}

Test(http_server, problems_are_problem_json)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/problem");
    rig_assert_status(heard, 422);
    rig_assert_has(heard, "\r\nContent-Type: application/problem+json\r\n");
    rig_assert_has(heard, "\"code\":\"NO_STOCK\"");
    rig_assert_has(heard, "There are \\\"none\\\" left.");
    free(heard);
    rig_stop(&rig);
}

Test(http_server, answers_404_and_405_with_what_is_allowed)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig, "GET /nowhere" ENDING "\r\n", 404, "NO_SUCH_PATH");
    rig_expect(&rig, "DELETE /hello" ENDING "\r\n", 405, "\r\nAllow: GET\r\n");
    rig_stop(&rig);
}

Test(http_server, answers_head_without_a_body)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_talk(&rig, "HEAD /hello" ENDING "\r\n");
    rig_assert_status(heard, 200);
    rig_assert_has(heard, "Content-Length: 5\r\n");
    cr_assert_null(strstr(heard, "hello"));
    free(heard);
    rig_stop(&rig);
}

/* ---- answers that come later
 * ----------------------------------------------------------------------------- */

Test(http_server, a_request_can_be_answered_later)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /keep" ENDING "\r\n");
    cr_assert(rig_wait(is_kept, NULL));
    assert_alive(&rig); /* others are served meanwhile */
    cr_assert_eq(rig_open_requests(&rig), 1);
    rig_call(&rig, answer_kept, NULL);
    char *heard = rig_hear(fd, NULL);
    rig_assert_has(heard, "\r\n\r\nlate");
    free(heard);
    close(fd);
    rig_stop(&rig);
}

Test(http_server, a_client_that_left_before_its_answer_does_no_harm)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /keep" ENDING "\r\n");
    cr_assert(rig_wait(is_kept, NULL));
    const struct linger reset = {1, 0};
    cr_assert_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    close(fd);
    usleep(50 * 1000);
    rig_call(&rig, answer_kept, NULL);
    assert_alive(&rig);
    cr_assert_eq(rig_open_requests(&rig), 0);
    rig_stop(&rig);
}

Test(http_server, an_answer_after_the_server_closed_does_no_harm)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /keep" ENDING "\r\n");
    cr_assert(rig_wait(is_kept, NULL));
    rig_stop(&rig);
    cr_assert_eq(sp_http_header(kept, "Host").size, 0);
    answer_kept(NULL);
    close(fd);
}

static void drop_kept(void *context)
{
    (void)context;
    sp_http_drop(kept);
    kept = NULL;
}

Test(http_server, an_answer_can_be_dropped)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /keep HTTP/1.1\r\nHost: t\r\n\r\n");
    cr_assert(rig_wait(is_kept, NULL));
    rig_call(&rig, drop_kept, NULL);
    char *heard = rig_hear(fd, NULL);
    cr_assert_str_eq(heard, "");
    free(heard);
    assert_alive(&rig);
    cr_assert_eq(rig_open_requests(&rig), 0);
    close(fd);
    rig_stop(&rig);
}

/* ---- opening and stopping
 * ----------------------------------------------------------------------------------- */

Test(http_server, a_taken_port_is_told_with_its_address)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char address[32];
    (void)snprintf(address, sizeof address, "127.0.0.1:%u", rig.port);
    struct sp_http_options options = {.bind = address, .routes = routes};
    struct sp_http_server *second = NULL;
    struct sp_error err = {""};
    cr_assert_eq(sp_http_server_open(&second, rig.loop, &options, &err), SP_RETRY);
    rig_assert_has(err.text, address);
    rig_assert_has(err.text, "taken");
    rig_stop(&rig);
}

Test(http_server, an_address_that_is_none_is_rejected)
{
    const char *const wrong[] = {"",          "8080",       "127.0.0.1",       "127.0.0.1:",
                                 "::1:8080",  "[::1]",      "127.0.0.1:70000", "127.0.0.1:-1",
                                 "host:8080", "[::g]:8080", "127.0.0.1:80 80"};
    for (size_t i = 0; i < SP_COUNT(wrong); i++) {
        struct sp_http_options options = {.bind = wrong[i], .routes = routes};
        struct sp_http_server *server = NULL;
        struct sp_error err = {""};
        cr_assert_eq(sp_http_server_open(&server, NULL, &options, &err), SP_REJECT, "%s", wrong[i]);
        cr_assert_neq(err.text[0], '\0');
    }
}

Test(http_server, quiesced_it_finishes_what_it_has_and_takes_nothing_new)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /keep HTTP/1.1\r\nHost: t\r\n\r\n");
    cr_assert(rig_wait(is_kept, NULL));
    rig_quiesce(&rig);
    int late = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_storage to;
    socklen_t size = sizeof to;
    cr_assert_eq(getpeername(fd, (struct sockaddr *)&to, &size), 0);
    cr_assert_neq(connect(late, (struct sockaddr *)&to, size), 0);
    close(late);
    cr_assert_eq(rig_open_requests(&rig), 1);
    rig_call(&rig, answer_kept, NULL);
    char *heard = rig_hear(fd, NULL); /* ends only because the server closes */
    rig_assert_has(heard, "\r\nConnection: close\r\n");
    rig_assert_has(heard, "\r\n\r\nlate");
    cr_assert_eq(rig_open_requests(&rig), 0);
    free(heard);
    close(fd);
    rig_stop(&rig);
}
