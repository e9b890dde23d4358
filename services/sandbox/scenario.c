#include "services/sandbox/scenario.h"

#include <stdio.h>

#include "services/sandbox/order_maker.h"
#include "services/sandbox/trade.h"

#define SECOND_US INT64_C(1000000)

/* ---- what its lines do
 * ------------------------------------------------------------------------------- */

typedef enum sp_result run_step(struct sandbox *sandbox, const struct scenario_step *step,
                                struct sp_error *err);

static const char *why_no_such(const struct scenario *scenario, const struct shop *shop,
                               const struct scenario_step *step)
{
    struct order_kind kind = step->wish.kind;
    if (step->replaced >= 0)
        kind.replaced = scenario->groups[step->replaced].first;
    return order_kind_misfit(&kind, shop->region, step->wish.status);
}

static enum sp_result run_order(struct sandbox *sandbox, const struct scenario_step *step,
                                struct sp_error *err)
{
    struct shop *shop = &sandbox->shops[step->shop];
    if (step->wish.sku_count > 0 && step->wish.skus[0] >= shop->catalogue.sku_count)
        return sp_fail(err, SP_REJECT, "the shop has only %zu items", shop->catalogue.sku_count);
    const char *why_not = why_no_such(sandbox->scenario, shop, step);
    if (why_not != NULL)
        return sp_fail(err, SP_REJECT, "%s", why_not);
    if (!book_has_room(&shop->book, (size_t)step->number))
        return sp_fail(err, SP_REJECT, "a shop holds %d orders at most", BOOK_ORDERS);
    if (!order_maker_can(shop, &step->wish))
        return sp_fail(err, SP_REJECT, "nothing of that is on sale");
    uint64_t first = book_reserve(&shop->book, (size_t)step->number);
    if (step->group >= 0)
        sandbox->scenario->groups[step->group].first = first;
    struct order_wish wish = step->wish;
    for (int64_t i = 0; i < step->number; i++) {
        if (step->replaced >= 0)
            wish.kind.replaced = sandbox->scenario->groups[step->replaced].first + (uint64_t)i;
        (void)order_maker_place(sandbox, shop, &wish, first + (uint64_t)i);
    }
    return SP_OK;
}

typedef enum sp_result run_one(struct sandbox *sandbox, uint32_t at,
                               const struct scenario_step *step, struct sp_error *err);

/* For each of the group's orders that the line means; stops at the first that refuses. */
static enum sp_result for_each(struct sandbox *sandbox, const struct scenario_step *step,
                               run_one *run, struct sp_error *err)
{
    const struct scenario_group *group = &sandbox->scenario->groups[step->group];
    const struct order_book *book = &sandbox->shops[group->shop].book;
    for (int64_t i = step->from; i <= step->to; i++) {
        uint32_t at = book_find(book, group->first + (uint64_t)(i - 1));
        struct sp_error why;
        if (group->first == 0 || at == BOOK_NONE)
            return sp_fail(err, SP_REJECT, "%s was not ordered", group->name);
        if (run(sandbox, at, step, &why) != SP_OK)
            return sp_fail(err, SP_REJECT, "%s, order %lld: %s", group->name, (long long)i,
                           why.text);
    }
    return SP_OK;
}

static enum sp_result move_one(struct sandbox *sandbox, uint32_t at,
                               const struct scenario_step *step, struct sp_error *err)
{
    return trade_happen(sandbox, &sandbox->shops[step->shop], at, step->event, err);
}

static enum sp_result run_move(struct sandbox *sandbox, const struct scenario_step *step,
                               struct sp_error *err)
{
    return for_each(sandbox, step, move_one, err);
}

static enum sp_result cancel_one(struct sandbox *sandbox, uint32_t at,
                                 const struct scenario_step *step, struct sp_error *err)
{
    return trade_cancel(sandbox, &sandbox->shops[step->shop], at,
                        (enum order_initiator)step->initiator, err);
}

static enum sp_result run_cancel(struct sandbox *sandbox, const struct scenario_step *step,
                                 struct sp_error *err)
{
    return for_each(sandbox, step, cancel_one, err);
}

