/* Goods as a sheet: CSV page by page, a workbook by a job. */
#include "services/product-mapper/asks.h"

#include "common/csv.h"
#include "services/product-mapper/export_store.h"
#include "services/product-mapper/goods_sheet.h"
#include "services/product-mapper/relink.h"

enum {
    CSV_LINES = 1000,
    CSV_PAGE_BYTES = 512 * 1024, /* no line is begun behind this */
};

enum sp_result ask_variants_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct variant_query query;
    struct sp_error why;
    struct goods_line line;
    struct sp_buffer page = {0};
    if (mapper_read_variant_query(ask, sp_ctx_arena(ctx), &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    bool first = query.after == 0;
    query.limit = CSV_LINES;
    const struct sp_rows *rows = store_read_goods(ctx, ask->account_id, &query);
    if (rows == NULL)
        return mapper_failed(ctx);
    if (first) {
        sp_buffer_put_string(&page, "\xEF\xBB\xBF"); /* or tables take it for Latin */
        mapper_goods_heading(ask->language, &line);
        sp_csv_put(&page, line.fields, COLUMNS_WRITTEN);
    }
    size_t row = 0, count = sp_rows_count(rows);
    for (; row < count && row < CSV_LINES && page.size < CSV_PAGE_BYTES; row++) {
        mapper_goods_line(rows, row, &line);
        sp_csv_put(&page, line.fields, COLUMNS_WRITTEN);
    }
    if (row < count)
        sp_buffer_put_int(&answer->body, sp_row_int(rows, row - 1, 0));
    sp_buffer_put(&answer->body, "\n", 1);
    sp_buffer_put_text(&answer->body, sp_buffer_text(&page));
    sp_buffer_free(&page);
    answer->status = 200;
    return SP_OK;
}

/* ---- workbooks
 * ------------------------------------------------------------------------------------ */

static enum sp_result answer_export(struct sp_ctx *ctx, struct export_key key,
                                    struct sp_answer *answer)
{
    return mapper_answer_document(ctx, store_read_export(ctx, key), answer);
}

enum sp_result ask_workbook(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_json filter;
    struct sp_error why;
    if (sp_json_parse(ask->body, &filter, &why) != SP_OK || filter.kind != SP_JSON_OBJECT)
        return sp_answer_problem(answer, 400, "BODY_NOT_OBJECT", "the filter is an object");
    const struct sp_rows *rows = store_put_export(ctx, ask, ask->body);
    if (sp_rows_count(rows) != 1)
        return mapper_failed(ctx);
    struct export_key key = {ask->account_id, sp_row_int(rows, 0, 0)};
    enum sp_result result = answer_export(ctx, key, answer);
    answer->status = result == SP_OK ? 202 : answer->status;
    sp_wake(ctx, "write-workbooks");
    return result;
}

static enum sp_result read_key(struct sp_ctx *ctx, const struct sp_ask *ask, struct export_key *key)
{
    key->account_id = ask->account_id;
    return sp_ask_int(ctx, ask, "id", (struct sp_range){0, 1, INT64_MAX}, &key->export_id);
}

enum sp_result ask_workbook_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct export_key key;
    enum sp_result result = read_key(ctx, ask, &key);
    return result == SP_OK ? answer_export(ctx, key, answer) : result;
}

enum sp_result ask_workbook_file(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct export_key key;
    int64_t piece = 0;
    enum sp_result result = read_key(ctx, ask, &key);
    if (result == SP_OK)
        result = sp_ask_int(ctx, ask, "cursor", (struct sp_range){1, 1, INT64_MAX - 1}, &piece);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_read_piece(ctx, key, piece);
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such file, or not yet");
    if (sp_row_bool(rows, 0, 1))
        sp_buffer_put_int(&answer->body, piece + 1);
    sp_buffer_put(&answer->body, "\n", 1);
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    answer->status = 200;
    return SP_OK;
}
