/* Placing by hand, and why an order is or is not placed. */
#include <stdlib.h>
#include <string.h>

#include "services/placement/ask_store.h"
#include "services/placement/asks.h"
#include "services/placement/place_flow.h"

enum { MOST_PLACED = 500 };

/* ---- place
 * ---------------------------------------------------------------------------------------- */

struct wish {
    struct sp_text ids[MOST_PLACED]; /* as asked, in that order */
    size_t count;
};

static enum sp_result read_wish(struct sp_ctx *ctx, const struct sp_ask *ask, struct wish *wish,
                                struct sp_answer *answer)
{
    struct sp_json body, id;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "ids"));
    while (sp_json_next(&walk, NULL, &id)) {
        if (wish->count == MOST_PLACED)
            return sp_answer_problem(answer, 422, "TOO_MANY", "at most %d orders at a time",
                                     MOST_PLACED);
        wish->ids[wish->count++] = sp_json_text(id, sp_ctx_arena(ctx));
    }
    if (wish->count == 0)
        return sp_answer_problem(answer, 422, "IDS_WANTED", "at least one order is wanted");
    return SP_OK;
}

static const struct placing_case *case_of(const struct place_flow *flow, int64_t account_id,
                                          struct sp_text key)
{
    struct order_ref wanted = {account_id, key};
    size_t low = 0, high = flow->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (order_ref_compare(&flow->cases[middle].before.ref, &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is = low < flow->count && order_ref_compare(&flow->cases[low].before.ref, &wanted) == 0;
    return is ? &flow->cases[low] : NULL;
}

static void put_reason(struct sp_json_writer *json, const char *code, const char *value)
{
    sp_json_open_array(json, "reasons");
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "code", code);
    sp_json_put_cstring(json, "value", value);
    sp_json_close_object(json);
    sp_json_close_array(json);
}

static void put_result(struct sp_json_writer *json, struct sp_text id,
                       const struct placing_case *order)
{
    bool placed = order != NULL && order->placed;
    bool already = order != NULL && !placed && order->after.placed_us > 0;
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "id", id);
    sp_json_put_cstring(json, "result", placed ? "PLACED" : already ? "ALREADY_PLACED" : "REFUSED");
    if (order == NULL)
        put_reason(json, "NOT_FOUND", "");
    else if (!placed && !already && order->after.conditions.size > 0)
        sp_json_put_raw(json, "reasons", order->after.conditions);
    else if (!placed && !already)
        put_reason(json, "STAGE", stage_machine.states[order->after.stage]);
    sp_json_close_object(json);
}

enum sp_result ask_place(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct wish wish = {.count = 0};
    enum sp_result result = read_wish(ctx, ask, &wish, answer);
    if (result != SP_OK)
        return result;
    struct order_ref refs[MOST_PLACED];
    for (size_t i = 0; i < wish.count; i++)
        refs[i] = (struct order_ref){ask->account_id, wish.ids[i]};
    qsort(refs, wish.count, sizeof *refs, order_ref_compare);
    struct place_flow flow = {.user = ask->user};
    result = place_flow_load(ctx, refs,
                             unique_refs(refs, wish.count, sizeof *refs, order_ref_compare), &flow);
    for (size_t i = 0; i < flow.count; i++)
        flow.cases[i].trigger = BY_HAND;
    if (result == SP_OK && flow.count > 0)
        result = place_flow_run(ctx, &flow);
    if (result != SP_OK)
        return result;
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t i = 0; i < wish.count; i++)
        put_result(&json, wish.ids[i], case_of(&flow, ask->account_id, wish.ids[i]));
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}

/* ---- explain
 * ---------------------------------------------------------------------------------------- */

static void put_findings(struct sp_json_writer *json, const struct findings *findings)
{
    sp_json_open_array(json, "conditions");
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        sp_json_open_object(json, NULL);
        sp_json_put_string(json, "code", finding->condition.code);
        sp_json_put_bool(json, "ok", finding->ok);
        sp_json_put_string(json, "value", finding->condition.value);
        sp_json_put_string(json, "wanted", finding->condition.wanted);
        sp_json_put_int(json, "line", finding->condition.line);
        sp_json_put_cstring(json, "who", finding->who);
        sp_json_put_cstring(json, "fix", finding->ok ? "" : finding->fix);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void put_minor(struct sp_json_writer *json, const char *name, int64_t minor,
                      const struct place_terms *terms)
{
    sp_json_open_object(json, name);
    sp_json_put_minor(json, "amount", minor, 0);
    sp_json_put_cstring(json, "currency", terms->currency);
    sp_json_close_object(json);
}

static void put_charges(struct sp_json_writer *json, const struct placing_case *order,
                        const struct findings *findings)
{
    const struct place_terms *terms = &order->wallet->terms;
    sp_json_open_object(json, "charges");
    if (order->wallet->known) {
        put_minor(json, "goods", findings->charge.goods_minor, terms);
        put_minor(json, "surcharge", findings->charge.surcharge_minor, terms);
        put_minor(json, "shipping", findings->charge.shipping_minor, terms);
        put_minor(json, "total", findings->charge.total_minor, terms);
        put_minor(json, "charged", order->before.charged_minor, terms);
    }
    sp_json_close_object(json);
}

static void explain(struct sp_ctx *ctx, const struct placing_case *order,
                    const struct price_list *prices, struct findings *findings)
{
    const struct placing_record *before = &order->before;
    bool refused = before->refused_rev > 0 && before->refused_rev == order->upstream_rev;
    struct place_ground ground = {.arena = sp_ctx_arena(ctx),
                                  .fact = order->fact,
                                  .terms = order->wallet->known ? &order->wallet->terms : NULL,
                                  .prices = prices,
                                  .shop_known = order->shop_known,
                                  .warehouses = order->warehouses,
                                  .warehouse_count = order->warehouse_count,
                                  .refused_reason =
                                      refused ? before->refused_reason : (struct sp_text){0}};
    findings->all = true;
    conditions_evaluate(&ground, findings);
    /* What is paid for needs no balance. */
    if (stage_is_draft(before->stage))
        (void)condition_balance(&ground, order->wallet->balance_minor, findings);
    if (stage_is_draft(before->stage) && order->wallet->terms.held_by_balance)
        condition_held(findings);
    if (before->stage == CANCELLING && sp_text_is(before->answer, "ISSUED"))
        condition_issued(findings);
}

enum sp_result ask_explain(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct order_ref ref = {ask->account_id, sp_ask_param(ask, "id")};
    struct place_flow flow = {.count = 0};
    struct ground ground = {.wallet_count = 0};
    enum sp_result result = place_flow_look(ctx, &ref, 1, &flow);
    if (result == SP_OK && flow.count == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    /* Costs are wanted whatever the stage. */
    if (result == SP_OK) {
        flow.cases[0].trigger = BY_HAND;
        result = place_flow_ground(ctx, &flow, &ground);
    }
    if (result != SP_OK)
        return result;
    const struct sp_rows *returned = store_ask_returned(ctx, &ref);
    if (returned == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    const struct placing_case *order = &flow.cases[0];
    struct findings *findings = sp_arena_alloc(sp_ctx_arena(ctx), sizeof *findings);
    explain(ctx, order, &ground.prices, findings);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "id", order->before.ref.key);
    sp_json_put_cstring(&json, "stage", stage_machine.states[order->before.stage]);
    sp_json_put_int(&json, "attempt", order->before.attempt);
    put_findings(&json, findings);
    put_charges(&json, order, findings);
    if (sp_rows_count(returned) > 0)
        sp_json_put_raw(&json, "returned", sp_row_text(returned, 0, 0));
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}
