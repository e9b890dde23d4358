/* The status table: what it says, what a change would do, and saving what was looked at. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/status_store.h"

enum sp_result ask_statuses(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return ingest_answer_document(ctx, store_read_statuses(ctx, ask->account_id), answer);
}

enum sp_result ask_status_history(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    return ingest_answer_document(ctx, store_read_status_history(ctx, ask->account_id), answer);
}

enum sp_result ask_preview_statuses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                    struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    size_t count = 0;
    struct status_change *changes =
        sp_arena_array(sp_ctx_arena(ctx), STATUS_CHANGES, sizeof *changes);
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    if (ingest_read_statuses(body, sp_ctx_arena(ctx), changes, &count, &why) != SP_OK)
        return sp_answer_problem(answer, 422, "RULE_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_preview_statuses(ctx, ask->account_id, changes, count),
                                  answer);
}

enum sp_result ask_save_statuses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_text token = sp_json_text(sp_json_get(body, "token"), sp_ctx_arena(ctx));
    const struct sp_rows *rows = store_save_statuses(ctx, ask->account_id, token, ask->user);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (!sp_row_bool(rows, 0, 0))
        return sp_answer_problem(answer, 409, "PREVIEW_MISSING",
                                 "look at what changes first; a preview counts for 15 minutes");
    if (!sp_row_bool(rows, 0, 1))
        return sp_answer_problem(answer, 409, "TABLE_CHANGED",
                                 "somebody has changed the table since; look again");
    return ask_statuses(ctx, ask, answer);
}
