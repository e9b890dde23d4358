/* A picture made small: each of its pixels is added to the box it falls into, in any order, so that
 * none of it has to be held whole. */
#ifndef GATEWAY_PICTURE_BOXES_H
#define GATEWAY_PICTURE_BOXES_H

#include <stdint.h>

#include "services/gateway/picture/picture.h"

struct picture_box {
    uint64_t red, green, blue; /* each times its alpha */
    uint64_t alpha, pixels;
};

struct picture_boxes {
    uint32_t from_width, from_height; /* of what is read */
    uint32_t width, height;           /* of what comes out */
    uint16_t column[PICTURE_SIDE];    /* which box of its line a pixel falls into */
    struct picture_box box[PICTURE_PIXELS * PICTURE_PIXELS];
};

/* For a picture of this size; ends the program with PICTURE_TOO_LARGE beyond the limits. */
void boxes_begin(struct picture_boxes *boxes, uint32_t width, uint32_t height);
/* Adds `count` pixels of four bytes (red, green, blue, alpha) of row `y`, the first at `x`, the
 * others each `step` further. */
struct picture_row {
    uint32_t y, x, step, count;
};
void boxes_add(struct picture_boxes *boxes, const struct picture_row *row, const uint8_t *pixels);
/* Four bytes for each box, row by row; `pixels` has room for all. */
void boxes_read(const struct picture_boxes *boxes, uint8_t *pixels);

#endif
