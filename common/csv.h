/* Comma-separated values, RFC 4180: quoted fields, doubled quotes, line ends within quotes.  Pure.
 */
#ifndef SAMPAN_CSV_H
#define SAMPAN_CSV_H

#include "common/buffer.h"
#include "common/sheet.h"

struct sp_csv {
    const char *at, *end;
    int64_t line;   /* of the file, from 1, that begins at `at` */
    char separator; /* comma, semicolon or tab: what the first line has most of */
};

/* Skips a byte order mark. */
struct sp_csv sp_csv_open(struct sp_text text);
/* The next record; false at the end.  Empty lines are passed over.  Fields are views of the input,
 * or in the arena where quotes had to be undone. */
bool sp_csv_next(struct sp_csv *reader, struct sp_arena *arena, struct sp_sheet_record *record);

/* Writing.  Programs for tables take a field that begins with = + - @ for a formula: it gets an
 * apostrophe in front, which sp_csv_plain takes away again. */
void sp_csv_put(struct sp_buffer *out, const struct sp_text fields[], size_t count);
struct sp_text sp_csv_plain(struct sp_text field);

#endif
