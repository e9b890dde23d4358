/* Cancellations, returns and refunds: lists, one of them, and a person's answer. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "services/order-ingest/return_store.h"

static enum sp_result read_filter(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct return_filter *filter, struct sp_error *err)
{
    *filter = (struct return_filter){.order = sp_ask_param(ask, "order")};
    enum sp_result result = ingest_read_words(sp_ask_param(ask, "state"), FILTER_WORDS,
                                              sp_ctx_arena(ctx), &filter->states);
    if (result != SP_OK)
        return sp_fail(err, SP_REJECT, "at most %d states", FILTER_WORDS);
    result = ingest_read_id(ask, "shop", &filter->shop_id, err);
    return result == SP_OK ? ingest_read_page(ask, &filter->page, err) : result;
}

enum sp_result ask_returns(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct return_filter filter;
    struct sp_error why;
    if (read_filter(ctx, ask, &filter, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_returns(ctx, ask->account_id, &filter), answer);
}

enum sp_result ask_return_counts(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    int64_t shop_id = 0;
    struct sp_error why;
    if (ingest_read_id(ask, "shop", &shop_id, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_count_returns(ctx, ask->account_id, shop_id), answer);
}

enum sp_result ask_return(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return ingest_answer_document(ctx, store_return(ctx, ask->account_id, sp_ask_param(ask, "id")),
                                  answer);
}

/* ---- acting
 * ------------------------------------------------------------------------------------------ */

enum sp_result ingest_answer_requested(struct sp_answer *answer)
{
    answer->status = 202;
    sp_buffer_put_string(&answer->body, "{\"state\":\"REQUESTED\"}");
    return SP_OK;
}

enum sp_result ingest_act(struct sp_ctx *ctx, const struct sp_ask *ask, int64_t shop_id,
                          struct return_action *action, struct sp_answer *answer)
{
    action->account_id = ask->account_id;
    action->user = ask->user;
    action->trace = ask->trace;
    struct action_requested requested = {
        .head = {.account_id = ask->account_id,
                 .key = action->key,
                 .rev = store_put_action(ctx, action)},
        .shop_id = shop_id,
        .channel_order_id = return_channel_id(action->order_id),
        .kind = action->kind,
        .subject_id = action->return_key.size > 0 ? return_channel_id(action->return_key)
                                                  : (struct sp_text){0},
        .reason = action->reason,
        .wants = action->wants,
        .units = action->units,
        .units_count = action->unit_count,
    };
    memcpy(requested.head.trace, ask->trace, sizeof requested.head.trace);
    enum sp_result result = sp_emit(ctx, &action_requested_message, &requested, 1);
    return result == SP_OK ? ingest_answer_requested(answer) : result;
}

static struct return_answer read_answer(const struct sp_rows *rows, struct sp_json body,
                                        struct sp_arena *arena)
{
    return (struct return_answer){
        .state = sp_row_text(rows, 0, 0),
        .wants = sp_row_text(rows, 0, 1),
        .is_cancellation = sp_row_bool(rows, 0, 2),
        .action_kind = sp_row_text(rows, 0, 3),
        .reason_offered = sp_row_bool(rows, 0, 5),
        .answers = sp_json_text(sp_json_get(body, "wants"), arena),
        .accept = sp_json_bool(sp_json_get(body, "accept")),
        .reason = sp_json_text(sp_json_get(body, "reason"), arena),
    };
}

static enum sp_result ask_marketplace(struct sp_ctx *ctx, const struct sp_ask *ask,
                                      const struct sp_rows *rows, const struct return_answer *wish,
                                      struct sp_answer *answer)
{
    struct sp_text return_key = sp_ask_param(ask, "id");
    int64_t attempt = sp_row_int(rows, 0, 4);
    struct return_action action = {
        .key = return_action_key(sp_ctx_arena(ctx), return_key, wish->wants, attempt),
        .order_id = sp_row_text(rows, 0, 7),
        .return_key = return_key,
        .wants = wish->wants,
        .kind = return_answer_kind(wish->is_cancellation, wish->accept),
        .reason = wish->accept ? (struct sp_text){0} : wish->reason,
        .attempt = attempt,
    };
    return ingest_act(ctx, ask, sp_row_int(rows, 0, 6), &action, answer);
}

enum sp_result ask_answer_return(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    const struct sp_rows *rows =
        store_return_to_answer(ctx, ask->account_id, sp_ask_param(ask, "id"),
                               sp_json_text(sp_json_get(body, "reason"), arena));
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such return");
    struct return_answer wish = read_answer(rows, body, arena);
    switch (return_judge(&wish)) {
    case RETURN_NOT_WAITING:
        return sp_answer_problem(answer, 409, "NOT_WAITING",
                                 "the marketplace does not wait for this answer any more");
    case RETURN_OTHER:
        return sp_answer_problem(answer, 409, "ANSWERED", "another answer is under way");
    case RETURN_REASON:
        return sp_answer_problem(answer, 422, "REASON_WANTED",
                                 "declining takes one of the reasons that are offered");
    case RETURN_ASKED:
        return ingest_answer_requested(answer);
    case RETURN_ASK:
        break;
    }
    return ask_marketplace(ctx, ask, rows, &wish, answer);
}
