/* Comma-separated values, RFC 4180: quoted fields, doubled quotes, line ends within quotes.  Pure.
 */
#ifndef MAPPER_CSV_H
#define MAPPER_CSV_H

#include "common/arena.h"
#include "common/base.h"

enum { CSV_FIELDS = 64 };

struct csv_reader {
    const char *at, *end;
    int64_t line; /* of the file, from 1, that begins at `at` */
};

struct csv_record {
    struct sp_text fields[CSV_FIELDS];
    size_t count;
    int64_t line;        /* where it begins */
    const char *problem; /* NULL, or why it cannot be read; the next call goes on behind it */
};

/* Skips a byte order mark. */
struct csv_reader mapper_csv_open(struct sp_text text);
/* The next record; false at the end.  Empty lines are passed over.  Fields are views of the input,
 * or in the arena where quotes had to be undone. */
bool mapper_csv_next(struct csv_reader *reader, struct sp_arena *arena, struct csv_record *record);

#endif
