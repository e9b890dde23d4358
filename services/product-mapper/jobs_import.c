/* Imports go on: a file is read into lines, then lines are done, some at a time (README). */
#include "services/product-mapper/jobs_sheet.h"

#include <stdlib.h>

#include "services/product-mapper/export_store.h"
#include "services/product-mapper/relink.h"
#include "services/product-mapper/sheet_batch.h"
#include "services/product-mapper/sheet_stage.h"

enum { BATCH_LINES = 500 };

/* What was taken, copied: rows go with their transaction. */
struct taken {
    struct import_place place; /* of zeroes: nothing is due */
    bool reading;
    struct sheet_batch batch;
    struct sheet_file file;
};

static void take_headings(struct sp_ctx *ctx, struct sp_text json, struct sheet_columns *columns)
{
    struct sp_json array, field;
    struct sp_text unknown[1];
    struct sp_sheet_record *heading = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *heading);
    struct sp_json_walk walk = {0};
    if (sp_json_parse(sp_arena_copy(sp_ctx_arena(ctx), json), &array, NULL) == SP_OK)
        walk = sp_json_each(array);
    while (heading->count < SP_SHEET_FIELDS && sp_json_next(&walk, NULL, &field))
        heading->fields[heading->count++] = sp_json_text(field, sp_ctx_arena(ctx));
    (void)mapper_read_headings(heading, columns, unknown, SP_COUNT(unknown)); /* read before */
}

static enum sp_result take(struct sp_ctx *ctx, struct taken *taken)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct sp_rows *rows = store_take_import(ctx);
    *taken = (struct taken){0};
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return SP_OK;
    struct sp_text state = sp_row_text(rows, 0, IMPORT_STATE);
    struct import_key key = {sp_row_int(rows, 0, IMPORT_ACCOUNT), sp_row_int(rows, 0, IMPORT_ID)};
    taken->place = (struct import_place){key, sp_text_is(state, "CHECKING"),
                                         sp_row_int(rows, 0, IMPORT_POSITION)};
    taken->reading = sp_text_is(state, "READING");
    taken->batch = (struct sheet_batch){
        .key = key,
        .origin = {.account_id = key.account_id,
                   .user = sp_arena_copy(arena, sp_row_text(rows, 0, IMPORT_BY))},
        .currency = sp_arena_copy(arena, sp_row_text(rows, 0, IMPORT_CURRENCY)),
        .checking = taken->place.checking,
    };
    if (!taken->reading)
        take_headings(ctx, sp_row_text(rows, 0, IMPORT_HEADING), &taken->batch.columns);
    taken->file = (struct sheet_file){
        .key = key,
        .attempt = sp_row_int(rows, 0, IMPORT_ATTEMPT) + 1,
        .language = sp_arena_copy(arena, sp_row_text(rows, 0, IMPORT_LANGUAGE)),
    };
    if (taken->reading)
        taken->file.body = sp_text_copy(sp_row_text(rows, 0, IMPORT_FILE));
    return SP_OK;
}

static enum sp_result read_file(struct sp_ctx *ctx, struct taken *taken)
{
    store_begin_reading(ctx, taken->place.key);
    enum sp_result result = sp_commit(ctx);
    sp_db_reset(sp_ctx_db(ctx));
    if (result == SP_OK)
        result = mapper_stage_sheet(ctx, &taken->file);
    free((void *)(uintptr_t)taken->file.body.data);
    return result == SP_OK ? SP_AGAIN : result;
}

static enum sp_result put_outcomes(struct sp_ctx *ctx, const struct taken *taken,
                                   const struct line_outcome outcomes[], size_t count)
{
    const struct sp_rows *held = store_put_outcomes(ctx, &taken->place, outcomes, count);
    if (held == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(held) == 0)
        return sp_fail(sp_ctx_error(ctx), SP_RETRY, "the lines were done by somebody else");
    return SP_OK;
}

/* A check does all that saving does, and takes it back before it writes down what came of it. */
static enum sp_result do_lines(struct sp_ctx *ctx, struct taken *taken)
{
    const struct sp_rows *rows =
        store_next_lines(ctx, taken->place.key, taken->place.position, BATCH_LINES);
    if (rows == NULL)
        return mapper_failed(ctx);
    size_t count = sp_rows_count(rows);
    if (count == 0) {
        store_end_import(ctx, taken->place.key);
        return SP_OK;
    }
    struct line_outcome *outcomes = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *outcomes);
    enum sp_result result = mapper_do_lines(ctx, &taken->batch, rows, outcomes);
    if (result == SP_OK && taken->place.checking) {
        sp_rollback(ctx);
        result = sp_begin(ctx);
    }
    return result == SP_OK ? put_outcomes(ctx, taken, outcomes, count) : result;
}

/* What can never be done ends with its reason, and holds no other import up. */
static enum sp_result refuse(struct sp_ctx *ctx, const struct import_place *place)
{
    struct sp_text why = sp_arena_copy(sp_ctx_arena(ctx), sp_text_of(sp_ctx_error(ctx)->text));
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_refuse_import(ctx, place, why);
    return sp_commit(ctx);
}

enum sp_result import_sheets(struct sp_ctx *ctx)
{
    struct taken taken;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = take(ctx, &taken);
    if (result == SP_OK && taken.reading)
        return read_file(ctx, &taken);
    bool found = taken.place.key.import_id != 0;
    if (result == SP_OK && found)
        result = do_lines(ctx, &taken);
    if (result == SP_OK)
        result = sp_commit(ctx);
    if (result != SP_OK)
        sp_rollback(ctx);
    if (result == SP_REJECT && found)
        result = refuse(ctx, &taken.place);
    return result == SP_OK && found ? SP_AGAIN : result;
}

enum sp_result forget_sheets(struct sp_ctx *ctx)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    store_forget_imports(ctx);
    store_forget_exports(ctx);
    return sp_commit(ctx);
}
