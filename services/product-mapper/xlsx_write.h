/* An XLSX workbook of one sheet, written line by line; its lines wait in /tmp until it is packed.
 */
#ifndef MAPPER_XLSX_WRITE_H
#define MAPPER_XLSX_WRITE_H

#include "common/buffer.h"

enum { XLSX_LINES_MOST = 50000 };

struct xlsx_writer;

struct xlsx_writer *mapper_xlsx_open(void);
/* Every field is a text: a program for tables keeps long numbers, and calculates nothing. */
void mapper_xlsx_put(struct xlsx_writer *writer, const struct sp_text fields[], size_t count);
/* Packs it and appends it to `file`.  SP_RETRY: the disk was full, or the like. */
enum sp_result mapper_xlsx_close(struct xlsx_writer **writer, struct sp_buffer *file,
                                 struct sp_error *err) SP_MUST_USE;

#endif
