/* Calls to a server in another thread, and to addresses where none answers. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http_client.h"
#include "tests/common/http_rig.h"

static _Atomic int answered;

static void on_echo(struct sp_http_request *request, void *context)
{
    (void)context;
    answered++;
    struct sp_text text =
        sp_arena_printf(request->arena, "%s|%.*s|%.*s|%.*s", request->method,
                        SP_FMT(sp_http_header(request, "Content-Type")),
                        SP_FMT(sp_http_header(request, "X-Test")), SP_FMT(request->body));
    sp_http_answer(request, 200, "text/plain", text, NULL);
}

static void on_busy(struct sp_http_request *request, void *context)
{
    (void)context;
    static const char *const headers[] = {"Retry-After: 7", NULL};
    sp_http_answer(request, 429, "application/json", SP_TEXT("{}"), headers);
}

static void on_large(struct sp_http_request *request, void *context)
{
    (void)context;
    static char body[100 * 1000];
    memset(body, 'x', sizeof body);
    sp_http_answer(request, 200, "text/plain", (struct sp_text){body, sizeof body}, NULL);
}

static void on_never(struct sp_http_request *request, void *context)
{
    *(struct sp_http_request **)context = request;
}

static const struct sp_http_route routes[] = {
    {NULL, "/echo", 1000 * 1000, on_echo, NULL},
    {"GET", "/busy", 0, on_busy, NULL},
    {"GET", "/large", 0, on_large, NULL},
    {NULL, "/never", 1000, on_never, NULL},
    {0},
};

static struct rig rig;
static struct sp_http_request *waiting;
static struct sp_http_client *client;
static char url[64];

static void set_up(void)
{
    rig_start(&rig, routes, &waiting);
    client = sp_http_client_open();
}

static void tear_down(void)
{
    sp_http_client_close(&client);
    rig_stop(&rig);
    if (waiting != NULL)
        sp_http_answer(waiting, 503, NULL, (struct sp_text){0}, NULL);
}

TestSuite(http_client, .init = set_up, .fini = tear_down);

static struct sp_http_call call_of(const char *method, const char *path)
{
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", rig.port, path);
    return (struct sp_http_call){.method = method, .url = url};
}

static void assert_answer(const struct sp_http_call *call, const char *wanted)
{
    cr_assert_eq(call->result, SP_OK, "%s", call->error);
    struct sp_text answer = sp_buffer_text(&call->answer);
    cr_assert(sp_text_is(answer, wanted), "%.*s", SP_FMT(answer));
}

Test(http_client, sends_method_headers_and_body)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE", "GET"};
    static const char *const headers[] = {"Content-Type: application/json", "X-Test: yes", NULL};
    for (size_t i = 0; i < SP_COUNT(methods); i++) {
        struct sp_http_call call = call_of(methods[i], "/echo");
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "%s|application/json|yes|{\"a\":1}", methods[i]);
        call.headers = headers;
        call.body = SP_TEXT("{\"a\":1}");
        sp_http_perform(client, &call, 1);
        assert_answer(&call, wanted);
        cr_assert_eq(call.status, 200);
        cr_assert_str_eq(call.content_type, "text/plain");
        cr_assert_gt(call.took_us, 0);
        sp_buffer_free(&call.answer);
    }
}

Test(http_client, sends_nothing_that_was_not_asked_for)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    for (size_t i = 0; i < SP_COUNT(methods); i++) {
        struct sp_http_call call = call_of(methods[i], "/echo");
        char wanted[16];
        (void)snprintf(wanted, sizeof wanted, "%s|||", methods[i]);
        sp_http_perform(client, &call, 1);
        assert_answer(&call, wanted);
        sp_buffer_free(&call.answer);
    }
}

Test(http_client, any_status_is_an_answer_and_retry_after_is_read)
{
    struct sp_http_call calls[] = {call_of("GET", "/busy"), {0}};
    sp_http_perform(client, calls, 1);
    cr_assert_eq(calls[0].result, SP_OK);
    cr_assert_eq(calls[0].status, 429);
    cr_assert_eq(calls[0].retry_after_ms, 7000);
    sp_buffer_free(&calls[0].answer);
    calls[0] = call_of("GET", "/nowhere");
    sp_http_perform(client, calls, 1);
    cr_assert_eq(calls[0].status, 404);
    cr_assert_eq(calls[0].retry_after_ms, 0);
    cr_assert_str_eq(calls[0].content_type, "application/problem+json");
    sp_buffer_free(&calls[0].answer);
}

Test(http_client, performs_more_calls_than_it_has_connections)
{
    struct sp_http_call calls[50];
    char urls[50][64], wanted[32];
    for (int i = 0; i < 50; i++) {
        calls[i] = call_of("POST", "/echo");
        (void)snprintf(urls[i], sizeof urls[i], "%s", url);
        calls[i].url = urls[i];
        calls[i].body =
            (struct sp_text){"0123456789012345678901234567890123456789012345678", (size_t)i};
    }
    sp_http_perform(client, calls, 50);
    for (int i = 0; i < 50; i++) {
        (void)snprintf(wanted, sizeof wanted, "POST|||");
        cr_assert_eq(calls[i].result, SP_OK, "%s", calls[i].error);
        cr_assert_eq(calls[i].answer.size, strlen(wanted) + (size_t)i);
        sp_buffer_free(&calls[i].answer);
    }
    cr_assert_eq(answered, 50);
}

Test(http_client, keeps_its_connection)
{
    struct rig narrow = {.options.max_connections = 1};
    char narrow_url[64];
    rig_start(&narrow, routes, NULL);
    (void)snprintf(narrow_url, sizeof narrow_url, "http://127.0.0.1:%u/echo", narrow.port);
    for (int i = 0; i < 20; i++) {
        struct sp_http_call call = {.method = "GET", .url = narrow_url, .timeout_ms = 2000};
        sp_http_perform(client, &call, 1);
        assert_answer(&call, "GET|||"); /* a second connection would wait in vain */
        sp_buffer_free(&call.answer);
    }
    cr_assert_eq(answered, 20);
    rig_stop(&narrow);
}