static enum sp_result request_one(struct sandbox *sandbox, uint32_t at,
                                  const struct scenario_step *step, struct sp_error *err)
{
    return life_request(sandbox, &sandbox->shops[step->shop], at, err);
}

static enum sp_result run_request(struct sandbox *sandbox, const struct scenario_step *step,
                                  struct sp_error *err)
{
    return for_each(sandbox, step, request_one, err);
}

static enum sp_result run_fault(struct sandbox *sandbox, const struct scenario_step *step,
                                struct sp_error *err)
{
    return faults_add(&sandbox->faults, &step->fault)
               ? SP_OK
               : sp_fail(err, SP_REJECT, "at most %d faults can wait", FAULTS);
}

static enum sp_result run_webhooks(struct sandbox *sandbox, const struct scenario_step *step,
                                   struct sp_error *err)
{
    (void)err;
    if (sandbox->notifier == NULL)
        return SP_OK; /* nothing is sent that could go wrong */
    struct notice_faults faults = notifier_faults(sandbox->notifier);
    faults.kinds[step->notice] = step->notice_fault;
    notifier_set_faults(sandbox->notifier, &faults);
    return SP_OK;
}

static enum sp_result run_clear_faults(struct sandbox *sandbox, const struct scenario_step *step,
                                       struct sp_error *err)
{
    (void)step, (void)err;
    sandbox_clear_faults(sandbox);
    return SP_OK;
}

static enum sp_result run_grant_end(struct sandbox *sandbox, const struct scenario_step *step,
                                    struct sp_error *err)
{
    (void)err;
    if (step->initiator == SELLER)
        sandbox_revoke(sandbox);
    else
        grants_expire_grant(&sandbox->grants, sandbox_clock(sandbox));
    return SP_OK;
}

static enum sp_result run_token_end(struct sandbox *sandbox, const struct scenario_step *step,
                                    struct sp_error *err)
{
    (void)step, (void)err;
    grants_expire_access(&sandbox->grants, sandbox_clock(sandbox));
    return SP_OK;
}

static enum sp_result run_life(struct sandbox *sandbox, const struct scenario_step *step,
                               struct sp_error *err)
{
    (void)err;
    struct life *life = &sandbox->life;
    for (int i = 0; i < LIFE_RULES; i++) {
        if (step->percents[i] >= 0)
            life->rules[i].percent = step->percents[i];
    }
    if (step->per_hour >= 0)
        life->per_hour = step->per_hour;
    life_replan(sandbox);
    return SP_OK;
}

static enum sp_result run_speed(struct sandbox *sandbox, const struct scenario_step *step,
                                struct sp_error *err)
{
    (void)err;
    clock_set_speed(&sandbox->clock, sp_now_us(), step->number);
    return SP_OK;
}

static enum sp_result run_advance(struct sandbox *sandbox, const struct scenario_step *step,
                                  struct sp_error *err)
{
    (void)err;
    clock_advance(&sandbox->clock, step->number * SECOND_US);
    return SP_OK;
}

static enum sp_result expect_one(struct sandbox *sandbox, uint32_t at,
                                 const struct scenario_step *step, struct sp_error *err)
{
    const struct order *order = &sandbox->shops[step->shop].book.orders[at];
    enum order_status now = (enum order_status)order->status;
    if (now != step->wish.status)
        return sp_fail(err, SP_REJECT, "is %s, not %s", life_status_name(now),
                       life_status_name(step->wish.status));
    if (step->initiator >= 0 && order->initiator != step->initiator)
        return sp_fail(err, SP_REJECT, "was not cancelled by %s",
                       life_initiator_name((enum order_initiator)step->initiator));
    return SP_OK;
}

static enum sp_result run_expect(struct sandbox *sandbox, const struct scenario_step *step,
                                 struct sp_error *err)
{
    return for_each(sandbox, step, expect_one, err);
}

