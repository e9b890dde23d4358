/* Pictures and files in multipart/form-data.  Covers: api_uploads.c, image.c, multipart.c */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "services/sandbox/image.h"
#include "services/sandbox/multipart.h"
#include "tests/sandbox/rig.h"

#define BOUNDARY "----WebKitFormBoundaryAbC123"
#define TYPE "multipart/form-data; boundary=" BOUNDARY
#define PART(name) "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name, file)                                                                      \
    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file        \
    "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
#define END "\r\n--" BOUNDARY "--\r\n"
/* Without bytes of value 0, since the rig's bodies are strings: 257 × 258. */
#define JPEG "\xff\xd8\xff\xe1\x01\x04" LONG_SEGMENT "\xff\xc2\x01\x11\x08\x01\x02\x01\x01\x03"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG_SEGMENT FIFTY FIFTY FIFTY FIFTY FIFTY "01234567"

TestSuite(uploads, .init = rig_begin, .fini = rig_finish);

/* Signed without the body, as clients do with uploads. */
static struct rig_answer upload(const char *path, const char *body)
{
    struct rig_call call = {.method = "POST",
                            .path = path,
                            .body = body,
                            .sign_body = "",
                            .content_type = TYPE,
                            .without_cipher = strncmp(path, "/product", 8) == 0};
    return rig_call(rig.sandbox, rig.arena, &call);
}

#define IMAGES "/product/202309/images/upload"
#define FILES "/product/202309/files/upload"

Test(uploads, take_a_picture_and_say_how_large_it_is)
{
    struct rig_answer answer = upload(IMAGES, FILE_PART("data", "a.jpg") JPEG
                                      "\r\n" PART("use_case") "ATTRIBUTE_IMAGE" END);
    cr_assert_eq(answer.code, 0, "%.*s", SP_FMT(answer.message));
    cr_assert_eq(rig_int(answer.data, "height"), 258);
    cr_assert_eq(rig_int(answer.data, "width"), 257);
    cr_assert(sp_text_is(rig_text(answer.data, "use_case", rig.arena), "ATTRIBUTE_IMAGE"));
    cr_assert(rig_text(answer.data, "uri", rig.arena).size > 0);
    answer = upload("/fulfillment/202309/images/upload", FILE_PART("data", "a.jpg") JPEG END);
    cr_assert_eq(answer.code, 0, "%.*s", SP_FMT(answer.message));
    cr_assert_eq(rig_at(answer.data, "uri").kind, SP_JSON_NONE);
}

Test(uploads, take_a_file_by_the_ending_of_its_name)
{
    struct rig_answer answer =
        upload(FILES, FILE_PART("data", "x") "%PDF-1.4"
                                             "\r\n" PART("name") "label.pdf" END);
    cr_assert_eq(answer.code, 0, "%.*s", SP_FMT(answer.message));
    cr_assert(sp_text_is(rig_text(answer.data, "format", rig.arena), "PDF"));
    cr_assert(sp_text_is(rig_text(answer.data, "name", rig.arena), "label.pdf"));
    answer = upload("/fulfillment/202309/files/upload",
                    FILE_PART("data", "x") "GIF89a"
                                           "\r\n" PART("name") "film.mp4" END);
    cr_assert_eq(answer.code, 36009004);
}

Test(uploads, refuse_what_is_none)
{
    static const struct {
        const char *path, *body;
        int64_t code;
    } cases[] = {
        {IMAGES, "", 36009023},
        {IMAGES, "{}", 36009023},
        {IMAGES, PART("data") "cut off", 36009023},
        {IMAGES, PART("use_case") "MAIN_IMAGE" END, 36009004},
        {IMAGES, PART("data") "no picture" END, 36009004},
        {IMAGES, PART("data") JPEG "\r\n" PART("use_case") "LOGO" END, 36009004},
        {FILES, PART("data") "x" END, 36009004},
        {FILES,
         PART("data") "x"
                      "\r\n" PART("name") "virus.exe" END,
         36009004},
        {FILES,
         PART("data") "x"
                      "\r\n" PART("name") "noending" END,
         36009004},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(upload(cases[i].path, cases[i].body).code, cases[i].code, "%zu", i);
}

Test(uploads, and_json_are_told_apart_by_their_content_type)
{
    struct rig_call call = {.method = "POST", .path = IMAGES, .body = "{}", .without_cipher = true};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 36009023);
    call = (struct rig_call){.method = "POST",
                             .path = "/order/202309/orders/search",
                             .query = "page_size=1",
                             .body = PART("data") "x" END,
                             .sign_body = "",
                             .content_type = TYPE};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 36009022);
}

