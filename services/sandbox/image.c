#include "services/sandbox/image.h"

#include <string.h>

enum { PNG_HEAD = 24, JPEG_FRAME = 9 };

static uint32_t number_at(struct sp_text data, size_t at, size_t bytes)
{
    uint32_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | (unsigned char)data.data[at + i];
    return number;
}

/* Frames of picture data are marked C0 to CF; four of those mean something else. */
static bool is_frame(uint32_t mark)
{
    return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc;
}

/* Segments: FF, mark, length, contents; a frame's contents begin with depth, height, width. */
static bool measure_jpeg(struct sp_text data, struct image_size *size)
{
    size_t at = 2;
    while (at + JPEG_FRAME <= data.size && number_at(data, at, 1) == 0xff) {
        if (is_frame(number_at(data, at + 1, 1))) {
            size->height = number_at(data, at + 5, 2);
            size->width = number_at(data, at + 7, 2);
            return true;
        }
        at += 2 + number_at(data, at + 2, 2);
    }
    return false;
}

bool image_measure(struct sp_text data, struct image_size *size)
{
    if (data.size >= 2 && memcmp(data.data, "\xff\xd8", 2) == 0)
        return measure_jpeg(data, size) && size->width > 0 && size->height > 0;
    if (data.size < PNG_HEAD || memcmp(data.data, "\x89PNG\r\n\x1a\n", 8) != 0)
        return false;
    size->width = number_at(data, 16, 4);
    size->height = number_at(data, 20, 4);
    return size->width > 0 && size->height > 0;
}
