/* JPEG by libjpeg-turbo, decoded no larger than needed.  What is held whole (progressive ones) is
 * bounded. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h> /* both after stdio.h */
#include <jpeglib.h>

#include "services/gateway/picture/cage.h"
#include "services/gateway/picture/read.h"

static void end_broken(j_common_ptr jpeg)
{
    int code = jpeg->err->msg_code;
    bool no_room = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
    cage_leave(no_room || code == JERR_IMAGE_TOO_BIG ? PICTURE_TOO_LARGE : PICTURE_BROKEN);
}

/* Of what libjpeg can do without, only the end is no trifle. */
static void take_warning(j_common_ptr jpeg, int level)
{
    if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF)
        end_broken(jpeg);
}

/* The smallest of the sizes that libjpeg can decode to at once and that is not too small. */
static void choose_scale(struct jpeg_decompress_struct *jpeg)
{
    JDIMENSION longest =
        jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    jpeg->scale_num = 1;
    jpeg->scale_denom = 8;
    while (jpeg->scale_denom > 1 && longest / jpeg->scale_denom < PICTURE_PIXELS)
        jpeg->scale_denom /= 2;
}

/* Inks to light, without a profile: a preview, no proof.  Adobe writes them inverted. */
static void read_inks(struct jpeg_decompress_struct *jpeg, const uint8_t *inks, uint8_t *pixels)
{
    for (size_t i = 0; i < jpeg->output_width; i++) {
        int flip = jpeg->saw_Adobe_marker ? 0 : 0xFF;
        int light = inks[i * 4 + 3] ^ flip;
        for (size_t k = 0; k < 3; k++)
            pixels[i * 4 + k] = (uint8_t)((inks[i * 4 + k] ^ flip) * light / 0xFF);
        pixels[i * 4 + 3] = 0xFF;
    }
}

static void add_rows(struct jpeg_decompress_struct *jpeg, struct picture_boxes *boxes)
{
    bool inks = jpeg->out_color_space == JCS_CMYK;
    struct picture_row row = {.step = 1, .count = jpeg->output_width};
    uint8_t *line = calloc(jpeg->output_width, 4), *pixels = calloc(jpeg->output_width, 4);
    if (line == NULL || pixels == NULL)
        abort();
    for (row.y = 0; jpeg->output_scanline < jpeg->output_height; row.y++) {
        (void)jpeg_read_scanlines(jpeg, &line, 1);
        if (inks)
            read_inks(jpeg, line, pixels);
        boxes_add(boxes, &row, inks ? pixels : line);
    }
    free(line);
    free(pixels);
}

static void check_area(const struct jpeg_decompress_struct *jpeg)
{
    if ((uint64_t)jpeg->image_width * jpeg->image_height > PICTURE_AREA)
        cage_leave(PICTURE_TOO_LARGE);
}

void read_jpeg(struct picture_boxes *boxes)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    errors.error_exit = end_broken;
    errors.emit_message = take_warning;
    jpeg_create_decompress(&jpeg);
    jpeg.mem->max_memory_to_use = PICTURE_WORK_BYTES;
    jpeg_stdio_src(&jpeg, stdin);
    (void)jpeg_read_header(&jpeg, TRUE);
    check_area(&jpeg);
    bool inks = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    jpeg.out_color_space = inks ? JCS_CMYK : JCS_EXT_RGBA;
    choose_scale(&jpeg);
    (void)jpeg_start_decompress(&jpeg);
    boxes_begin(boxes, jpeg.output_width, jpeg.output_height);
    add_rows(&jpeg, boxes);
    (void)jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
}
