#include "services/gateway/design_content.h"

#include <string.h>

enum { PIXELS_MOST = 60000, PDF_TAIL = 2048 };

static uint32_t big_endian(const char *at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static bool begins_with(struct sp_text bytes, const char *magic, size_t size)
{
    return bytes.size >= size && memcmp(bytes.data, magic, size) == 0;
}

static bool fits(const struct design_content *content)
{
    return content->width > 0 && content->width <= PIXELS_MOST && content->height > 0 &&
           content->height <= PIXELS_MOST;
}

/* ---- PNG: a signature, then chunks of length, type, data, checksum; IHDR first, IEND last
 * ------- */

static bool read_png(struct sp_text bytes, struct design_content *content)
{
    enum { SIGNATURE = 8, FRAME = 12, HEADER = 13 };
    bool has_pixels = false;
    size_t at = SIGNATURE;
    if (bytes.size < SIGNATURE + FRAME + HEADER || memcmp(bytes.data + at + 4, "IHDR", 4) != 0 ||
        big_endian(bytes.data + at, 4) != HEADER)
        return false;
    content->width = big_endian(bytes.data + at + 8, 4);
    content->height = big_endian(bytes.data + at + 12, 4);
    while (bytes.size - at >= FRAME) {
        size_t length = big_endian(bytes.data + at, 4);
        const char *type = bytes.data + at + 4;
        if (length > bytes.size - at - FRAME)
            return false;
        if (memcmp(type, "IEND", 4) == 0)
            return has_pixels && length == 0 && at + FRAME == bytes.size && fits(content);
        has_pixels = has_pixels || memcmp(type, "IDAT", 4) == 0;
        at += FRAME + length;
    }
    return false;
}

/* ---- JPEG: segments of marker and length up to the scan, which ends with FF D9
 * ------------------ */

static bool is_frame(unsigned char marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool read_jpeg(struct sp_text bytes, struct design_content *content)
{
    enum { SCAN = 0xDA, FRAME_BYTES = 9 };
    if (bytes.size < 4 || memcmp(bytes.data + bytes.size - 2, "\xFF\xD9", 2) != 0)
        return false;
    for (size_t at = 2; bytes.size - at >= 4;) {
        unsigned char marker = (unsigned char)bytes.data[at + 1];
        size_t length = big_endian(bytes.data + at + 2, 2);
        if ((unsigned char)bytes.data[at] != 0xFF || length < 2 || length > bytes.size - at - 2)
            return false;
        if (marker == SCAN)
            return fits(content);
        if (is_frame(marker) && length >= FRAME_BYTES - 2) {
            content->height = big_endian(bytes.data + at + 5, 2);
            content->width = big_endian(bytes.data + at + 7, 2);
        }
        at += 2 + length;
    }
    return false;
}

/* ---- PDF: a version at the beginning, and where to start at the end
 * ----------------------------- */

static bool read_pdf(struct sp_text bytes)
{
    size_t tail = bytes.size < PDF_TAIL ? bytes.size : PDF_TAIL;
    const char *end = bytes.data + bytes.size - tail;
    return memmem(end, tail, "startxref", 9) != NULL && memmem(end, tail, "%%EOF", 5) != NULL;
}

struct design_content design_read_content(struct sp_text bytes)
{
    struct design_content none = {0};
    if (begins_with(bytes, "\x89PNG\r\n\x1A\n", 8)) {
        struct design_content png = {"PNG", "png", 0, 0};
        return read_png(bytes, &png) ? png : none;
    }
    if (begins_with(bytes, "\xFF\xD8\xFF", 3)) {
        struct design_content jpeg = {"JPEG", "jpg", 0, 0};
        return read_jpeg(bytes, &jpeg) ? jpeg : none;
    }
    bool pdf =
        (begins_with(bytes, "%PDF-1.", 7) || begins_with(bytes, "%PDF-2.", 7)) && read_pdf(bytes);
    return pdf ? (struct design_content){"PDF", "pdf", 0, 0} : none;
}
