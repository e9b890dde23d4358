/* Writes a JPEG for tests to standard output: its left half is red, its right half blue.
 *
 *     gateway_make_jpeg WIDTH HEIGHT baseline|progressive|inks */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h> /* after stdio.h */

static void fill(JSAMPLE *row, JDIMENSION width, int components)
{
    static const JSAMPLE light[2][3] = {{255, 0, 0}, {0, 0, 255}};
    static const JSAMPLE inks[2][4] = {{255, 0, 0, 255}, {0, 0, 255, 255}}; /* inverted */
    for (JDIMENSION x = 0; x < width; x++) {
        const JSAMPLE *colour = components == 4 ? inks[2 * x >= width] : light[2 * x >= width];
        memcpy(row + x * (JDIMENSION)components, colour, (size_t)components);
    }
}

int main(int argc, char **argv)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    if (argc != 4)
        return 2;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, stdout);
    jpeg.image_width = (JDIMENSION)strtoul(argv[1], NULL, 10);
    jpeg.image_height = (JDIMENSION)strtoul(argv[2], NULL, 10);
    jpeg.input_components = strcmp(argv[3], "inks") == 0 ? 4 : 3;
    jpeg.in_color_space = jpeg.input_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 95, TRUE);
    if (strcmp(argv[3], "progressive") == 0)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    JSAMPLE *row = calloc(jpeg.image_width, 4);
    if (row == NULL)
        return 1;
    fill(row, jpeg.image_width, jpeg.input_components);
    while (jpeg.next_scanline < jpeg.image_height)
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    return 0;
}
