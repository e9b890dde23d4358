/* Cancelling an order, or single units of it, by the seller. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/cancel_units.h"
#include "services/order-ingest/manual_rules.h"
#include "services/order-ingest/return_store.h"

/* What is offered to cancel as the order stands. */
struct cancel_offer {
    struct cancel_reason reasons[CANCEL_REASONS], unit_reasons[CANCEL_REASONS];
    size_t count, unit_count;
    struct cancel_lines open; /* none unless there is a reason for single units */
};

static struct sp_json json_of(struct sp_text text)
{
    struct sp_json json = {.kind = SP_JSON_NONE};
    if (text.size == 0 || sp_json_parse(text, &json, NULL) != SP_OK)
        return (struct sp_json){.kind = SP_JSON_NONE};
    return json;
}

/* Of an order that is placed single units are not offered: the goods issue that has them is not
 * changed by it. */
static struct cancel_offer offer_of(const struct sp_rows *rows, struct sp_arena *arena)
{
    struct cancel_offer offer = {.count = 0};
    struct cancel_view view = {
        .order = {sp_row_text(rows, 0, CANCEL_REGION), sp_row_text(rows, 0, CANCEL_STATUS)},
        .lines = json_of(sp_row_text(rows, 0, CANCEL_LINES)),
        .taken = json_of(sp_row_text(rows, 0, CANCEL_TAKEN))};
    if (sp_row_bool(rows, 0, CANCEL_COUNTS))
        return offer;
    offer.count = cancel_reasons(&view.order, CANCEL_ALL, arena, offer.reasons);
    if (sp_row_bool(rows, 0, CANCEL_DRAFT))
        offer.unit_count = cancel_reasons(&view.order, CANCEL_SOME, arena, offer.unit_reasons);
    if (offer.unit_count > 0)
        offer.open = cancel_units_free(&view, arena);
    return offer;
}

/* Of an order made by hand the seller has reasons of his own, and changes it instead of cancelling
 * single units. */
static struct cancel_offer own_offer(const struct sp_rows *rows)
{
    struct cancel_offer offer = {.count = 0};
    struct manual_past past = {.known = true,
                               .status = sp_row_text(rows, 0, CANCEL_STATUS),
                               .stage = sp_row_text(rows, 0, CANCEL_STAGE),
                               .deleted = sp_row_bool(rows, 0, CANCEL_DELETED)};
    if (manual_cancel_refusal(&past) == NULL)
        offer.count = cancel_own_reasons(offer.reasons);
    return offer;
}

static void put_reasons(struct sp_json_writer *json, const char *name,
                        const struct cancel_reason reasons[], size_t count)
{
    sp_json_open_array(json, name);
    for (size_t i = 0; i < count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_string(json, "name", reasons[i].name);
        sp_json_put_cstring(json, "meaning", reasons[i].meaning);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_lines(struct sp_json_writer *json, const struct cancel_lines *open)
{
    sp_json_open_array(json, "lines");
    for (size_t i = 0; i < open->count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "line", open->all[i].line);
        sp_json_put_int(json, "units", (int64_t)open->all[i].count);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

/* What an order's cancellation is offered: reasons, units, and what was done so far. */
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
    struct cancel_offer offer =
        manual_is(order_id) ? own_offer(rows) : offer_of(rows, sp_ctx_arena(ctx));
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    put_reasons(&json, "reasons", offer.reasons, offer.count);
    put_reasons(&json, "unit_reasons", offer.unit_reasons, offer.unit_count);
    put_lines(&json, &offer.open);
    sp_json_put_raw(&json, "actions", sp_row_text(actions, 0, 0));
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

/* ---- cancelling
 * ---------------------------------------------------------------------------------------- */

static bool is_offered(const struct cancel_reason reasons[], size_t count, struct sp_text reason)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(reasons[i].name, reason))
            return true;
    }
    return false;
}

