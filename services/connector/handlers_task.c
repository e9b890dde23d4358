/* What the others want of the marketplace: shipments and actions become tasks. */
#include "services/connector/handlers.h"
#include "services/connector/task_store.h"
#include "services/connector/value.h"

/* ---- shipment.requested ------------------------------------------------------------- */

static const char *fault_of_shipment(const struct shipment_requested *shipment)
{
    bool own = sp_text_is(shipment->handover, "OWN_CARRIER");
    if (!tiktok_is_id(shipment->channel_order_id))
        return "this is no order id of the marketplace";
    if (!own && !sp_text_is(shipment->handover, "PICKUP") &&
        !sp_text_is(shipment->handover, "DROP_OFF"))
        return "the handover must be PICKUP, DROP_OFF or OWN_CARRIER";
    if (own && (shipment->carrier_id.size == 0 || shipment->tracking.size == 0))
        return "an own carrier needs its id and a tracking number";
    if (!own && shipment->packages_count == 0)
        return "there is no package to hand over";
    for (size_t i = 0; i < shipment->packages_count; i++) {
        if (!tiktok_is_id(shipment->packages[i].package_id))
            return "this is no package id of the marketplace";
    }
    return NULL;
}

int claim_shipments(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_shipments(ctx, messages, count);
}

/* Withdrawn in time, or it had been decided before: said again.  The others speak when the
 * marketplace has. */
static bool is_settled(struct sp_text state)
{
    return sp_text_is(state, "WITHDRAWN") || sp_text_is(state, "DONE");
}

enum sp_result on_shipment_requested(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct shipment_requested *wanted = batch->messages;
    struct shipment_progressed *told =
        sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_text state = sp_row_text(batch->claimed, batch->claimed_row[i], CLAIM_TASK_STATE);
        const char *fault = fault_of_shipment(&wanted[i]);
        if (fault != NULL)
            sp_reject(ctx, batch, i, "%s", fault);
        if (fault != NULL || !is_settled(state))
            continue;
        bool withdrawn = sp_text_is(state, "WITHDRAWN");
        told[count] = (struct shipment_progressed){
            .head = wanted[i].head,
            .order_id = task_order_of(wanted[i].head.key),
            .state = withdrawn ? SP_TEXT("REFUSED") : SP_TEXT("ACCEPTED"),
            .reason = withdrawn ? SP_TEXT("WITHDRAWN") : (struct sp_text){0}};
        told[count++].head.rev = sp_claimed_rev(batch, i);
    }
    sp_wake(ctx, "run-tasks");
    return sp_emit(ctx, &shipment_progressed_message, told, count);
}

/* ---- action.requested --------------------------------------------------------------- */

static const char *fault_of_action(const struct action_requested *action)
{
    bool cancels = sp_text_is(action->kind, "CANCEL");
    static const char *const answers[] = {"ACCEPT_CANCEL", "DECLINE_CANCEL", "ACCEPT_RETURN",
                                          "DECLINE_RETURN"};
    bool answers_one = sp_text_among(action->kind, answers, SP_COUNT(answers)) >= 0;
    if (!cancels && !answers_one)
        return "this kind of action is not known";
    if (!tiktok_is_id(action->channel_order_id))
        return "this is no order id of the marketplace";
    if (answers_one && !tiktok_is_id(action->subject_id))
        return "an answer needs the id of the cancellation or return";
    if (cancels && action->reason.size == 0)
        return "a cancellation needs one of the marketplace's reasons";
    if (!cancels && action->units_count > 0)
        return "only a cancellation is of single units";
    for (size_t i = 0; i < action->units_count; i++) {
        if (!tiktok_is_id(action->units[i].id))
            return "this is no unit id of the marketplace";
    }
    return NULL;
}

int claim_actions(struct sp_ctx *ctx, const void *messages, size_t count)
{
    return store_claim_actions(ctx, messages, count);
}

enum sp_result on_action_requested(struct sp_ctx *ctx, const struct sp_batch *batch)
{
    const struct action_requested *wanted = batch->messages;
    struct action_progressed *told = sp_arena_array(sp_ctx_arena(ctx), batch->count, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sp_text state = sp_row_text(batch->claimed, batch->claimed_row[i], CLAIM_TASK_STATE);
        const char *fault = fault_of_action(&wanted[i]);
        if (fault != NULL)
            sp_reject(ctx, batch, i, "%s", fault);
        if (fault != NULL || !is_settled(state))
            continue;
        told[count] =
            (struct action_progressed){.head = wanted[i].head, .state = SP_TEXT("ACCEPTED")};
        told[count++].head.rev = sp_claimed_rev(batch, i);
    }
    sp_wake(ctx, "run-tasks");
    return sp_emit(ctx, &action_progressed_message, told, count);
}
