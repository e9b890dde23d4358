/* Import runs: beginning one, and seeing what it brought. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "services/order-ingest/run_rules.h"
#include "services/order-ingest/store.h"

/* The marketplace keeps nothing older, and a mistyped year should not load a decade. */
enum { LOAD_MOST_DAYS = 3650, CSV_LINES = 1000, AGAIN_MOST = 5000 };

/* Tables take a file without a mark for Latin. */
#define CSV_HEAD                                                                                   \
    "\xEF\xBB\xBF"                                                                                 \
    "order,result,detail,at,asked_again_at\r\n"

static enum sp_result read_request(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct run_request *request, struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    *request = (struct run_request){.account_id = ask->account_id, .user = ask->user};
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    if (ingest_read_id(ask, "id", &request->shop_id, &why) != SP_OK)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such shop");
    if (sp_json_bool(sp_json_get(body, "all")))
        return SP_OK;
    if (ingest_read_time(sp_json_text(sp_json_get(body, "from"), arena), &request->from_us) !=
            SP_OK ||
        ingest_read_time(sp_json_text(sp_json_get(body, "until"), arena), &request->until_us) !=
            SP_OK)
        return sp_answer_problem(answer, 422, "RANGE_BAD", "from and until are times like %s",
                                 "2026-11-21T22:30:00Z");
    int64_t range_us = request->until_us - request->from_us;
    if (request->from_us <= 0 || range_us <= 0 || range_us > INT64_C(86400000000) * LOAD_MOST_DAYS)
        return sp_answer_problem(answer, 422, "RANGE_BAD",
                                 "until lies behind from, at most %d days", LOAD_MOST_DAYS);
    return SP_OK;
}

static enum sp_result emit_requested(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     const struct run_request *request, const struct sp_rows *run)
{
    int64_t run_id = sp_row_int(run, 0, 0);
    struct import_requested requested = {
        .head = {.account_id = request->account_id,
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld", (long long)run_id),
                 .rev = sp_row_int(run, 0, 1)},
        .run_id = run_id,
        .shop_id = request->shop_id,
        .from_at = sp_row_int(run, 0, 3),
        .until_at = sp_row_int(run, 0, 4),
        .reason = SP_TEXT("manual"),
    };
    memcpy(requested.head.trace, ask->trace, sizeof requested.head.trace);
    return sp_emit(ctx, &import_requested_message, &requested, 1);
}

enum sp_result ask_load(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct run_request request;
    enum sp_result result = read_request(ctx, ask, &request, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = store_make_run(ctx, &request);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such connected shop");
    int64_t run_id = sp_row_int(rows, 0, 0);
    answer->status = 202;
    sp_buffer_printf(&answer->body, "{\"run_id\":\"%lld\"}", (long long)run_id);
    if (!sp_row_bool(rows, 0, 2))
        return SP_OK; /* pressed twice: the one that is under way */
    return emit_requested(ctx, ask, &request, rows);
}

enum sp_result ask_runs(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct list_page page;
    struct sp_error why;
    int64_t shop_id = 0;
    if (ingest_read_page(ask, &page, &why) != SP_OK ||
        ingest_read_id(ask, "shop", &shop_id, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_runs(ctx, ask->account_id, shop_id, &page),
                                  answer);
}

/* ---- lines
 * -------------------------------------------------------------------------------------------- */

static enum sp_result read_lines(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct run_line_query *query, struct sp_error *err)
{
    *query = (struct run_line_query){.run = {.account_id = ask->account_id}};
    enum sp_result result = ingest_read_page(ask, &query->page, err);
    if (result == SP_OK)
        result = ingest_read_id(ask, "id", &query->run.run_id, err);
    return result == SP_OK ? run_read_results(ask, sp_ctx_arena(ctx), &query->results, err)
                           : result;
}

enum sp_result ask_run_lines(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct run_line_query query;
    struct sp_error why;
    if (read_lines(ctx, ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_run_lines(ctx, &query), answer);
}

enum sp_result ask_run_lines_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct run_line_query query;
    struct sp_error why;
    if (read_lines(ctx, ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    query.page.limit = CSV_LINES;
    const char *heading = query.page.first ? CSV_HEAD : "";
    return ingest_answer_csv(ctx, store_run_lines_csv(ctx, &query), heading, answer);
}

/* ---- loading again
 * -------------------------------------------------------------------------------------------- */

static enum sp_result emit_wanted(struct sp_ctx *ctx, const struct sp_ask *ask, struct run_key run,
                                  int64_t shop_id, const struct sp_rows *lines)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    size_t count = sp_rows_count(lines);
    struct order_wanted *wanted = sp_arena_array(arena, count + 1, sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        wanted[i] = (struct order_wanted){
            .head = {.account_id = run.account_id,
                     .key =
                         sp_arena_printf(arena, "%.*s/run/%lld", SP_FMT(sp_row_text(lines, i, 1)),
                                         (long long)run.run_id),
                     .rev = sp_row_int(lines, i, 2)},
            .shop_id = shop_id,
            .channel_order_id = sp_row_text(lines, i, 0),
            .run_id = run.run_id,
            .reason = SP_TEXT("person"),
        };
        memcpy(wanted[i].head.trace, ask->trace, sizeof wanted[i].head.trace);
    }
    return sp_emit(ctx, &order_wanted_message, wanted, count);
}

enum sp_result ask_load_again(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct run_key run = {.account_id = ask->account_id};
    struct sp_error why;
    const struct sp_rows *found = NULL;
    if (ingest_read_id(ask, "id", &run.run_id, &why) != SP_OK)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such run");
    if ((found = store_find_run(ctx, run)) == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(found) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such run");
    if (!sp_row_bool(found, 0, 1))
        return sp_answer_problem(answer, 409, "RUN_UNDER_WAY", "the run has not ended yet");
    if (!sp_row_bool(found, 0, 2))
        return sp_answer_problem(answer, 409, "SHOP_AWAY", "the shop is not connected");
    const struct sp_rows *lines = store_want_lines(ctx, run, run_unready, AGAIN_MOST);
    if (lines == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    bool more = sp_rows_count(lines) > 0 && sp_row_bool(lines, 0, 3);
    answer->status = 202;
    sp_buffer_printf(&answer->body, "{\"orders\":%zu,\"more\":%s}", sp_rows_count(lines),
                     more ? "true" : "false");
    return emit_wanted(ctx, ask, run, sp_row_int(found, 0, 0), lines);
}
