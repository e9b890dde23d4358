/* The HTTP server against a client that misbehaves.
 * Covers: http_receive.c, http_answer.c, http_exchange.c, http_request.c, http_listen.c. */
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
static _Atomic size_t body_seen;

static void on_hello(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 200, "text/plain", SP_TEXT("hello"), NULL);
}

static void on_body(struct sp_http_request *request, void *context)
{
    (void)context;
    body_seen = request->body.size;
    sp_http_answer(request, 200, "application/octet-stream", request->body, NULL);
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
    {"GET", "/hello", 0, on_hello, NULL},
    {"POST", "/body", 1000 * 1000, on_body, NULL},
    {"GET", "/keep", 0, on_keep, NULL},
    {"GET", "/tell", 0, on_tell, NULL},
    {"GET", "/headers", 0, on_headers, NULL},
    {"GET", "/problem", 0, on_problem, NULL},
    {0},
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

static void assert_status(const char *heard, int status)
{
    char line[32];
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d", status);
    cr_assert(strncmp(heard, line, strlen(line)) == 0, "not %d: %.120s", status, heard);
}

static void assert_has(const char *heard, const char *wanted)
{
    cr_assert_not_null(strstr(heard, wanted), "no %s in %s", wanted, heard);
}

static void expect(struct rig *rig, const char *text, int status, const char *wanted)
{
    char *heard = rig_talk(rig, text);
    assert_status(heard, status);
    if (wanted != NULL)
        assert_has(heard, wanted);
    free(heard);
}

static void assert_alive(struct rig *rig)
{
    char *heard = rig_get(rig, "/hello");
    assert_status(heard, 200);
    assert_has(heard, "\r\n\r\nhello");
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
    assert_has(heard, "\r\n\r\nhello");
    assert_has(heard, "q=2|");
    free(heard);
    close(fd);
    rig_stop(&rig);
}

Test(http_server, reads_query_cookie_header_and_peer)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig,
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
        assert_has(heard, "\r\nContent-Security-Policy: default-src 'self';");
        assert_has(heard, "frame-ancestors 'none'\r\n");
        assert_has(heard, "\r\nX-Content-Type-Options: nosniff\r\n");
        assert_has(heard, "\r\nStrict-Transport-Security: ");
        assert_has(heard, "\r\nCache-Control: no-store\r\n");
        free(heard);
    }
    rig_stop(&rig);
}

Test(http_server, a_handlers_header_replaces_the_usual_one)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/headers");
    assert_has(heard, "\r\nCache-Control: max-age=60\r\n");
    cr_assert_null(strstr(heard, "no-store"));
    assert_has(heard, "\r\nSet-Cookie: a=1\r\n");
    assert_has(heard, "\r\nSet-Cookie: b=2\r\n");
    free(heard);
    rig_stop(&rig);
}

Test(http_server, a_line_break_in_a_header_value_is_not_sent)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/headers");
    assert_status(heard, 200);
    cr_assert_null(strstr(heard, "X-Smuggled"));
    free(heard);
    rig_stop(&rig);
}

Test(http_server, problems_are_problem_json)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_get(&rig, "/problem");
    assert_status(heard, 422);
    assert_has(heard, "\r\nContent-Type: application/problem+json\r\n");
    assert_has(heard, "\"code\":\"NO_STOCK\"");
    assert_has(heard, "There are \\\"none\\\" left.");
    free(heard);
    rig_stop(&rig);
}

Test(http_server, answers_404_and_405_with_what_is_allowed)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "GET /nowhere" ENDING "\r\n", 404, "NO_SUCH_PATH");
    expect(&rig, "DELETE /hello" ENDING "\r\n", 405, "\r\nAllow: GET\r\n");
    rig_stop(&rig);
}

Test(http_server, answers_head_without_a_body)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = rig_talk(&rig, "HEAD /hello" ENDING "\r\n");
    assert_status(heard, 200);
    assert_has(heard, "Content-Length: 5\r\n");
    cr_assert_null(strstr(heard, "hello"));
    free(heard);
    rig_stop(&rig);
}

/* ---- bodies
 * -------------------------------------------------------------------------------------------- */

/* POST /body of `size` bytes, all 'b'; the caller frees. */
static char *post_of(size_t size)
{
    struct sp_buffer text = {0};
    sp_buffer_printf(&text, "POST /body" ENDING "Content-Length: %zu\r\n\r\n", size);
    memset(sp_buffer_reserve(&text, size + 1), 'b', size);
    text.data[text.size + size] = '\0';
    return text.data;
}

Test(http_server, a_body_arrives_whole)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *text = post_of(1000 * 1000);
    expect(&rig, text, 200, "bbbb");
    cr_assert_eq(body_seen, 1000 * 1000);
    free(text);
    rig_stop(&rig);
}

Test(http_server, a_body_one_byte_too_large_is_answered_413)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *text = post_of(1000 * 1000 + 1);
    expect(&rig, text, 413, "BODY_TOO_LARGE");
    free(text);
    cr_assert_eq(body_seen, 0);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, a_huge_body_is_refused_before_it_is_sent)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "POST /body" ENDING "Content-Length: 100000000000\r\n\r\n", 413, NULL);
    expect(&rig, "POST /body" ENDING "Content-Length: 99999999999999999999999\r\n\r\n", 413, NULL);
    rig_stop(&rig);
}

Test(http_server, who_asks_first_is_told_before_sending)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "POST /body" ENDING "Content-Length: 1000001\r\nExpect: 100-continue\r\n\r\n", 413,
           NULL);
    rig_stop(&rig);
}

