#include "services/placement/decision.h"

#include <string.h>

#include "common/json.h"

/* The one door of the stage.  False: the step is not in the table, nothing changes. */
static bool step(struct placing_case *order, enum stage_event event, int64_t now_us)
{
    int stage = order->after.stage;
    if (!sp_state_next(&stage_machine, stage, (int)event, &order->after.stage))
        return false;
    if (order->after.stage != stage)
        order->after.since_us = now_us;
    return true;
}

static void begin(const struct decision_ground *ground, struct placing_case *order)
{
    order->after = order->before;
    order->after.ref = (struct order_ref){order->fact->head.account_id, order->fact->head.key};
    if (order->before.found)
        return;
    order->after.found = true;
    order->after.stage = UNSYNC;
    order->after.since_us = ground->now_us;
}

/* ---- inventory's answer -----------------------------------------------------------------------
 */

static void take_back(struct placing_case *order)
{
    order->refund_minor = order->after.charged_minor;
    order->after.charged_minor = 0;
    order->after.placed_us = 0;
    order->wallet->balance_minor += order->refund_minor;
    order->balance_minor = order->wallet->balance_minor;
}

static void hear(const struct decision_ground *ground, struct placing_case *order)
{
    bool refused = sp_text_is(order->before.answer, "REFUSED");
    bool cancelled = sp_text_is(order->before.answer, "CANCELLED");
    if (order->after.stage == CANCELLING) {
        if ((refused || cancelled) && step(order, CANCEL_CONFIRMED, ground->now_us))
            take_back(order);
        return;
    }
    if (order->purchased)
        (void)step(order, GOODS_PURCHASED, ground->now_us);
    if (order->inspected)
        (void)step(order, GOODS_INSPECTED, ground->now_us);
    /* Cancelled without our asking is a refusal that comes late. */
    if ((!refused && !cancelled) || !step(order, FULFILMENT_REFUSED, ground->now_us))
        return;
    take_back(order);
    order->after.refused_rev = order->upstream_rev;
    order->after.refused_reason = order->reason.size > 0 ? order->reason : SP_TEXT("NO_REASON");
}

/* ---- what a person put away or took out again ---------------------------------------------------
 */

static void follow_deletion(const struct decision_ground *ground, struct placing_case *order)
{
    if (order->fact->deleted)
        (void)step(order, DELETE_DRAFT, ground->now_us);
    else if (order->after.stage == DELETED)
        (void)step(order, RESTORE_DRAFT, ground->now_us);
}

/* ---- what the marketplace says ------------------------------------------------------------------
 */

/* All steps the fact has reached, in their order: a fact in between may never have come. */
static void follow_channel(const struct decision_ground *ground, struct placing_case *order)
{
    const struct order_allocated *fact = order->fact;
    struct sp_text status = fact->channel_status;
    bool cancelled = sp_text_is(status, "CANCELLED");
    bool delivered = fact->delivered_at > 0 || sp_text_is(status, "DELIVERED") ||
                     sp_text_is(status, "COMPLETED");
    bool collected = fact->collected_at > 0 || delivered || sp_text_is(status, "IN_TRANSIT");
    if (collected)
        (void)step(order, CHANNEL_COLLECTED, ground->now_us);
    if (delivered)
        (void)step(order, CHANNEL_DELIVERED, ground->now_us);
    if (cancelled &&
        !step(order, collected ? CHANNEL_RETURNING : CHANNEL_CANCELLED, ground->now_us))
        return;
    order->withdrawn = order->before.stage != CANCELLING && order->after.stage == CANCELLING;
}

/* ---- drafts
 * -------------------------------------------------------------------------------------- */

static void place(const struct decision_ground *ground, struct placing_case *order)
{
    struct findings *findings = ground->findings;
    enum stage_event event = findings->purchase ? PLACE_TO_PURCHASE : PLACE;
    if (!step(order, event, ground->now_us))
        return;
    order->placed = true;
    order->warehouse_id = findings->warehouse_id;
    order->purchase = findings->purchase;
    order->after.attempt++;
    order->after.charged_minor = findings->charge.total_minor;
    order->after.placed_us = ground->now_us;
    order->after.answer = (struct sp_text){0};
    order->after.answered_rev = 0;
    order->after.refused_rev = 0;
    order->after.refused_reason = (struct sp_text){0};
    order->wallet->balance_minor -= findings->charge.total_minor;
    order->balance_minor = order->wallet->balance_minor;
}

/* The first order that fails for balance alone switches auto-place off, once. */
static void switch_off(struct placing_case *order)
{
    struct wallet *wallet = order->wallet;
    wallet->terms.auto_place = false;
    wallet->terms.held_by_balance = true;
    wallet->switched_off = true;
    wallet->failed_key = order->after.ref.key;
}

