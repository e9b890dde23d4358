#include "services/sandbox/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 256 * 1024 };

enum sp_result whole_file_read(const char *path, size_t most, struct sp_buffer *content,
                               struct sp_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return sp_fail(err, SP_REJECT, "%s", strerror(errno));
    size_t got;
    do {
        got = fread(sp_buffer_reserve(content, PIECE), 1, PIECE, file);
        content->size += got;
    } while (got > 0 && content->size <= most);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed || content->size > most)
        return sp_fail(err, SP_REJECT, "%s", failed ? "the disk fails" : "the file is too large");
    return SP_OK;
}