static enum sp_result wants_reason(struct sp_answer *answer)
{
    return sp_answer_problem(answer, 422, "REASON_WANTED",
                             "cancelling takes one of the reasons that are offered");
}

/* Keyed by order and attempt, so that it is asked for once. */
static enum sp_result act(struct sp_ctx *ctx, const struct sp_ask *ask, const struct sp_rows *rows,
                          struct return_action *action, struct sp_answer *answer)
{
    action->order_id = sp_ask_param(ask, "id");
    action->attempt = sp_row_int(rows, 0, CANCEL_ATTEMPT);
    action->key =
        return_action_key(sp_ctx_arena(ctx), action->order_id, SP_TEXT("cancel"), action->attempt);
    action->kind = SP_TEXT("CANCEL");
    return ingest_act(ctx, ask, sp_row_int(rows, 0, CANCEL_SHOP), action, answer);
}

static void take_units(const struct cancel_lines *picked, struct sp_arena *arena,
                       struct return_action *action)
{
    struct sp_buffer lines = {0};
    cancel_units_write(picked, &lines);
    action->lines = sp_arena_copy(arena, sp_buffer_text(&lines));
    sp_buffer_free(&lines);
    struct unit_id *units = sp_arena_array(arena, CANCEL_UNITS, sizeof *units);
    for (size_t i = 0; i < picked->count; i++) {
        for (size_t k = 0; k < picked->all[i].count; k++)
            units[action->unit_count++] = picked->all[i].units[k];
    }
    action->units = units;
}

/* One at a time: whoever presses twice means the same units, not others of the same lines. */
static enum sp_result cancel_units(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   const struct sp_rows *rows, struct sp_json body,
                                   struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json wish = sp_json_get(body, "lines");
    struct sp_json pending = json_of(sp_row_text(rows, 0, CANCEL_PENDING));
    if (pending.kind != SP_JSON_NONE && cancel_units_same(pending, wish))
        return ingest_answer_requested(answer);
    if (pending.kind != SP_JSON_NONE || sp_row_bool(rows, 0, CANCEL_COUNTS))
        return sp_answer_problem(answer, 409, "CANCEL_UNDER_WAY",
                                 "another cancellation of the order is under way");
    struct cancel_offer offer = offer_of(rows, arena);
    struct return_action action = {.reason = sp_json_text(sp_json_get(body, "reason"), arena)};
    if (!is_offered(offer.unit_reasons, offer.unit_count, action.reason))
        return wants_reason(answer);
    struct cancel_lines picked;
    if (!cancel_units_pick(&offer.open, wish, arena, &picked))
        return sp_answer_problem(answer, 422, "UNITS_BAD",
                                 "these lines have not so many units that can be cancelled");
    take_units(&picked, arena, &action);
    return act(ctx, ask, rows, &action, answer);
}

static enum sp_result cancel_all(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 const struct sp_rows *rows, struct sp_json body,
                                 struct sp_answer *answer)
{
    if (sp_row_bool(rows, 0, CANCEL_COUNTS)) /* pressed twice */
        return ingest_answer_requested(answer);
    struct cancel_offer offer = offer_of(rows, sp_ctx_arena(ctx));
    struct return_action action = {
        .reason = sp_json_text(sp_json_get(body, "reason"), sp_ctx_arena(ctx))};
    if (!is_offered(offer.reasons, offer.count, action.reason))
        return wants_reason(answer);
    return act(ctx, ask, rows, &action, answer);
}

enum sp_result ask_cancel_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct sp_text order_id = sp_ask_param(ask, "id");
    if (manual_is(order_id))
        return ingest_cancel_manual(
            ctx, ask, sp_json_text(sp_json_get(body, "reason"), sp_ctx_arena(ctx)), answer);
    const struct sp_rows *rows = store_order_to_cancel(ctx, ask->account_id, order_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    return sp_json_get(body, "lines").kind == SP_JSON_NONE
               ? cancel_all(ctx, ask, rows, body, answer)
               : cancel_units(ctx, ask, rows, body, answer);
}
