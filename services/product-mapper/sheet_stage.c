/* Reading an uploaded sheet into lines that the import goes through. */
#include "services/product-mapper/sheet_stage.h"

#include <stdlib.h>

#include "common/csv.h"
#include "common/encoding.h"
#include "services/product-mapper/relink.h"
#include "services/product-mapper/xlsx_read.h"

enum {
    STAGE_LINES = 1000, /* in one transaction */
    IGNORED_MOST = 16,
    READS_MOST = 10,
};

struct staging {
    struct sp_ctx *ctx;
    const struct sheet_file *file;
    struct sp_arena *kept;  /* headings */
    struct sp_arena *chunk; /* lines that wait to be written */
    struct staged_line *lines;
    size_t count;
    int64_t plain_count, bundle_count;
    struct sheet_columns columns;
    struct sp_text *heading;
    size_t heading_count;
    struct sp_text ignored[IGNORED_MOST];
    const char *problem; /* of the file as a whole */
    bool is_csv;
};

static enum sp_result flush(struct staging *staging)
{
    struct sp_ctx *ctx = staging->ctx;
    if (staging->count == 0)
        return SP_OK;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *held = store_stage_lines(ctx, staging->file->key, staging->file->attempt,
                                                   staging->lines, staging->count);
    if (held == NULL)
        result = mapper_failed(ctx);
    else if (sp_rows_count(held) == 0)
        result = sp_fail(sp_ctx_error(ctx), SP_RETRY, "the sheet is read by somebody else");
    result = result == SP_OK ? sp_commit(ctx) : result;
    if (result != SP_OK)
        sp_rollback(ctx);
    sp_db_reset(sp_ctx_db(ctx));
    sp_arena_reset(staging->chunk);
    staging->count = 0;
    return result;
}

/* The fields, as the file means them. */
static struct sp_text *copy_fields(const struct staging *staging,
                                   const struct sp_sheet_record *record, struct sp_arena *arena,
                                   bool *readable)
{
    struct sp_text *fields = sp_arena_array(arena, record->count, sizeof *fields);
    for (size_t i = 0; i < record->count; i++) {
        struct sp_text field = record->fields[i];
        *readable = *readable && field.size <= SP_SHEET_FIELD_BYTES;
        fields[i] = sp_arena_copy(arena, staging->is_csv ? sp_csv_plain(field) : field);
    }
    return fields;
}

static enum sp_result take_heading(struct staging *staging, const struct sp_sheet_record *record)
{
    bool readable = record->problem == NULL;
    struct sp_sheet_record heading = *record;
    staging->heading = copy_fields(staging, record, staging->kept, &readable);
    staging->heading_count = record->count;
    for (size_t i = 0; i < record->count; i++)
        heading.fields[i] = staging->heading[i];
    staging->problem =
        readable ? mapper_read_headings(&heading, &staging->columns, staging->ignored, IGNORED_MOST)
                 : "FIRST_LINE_UNREADABLE";
    return staging->problem == NULL ? SP_OK : SP_REJECT;
}

/* To find the line by; the index holds no long ones, and none of them is a SKU. */
static struct sp_text sku_of(const struct staging *staging, const struct staged_line *line)
{
    size_t at = (size_t)staging->columns.at[COLUMN_SKU];
    struct sp_text sku = at < line->count ? mapper_trimmed(line->fields[at]) : (struct sp_text){0};
    return sku.size <= VARIANT_SKU_BYTES ? sku : (struct sp_text){0};
}

static enum sp_result take_line(void *owner, const struct sp_sheet_record *record)
{
    struct staging *staging = owner;
    if (staging->heading == NULL)
        return take_heading(staging, record);
    if (staging->plain_count + staging->bundle_count == SP_SHEET_LINES) {
        staging->problem = "SHEET_TOO_LONG";
        return SP_REJECT;
    }
    struct staged_line *line = &staging->lines[staging->count++];
    *line = (struct staged_line){
        .line = record->line, .count = record->count, .readable = record->problem == NULL};
    line->fields = copy_fields(staging, record, staging->chunk, &line->readable);
    line->sku = line->readable ? sku_of(staging, line) : (struct sp_text){0};
    if (line->readable && mapper_line_is_bundle(record, &staging->columns))
        line->position = FIRST_BUNDLE + ++staging->bundle_count;
    else
        line->position = ++staging->plain_count;
    return staging->count == STAGE_LINES ? flush(staging) : SP_OK;
}

static enum sp_result read_csv(struct staging *staging)
{
    struct sp_error *err = sp_ctx_error(staging->ctx);
    struct sp_text text;
    enum sp_result result =
        sp_text_to_utf8(staging->file->body, staging->file->language, staging->kept, &text, err);
    struct sp_csv reader = sp_csv_open(text);
    struct sp_arena *arena = sp_arena_open();
    struct sp_sheet_record *record = sp_alloc(sizeof *record);
    while (result == SP_OK && sp_csv_next(&reader, arena, record)) {
        result = take_line(staging, record);
        sp_arena_reset(arena);
    }
    free(record);
    sp_arena_close(&arena);
    return result;
}

/* A file that ended its readers before they came to its end will end the next one. */
static enum sp_result read_file(struct staging *staging)
{
    struct sp_error *err = sp_ctx_error(staging->ctx);
    if (staging->file->attempt > READS_MOST)
        return sp_fail(err, SP_REJECT, "READ_NEVER_ENDED");
    return staging->is_csv ? read_csv(staging)
                           : mapper_read_xlsx(staging->file->body, take_line, staging, err);
}

static enum sp_result finish(struct staging *staging)
{
    struct import_reading reading = {
        .heading = staging->heading,
        .heading_count = staging->heading_count,
        .ignored = staging->ignored,
        .lines = staging->plain_count + staging->bundle_count,
        .problem = staging->problem,
    };
    while (reading.ignored_count < IGNORED_MOST && staging->ignored[reading.ignored_count].size > 0)
        reading.ignored_count++;
    enum sp_result result = sp_begin(staging->ctx);
    if (result != SP_OK)
        return result;
    store_end_reading(staging->ctx, staging->file->key, staging->file->attempt, &reading);
    return sp_commit(staging->ctx);
}

enum sp_result mapper_stage_sheet(struct sp_ctx *ctx, const struct sheet_file *file)
{
    struct staging staging = {
        .ctx = ctx,
        .file = file,
        .kept = sp_arena_open(),
        .chunk = sp_arena_open(),
        .lines = sp_alloc(STAGE_LINES * sizeof *staging.lines),
        .is_csv = !mapper_is_xlsx(file->body),
    };
    enum sp_result result = read_file(&staging);
    if (result == SP_OK)
        result = flush(&staging);
    if (result == SP_OK && staging.heading == NULL)
        staging.problem = "FILE_EMPTY";
    if (result == SP_REJECT && staging.problem == NULL)
        staging.problem = sp_ctx_error(ctx)->text;
    if (result != SP_RETRY)
        result = finish(&staging);
    free(staging.lines);
    sp_arena_close(&staging.kept);
    sp_arena_close(&staging.chunk);
    return result;
}
