/* A person has the goods of an order back. */
#include "services/placement/ask_store.h"
#include "services/placement/asks.h"
#include "services/placement/place_flow.h"

enum { NOTE_MOST = 500 };

static enum sp_result read_form(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct returned_form *form, struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return sp_answer_problem(answer, 400, "BAD_REQUEST", "%s", sp_ctx_error(ctx)->text);
    *form =
        (struct returned_form){.order = {ask->account_id, sp_ask_param(ask, "id")},
                               .user = ask->user,
                               .note = sp_json_text(sp_json_get(body, "note"), sp_ctx_arena(ctx))};
    if (form->note.size > NOTE_MOST)
        return sp_answer_problem(answer, 422, "TOO_LONG", "a note has at most %d bytes", NOTE_MOST);
    return SP_OK;
}

enum sp_result ask_returned(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct returned_form form;
    struct place_flow flow = {.user = ask->user};
    enum sp_result result = read_form(ctx, ask, &form, answer);
    if (result == SP_OK)
        result = place_flow_load(ctx, &form.order, 1, &flow);
    if (result != SP_OK)
        return result;
    if (flow.count == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    struct placing_case *order = &flow.cases[0];
    answer->status = 200;
    sp_buffer_put_string(&answer->body, "{\"stage\":\"RETURNED\"}");
    if (order->before.stage == RETURNED)
        return SP_OK; /* who said it first is kept */
    order->trigger = BY_RETURN;
    result = place_flow_run(ctx, &flow);
    if (result != SP_OK)
        return result;
    if (order->after.stage != RETURNED)
        return sp_answer_problem(answer, 409, "STAGE", "an order that is %s cannot come back",
                                 stage_machine.states[order->before.stage]);
    store_note_returned(ctx, &form);
    return SP_OK;
}
