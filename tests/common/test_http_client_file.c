/* Calls whose bodies are files, there and back, and calls that are signed. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/http_client.h"
#include "tests/common/http_rig.h"

enum { LARGE = 3 * 1024 * 1024 };

static struct rig rig;
static struct sp_http_client *client;
static char url[64];
static int file;

static void on_put(struct sp_http_request *request, void *context)
{
    (void)context;
    size_t xs = 0;
    while (xs < request->body.size && request->body.data[xs] == 'x')
        xs++;
    struct sp_text text =
        sp_arena_printf(request->arena, "%s %zu %zu", request->method, request->body.size, xs);
    sp_http_answer(request, 200, "text/plain", text, NULL);
}

static void on_get(struct sp_http_request *request, void *context)
{
    (void)context;
    static char body[LARGE];
    static const char *const part[] = {"Content-Range: bytes 5-9/1000", NULL};
    memset(body, 'y', sizeof body);
    if (sp_http_header(request, "Range").size > 0)
        sp_http_answer(request, 206, "text/plain", SP_TEXT("yyyyy"), part);
    else
        sp_http_answer(request, 200, "text/plain", (struct sp_text){body, sizeof body}, NULL);
}

static void on_missing(struct sp_http_request *request, void *context)
{
    (void)context;
    sp_http_answer(request, 404, "text/plain", SP_TEXT("none"), NULL);
}

/* All that was signed is there, and of what was not sent nothing is signed. */
static void on_signed(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_text given = sp_http_header(request, "Authorization");
    sp_http_answer(request, 200, "text/plain", given, NULL);
}

static const struct sp_http_route routes[] = {{"PUT", "/file", LARGE, on_put, NULL},
                                              {"GET", "/file", 0, on_get, NULL},
                                              {"GET", "/missing", 0, on_missing, NULL},
                                              {NULL, "/signed", LARGE, on_signed, NULL},
                                              {0}};

static void set_up(void)
{
    rig_start(&rig, routes, NULL);
    client = sp_http_client_open();
    file = memfd_create("file", MFD_CLOEXEC);
    cr_assert_geq(file, 0);
}

static void tear_down(void)
{
    close(file);
    sp_http_client_close(&client);
    rig_stop(&rig);
}

TestSuite(http_client_file, .init = set_up, .fini = tear_down);

static struct sp_http_call call_of(const char *method, const char *path)
{
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", rig.port, path);
    return (struct sp_http_call){.method = method, .url = url};
}

static void fill_file(size_t size)
{
    char *bytes = malloc(size);
    memset(bytes, 'x', size);
    cr_assert_eq(write(file, bytes, size), (ssize_t)size);
    free(bytes);
}

static void assert_answer(struct sp_http_call *call, const char *wanted)
{
    cr_assert_eq(call->result, SP_OK, "%s", call->error);
    cr_assert(sp_text_is(sp_buffer_text(&call->answer), wanted), "%.*s",
              SP_FMT(sp_buffer_text(&call->answer)));
    sp_buffer_free(&call->answer);
}

Test(http_client_file, a_file_is_put_whole)
{
    static const size_t sizes[] = {1, LARGE};
    for (size_t i = 0; i < SP_COUNT(sizes); i++) {
        char wanted[64];
        cr_assert_eq(ftruncate(file, 0), 0);
        (void)lseek(file, 0, SEEK_SET);
        fill_file(sizes[i]);
        struct sp_http_call call = call_of("PUT", "/file");
        call.body_file = file;
        call.body_bytes = (int64_t)sizes[i];
        (void)snprintf(wanted, sizeof wanted, "PUT %zu %zu", sizes[i], sizes[i]);
        sp_http_perform(client, &call, 1);
        assert_answer(&call, wanted);
    }
}

Test(http_client_file, an_answer_goes_to_a_file)
{
    struct sp_http_call call = call_of("GET", "/file");
    char last = 0;
    call.answer_file = file;
    sp_http_perform(client, &call, 1);
    cr_assert_eq(call.result, SP_OK, "%s", call.error);
    cr_assert(call.filed_bytes == LARGE && call.whole_bytes == LARGE && call.answer.size == 0);
    cr_assert(pread(file, &last, 1, LARGE - 1) == 1 && last == 'y');
}

Test(http_client_file, a_part_says_how_much_the_whole_is)
{
    static const char *const headers[] = {"Range: bytes=5-9", NULL};
    struct sp_http_call call = call_of("GET", "/file");
    call.headers = headers;
    call.answer_file = file;
    sp_http_perform(client, &call, 1);
    cr_assert(call.status == 206 && call.filed_bytes == 5 && call.whole_bytes == 1000);
}

Test(http_client_file, what_is_no_success_goes_to_memory)
{
    struct sp_http_call call = call_of("GET", "/missing");
    call.answer_file = file;
    sp_http_perform(client, &call, 1);
    cr_assert(call.status == 404 && call.filed_bytes == 0);
    assert_answer(&call, "none");
}

Test(http_client_file, a_file_is_bounded_too)
{
    struct sp_http_call call = call_of("GET", "/file");
    call.answer_file = file;
    call.max_bytes = LARGE - 1;
    sp_http_perform(client, &call, 1);
    cr_assert(call.result == SP_RETRY && call.too_large);
}

Test(http_client_file, a_file_that_cannot_be_written_ends_the_call)
{
    struct sp_http_call call = call_of("GET", "/file");
    int closed = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    cr_assert_eq(fcntl(closed, F_ADD_SEALS, F_SEAL_WRITE), 0);
    call.answer_file = closed;
    sp_http_perform(client, &call, 1);
    cr_assert(call.result == SP_RETRY && !call.too_large);
    close(closed);
}

Test(http_client_file, what_is_signed_is_what_is_sent)
{
    static const char *const headers[] = {"x-amz-content-sha256: none", NULL};
    static const char *const methods[] = {"GET", "DELETE", "PUT"};
    const struct sp_http_signer signer = {"aws:amz:here:s3", "id", "secret"};
    fill_file(100);
    for (size_t i = 0; i < SP_COUNT(methods); i++) {
        struct sp_http_call call = call_of(methods[i], "/signed");
        call.headers = headers;
        call.signer = &signer;
        call.body_file = i == 2 ? file : 0;
        call.body_bytes = 100;
        sp_http_perform(client, &call, 1);
        cr_assert_eq(call.result, SP_OK, "%s", call.error);
        *sp_buffer_reserve(&call.answer, 1) = '\0';
        cr_assert_not_null(strstr(call.answer.data, "AWS4-HMAC-SHA256 Credential=id/"), "%s",
                           call.answer.data);
        cr_assert_not_null(strstr(call.answer.data,
                                  "/here/s3/aws4_request, SignedHeaders="
                                  "host;x-amz-content-sha256;x-amz-date, Signature="),
                           "%s", call.answer.data);
        sp_buffer_free(&call.answer);
    }
}

Test(http_client_file, each_thread_has_a_client_of_its_own)
{
    struct sp_http_client *own = sp_http_client_of_thread();
    cr_assert_not_null(own);
    cr_assert_eq(sp_http_client_of_thread(), own);
}