Test(http_client, an_answer_too_large_is_given_up)
{
    struct sp_http_call call = call_of("GET", "/large");
    call.max_bytes = 99 * 1000;
    sp_http_perform(client, &call, 1);
    cr_assert_eq(call.result, SP_RETRY);
    cr_assert(call.maybe_done);
    cr_assert(call.too_large);
    cr_assert_not_null(strstr(call.error, "larger than 99000 bytes"), "%s", call.error);
    cr_assert_eq(call.answer.size, 0);
    sp_buffer_free(&call.answer);
    call = call_of("GET", "/large");
    call.max_bytes = 100 * 1000;
    sp_http_perform(client, &call, 1);
    cr_assert_eq(call.result, SP_OK);
    cr_assert_not(call.too_large);
    cr_assert_eq(call.answer.size, 100 * 1000);
    sp_buffer_free(&call.answer);
}

Test(http_client, no_answer_in_time_may_have_been_done)
{
    struct sp_http_call call = call_of("POST", "/never");
    call.body = SP_TEXT("x");
    call.timeout_ms = 300;
    sp_http_perform(client, &call, 1);
    cr_assert_eq(call.result, SP_RETRY);
    cr_assert(call.maybe_done);
    cr_assert_not(call.too_large);
    cr_assert_neq(call.error[0], '\0');
    cr_assert_lt(call.took_us, 3000 * 1000);
    sp_buffer_free(&call.answer);
}

Test(http_client, where_nobody_listens_nothing_was_done)
{
    static const char *const urls[] = {"http://127.0.0.1:1/", "http://no-such-host.invalid/",
                                       "ftp://127.0.0.1/", "not a url", ""};
    for (size_t i = 0; i < SP_COUNT(urls); i++) {
        struct sp_http_call call = {.method = "POST", .url = urls[i], .body = SP_TEXT("x")};
        sp_http_perform(client, &call, 1);
        cr_assert_eq(call.result, SP_RETRY, "%s", urls[i]);
        cr_assert_not(call.maybe_done, "%s", urls[i]);
        cr_assert_neq(call.error[0], '\0', "%s", urls[i]);
        sp_buffer_free(&call.answer);
    }
}

