/* Import runs: beginning one, and seeing what it brought. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "services/order-ingest/store.h"

/* The marketplace keeps nothing older, and a mistyped year should not load a decade. */
enum { LOAD_MOST_DAYS = 3650 };

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

enum sp_result ask_run_lines(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct list_page page;
    struct sp_error why;
    int64_t run_id = 0;
    if (ingest_read_page(ask, &page, &why) != SP_OK ||
        ingest_read_id(ask, "id", &run_id, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_run_lines(ctx, ask->account_id, run_id, &page),
                                  answer);
}
