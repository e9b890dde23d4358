/* What a print file is, by its content; names and headers can say anything.  Pure. */
#ifndef GATEWAY_DESIGN_CONTENT_H
#define GATEWAY_DESIGN_CONTENT_H

#include "common/base.h"

struct design_content {
    const char *kind;       /* PNG, JPEG, PDF; NULL: none of them, or not whole */
    const char *extension;  /* png, jpg, pdf */
    uint32_t width, height; /* in pixels; 0 for a PDF */
};

struct design_content design_read_content(struct sp_text bytes);

#endif