/* A name server that says nothing, in libc's place. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    enum { SILENCE_S = 8 };
    typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    look_up *libc = (look_up *)(uintptr_t)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name != NULL && strcmp(name, "silent.example") == 0)
        (void)sleep(SILENCE_S);
    return libc(name, service, hints, found);
}

Test(http_client, a_silent_name_server_is_waited_for_no_longer_than_the_call)
{
    struct sp_http_call call = {
        .method = "POST", .url = "http://silent.example/", .timeout_ms = 300};
    int64_t began_us = sp_monotonic_us();
    sp_http_perform(client, &call, 1);
    cr_assert_eq(call.result, SP_RETRY);
    cr_assert_not(call.maybe_done);
    cr_assert_lt(sp_monotonic_us() - began_us, 3000 * 1000);
    sp_buffer_free(&call.answer);
    sp_http_client_close(&client);
    cr_assert_lt(sp_monotonic_us() - began_us, 3000 * 1000);
}

/* ---- a server that takes requests and closes without a word
 * ---------------------------------------- */

struct mute {
    int listening;
    uint16_t port;
    pthread_t thread;
    _Atomic int requests;
};

static bool take_request(struct mute *mute, int fd)
{
    char bytes[1024];
    if (recv(fd, bytes, sizeof bytes, 0) <= 0)
        return false;
    mute->requests++;
    return true;
}

/* Answers the very first request and keeps its connection; every other one is taken and its
 * connection closed without a word. */
static void *be_mute(void *context)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    struct mute *mute = context;
    struct pollfd fds[] = {{mute->listening, POLLIN, 0}, {-1, POLLIN, 0}};
    while (poll(fds, 2, -1) > 0) {
        int kept = fds[1].fd;
        if (kept >= 0 && fds[1].revents != 0) {
            (void)take_request(mute, kept);
            close(kept);
            fds[1].fd = -1;
            continue;
        }
        int fd = accept(mute->listening, NULL, NULL);
        if (fd < 0)
            break; /* shut down: the test is over */
        if (take_request(mute, fd) && mute->requests == 1) {
            (void)send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
            fds[1].fd = fd;
            continue;
        }
        close(fd);
    }
    if (fds[1].fd >= 0)
        close(fds[1].fd);
    return NULL;
}

static void mute_start(struct mute *mute)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    mute->listening = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(mute->listening, (struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(mute->listening, 8), 0);
    cr_assert_eq(getsockname(mute->listening, (struct sockaddr *)&address, &size), 0);
    mute->port = ntohs(address.sin_port);
    cr_assert_eq(pthread_create(&mute->thread, NULL, be_mute, mute), 0);
}

static void mute_stop(struct mute *mute)
{
    (void)shutdown(mute->listening, SHUT_RDWR);
    pthread_join(mute->thread, NULL);
    close(mute->listening);
}

/* Two calls: the first makes a connection, the second meets its silent end. */
static int requests_seen(bool once)
{
    struct mute mute = {0};
    mute_start(&mute);
    char mute_url[64];
    (void)snprintf(mute_url, sizeof mute_url, "http://127.0.0.1:%u/", mute.port);
    for (int i = 0; i < 2; i++) {
        struct sp_http_call call = {
            .method = "POST", .url = mute_url, .body = SP_TEXT("pay"), .once = once && i == 1};
        sp_http_perform(client, &call, 1);
        cr_assert_eq(call.result, i == 0 ? SP_OK : SP_RETRY, "%d: %s", i, call.error);
        cr_assert_eq(call.maybe_done, i == 1);
        sp_buffer_free(&call.answer);
    }
    sp_http_client_close(&client);
    mute_stop(&mute);
    return mute.requests;
}

Test(http_client, what_must_happen_once_is_sent_once)
{
    cr_assert_eq(requests_seen(true), 2);
}

Test(http_client, without_that_libcurl_repeats_it)
{
    cr_assert_gt(requests_seen(false), 2);
}
