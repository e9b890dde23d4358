/* sampan-picture: makes the small picture of a print file, from standard input to standard output.
 */
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/gateway/picture/cage.h"
#include "services/gateway/picture/read.h"

static struct picture_boxes boxes;
static uint8_t pixels[4 * PICTURE_PIXELS * PICTURE_PIXELS];
static uint8_t written[PICTURE_BYTES];

static void write_all(const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t now = write(STDOUT_FILENO, bytes, size);
        if (now <= 0)
            abort();
        bytes += now;
        size -= (size_t)now;
    }
}

static void write_png(void)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = boxes.width,
                       .height = boxes.height,
                       .format = PNG_FORMAT_RGBA};
    png_alloc_size_t size = sizeof written;
    boxes_read(&boxes, pixels);
    if (png_image_write_to_memory(&image, written, &size, 0, pixels, 0, NULL) == 0)
        abort();
    write_all(written, size);
}

int main(void)
{
    uint8_t magic[4] = {0};
    cage_enter();
    if (lseek(STDIN_FILENO, 0, SEEK_SET) != 0 ||
        read(STDIN_FILENO, magic, sizeof magic) != (ssize_t)sizeof magic ||
        lseek(STDIN_FILENO, 0, SEEK_SET) != 0)
        cage_leave(PICTURE_BROKEN);
    if (memcmp(magic, "\x89PNG", 4) == 0)
        read_png(&boxes);
    else if (memcmp(magic, "\xFF\xD8\xFF", 3) == 0)
        read_jpeg(&boxes);
    else
        cage_leave(PICTURE_UNKNOWN);
    write_png();
    cage_leave(PICTURE_MADE);
}
