/* Importing a sheet: the upload, how far it is, its lines, and doing it after a check. */
#include "services/product-mapper/asks.h"

#include "common/csv.h"
#include "services/product-mapper/import_store.h"
#include "services/product-mapper/relink.h"

enum { NAME_BYTES = 200, WRONG_LINES = 100 };

static enum sp_result read_key(struct sp_ctx *ctx, const struct sp_ask *ask, struct import_key *key)
{
    key->account_id = ask->account_id;
    return sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &key->import_id);
}

enum sp_result ask_import(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct import_upload upload = {
        .name = sp_ask_param(ask, "name"),
        .file = ask->body,
        .check_only = sp_text_is(sp_ask_param(ask, "check"), "true"),
    };
    if (upload.file.size == 0)
        return sp_answer_problem(answer, 422, "FILE_EMPTY", "the file is empty");
    if (upload.file.size > SP_SHEET_BYTES)
        return sp_answer_problem(answer, 413, "FILE_TOO_LONG", "at most %d bytes", SP_SHEET_BYTES);
    if (upload.name.size > NAME_BYTES)
        return sp_answer_problem(answer, 422, "NAME_BAD", "a name has at most %d bytes",
                                 NAME_BYTES);
    const struct sp_rows *rows = store_put_import(ctx, ask, &upload);
    if (sp_rows_count(rows) != 1)
        return mapper_failed(ctx);
    struct import_key key = {ask->account_id, sp_row_int(rows, 0, 0)};
    enum sp_result result = mapper_answer_document(ctx, store_read_import(ctx, key), answer);
    answer->status = result == SP_OK ? 202 : answer->status;
    sp_wake(ctx, "import-sheets");
    return result;
}

enum sp_result ask_run_import(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct import_key key;
    enum sp_result result = read_key(ctx, ask, &key);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_run_import(ctx, key);
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 409, "NOT_CHECKED",
                                 "only what has been checked can be done");
    result = mapper_answer_document(ctx, store_read_import(ctx, key), answer);
    answer->status = result == SP_OK ? 202 : answer->status;
    sp_wake(ctx, "import-sheets");
    return result;
}

enum sp_result ask_imports(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return mapper_answer_document(ctx, store_list_imports(ctx, ask->account_id), answer);
}

enum sp_result ask_import_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct import_key key;
    enum sp_result result = read_key(ctx, ask, &key);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(ctx, store_read_import(ctx, key), answer);
}

enum sp_result ask_import_lines(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct import_key key;
    struct line_query query = {.outcome = sp_ask_param(ask, "outcome")};
    enum sp_result result = read_key(ctx, ask, &key);
    if (result == SP_OK)
        result = sp_ask_int(ctx, ask, "cursor", (struct sp_range){0, 0, INT64_MAX}, &query.after);
    if (result == SP_OK)
        result = sp_ask_int(ctx, ask, "limit", (struct sp_range){LIST_USUAL, 1, LIST_MOST},
                            &query.limit);
    if (result != SP_OK)
        return result;
    return mapper_answer_document(ctx, store_list_lines(ctx, key, &query), answer);
}

/* ---- the file of errors
 * -------------------------------------------------------------------------- */

/* Two fields, then those of a JSON array. */
static void put_line(struct sp_ctx *ctx, struct sp_buffer *out, struct sp_text first,
                     struct sp_text second, struct sp_text json)
{
    struct sp_text fields[SP_SHEET_FIELDS + 2] = {first, second};
    struct sp_json array, field;
    size_t count = 2;
    struct sp_json_walk walk = {0};
    if (sp_json_parse(json, &array, NULL) == SP_OK)
        walk = sp_json_each(array);
    while (count < SP_COUNT(fields) && sp_json_next(&walk, NULL, &field))
        fields[count++] = sp_json_text(field, sp_ctx_arena(ctx));
    sp_csv_put(out, fields, count);
}

enum sp_result ask_import_errors(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct import_key key;
    int64_t after = 0;
    enum sp_result result = read_key(ctx, ask, &key);
    if (result == SP_OK)
        result = sp_ask_int(ctx, ask, "cursor", (struct sp_range){0, 0, INT64_MAX}, &after);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_read_wrong(ctx, key, after, WRONG_LINES);
    if (rows == NULL)
        return mapper_failed(ctx);
    size_t count = sp_rows_count(rows);
    if (count == 0 && after == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "no line was wrong");
    if (count == WRONG_LINES)
        sp_buffer_put_int(&answer->body, sp_row_int(rows, count - 1, 0));
    sp_buffer_put_string(&answer->body, after == 0 ? "\n\xEF\xBB\xBF" : "\n");
    if (after == 0)
        put_line(ctx, &answer->body, SP_TEXT("line"), SP_TEXT("problem"), sp_row_text(rows, 0, 5));
    for (size_t row = 0; row < count; row++) {
        struct sp_text line =
            sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)sp_row_int(rows, row, 1));
        struct sp_text problem =
            sp_arena_printf(sp_ctx_arena(ctx), "%.*s: %.*s", SP_FMT(sp_row_text(rows, row, 2)),
                            SP_FMT(sp_row_text(rows, row, 3)));
        put_line(ctx, &answer->body, line, problem, sp_row_text(rows, row, 4));
    }
    answer->status = 200;
    return SP_OK;
}
