/* Saving variants: many from a CSV file.  Good lines are kept, lines at fault are listed. */
#include "services/product-mapper/asks.h"

#include <stdlib.h>

#include "services/product-mapper/variants.h"

enum {
    IMPORT_BYTES = 5 * 1024 * 1024,
    IMPORT_LINES = 50000,
    IMPORT_ERRORS = 1000, /* listed; the others are counted */
};

struct import_line {
    struct variant_input input;
    int64_t line;
};

struct import {
    struct import_line *lines;
    size_t count;
    struct sp_json_writer errors; /* an open array */
    int64_t error_count;
};

static void note_error(struct import *import, int64_t line, const char *problem)
{
    if (import->error_count++ >= IMPORT_ERRORS)
        return;
    sp_json_open_object(&import->errors, NULL);
    sp_json_put_int(&import->errors, "line", line);
    sp_json_put_cstring(&import->errors, "problem", problem);
    sp_json_close_object(&import->errors);
}

static enum sp_result read_file(struct sp_ctx *ctx, struct sp_text file, struct import *import,
                                struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct csv_reader reader = mapper_csv_open(file);
    struct csv_record *record = sp_arena_alloc(arena, sizeof *record);
    struct variant_columns columns;
    if (!mapper_csv_next(&reader, arena, record))
        return sp_answer_problem(answer, 422, "FILE_EMPTY", "the file is empty");
    const char *problem = mapper_read_columns(record, &columns);
    if (problem != NULL)
        return sp_answer_problem(answer, 422, "COLUMNS_BAD", "%s", problem);
    import->lines = sp_arena_array(arena, IMPORT_LINES, sizeof *import->lines);
    while (mapper_csv_next(&reader, arena, record)) {
        if (import->count == IMPORT_LINES)
            return sp_answer_problem(answer, 422, "FILE_TOO_LONG", "at most %d lines",
                                     IMPORT_LINES);
        struct import_line *line = &import->lines[import->count];
        line->line = record->line;
        problem = mapper_read_variant(record, &columns, &line->input);
        if (problem == NULL)
            import->count++;
        else
            note_error(import, record->line, problem);
    }
    return SP_OK;
}

static int by_sku(const void *left, const void *right)
{
    const struct import_line *a = left, *b = right;
    int order = sp_text_compare(a->input.sku, b->input.sku);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* The first line of a SKU counts; the statement could not take two. */
static size_t drop_repeats(struct import *import, struct variant_input inputs[])
{
    size_t kept = 0;
    if (import->count > 1)
        qsort(import->lines, import->count, sizeof *import->lines, by_sku);
    for (size_t i = 0; i < import->count; i++) {
        if (kept > 0 && sp_text_equal(inputs[kept - 1].sku, import->lines[i].input.sku))
            note_error(import, import->lines[i].line, "the file has this SKU twice");
        else
            inputs[kept++] = import->lines[i].input;
    }
    return kept;
}

static enum sp_result save_lines(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct import *import, struct sp_answer *answer)
{
    struct link_origin origin = {.account_id = ask->account_id, .user = ask->user};
    struct variant_input *inputs = sp_arena_array(sp_ctx_arena(ctx), import->count, sizeof *inputs);
    size_t count = drop_repeats(import, inputs);
    bool map_by_sku = false;
    struct saved_counts counts;
    enum sp_result result = mapper_relink_begin(ctx, &origin, &map_by_sku);
    if (result != SP_OK)
        return result;
    const struct sp_rows *saved = store_save_variants(ctx, &origin, inputs, count);
    if (saved == NULL)
        return mapper_failed(ctx);
    result = mapper_follow_variants(ctx, &origin, map_by_sku, saved, &counts);
    if (result != SP_OK)
        return result;
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_close_array(&import->errors);
    answer->status = 200;
    sp_json_open_object(&json, NULL);
    sp_json_put_int(&json, "created", counts.created);
    sp_json_put_int(&json, "updated", counts.updated);
    sp_json_put_int(&json, "unchanged", (int64_t)count - counts.created - counts.updated);
    sp_json_put_int(&json, "error_count", import->error_count);
    sp_json_put_raw(&json, "errors", sp_buffer_text(import->errors.out));
    sp_json_close_object(&json);
    return SP_OK;
}

enum sp_result ask_import_variants(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct sp_answer *answer)
{
    if (ask->body.size > IMPORT_BYTES)
        return sp_answer_problem(answer, 413, "FILE_TOO_LONG", "at most %d bytes", IMPORT_BYTES);
    struct sp_buffer errors = {0};
    struct import import = {.errors = sp_json_writer(&errors)};
    sp_json_open_array(&import.errors, NULL);
    enum sp_result result = read_file(ctx, ask->body, &import, answer);
    if (result == SP_OK)
        result = save_lines(ctx, ask, &import, answer);
    sp_buffer_free(&errors);
    return result;
}
