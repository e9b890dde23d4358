/* Cancelling an order by the seller. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/cancel_rules.h"
#include "services/order-ingest/return_store.h"

/* What an order's cancellation is offered: reasons, and what was done so far. */
enum sp_result ask_cancelling(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer)
{
    struct sp_text order_id = sp_ask_param(ask, "id");
    const struct sp_rows *rows = store_order_cancelling(ctx, ask->account_id, order_id);
    const struct sp_rows *actions =
        rows == NULL ? NULL : store_order_actions(ctx, ask->account_id, order_id);
    if (actions == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    struct cancel_reason reasons[CANCEL_REASONS];
    size_t count = cancel_reasons(sp_row_text(rows, 0, 1), sp_row_text(rows, 0, 0),
                                  sp_ctx_arena(ctx), reasons);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "reasons");
    for (size_t i = 0; i < count && !sp_row_bool(rows, 0, 4); i++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_string(&json, "name", reasons[i].name);
        sp_json_put_cstring(&json, "meaning", reasons[i].meaning);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_put_raw(&json, "actions", sp_row_text(actions, 0, 0));
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

static bool is_offered(const struct sp_rows *rows, struct sp_text reason, struct sp_arena *arena)
{
    struct cancel_reason reasons[CANCEL_REASONS];
    size_t count = cancel_reasons(sp_row_text(rows, 0, 1), sp_row_text(rows, 0, 0), arena, reasons);
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(reasons[i].name, reason))
            return true;
    }
    return false;
}

enum sp_result ask_cancel_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_text order_id = sp_ask_param(ask, "id");
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_text reason = sp_json_text(sp_json_get(body, "reason"), arena);
    const struct sp_rows *rows = store_order_to_cancel(ctx, ask->account_id, order_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    if (sp_row_bool(rows, 0, 4)) /* pressed twice */
        return ingest_answer_requested(answer);
    if (!is_offered(rows, reason, arena))
        return sp_answer_problem(answer, 422, "REASON_WANTED",
                                 "cancelling takes one of the reasons that are offered");
    int64_t attempt = sp_row_int(rows, 0, 3);
    struct return_action action = {
        .key = return_action_key(arena, order_id, SP_TEXT("cancel"), attempt),
        .order_id = order_id,
        .kind = SP_TEXT("CANCEL"),
        .reason = reason,
        .attempt = attempt,
    };
    return ingest_act(ctx, ask, sp_row_int(rows, 0, 2), &action, answer);
}
