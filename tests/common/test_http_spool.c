/* Bodies that go to files: who is asked first, and what is left of them. */
/* Covers: http_receive.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/http_exchange.h"
#include "tests/common/http_rig.h"

#define ENDING " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"

static void assert_alive(const struct rig *rig)
{
    rig_expect(rig, "GET /hello" ENDING "\r\n", 200, "hello");
}

static void on_hello(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 200, "text/plain", SP_TEXT("hello"), NULL);
}

static void on_spooled(struct sp_http_request *request, void *context)
{
    struct stat stat = {0};
    char first = 0, text[64];
    (void)context;
    cr_assert_eq(request->body.size, 0);
    cr_assert_eq(fstat(request->body_file, &stat), 0);
    cr_assert_eq(pread(request->body_file, &first, 1, 0), 1);
    (void)snprintf(text, sizeof text, "%lld bytes, %llu names, %c", (long long)stat.st_size,
                   (unsigned long long)stat.st_nlink, first);
    sp_http_answer(request, 200, "text/plain", sp_text_of(text), NULL);
}

static bool is_body(const struct sp_http_route *route)
{
    return route->handle == on_spooled;
}

static void let_in(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_let_in(request);
}

static const struct sp_http_route routes[] = {
    {"POST", "/body", 1000 * 1000, on_spooled, NULL}, {"GET", "/hello", 0, on_hello, NULL}, {0}};

Test(http_spool, a_spooled_body_is_in_a_file_without_a_name_and_not_in_memory)
{
    struct rig rig = {.options = {.is_spooled = is_body, .admit = let_in, .spool = "/tmp"}};
    rig_start(&rig, routes, NULL);
    char *text = rig_post(1000 * 1000);
    rig_expect(&rig, text, 200, "1000000 bytes, 0 names, b");
    free(text);
    text = rig_post(1000 * 1000 + 1);
    rig_expect(&rig, text, 413, NULL);
    free(text);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_spool, without_a_folder_a_spooled_body_is_refused)
{
    struct rig rig = {.options = {.is_spooled = is_body, .admit = let_in}};
    rig_start(&rig, routes, NULL);
    rig_expect(&rig, "POST /body" ENDING "Content-Length: 2\r\n\r\nab", 503, NULL);
    assert_alive(&rig);
    rig_stop(&rig);
}

static struct sp_http_request *_Atomic asking; /* whether it may come in */

static void ask_first(struct sp_http_request *request, void *context)
{
    (void)context;
    asking = request;
}

static bool is_asking(void *context)
{
    (void)context;
    return asking != NULL;
}

static void agree(void *context)
{
    struct rig *rig = context;
    cr_assert_eq(rig->server->spools, 0, "nothing is taken before");
    sp_http_let_in(asking);
    asking = NULL;
}

static void decline(void *context)
{
    struct rig *rig = context;
    cr_assert_eq(rig->server->spools, 0);
    sp_http_problem(asking, 401, "STRANGER", "Who are you?");
    asking = NULL;
}

static _Atomic size_t spools_seen;

static void see_spools(void *context)
{
    struct rig *rig = context;
    spools_seen = rig->server->spools;
}

static bool no_spools(void *context)
{
    rig_call(context, see_spools, context);
    return spools_seen == 0;
}

/* Says it, decides, hears the rest. */
static char *decided(struct rig *rig, const char *text, void (*decide)(void *context))
{
    int fd = rig_connect(rig);
    rig_say(fd, text);
    cr_assert(rig_wait(is_asking, NULL));
    rig_call(rig, decide, rig);
    char *heard = rig_hear(fd, NULL);
    close(fd);
    cr_assert(rig_wait(no_spools, rig));
    return heard;
}

Test(http_spool, a_spooled_body_waits_until_it_is_let_in)
{
    struct rig rig = {.options = {.is_spooled = is_body, .admit = ask_first, .spool = "/tmp"}};
    rig_start(&rig, routes, NULL);
    char *text = rig_post(900 * 1000), *heard = decided(&rig, text, agree);
    rig_assert_status(heard, 200);
    rig_assert_has(heard, "900000 bytes");
    free(heard);
    heard = decided(&rig, text, decline);
    rig_assert_status(heard, 401);
    rig_assert_has(heard, "STRANGER");
    free(heard);
    free(text);
    heard = decided(&rig, "POST /body" ENDING "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
                    decline);
    rig_assert_status(heard, 401);
    free(heard);
    assert_alive(&rig);
    rig_stop(&rig);
}

Test(http_spool, who_leaves_before_it_is_let_in_leaves_nothing)
{
    struct rig rig = {.options = {.is_spooled = is_body, .admit = ask_first, .spool = "/tmp"}};
    rig_start(&rig, routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "POST /body" ENDING "Content-Length: 9\r\n\r\n");
    cr_assert(rig_wait(is_asking, NULL));
    close(fd);
    rig_call(&rig, agree, &rig);
    cr_assert(rig_wait(no_spools, &rig));
    assert_alive(&rig);
    fd = rig_connect(&rig);
    rig_say(fd, "POST /body" ENDING "Content-Length: 9\r\n\r\n");
    cr_assert(rig_wait(is_asking, NULL));
    struct sp_http_request *late = asking;
    rig_stop(&rig);
    sp_http_let_in(late); /* the server is gone: only frees it */
    close(fd);
}
