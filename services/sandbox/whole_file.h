/* Reading a file whole. */
#ifndef SANDBOX_WHOLE_FILE_H
#define SANDBOX_WHOLE_FILE_H

#include "common/buffer.h"

/* SP_REJECT when it cannot be read or has more than `most` bytes; the caller frees the buffer in
 * any case. */
enum sp_result whole_file_read(const char *path, size_t most, struct sp_buffer *content,
                               struct sp_error *err) SP_MUST_USE;

#endif
