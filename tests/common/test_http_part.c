/* Parts of files: what is asked for, what of it there is, and how it is answered. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/common/http_rig.h"

#define BYTES "0123456789"

static void expect_read(const char *header, int64_t first, int64_t last)
{
    struct sp_http_range range = {-7, -7};
    cr_expect(sp_http_range_read(sp_text_of(header), &range), "%s", header);
    cr_expect(range.first == first && range.last == last, "%s: %lld-%lld", header,
              (long long)range.first, (long long)range.last);
}

Test(http_part, reads_one_range_of_bytes)
{
    expect_read("bytes=0-9", 0, 9);
    expect_read("bytes=7-7", 7, 7);
    expect_read("bytes=500-", 500, INT64_MAX);
    expect_read("bytes=-500", -1, 500);
}

Test(http_part, takes_everything_else_for_the_whole)
{
    static const char *const others[] = {"",           "bytes",
                                         "bytes=",     "bytes=-",
                                         "bytes=5",    "bytes=9-0",
                                         "bytes=a-b",  "bytes=1-b",
                                         "bytes=-1-2", "bytes=+1-2",
                                         "items=0-9",  "bytes=0-1,5-6",
                                         "bytes= 1-2", "bytes=1-99999999999999999999"};
    struct sp_http_range range;
    for (size_t i = 0; i < SP_COUNT(others); i++)
        cr_expect_not(sp_http_range_read(sp_text_of(others[i]), &range), "%s", others[i]);
}

static void expect_fit(struct sp_http_range range, int64_t whole, const char *wanted)
{
    char found[64] = "nothing";
    if (sp_http_range_fit(&range, whole))
        (void)snprintf(found, sizeof found, "%lld-%lld", (long long)range.first,
                       (long long)range.last);
    cr_expect_str_eq(found, wanted);
}

Test(http_part, a_range_is_cut_to_what_there_is)
{
    expect_fit((struct sp_http_range){0, 3}, 10, "0-3");
    expect_fit((struct sp_http_range){8, 99}, 10, "8-9");
    expect_fit((struct sp_http_range){9, INT64_MAX}, 10, "9-9");
    expect_fit((struct sp_http_range){10, INT64_MAX}, 10, "nothing");
    expect_fit((struct sp_http_range){-1, 4}, 10, "6-9");
    expect_fit((struct sp_http_range){-1, 40}, 10, "0-9");
    expect_fit((struct sp_http_range){-1, 0}, 10, "nothing");
    expect_fit((struct sp_http_range){0, 0}, 0, "nothing");
    expect_fit((struct sp_http_range){-1, 5}, -1, "nothing");
}

/* ---- answered
 * ---------------------------------------------------------------------------------------- */

static struct rig rig;

/* The file holds the bytes from the third on. */
static void on_part(struct sp_http_request *request, void *context)
{
    static const char *const headers[] = {"ETag: \"e\"", NULL};
    enum { FIRST = 2 };
    int64_t whole = (int64_t)strlen(BYTES);
    struct sp_http_range range = {FIRST, whole - 1};
    (void)context;
    if (sp_http_asks_range(request, "\"e\"", &range) && !sp_http_range_fit(&range, whole)) {
        sp_http_answer_no_part(request, whole);
        return;
    }
    int fd = memfd_create("part", MFD_CLOEXEC);
    cr_assert_eq(write(fd, &BYTES[FIRST], strlen(BYTES) - FIRST), (ssize_t)strlen(BYTES) - FIRST);
    const struct sp_http_part part = {.fd = fd,
                                      .at = range.first - FIRST,
                                      .first = range.first,
                                      .bytes = range.last - range.first + 1,
                                      .whole = whole,
                                      .content_type = "text/plain"};
    sp_http_answer_part(request, &part, headers);
}

static void on_whole(struct sp_http_request *request, void *context)
{
    int64_t whole = (int64_t)strlen(BYTES);
    (void)context;
    int fd = memfd_create("whole", MFD_CLOEXEC);
    cr_assert_eq(write(fd, BYTES, strlen(BYTES)), (ssize_t)whole);
    const struct sp_http_part part = {
        .fd = fd, .bytes = whole, .whole = whole, .content_type = "text/plain"};
    sp_http_answer_part(request, &part, NULL);
}

static const struct sp_http_route routes[] = {
    {"GET", "/part", 0, on_part, NULL}, {"GET", "/whole", 0, on_whole, NULL}, {0}};

static void set_up(void)
{
    rig_start(&rig, routes, NULL);
}

static void tear_down(void)
{
    rig_stop(&rig);
}

TestSuite(http_part_answered, .init = set_up, .fini = tear_down);

static char *ask(const char *path, const char *headers)
{
    char text[256];
    (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: h\r\n%sConnection: close\r\n\r\n",
                   path, headers);
    return rig_talk(&rig, text);
}

Test(http_part_answered, a_part_says_what_it_is_in_the_whole)
{
    char *heard = ask("/part", "Range: bytes=4-6\r\n");
    rig_assert_status(heard, 206);
    rig_assert_has(heard, "Content-Range: bytes 4-6/10\r\n");
    rig_assert_has(heard, "Content-Length: 3\r\n");
    rig_assert_has(heard, "ETag: \"e\"\r\n");
    rig_assert_has(heard, "\r\n\r\n456");
    free(heard);
}

Test(http_part_answered, behind_the_end_is_nothing)
{
    char *heard = ask("/part", "Range: bytes=10-\r\n");
    rig_assert_status(heard, 416);
    rig_assert_has(heard, "Content-Range: bytes */10\r\n");
    free(heard);
}

Test(http_part_answered, the_whole_is_no_part)
{
    char *heard = ask("/whole", "");
    rig_assert_status(heard, 200);
    rig_assert_has(heard, "Accept-Ranges: bytes\r\n");
    rig_assert_has(heard, "\r\n\r\n" BYTES);
    cr_assert_null(strstr(heard, "Content-Range"));
    free(heard);
}

Test(http_part_answered, a_part_of_something_else_is_not_continued)
{
    char *same = ask("/part", "Range: bytes=4-6\r\nIf-Range: \"e\"\r\n");
    char *other = ask("/part", "Range: bytes=4-6\r\nIf-Range: \"f\"\r\n");
    rig_assert_has(same, "Content-Range: bytes 4-6/10\r\n");
    rig_assert_has(other, "Content-Range: bytes 2-9/10\r\n");
    free(same);
    free(other);
}
