/* What the fuzz targets of the codec have in common: an input begins with the name of a message or
 * record and a newline, then come the bytes. */
#ifndef SAMPAN_TESTS_FUZZ_INPUT_H
#define SAMPAN_TESTS_FUZZ_INPUT_H

#include "tests/proto/sample.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cuts the name off and returns the text before the newline; the whole when there is none. */
static inline struct sp_text fuzz_name(struct sp_text *input)
{
    const char *end = input->size == 0 ? NULL : memchr(input->data, '\n', input->size);
    size_t size = end == NULL ? input->size : (size_t)(end - input->data);
    struct sp_text name = {input->data, size};
    size_t cut = end == NULL ? size : size + 1;
    *input = (struct sp_text){input->data + cut, input->size - cut};
    return name;
}

#endif
