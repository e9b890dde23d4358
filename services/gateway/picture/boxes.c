#include "services/gateway/picture/boxes.h"

#include <string.h>

#include "services/gateway/picture/cage.h"

static uint32_t shrunk(uint32_t side, uint32_t longest)
{
    uint64_t small = ((uint64_t)side * PICTURE_PIXELS + longest / 2) / longest;
    return small == 0 ? 1 : (uint32_t)small;
}

void boxes_begin(struct picture_boxes *boxes, uint32_t width, uint32_t height)
{
    uint32_t longest = width > height ? width : height;
    if (longest > PICTURE_SIDE || (uint64_t)width * height > PICTURE_AREA)
        cage_leave(PICTURE_TOO_LARGE);
    if (width == 0 || height == 0)
        cage_leave(PICTURE_BROKEN);
    memset(boxes, 0, sizeof *boxes);
    boxes->from_width = width;
    boxes->from_height = height;
    boxes->width = longest > PICTURE_PIXELS ? shrunk(width, longest) : width;
    boxes->height = longest > PICTURE_PIXELS ? shrunk(height, longest) : height;
    for (uint32_t x = 0; x < width; x++)
        boxes->column[x] = (uint16_t)((uint64_t)x * boxes->width / width);
}

void boxes_add(struct picture_boxes *boxes, const struct picture_row *row, const uint8_t *pixels)
{
    uint64_t line = (uint64_t)row->y * boxes->height / boxes->from_height;
    struct picture_box *line_of = &boxes->box[line * boxes->width];
    for (uint32_t i = 0; i < row->count; i++) {
        struct picture_box *box = &line_of[boxes->column[row->x + i * row->step]];
        const uint8_t *pixel = &pixels[(size_t)i * 4];
        box->red += (uint64_t)pixel[0] * pixel[3];
        box->green += (uint64_t)pixel[1] * pixel[3];
        box->blue += (uint64_t)pixel[2] * pixel[3];
        box->alpha += pixel[3];
        box->pixels++;
    }
}

static uint8_t mean(uint64_t sum, uint64_t count)
{
    return (uint8_t)(count == 0 ? 0 : (sum + count / 2) / count);
}

void boxes_read(const struct picture_boxes *boxes, uint8_t *pixels)
{
    size_t count = (size_t)boxes->width * boxes->height;
    for (size_t i = 0; i < count; i++) {
        const struct picture_box *box = &boxes->box[i];
        uint8_t *pixel = &pixels[i * 4];
        pixel[0] = mean(box->red, box->alpha);
        pixel[1] = mean(box->green, box->alpha);
        pixel[2] = mean(box->blue, box->alpha);
        pixel[3] = mean(box->alpha, box->pixels);
    }
}
