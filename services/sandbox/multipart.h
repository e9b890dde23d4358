/* The parts of a multipart/form-data body. */
#ifndef SANDBOX_MULTIPART_H
#define SANDBOX_MULTIPART_H

#include "common/base.h"

struct multipart_part {
    struct sp_text name, data; /* within the body */
};

/* SP_REJECT when the content type names no boundary, the body is none of its kind, or has more than
 * `limit` parts. */
enum sp_result multipart_read(struct sp_text content_type, struct sp_text body,
                              struct multipart_part parts[], size_t limit,
                              size_t *count) SP_MUST_USE;

#endif
