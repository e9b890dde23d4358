/* Streams of events: what is sent, and what happens when a reader is slow or leaves. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http_exchange.h"
#include "tests/common/http_rig.h"

static struct sp_http_stream *_Atomic stream;
static _Atomic int gone_count;
static bool sent;

static void on_gone(void *owner)
{
    cr_assert_eq(owner, &gone_count);
    gone_count++;
}

static void on_events(struct sp_http_request *request, void *context)
{
    (void)context;
    stream = sp_http_answer_stream(request, on_gone, &gone_count);
}

static const struct sp_http_route routes[] = {{"GET", "/events", 0, on_events, NULL}, {0}};

static bool is_open(void *context)
{
    (void)context;
    return stream != NULL;
}

static bool is_gone(void *context)
{
    (void)context;
    return gone_count > 0;
}

static void send_text(void *context)
{
    sent = sp_http_stream_send(stream, "17", "orders", sp_text_of(context));
}

static void age(void *context)
{
    (void)context;
    stream->sent_us -= 20 * 1000 * 1000;
}

static int open_stream(struct rig *rig)
{
    int fd = rig_connect(rig);
    rig_say(fd, "GET /events HTTP/1.1\r\nHost: t\r\n\r\n");
    char *heard = rig_hear(fd, "retry: 3000\n\n");
    cr_assert_not_null(strstr(heard, "Content-Type: text/event-stream\r\n"));
    cr_assert_not_null(strstr(heard, "Cache-Control: no-store\r\n"));
    cr_assert_not_null(strstr(heard, "X-Accel-Buffering: no\r\n"));
    free(heard);
    cr_assert(rig_wait(is_open, NULL));
    return fd;
}

static void expect(struct rig *rig, int fd, const char *text, const char *wanted)
{
    char copy[64];
    cr_assert_lt(strlen(text), sizeof copy);
    memcpy(copy, text, strlen(text) + 1);
    rig_call(rig, send_text, copy);
    cr_assert(sent);
    char *heard = rig_hear(fd, wanted);
    cr_assert_not_null(strstr(heard, wanted), "%s", heard);
    free(heard);
}

Test(http_stream, sends_events_as_they_come)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    expect(&rig, fd, "{\"a\":1}", "id: 17\nevent: orders\ndata: {\"a\":1}\n\n");
    expect(&rig, fd, "two\nlines", "data: two\ndata: lines\n\n");
    expect(&rig, fd, "", "event: orders\ndata: \n\n");
    cr_assert_eq(rig_open_requests(&rig), 0, "a stream keeps no shutdown waiting");
    close(fd);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}

Test(http_stream, a_quiet_stream_gets_a_comment)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    rig_call(&rig, age, NULL);
    char *heard = rig_hear(fd, ":\n\n");
    cr_assert_not_null(strstr(heard, ":\n\n"));
    free(heard);
    close(fd);
    rig_stop(&rig);
}

Test(http_stream, says_once_that_the_reader_left)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    close(fd);
    for (int i = 0; i < 50 && gone_count == 0; i++) {
        rig_call(&rig, age, NULL); /* the next sign of life finds nobody */
        usleep(100 * 1000);
        if (gone_count == 0)
            continue;
    }
    cr_assert_eq(gone_count, 1);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}

static void send_much(void *context)
{
    (void)context;
    static char block[64 * 1024];
    memset(block, 'x', sizeof block);
    int blocks = 0;
    while (sp_http_stream_send(stream, NULL, NULL, (struct sp_text){block, sizeof block}))
        cr_assert_lt(++blocks, 64);
    cr_assert_geq(blocks, 14);
    cr_assert_not(sp_http_stream_send(stream, NULL, NULL, SP_TEXT("again")));
}

