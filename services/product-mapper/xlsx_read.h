/* The first sheet of an XLSX workbook, line by line.  Bounded: what unpacks to more than it may is
 * refused while it is unpacked. */
#ifndef MAPPER_XLSX_READ_H
#define MAPPER_XLSX_READ_H

#include "common/sheet.h"

enum {
    XLSX_ENTRIES = 1000,                  /* files in the archive */
    XLSX_SHEET_BYTES = 256 * 1024 * 1024, /* of the sheet, unpacked; it is read as a stream */
    XLSX_STRING_BYTES = 48 * 1024 * 1024, /* of the shared texts, unpacked: they are kept */
};

/* Takes one line; its texts live until it returns.  Anything but SP_OK ends the reading. */
typedef enum sp_result sheet_taker(void *owner, const struct sp_sheet_record *record);

/* A zip archive by its first bytes. */
bool mapper_is_xlsx(struct sp_text file);
/* SP_REJECT says why the workbook cannot be read; or what the taker said. */
enum sp_result mapper_read_xlsx(struct sp_text file, sheet_taker *take, void *owner,
                                struct sp_error *err) SP_MUST_USE;

#endif
