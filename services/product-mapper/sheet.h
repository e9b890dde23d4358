/* A sheet of lines with fields, whatever file it came in.  Pure. */
#ifndef MAPPER_SHEET_H
#define MAPPER_SHEET_H

#include "common/arena.h"
#include "common/base.h"

enum {
    SHEET_FIELDS = 64,
    SHEET_FIELD_BYTES = 8192,
    SHEET_LINES = 100000,
    SHEET_BYTES = 16 * 1024 * 1024,
};

struct sheet_record {
    struct sp_text fields[SHEET_FIELDS];
    size_t count;
    int64_t line;        /* of the file, from 1, where it begins */
    const char *problem; /* NULL, or why it cannot be read; the next one can */
};

#endif
