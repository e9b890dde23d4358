/* A label as a picture: a frame and bars that follow the tracking number, black on white, stored
 * without compression. */
#include <string.h>

#include "services/sandbox/document.h"
#include "services/sandbox/package_json.h"

enum {
    WIDTH = 416,
    HEIGHT = 584,
    ROW = WIDTH / 8,
    FRAME = 8,
    BARS_FROM = 40,
    BARS_TO = 160,
    BAR = 4, /* pixels of one bit */
    RAW = (ROW + 1) * HEIGHT,
};
_Static_assert(RAW < 65536, "one stored block holds it");

static void put_be(struct sp_buffer *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    sp_buffer_put(out, bytes, sizeof bytes);
}

static uint32_t crc_of(const char *data, size_t size)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= (uint8_t)data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static uint32_t adler_of(const uint8_t *data, size_t size)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < size; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* The sum covers name and content. */
static void put_chunk(struct sp_buffer *out, const char *name, const void *content, size_t size)
{
    put_be(out, (uint32_t)size);
    size_t from = out->size;
    sp_buffer_put(out, name, 4);
    sp_buffer_put(out, content, size);
    put_be(out, crc_of(out->data + from, out->size - from));
}

static bool is_black(struct sp_text number, int x, int y)
{
    bool frame = x < FRAME || y < FRAME || x >= WIDTH - FRAME || y >= HEIGHT - FRAME;
    int bit = (x - BARS_FROM) / BAR;
    bool bars = y >= BARS_FROM && y < BARS_TO && x >= BARS_FROM && (size_t)bit < number.size * 6;
    return frame || (bars && ((unsigned char)number.data[bit / 6] >> bit % 6 & 1) != 0);
}

static void draw(uint8_t raw[RAW], struct sp_text number)
{
    memset(raw, 0, RAW); /* each row begins with its filter: none */
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            if (!is_black(number, x, y))
                raw[y * (ROW + 1) + 1 + x / 8] |= (uint8_t)(0x80 >> x % 8);
        }
    }
}

void document_put_png(struct sp_buffer *out, const struct document *document)
{
    static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const uint8_t header[] = {
        0, 0, WIDTH >> 8, WIDTH & 0xff, 0, 0, HEIGHT >> 8, HEIGHT & 0xff, 1 /* bit */, 0 /* grey */,
        0, 0, 0};
    static const uint8_t stored[] = {
        0x78, 0x01, 1, RAW & 0xff, RAW >> 8, ~RAW & 0xff, (~RAW >> 8) & 0xff};
    char text[PACKAGE_TRACKING];
    uint8_t raw[RAW];
    struct sp_buffer data = {0};
    draw(raw, package_tracking(document->shop, document->package, text));
    sp_buffer_put(&data, stored, sizeof stored);
    sp_buffer_put(&data, raw, RAW);
    put_be(&data, adler_of(raw, RAW));
    sp_buffer_put(out, signature, sizeof signature);
    put_chunk(out, "IHDR", header, sizeof header);
    put_chunk(out, "IDAT", data.data, data.size);
    put_chunk(out, "IEND", "", 0);
    sp_buffer_free(&data);
}
