/* Reading an uploaded sheet into lines that the import goes through. */
#ifndef MAPPER_SHEET_STAGE_H
#define MAPPER_SHEET_STAGE_H

#include "services/product-mapper/import_store.h"

/* The file of an import in state READING, in transactions of its own; `file` is read only.
 * SP_RETRY: the world was not ready, or somebody else reads it by now. */
struct sheet_file {
    struct import_key key;
    int64_t attempt;
    struct sp_text body, language;
};
enum sp_result mapper_stage_sheet(struct sp_ctx *ctx, const struct sheet_file *file) SP_MUST_USE;

#endif
