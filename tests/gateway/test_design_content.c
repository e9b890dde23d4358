/* What a print file is, by its content. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/design_content.h"

#define BYTES(text)                                                                                \
    (struct sp_text)                                                                               \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define PNG_HEAD "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
#define PNG_SIZE "\0\0\x0B\xB8\0\0\x0F\xA0" /* 3000 × 4000 */
#define PNG_REST "\x08\x06\0\0\0\0\0\0\0"
#define PNG_DATA "\0\0\0\x02IDAT12\0\0\0\0"
#define PNG_END "\0\0\0\0IEND\xAE\x42\x60\x82"
#define JPEG_HEAD "\xFF\xD8\xFF\xE0\0\x04JF"
#define JPEG_FRAME "\xFF\xC0\0\x0B\x08\x01\x02\x03\x04\x01\x01\x11\0"
#define JPEG_SCAN                                                                                  \
    "\xFF\xDA\0\x04"                                                                               \
    "ab"

static const char *kind_of(struct sp_text bytes)
{
    const char *kind = design_read_content(bytes).kind;
    return kind == NULL ? "none" : kind;
}

Test(design_content, reads_a_png)
{
    struct sp_text png = BYTES(PNG_HEAD PNG_SIZE PNG_REST PNG_DATA PNG_END);
    struct design_content content = design_read_content(png);
    cr_assert_str_eq(content.kind, "PNG");
    cr_assert(content.width == 3000 && content.height == 4000);
    for (size_t size = 0; size < png.size; size++)
        cr_assert_str_eq(kind_of((struct sp_text){png.data, size}), "none", "cut at %zu", size);
    cr_assert_str_eq(kind_of(BYTES(PNG_HEAD PNG_SIZE PNG_REST PNG_END)), "none", "no pixels");
    cr_assert_str_eq(kind_of(BYTES(PNG_HEAD PNG_SIZE PNG_REST PNG_DATA PNG_END "more")), "none");
    cr_assert_str_eq(kind_of(BYTES(PNG_HEAD "\0\0\0\0\0\0\0\1" PNG_REST PNG_DATA PNG_END)), "none");
    cr_assert_str_eq(
        kind_of(BYTES(PNG_HEAD PNG_SIZE PNG_REST "\xFF\xFF\xFF\xFFIDAT12\0\0\0\0" PNG_END)),
        "none");
}

Test(design_content, reads_a_jpeg)
{
    struct sp_text jpeg = BYTES(JPEG_HEAD JPEG_FRAME JPEG_SCAN "pixels\xFF\xD9");
    struct design_content content = design_read_content(jpeg);
    cr_assert_str_eq(content.kind, "JPEG");
    cr_assert(content.height == 0x0102 && content.width == 0x0304);
    for (size_t size = 0; size < jpeg.size; size++)
        cr_assert_str_eq(kind_of((struct sp_text){jpeg.data, size}), "none", "cut at %zu", size);
    cr_assert_str_eq(kind_of(BYTES(JPEG_HEAD JPEG_SCAN "pixels\xFF\xD9")), "none", "no size");
    cr_assert_str_eq(kind_of(BYTES("\xFF\xD8\xFF\xE0\0\x01\xFF\xD9")), "none");
}

Test(design_content, reads_a_pdf)
{
    cr_assert_str_eq(kind_of(BYTES("%PDF-1.7\n…\nstartxref\n9\n%%EOF\n")), "PDF");
    cr_assert_str_eq(kind_of(BYTES("%PDF-1.7\n…\n%%EOF\n")), "none");
    cr_assert_str_eq(kind_of(BYTES("%PDF-1.7")), "none");
}

Test(design_content, takes_nothing_else_whatever_it_is_called)
{
    static const char *const others[] = {
        "",           "GIF89a",  "<svg xmlns=''/>",
        "PK\x03\x04", "\x89PNG", "<html>%PDF-1.7 startxref %%EOF</html>"};
    for (size_t i = 0; i < SP_COUNT(others); i++)
        cr_assert_str_eq(kind_of(sp_text_of(others[i])), "none", "%s", others[i]);
}
