/* The SQL of importing sheets; as store.h says. */
#ifndef MAPPER_IMPORT_STORE_H
#define MAPPER_IMPORT_STORE_H

#include "services/product-mapper/sheet_columns.h"
#include "services/product-mapper/store.h"

enum { FIRST_BUNDLE = 10 * SP_SHEET_LINES }; /* positions of bundles begin here */

struct import_key {
    int64_t account_id, import_id;
};

/* ---- by people (import_store.c)
 * ------------------------------------------------------------------------ */

struct import_upload {
    struct sp_text name, file;
    bool check_only;
};
/* Columns: import_id. */
const struct sp_rows *store_put_import(struct sp_ctx *ctx, const struct sp_ask *ask,
                                       const struct import_upload *upload);
/* From CHECKED on: every line anew, for good.  Columns: import_id; no row: it is not CHECKED. */
const struct sp_rows *store_run_import(struct sp_ctx *ctx, struct import_key key);
const struct sp_rows *store_read_import(struct sp_ctx *ctx, struct import_key key);
const struct sp_rows *store_list_imports(struct sp_ctx *ctx, int64_t account_id);
struct line_query {
    struct sp_text outcome; /* empty: any */
    int64_t after, limit;
};
const struct sp_rows *store_list_lines(struct sp_ctx *ctx, struct import_key key,
                                       const struct line_query *query);
/* Lines at fault, for the file of errors.  Columns: position, line, code, problem, fields (JSON),
 * heading (JSON). */
const struct sp_rows *store_read_wrong(struct sp_ctx *ctx, struct import_key key, int64_t after,
                                       int64_t most);

/* ---- by the job (import_job_store.c)
 * ------------------------------------------------------------------- */

/* One that is due, locked.  Columns: account_id, import_id, state, attempt, made_by, language,
 * heading (JSON), position, file (of READING), currency of the account. */
const struct sp_rows *store_take_import(struct sp_ctx *ctx);
enum import_column {
    IMPORT_ACCOUNT,
    IMPORT_ID,
    IMPORT_STATE,
    IMPORT_ATTEMPT,
    IMPORT_BY,
    IMPORT_LANGUAGE,
    IMPORT_HEADING,
    IMPORT_POSITION,
    IMPORT_FILE,
    IMPORT_CURRENCY,
};
/* Begins a reading: nobody else takes it for a while, lines of an earlier try are gone. */
void store_begin_reading(struct sp_ctx *ctx, struct import_key key);

struct staged_line {
    int64_t position, line;
    struct sp_text sku;
    const struct sp_text *fields;
    size_t count;
    bool readable;
};
/* Columns: import_id; no row: the lease was lost. */
const struct sp_rows *store_stage_lines(struct sp_ctx *ctx, struct import_key key, int64_t attempt,
                                        const struct staged_line lines[], size_t count);
struct import_reading {
    const struct sp_text *heading, *ignored;
    size_t heading_count, ignored_count;
    int64_t lines;
    const char *problem; /* NULL: it could be read */
};
void store_end_reading(struct sp_ctx *ctx, struct import_key key, int64_t attempt,
                       const struct import_reading *reading);

/* The next lines: of bundles only when no others are left, as their parts may be among those.
 * Columns: position, line, fields (JSON), readable, whether an earlier line has
 * the SKU. */
const struct sp_rows *store_next_lines(struct sp_ctx *ctx, struct import_key key, int64_t after,
                                       int64_t most);
/* SKUs of the file that a check found to be new.  Columns: sku. */
const struct sp_rows *store_find_checked(struct sp_ctx *ctx, struct import_key key,
                                         struct key_list skus);
/* What lines refer to by name, by line.  Columns: index, type_id, product_id (0: none yet),
 * archived, value_ids, what is not known. */
const struct sp_rows *store_find_references(struct sp_ctx *ctx, int64_t account_id,
                                            const struct sheet_line lines[], size_t count);
enum reference_column {
    REFERENCE_AT,
    REFERENCE_TYPE,
    REFERENCE_PRODUCT,
    REFERENCE_ARCHIVED,
    REFERENCE_VALUES,
    REFERENCE_UNKNOWN,
};
/* Makes products; those that are there stay.  Columns: type_id, name, product_id. */
struct new_product {
    int64_t type_id;
    struct sp_text name;
};
const struct sp_rows *store_make_products(struct sp_ctx *ctx, const struct link_origin *origin,
                                          const struct new_product products[], size_t count);
/* Those of the variants whose values another variant of their product has, or an earlier one of
 * these.  Columns: sku. */
const struct sp_rows *store_find_rivals(struct sp_ctx *ctx, int64_t account_id,
                                        const struct variant_input inputs[], size_t count);

/* Where an import stood when it was taken; nothing is written of one that has gone on since. */
struct import_place {
    struct import_key key;
    bool checking; /* else saving */
    int64_t position;
};
struct line_outcome {
    int64_t position;
    const char *outcome, *code, *problem;
};
/* Columns: import_id; no row: it has gone on. */
const struct sp_rows *store_put_outcomes(struct sp_ctx *ctx, const struct import_place *place,
                                         const struct line_outcome outcomes[], size_t count);
/* No more lines: CHECKED or DONE. */
void store_end_import(struct sp_ctx *ctx, struct import_key key);
void store_refuse_import(struct sp_ctx *ctx, const struct import_place *place,
                         struct sp_text problem);
/* Old ones and their lines. */
void store_forget_imports(struct sp_ctx *ctx);

#endif