Test(uploads, are_signed_without_their_body_however_the_type_is_written)
{
    struct rig_call call = {.method = "POST",
                            .path = IMAGES,
                            .body = FILE_PART("data", "a.jpg") JPEG END,
                            .content_type = TYPE,
                            .without_cipher = true};
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 106001); /* signed with it */
    call.sign_body = "";
    call.content_type = "Multipart/Form-Data; Boundary=\"" BOUNDARY "\"";
    cr_assert_eq(rig_call(rig.sandbox, rig.arena, &call).code, 0);
}

Test(uploads, refuse_files_that_are_too_big)
{
    struct sp_buffer body = {0};
    sp_buffer_put_string(&body, PART("data"));
    for (int i = 0; i < 11 * 1024; i++) {
        static const char kilobyte[] = FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY
            FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY TEN TEN "0123";
        sp_buffer_put_string(&body, kilobyte);
    }
    sp_buffer_put_string(&body, END);
    sp_buffer_put(&body, "", 1);
    cr_assert_eq(upload(IMAGES, body.data).code, 36009021);
    sp_buffer_free(&body);
}

/* ---- parts and pictures alone
 * ------------------------------------------------------------------------- */

Test(multipart, parts_may_hold_anything_but_their_boundary)
{
    static const char body[] = "ignored\r\n" PART("a") "\0\r\n--almost"
                                                       "\r\n" PART("b") END;
    struct multipart_part parts[2];
    size_t count;
    struct sp_text whole = {body, sizeof body - 1};
    cr_assert_eq(multipart_read(SP_TEXT(TYPE), whole, parts, 2, &count), SP_OK);
    cr_assert_eq(count, 2);
    cr_assert_eq(parts[0].data.size, 11);
    cr_assert(sp_text_is(parts[1].name, "b"));
    cr_assert_eq(parts[1].data.size, 0);
    cr_assert_eq(multipart_read(SP_TEXT(TYPE), whole, parts, 1, &count), SP_REJECT);
    cr_assert_eq(multipart_read(SP_TEXT("multipart/form-data"), whole, parts, 2, &count),
                 SP_REJECT);
}

Test(multipart, no_prefix_of_a_body_is_read_beyond_its_end)
{
    static const char body[] = PART("a") "one"
                                         "\r\n" FILE_PART("b", "c") "two" END;
    struct multipart_part parts[4];
    size_t count;
    for (size_t size = 0; size + 4 < sizeof body; size++) {
        char *copy = sp_alloc(size > 0 ? size : 1);
        memcpy(copy, body, size);
        cr_assert_eq(multipart_read(SP_TEXT(TYPE), (struct sp_text){copy, size}, parts, 4, &count),
                     SP_REJECT);
        free(copy);
    }
}

Test(image, is_measured_and_prefixes_are_not_read_beyond_their_end)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0";
    static const char jpeg[] = JPEG;
    struct image_size size;
    cr_assert(image_measure((struct sp_text){png, sizeof png - 1}, &size));
    cr_assert_eq(size.width, 640);
    cr_assert_eq(size.height, 480);
    for (size_t end = 0; end + 1 < sizeof jpeg - 1; end++) {
        char *copy = sp_alloc(end > 0 ? end : 1);
        memcpy(copy, jpeg, end);
        cr_assert_not(image_measure((struct sp_text){copy, end}, &size));
        free(copy);
    }
}
