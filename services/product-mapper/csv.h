/* Comma-separated values, RFC 4180: quoted fields, doubled quotes, line ends within quotes.  Pure.
 */
#ifndef MAPPER_CSV_H
#define MAPPER_CSV_H

#include "common/buffer.h"
#include "services/product-mapper/sheet.h"

struct csv_reader {
    const char *at, *end;
    int64_t line;   /* of the file, from 1, that begins at `at` */
    char separator; /* comma, semicolon or tab: what the first line has most of */
};

/* Skips a byte order mark. */
struct csv_reader mapper_csv_open(struct sp_text text);
/* The next record; false at the end.  Empty lines are passed over.  Fields are views of the input,
 * or in the arena where quotes had to be undone. */
bool mapper_csv_next(struct csv_reader *reader, struct sp_arena *arena,
                     struct sheet_record *record);

/* Writing.  Programs for tables take a field that begins with = + - @ for a formula: it gets an
 * apostrophe in front, which mapper_csv_plain takes away again. */
void mapper_csv_put(struct sp_buffer *out, const struct sp_text fields[], size_t count);
struct sp_text mapper_csv_plain(struct sp_text field);

#endif
