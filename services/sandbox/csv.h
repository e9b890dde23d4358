/* Comma-separated lines: quotes as in RFC 4180, except that a line break always ends the line, so
 * that one broken row cannot swallow those behind it. */
#ifndef SANDBOX_CSV_H
#define SANDBOX_CSV_H

#include "common/arena.h"
#include "common/base.h"

/* Cuts the next line (without its end) from the front of `rest`; false when nothing is left. */
bool csv_next_line(struct sp_text *rest, struct sp_text *line);
/* The fields of a line.  SP_REJECT on a quote that is not closed, text behind a closing quote, or
 * more than `limit` fields. */
enum sp_result csv_split(struct sp_text line, struct sp_arena *arena, struct sp_text fields[],
                         size_t limit, size_t *count) SP_MUST_USE;

#endif
