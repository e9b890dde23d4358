/* PNG by libpng, row by row; an interlaced one pass by pass. */
#include <png.h>
#include <stdlib.h>

#include "services/gateway/picture/cage.h"
#include "services/gateway/picture/read.h"

static void end_broken(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
    cage_leave(PICTURE_BROKEN);
}

static void say_nothing(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
}

/* Whatever it holds becomes four bytes a pixel. */
static void ask_for_rgba(png_structp png)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
}

static void add_rows(png_structp png, struct picture_boxes *boxes, uint8_t *pixels)
{
    struct picture_row row = {.step = 1, .count = boxes->from_width};
    for (row.y = 0; row.y < boxes->from_height; row.y++) {
        png_read_row(png, pixels, NULL);
        boxes_add(boxes, &row, pixels);
    }
}

/* Where a pass has its first pixel, and the distances to the next. */
static const struct pass {
    uint32_t left, top, right, down;
} passes[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
              {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

static uint32_t count_from(uint32_t first, uint32_t side, uint32_t step)
{
    return side > first ? (side - first + step - 1) / step : 0;
}

/* libpng leaves out a pass without pixels, as we do. */
static void add_passes(png_structp png, struct picture_boxes *boxes, uint8_t *pixels)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        const struct pass *pass = &passes[i];
        struct picture_row row = {.x = pass->left, .step = pass->right};
        row.count = count_from(pass->left, boxes->from_width, pass->right);
        uint32_t rows = count_from(pass->top, boxes->from_height, pass->down);
        for (uint32_t k = 0; row.count > 0 && k < rows; k++) {
            row.y = pass->top + k * pass->down;
            png_read_row(png, pixels, NULL);
            boxes_add(boxes, &row, pixels);
        }
    }
}

void read_png(struct picture_boxes *boxes)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, end_broken, say_nothing);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL)
        abort();
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours come next */
    png_set_chunk_malloc_max(png, 0);
    /* Profiles, texts and the like are passed by, however large. */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_init_io(png, stdin);
    png_read_info(png, info);
    boxes_begin(boxes, png_get_image_width(png, info), png_get_image_height(png, info));
    ask_for_rgba(png);
    png_read_update_info(png, info);
    uint8_t *pixels = calloc(boxes->from_width, 4);
    if (pixels == NULL || png_get_rowbytes(png, info) != (size_t)boxes->from_width * 4)
        abort();
    if (png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7)
        add_passes(png, boxes, pixels);
    else
        add_rows(png, boxes, pixels);
    free(pixels);
    png_destroy_read_struct(&png, &info, NULL);
}
