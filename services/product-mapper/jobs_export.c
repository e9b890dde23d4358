/* Workbooks are written: pages of goods become one file, which is kept in pieces. */
#include "services/product-mapper/export_store.h"
#include "services/product-mapper/goods_sheet.h"
#include "services/product-mapper/jobs_sheet.h"
#include "services/product-mapper/relink.h"
#include "services/product-mapper/xlsx_write.h"

enum { PAGE_LINES = 1000, PIECE_BYTES = 512 * 1024 };

struct writing {
    struct sp_ctx *ctx;
    struct export_key key;
    int64_t attempt, lines;
    struct variant_query query;
    struct xlsx_writer *book; /* NULL: nothing is due */
    const char *problem;
    struct sp_error why;
};

/* A transaction of whoever writes it still; after 20 s without one somebody else does. */
static enum sp_result begin(struct writing *writing)
{
    struct sp_ctx *ctx = writing->ctx;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *held = store_hold_export(ctx, writing->key, writing->attempt);
    if (held == NULL)
        result = mapper_failed(ctx);
    else if (sp_rows_count(held) == 0)
        result = sp_fail(sp_ctx_error(ctx), SP_RETRY, "the workbook is written by somebody else");
    if (result != SP_OK)
        sp_rollback(ctx);
    return result;
}

/* One page, in a transaction of its own; false in `more`: it was the last. */
static enum sp_result write_page(struct writing *writing, bool *more)
{
    struct sp_ctx *ctx = writing->ctx;
    enum sp_result result = begin(writing);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_read_goods(ctx, writing->key.account_id, &writing->query);
    if (rows == NULL) {
        result = mapper_failed(ctx);
        sp_rollback(ctx);
        return result;
    }
    size_t count = sp_rows_count(rows);
    *more = count > PAGE_LINES;
    if (*more)
        writing->query.after = sp_row_int(rows, --count - 1, 0);
    struct goods_line line;
    for (size_t row = 0; row < count; row++) {
        mapper_goods_line(rows, row, &line);
        mapper_xlsx_put(writing->book, line.fields, COLUMNS_WRITTEN);
    }
    writing->lines += (int64_t)count;
    result = sp_commit(ctx);
    sp_db_reset(sp_ctx_db(ctx));
    return result;
}

static enum sp_result write_pages(struct writing *writing)
{
    bool more = true;
    enum sp_result result = SP_OK;
    while (more && result == SP_OK && writing->problem == NULL) {
        result = sp_stopping(writing->ctx) ? SP_RETRY : write_page(writing, &more);
        if (writing->lines > XLSX_LINES_MOST)
            writing->problem = "WORKBOOK_TOO_LONG";
    }
    if (result == SP_REJECT) { /* it would be each time */
        writing->why = *sp_ctx_error(writing->ctx);
        writing->problem = writing->why.text;
    }
    return result == SP_REJECT ? SP_OK : result;
}

static enum sp_result finish(struct writing *writing, struct sp_text file)
{
    struct sp_ctx *ctx = writing->ctx;
    int64_t piece = 0;
    enum sp_result result = begin(writing);
    if (result != SP_OK)
        return result;
    for (size_t at = 0; at < file.size && writing->problem == NULL; at += PIECE_BYTES) {
        size_t size = file.size - at < PIECE_BYTES ? file.size - at : PIECE_BYTES;
        store_put_piece(ctx, writing->key, ++piece, (struct sp_text){file.data + at, size});
    }
    store_end_export(ctx, writing->key, writing->lines,
                     writing->problem == NULL ? "" : writing->problem);
    return sp_commit(ctx);
}

/* The filter as the list took it. */
static enum sp_result read_filter(struct sp_ctx *ctx, struct sp_text json,
                                  struct variant_query *query)
{
    enum { PARAMS_MOST = 16 };
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_ask_param params[PARAMS_MOST];
    struct sp_ask ask = {.params = params};
    struct sp_json filter, value;
    if (sp_json_parse(sp_arena_copy(arena, json), &filter, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct sp_json_walk walk = sp_json_each(filter);
    while (ask.param_count < PARAMS_MOST &&
           sp_json_next(&walk, &params[ask.param_count].name, &value))
        params[ask.param_count++].value = sp_json_text(value, arena);
    enum sp_result result = mapper_read_variant_query(&ask, arena, query, sp_ctx_error(ctx));
    query->limit = PAGE_LINES;
    query->after = 0;
    return result;
}

/* SP_AGAIN: there is one. */
static enum sp_result take(struct sp_ctx *ctx, struct writing *writing)
{
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_take_export(ctx);
    bool found = sp_rows_count(rows) == 1;
    if (found) {
        writing->key = (struct export_key){sp_row_int(rows, 0, 0), sp_row_int(rows, 0, 1)};
        writing->attempt = sp_row_int(rows, 0, 2);
        struct goods_line heading;
        mapper_goods_heading(sp_row_text(rows, 0, 3), &heading);
        writing->book = mapper_xlsx_open();
        mapper_xlsx_put(writing->book, heading.fields, COLUMNS_WRITTEN);
        if (read_filter(ctx, sp_row_text(rows, 0, 4), &writing->query) != SP_OK)
            writing->problem = "FILTER_UNREADABLE";
    }
    result = rows == NULL ? mapper_failed(ctx) : sp_commit(ctx);
    if (rows == NULL)
        sp_rollback(ctx);
    return result == SP_OK && found ? SP_AGAIN : result;
}

enum sp_result write_workbooks(struct sp_ctx *ctx)
{
    struct writing writing = {.ctx = ctx};
    struct sp_buffer file = {0};
    enum sp_result result = take(ctx, &writing);
    if (writing.book == NULL)
        return result;
    if (result == SP_AGAIN)
        result = writing.problem == NULL ? write_pages(&writing) : SP_OK;
    enum sp_result closed = mapper_xlsx_close(&writing.book, &file, sp_ctx_error(ctx));
    if (result == SP_OK)
        result = closed;
    if (result == SP_OK)
        result = finish(&writing, sp_buffer_text(&file));
    sp_buffer_free(&file);
    return result == SP_OK ? SP_AGAIN : result;
}