Test(http_server, a_chunked_body_that_grows_too_large_is_answered_413)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    struct sp_buffer text = {0};
    sp_buffer_put_string(&text, "POST /body" ENDING "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 30; i++) {
        sp_buffer_put_string(&text, "C350\r\n");
        memset(sp_buffer_reserve(&text, 50000), 'b', 50000);
        text.size += 50000;
        sp_buffer_put_string(&text, "\r\n");
    }
    sp_buffer_put(&text, "0\r\n\r\n", 6);
    expect(&rig, text.data, 413, "BODY_TOO_LARGE");
    sp_buffer_free(&text);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, an_endless_chunked_body_is_cut)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "POST /body" ENDING "Transfer-Encoding: chunked\r\n\r\n");
    char chunk[0x4000 + 9];
    memcpy(chunk, "4000\r\n", 6);
    memset(chunk + 6, 'b', 0x4000);
    memcpy(chunk + 6 + 0x4000, "\r\n", 3);
    size_t sent = 0;
    while (sent < 64 * 1024 * 1024) {
        ssize_t size = send(fd, chunk, 0x4000 + 8, MSG_NOSIGNAL);
        if (size <= 0)
            break;
        sent += (size_t)size;
    }
    cr_assert_lt(sent, 32 * 1024 * 1024, "%zu bytes were taken", sent);
    close(fd);
    assert_alive(&rig);
    rig_stop(&rig);
}

/* ---- malice
 * -------------------------------------------------------------------------------------------- */

Test(http_server, broken_percent_escapes_are_answered_400)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "GET /tell?q=%" ENDING "\r\n", 400, "BROKEN_URL");
    expect(&rig, "GET /tell?q=%4" ENDING "\r\n", 400, "BROKEN_URL");
    expect(&rig, "GET /tell?q=%zz" ENDING "\r\n", 400, "BROKEN_URL");
    rig_stop(&rig);
}

Test(http_server, a_flood_of_headers_is_refused)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    struct sp_buffer text = {0};
    sp_buffer_put_string(&text, "GET /hello" ENDING);
    for (int i = 0; i < 5000; i++)
        sp_buffer_printf(&text, "X-Header-%d: aaaaaaaaaaaaaaaaaaaa\r\n", i);
    sp_buffer_put(&text, "\r\n", 3);
    char *heard = rig_talk(&rig, text.data);
    cr_assert(heard[0] == '\0' || strncmp(heard, "HTTP/1.1 431", 12) == 0, "%.60s", heard);
    free(heard);
    sp_buffer_free(&text);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, an_endless_url_is_refused)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    const size_t sizes[] = {9000, 200 * 1000};
    for (size_t i = 0; i < SP_COUNT(sizes); i++) {
        struct sp_buffer text = {0};
        sp_buffer_put_string(&text, "GET /hello?");
        memset(sp_buffer_reserve(&text, sizes[i]), 'a', sizes[i]);
        text.size += sizes[i];
        sp_buffer_put_string(&text, ENDING);
        sp_buffer_put(&text, "\r\n", 3);
        char *heard = rig_talk(&rig, text.data);
        cr_assert(heard[0] == '\0' || strncmp(heard, "HTTP/1.1 4", 10) == 0, "%.60s", heard);
        free(heard);
        sp_buffer_free(&text);
    }
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, what_is_not_http_does_no_harm)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    const char *const noise[] = {
        "\r\n\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03",
        "GET\r\n\r\n",
        "GET /hello HTTP/9.9\r\n\r\n",
        "GET /hello HTTP/1.1\r\nno colon here\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: t\r\nContent-Length: -5\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};
    for (size_t i = 0; i < SP_COUNT(noise); i++) {
        int fd = rig_connect(&rig);
        rig_say(fd, noise[i]);
        cr_assert_eq(shutdown(fd, SHUT_WR), 0);
        char *heard = rig_hear(fd, NULL);
        cr_assert_null(strstr(heard, "HTTP/1.1 200"));
        free(heard);
        close(fd);
    }
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, who_dribbles_headers_is_cut)
{
    struct rig rig = {.options.idle_timeout_ms = 1000};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    int64_t began_us = sp_monotonic_us();
    bool cut = false;
    rig_say(fd, "GET /he");
    while (!cut && sp_monotonic_us() - began_us < 8 * 1000 * 1000) {
        usleep(200 * 1000);
        cut = send(fd, "l", 1, MSG_NOSIGNAL) < 0;
    }
    cr_assert(cut);
    close(fd);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_server, beyond_the_limit_of_connections_the_next_one_waits)
{
    struct rig rig = {.options.max_connections = 2};
    rig_start(&rig, routes, NULL);
    int first = rig_connect(&rig), second = rig_connect(&rig), third = rig_connect(&rig);
    rig_say(first, "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n");
    free(rig_hear(first, "hello"));
    rig_say(second, "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n");
    free(rig_hear(second, "hello"));
    rig_say(third, "GET /hello" ENDING "\r\n");
    char none;
    usleep(200 * 1000);
    cr_assert_lt(recv(third, &none, 1, MSG_DONTWAIT), 0);
    close(first);
    char *heard = rig_hear(third, NULL);
    assert_status(heard, 200);
    free(heard);
    close(second);
    close(third);
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
    assert_has(heard, "\r\n\r\nlate");
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
    assert_has(err.text, address);
    assert_has(err.text, "taken");
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
    assert_has(heard, "\r\nConnection: close\r\n");
    assert_has(heard, "\r\n\r\nlate");
    cr_assert_eq(rig_open_requests(&rig), 0);
    free(heard);
    close(fd);
    rig_stop(&rig);
}