Test(http_stream, a_reader_too_far_behind_is_let_go)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    rig_call(&rig, send_much, NULL);
    char *heard = rig_hear(fd, NULL); /* what was taken still arrives, then the stream ends */
    cr_assert_not_null(strstr(heard, "data: xxxx"));
    free(heard);
    cr_assert(rig_wait(is_gone, NULL));
    cr_assert_eq(gone_count, 1);
    close(fd);
    rig_stop(&rig);
}

static void end_twice(void *context)
{
    (void)context;
    cr_assert(sp_http_stream_send(stream, NULL, NULL, SP_TEXT("last")));
    sp_http_stream_end(stream);
    sp_http_stream_end(stream);
    cr_assert_not(sp_http_stream_send(stream, NULL, NULL, SP_TEXT("too late")));
}

Test(http_stream, ended_from_this_side_it_sends_what_it_has)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    rig_call(&rig, end_twice, NULL);
    char *heard = rig_hear(fd, "\r\n0\r\n\r\n"); /* the last chunk */
    cr_assert_not_null(strstr(heard, "data: last\n\n"));
    cr_assert_null(strstr(heard, "too late"));
    free(heard);
    cr_assert(rig_wait(is_gone, NULL));
    close(fd);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}

Test(http_stream, ends_when_the_server_quiesces)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    rig_quiesce(&rig);
    free(rig_hear(fd, NULL));
    cr_assert(rig_wait(is_gone, NULL));
    close(fd);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}

Test(http_stream, ends_when_the_server_closes)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    int fd = open_stream(&rig);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
    close(fd);
}

/* ---- bodies in parts
 * ------------------------------------------------------------------------------------- */

enum { PARTS = 5, PART_BYTES = 300 * 1000 };
static _Atomic int asked_for;
static bool breaks;

static void put_more(void *owner)
{
    char *part = sp_alloc(PART_BYTES);
    memset(part, 'x', PART_BYTES);
    cr_assert_eq(owner, &gone_count);
    cr_assert(sp_http_stream_put(stream, (struct sp_text){part, PART_BYTES}));
    free(part);
    if (++asked_for < PARTS)
        return;
    if (breaks)
        sp_http_stream_break(stream);
    else
        sp_http_stream_end(stream);
}

static void on_parts(struct sp_http_request *request, void *context)
{
    (void)context;
    static const char *const headers[] = {"Cache-Control: no-store", NULL};
    static const struct sp_http_source source = {put_more, on_gone, &gone_count};
    stream = sp_http_answer_parts(request, "text/csv", headers, &source);
}

static const struct sp_http_route part_routes[] = {{"GET", "/parts", 0, on_parts, NULL}, {0}};

/* More than a reader may be behind in all, since each part is made when the last has gone out. */
Test(http_stream, a_body_in_parts_is_made_as_it_goes_out)
{
    struct rig rig = {0};
    rig_start(&rig, part_routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /parts HTTP/1.1\r\nHost: t\r\n\r\n");
    char *heard = rig_hear(fd, "\r\n0\r\n\r\n");
    cr_assert_not_null(strstr(heard, "Content-Type: text/csv\r\n"));
    cr_assert_not_null(strstr(heard, "\r\n0\r\n\r\n"), "the end is told");
    size_t count = 0;
    for (const char *at = heard; *at != '\0'; at++)
        count += *at == 'x';
    cr_assert_geq(count, (size_t)PARTS * PART_BYTES);
    free(heard);
    close(fd);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}

Test(http_stream, a_body_that_breaks_off_is_seen_not_to_be_whole)
{
    struct rig rig = {0};
    breaks = true;
    rig_start(&rig, part_routes, NULL);
    int fd = rig_connect(&rig);
    rig_say(fd, "GET /parts HTTP/1.1\r\nHost: t\r\n\r\n");
    char *heard = rig_hear(fd, "\r\n0\r\n\r\n");
    cr_assert_null(strstr(heard, "\r\n0\r\n\r\n"), "no end is told");
    free(heard);
    close(fd);
    rig_stop(&rig);
    cr_assert_eq(gone_count, 1);
}