static void consider(const struct decision_ground *ground, struct placing_case *order,
                     const struct place_ground *place_ground)
{
    struct wallet *wallet = order->wallet;
    struct findings *findings = ground->findings;
    bool refused_now = place_ground->refused_reason.size > 0;
    bool by_auto = order->trigger == BY_FACT && wallet->terms.auto_place && !refused_now;
    bool wanted = wallet->locked && (order->trigger == BY_HAND || by_auto);
    bool ready = order->after.stage == NOT_READY && findings->placeable;
    bool enough = condition_balance(place_ground, wallet->balance_minor, findings);
    if (ready && wanted && enough) {
        place(ground, order);
        return;
    }
    if (ready && wanted && by_auto)
        switch_off(order);
    if (ready && wallet->terms.held_by_balance)
        condition_held(findings);
}

static void evaluate(const struct decision_ground *ground, struct placing_case *order)
{
    struct placing_record *after = &order->after;
    bool refused = after->refused_rev > 0 && after->refused_rev == order->upstream_rev;
    struct place_ground place_ground = {
        .arena = ground->arena,
        .fact = order->fact,
        .terms = order->wallet->known ? &order->wallet->terms : NULL,
        .prices = ground->prices,
        .shop_known = order->shop_known,
        .warehouses = order->warehouses,
        .warehouse_count = order->warehouse_count,
        .refused_reason = refused ? after->refused_reason : (struct sp_text){0}};
    ground->findings->all = false;
    conditions_evaluate(&place_ground, ground->findings);
    enum stage_event event = ground->findings->complete ? LINES_COMPLETE : LINES_OPEN;
    (void)step(order, event, ground->now_us);
    consider(ground, order, &place_ground);
    after->conditions =
        order->placed ? (struct sp_text){0} : decision_conditions(ground->arena, ground->findings);
}

static bool tells_news(const struct placing_case *order)
{
    const struct placing_record *a = &order->before, *b = &order->after;
    return !a->found || a->stage != b->stage || a->charged_minor != b->charged_minor ||
           a->placed_us != b->placed_us || !sp_text_equal(a->conditions, b->conditions);
}

void decision_make(const struct decision_ground *ground, struct placing_case *order)
{
    begin(ground, order);
    if (order->trigger == BY_ANSWER)
        hear(ground, order);
    /* Before the marketplace's word: whichever of the two comes first, the order ends the same. */
    follow_deletion(ground, order);
    follow_channel(ground, order);
    if (order->trigger == BY_RETURN)
        (void)step(order, RETURN_RECEIVED, ground->now_us);
    order->after.conditions = (struct sp_text){0};
    if (stage_is_draft(order->after.stage)) {
        evaluate(ground, order);
    } else if (order->after.stage == CANCELLING && sp_text_is(order->before.answer, "ISSUED")) {
        ground->findings->count = 0;
        condition_issued(ground->findings);
        order->after.conditions = decision_conditions(ground->arena, ground->findings);
    }
    order->changed = tells_news(order);
    if (order->changed) {
        int64_t next = order->before.rev + 1;
        order->after.rev = next > ground->rev_floor ? next : ground->rev_floor;
    }
}

bool decision_is_of_draft(const struct placing_case *order)
{
    int stage = order->before.stage;
    return !order->fact->deleted &&
           (!order->before.found || stage_is_draft(stage) || stage == DELETED);
}

bool decision_may_place(const struct placing_case *order)
{
    const struct order_allocated *fact = order->fact;
    if (order->trigger == BY_ANSWER || !decision_is_of_draft(order))
        return false;
    if (!fact->is_manual && !sp_text_is(fact->channel_status, "AWAITING_SHIPMENT") &&
        !sp_text_is(fact->channel_status, "PARTIALLY_SHIPPING"))
        return false;
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct allocated_line *line = &fact->lines[i];
        if (!line->cancelled && line->problem.size > 0)
            return false;
        for (size_t k = 0; k < line->parts_count && !line->cancelled; k++) {
            if (line->parts[k].missing > 0)
                return false;
        }
    }
    return true;
}

struct sp_text decision_conditions(struct sp_arena *arena, const struct findings *findings)
{
    if (findings->count == 0)
        return (struct sp_text){0};
    struct sp_buffer text = {0};
    struct sp_json_writer json = sp_json_writer(&text);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < findings->count; i++) {
        const struct condition *condition = &findings->list[i].condition;
        if (findings->list[i].ok)
            continue;
        sp_json_open_object(&json, NULL);
        sp_json_put_string(&json, "code", condition->code);
        sp_json_put_string(&json, "value", condition->value);
        sp_json_put_string(&json, "wanted", condition->wanted);
        sp_json_put_int(&json, "line", condition->line);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    struct sp_text copy = sp_arena_copy(arena, sp_buffer_text(&text));
    sp_buffer_free(&text);
    return copy;
}