static enum sp_result run_expect_count(struct sandbox *sandbox, const struct scenario_step *step,
                                       struct sp_error *err)
{
    int64_t count = 0;
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        count += (int64_t)sandbox->shops[i].book.by_status[step->wish.status];
    return count == step->number
               ? SP_OK
               : sp_fail(err, SP_REJECT, "%lld orders are %s, not %lld", (long long)count,
                         life_status_name(step->wish.status), (long long)step->number);
}

static run_step *const runs[SCENARIO_VERBS] = {
    [VERB_ORDER] = run_order,
    [VERB_MOVE] = run_move,
    [VERB_CANCEL] = run_cancel,
    [VERB_REQUEST] = run_request,
    [VERB_FAULT] = run_fault,
    [VERB_WEBHOOKS] = run_webhooks,
    [VERB_CLEAR_FAULTS] = run_clear_faults,
    [VERB_GRANT_END] = run_grant_end,
    [VERB_TOKEN_END] = run_token_end,
    [VERB_LIFE] = run_life,
    [VERB_SPEED] = run_speed,
    [VERB_ADVANCE] = run_advance,
    [VERB_EXPECT] = run_expect,
    [VERB_EXPECT_COUNT] = run_expect_count,
};

/* ---- running
 * ------------------------------------------------------------------------------------------ */

static void put_next(struct sandbox *sandbox)
{
    struct scenario *scenario = sandbox->scenario;
    if (scenario->next == scenario->count) {
        scenario->state = scenario->failure_count == 0 ? SCENARIO_PASSED : SCENARIO_FAILED;
        return;
    }
    int64_t at_us = scenario->started_us + scenario->steps[scenario->next].at_s * SECOND_US;
    schedule_put_last(&sandbox->schedule, (struct due){.at_us = at_us, .what = DUE_SCENARIO});
}

static bool is_of_scenario(const struct due *due)
{
    return due->what == DUE_SCENARIO;
}

void scenario_stop(struct sandbox *sandbox)
{
    schedule_sift(&sandbox->schedule, is_of_scenario);
    scenario_free(&sandbox->scenario);
}

void scenario_start(struct sandbox *sandbox, struct scenario *scenario)
{
    scenario_stop(sandbox);
    sandbox->scenario = scenario;
    scenario->started_us = sandbox->clock.at_us;
    put_next(sandbox);
}

static void note_failure(struct scenario *scenario, uint32_t line, const struct sp_error *err)
{
    size_t at = scenario->failure_count++;
    if (at >= SCENARIO_FAILURES)
        return;
    scenario->failures[at].line = line;
    (void)snprintf(scenario->failures[at].what, sizeof scenario->failures[at].what, "%.*s",
                   (int)sizeof scenario->failures[at].what - 1, err->text);
}

static void write_line(struct sp_json_writer *json, const void *about)
{
    const struct scenario_step *step = about;
    sp_json_put_int(json, "line", step->line);
}

void scenario_go_on(struct sandbox *sandbox)
{
    struct scenario *scenario = sandbox->scenario;
    const struct scenario_step *step = &scenario->steps[scenario->next++];
    struct sp_error err;
    truth_note(sandbox->truth, "scenario", write_line, step);
    if (runs[step->verb](sandbox, step, &err) != SP_OK)
        note_failure(scenario, step->line, &err);
    put_next(sandbox);
}

/* ---- telling
 * ------------------------------------------------------------------------------------------ */

void scenario_put(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    static const char *const states[] = {
        [SCENARIO_RUNNING] = "running", [SCENARIO_PASSED] = "passed", [SCENARIO_FAILED] = "failed"};
    const struct scenario *scenario = sandbox->scenario;
    sp_json_put_cstring(json, "state", scenario == NULL ? "none" : states[scenario->state]);
    if (scenario == NULL)
        return;
    sp_json_put_int(json, "events", (int64_t)scenario->count);
    sp_json_put_int(json, "done", (int64_t)scenario->next);
    sp_json_put_int(json, "failed", (int64_t)scenario->failure_count);
    sp_json_open_array(json, "failures");
    for (size_t i = 0; i < scenario->failure_count && i < SCENARIO_FAILURES; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_int(json, "line", scenario->failures[i].line);
        sp_json_put_cstring(json, "what", scenario->failures[i].what);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}
