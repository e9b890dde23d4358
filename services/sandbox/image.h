/* How large a picture is. */
#ifndef SANDBOX_IMAGE_H
#define SANDBOX_IMAGE_H

#include "common/base.h"

struct image_size {
    uint32_t width, height;
};

/* False for what is neither PNG nor JPEG, or broken. */
bool image_measure(struct sp_text data, struct image_size *size);

#endif
