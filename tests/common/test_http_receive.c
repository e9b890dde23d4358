/* Requests arriving: bodies of every size, and clients that mean harm. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http_exchange.h"
#include "tests/common/http_rig.h"

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

static const struct sp_http_route routes[] = {
    {"GET", "/hello", 0, on_hello, NULL}, {"POST", "/body", 1000 * 1000, on_body, NULL}, {0}};

static void assert_alive(struct rig *rig)
{
    char *heard = rig_get(rig, "/hello");
    rig_assert_status(heard, 200);
    rig_assert_has(heard, "\r\n\r\nhello");
    free(heard);
}

#define ENDING " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"

/* ---- bodies
 * -------------------------------------------------------------------------------------------- */

Test(http_receive, a_body_arrives_whole)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *text = rig_post(1000 * 1000);
    rig_expect(&rig, text, 200, "bbbb");
    cr_assert_eq(body_seen, 1000 * 1000);
    free(text);
    rig_stop(&rig);
}

Test(http_receive, a_body_one_byte_too_large_is_answered_413)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *text = rig_post(1000 * 1000 + 1);
    rig_expect(&rig, text, 413, "BODY_TOO_LARGE");
    free(text);
    cr_assert_eq(body_seen, 0);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_receive, a_huge_body_is_refused_before_it_is_sent)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig, "POST /body" ENDING "Content-Length: 100000000000\r\n\r\n", 413, NULL);
    rig_expect(&rig, "POST /body" ENDING "Content-Length: 99999999999999999999999\r\n\r\n", 413,
               NULL);
    rig_stop(&rig);
}

Test(http_receive, who_asks_first_is_told_before_sending)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig, "POST /body" ENDING "Content-Length: 1000001\r\nExpect: 100-continue\r\n\r\n",
               413, NULL);
    rig_stop(&rig);
}

Test(http_receive, a_chunked_body_that_grows_too_large_is_answered_413)
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
    rig_expect(&rig, text.data, 413, "BODY_TOO_LARGE");
    sp_buffer_free(&text);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_receive, an_endless_chunked_body_is_cut)
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

static void fill_bodies(void *context)
{
    ((struct sp_http_server *)context)->body_bytes += SP_HTTP_BODIES_BYTES;
}

static void empty_bodies(void *context)
{
    struct sp_http_server *server = context;
    cr_assert_eq(server->body_bytes, SP_HTTP_BODIES_BYTES);
    server->body_bytes = 0;
}

Test(http_receive, beyond_the_memory_for_bodies_it_is_busy)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *text = rig_post(1000);
    rig_call(&rig, fill_bodies, rig.server);
    rig_expect(&rig, text, 503, "\r\nRetry-After: 5\r\n");
    assert_alive(&rig); /* without a body nothing is held */
    rig_call(&rig, empty_bodies, rig.server);
    rig_expect(&rig, text, 200, "bbbb");
    free(text);
    rig_stop(&rig);
}

/* ---- malice
 * -------------------------------------------------------------------------------------------- */

Test(http_receive, broken_percent_escapes_are_answered_400)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig, "GET /hello?q=%" ENDING "\r\n", 400, "BROKEN_URL");
    rig_expect(&rig, "GET /hello?q=%4" ENDING "\r\n", 400, "BROKEN_URL");
    rig_expect(&rig, "GET /hello?q=%zz" ENDING "\r\n", 400, "BROKEN_URL");
    rig_stop(&rig);
}

Test(http_receive, a_flood_of_headers_is_refused)
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

Test(http_receive, an_endless_url_is_refused)
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

Test(http_receive, what_is_not_http_does_no_harm)
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

Test(http_receive, who_dribbles_headers_is_cut)
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

Test(http_receive, beyond_the_limit_of_connections_the_next_one_waits)
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
    rig_assert_status(heard, 200);
    free(heard);
    close(second);
    close(third);
    rig_stop(&rig);
}

static void let_time_pass(void *context)
{
    struct sp_http_server *server = context;
    for (struct peer *at = server->peers; at != NULL; at = at->next)
        if (at->deadline_us != 0)
            at->deadline_us -= (int64_t)SP_HTTP_ARRIVAL_MS * 1000;
}

Test(http_receive, a_body_that_takes_for_ever_is_cut)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "POST /body HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\nsome");
    usleep(50 * 1000);
    rig_call(&rig, let_time_pass, rig.server);
    int64_t began_us = sp_monotonic_us();
    char *heard = rig_hear(fd, NULL);
    cr_assert_str_eq(heard, "");
    cr_assert_lt(sp_monotonic_us() - began_us, 2 * 1000 * 1000);
    free(heard);
    close(fd);
    assert_alive(&rig);
    rig_stop(&rig);
}
