/* A sheet of lines with fields, whatever file it came in.  Pure. */
#ifndef SAMPAN_SHEET_H
#define SAMPAN_SHEET_H

#include "common/arena.h"
#include "common/base.h"

enum {
    SP_SHEET_FIELDS = 64,
    SP_SHEET_FIELD_BYTES = 8192,
    SP_SHEET_LINES = 100000,
    SP_SHEET_BYTES = 16 * 1024 * 1024,
};

struct sp_sheet_record {
    struct sp_text fields[SP_SHEET_FIELDS];
    size_t count;
    int64_t line;        /* of the file, from 1, where it begins */
    const char *problem; /* NULL, or why it cannot be read; the next one can */
};

#endif
