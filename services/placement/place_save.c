#include "services/placement/place_save.h"

#include <string.h>

/* ---- decisions --------------------------------------------------------------------------------
 */

/* What order.staged tells is not all that is kept: an answer or a refusal is kept as well. */
static bool is_to_be_saved(const struct placing_case *order)
{
    return order->changed || order->before.refused_rev != order->after.refused_rev;
}

static void save_decisions(struct sp_ctx *ctx, const struct place_flow *flow)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    const struct placing_case **added = sp_arena_array(arena, flow->count, sizeof *added);
    const struct placing_case **renewed = sp_arena_array(arena, flow->count, sizeof *renewed);
    const struct placing_case **saved = sp_arena_array(arena, flow->count, sizeof *saved);
    struct order_ref *changed = sp_arena_array(arena, flow->count, sizeof *changed);
    size_t added_count = 0, renewed_count = 0, saved_count = 0, changed_count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = &flow->cases[i];
        if (!order->before.found)
            added[added_count++] = order;
        else if (order->fact_is_new)
            renewed[renewed_count++] = order;
        else if (is_to_be_saved(order))
            saved[saved_count++] = order;
        if (order->changed)
            changed[changed_count++] = order->after.ref;
    }
    store_add_placings(ctx, added, added_count);
    store_renew_placings(ctx, renewed, renewed_count);
    store_save_placings(ctx, saved, saved_count);
    store_note_changes(ctx, changed, changed_count);
}

/* ---- money --------------------------------------------------------------------------------------
 */

static struct wallet_entry entry_of(struct sp_ctx *ctx, const struct place_flow *flow,
                                    const struct placing_case *order)
{
    struct sp_text order_key = order->after.ref.key;
    bool debit = order->placed;
    return (struct wallet_entry){
        .account_id = order->after.ref.account_id,
        .key = sp_arena_printf(sp_ctx_arena(ctx), "%s/%.*s/%lld", debit ? "place" : "unplace",
                               SP_FMT(order_key), (long long)order->after.attempt),
        .kind = debit ? "DEBIT" : "REFUND",
        .source = debit ? "WALLET" : "CHARGES",
        .target = debit ? "CHARGES" : "WALLET",
        .amount_minor = debit ? order->after.charged_minor : order->refund_minor,
        .balance_minor = order->balance_minor,
        .order_key = order_key,
        .user = flow->user};
}

/* In the order of the decisions, so that each entry continues the balance of the one before. */
static void save_money(struct sp_ctx *ctx, const struct place_flow *flow)
{
    struct wallet_entry *entries = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *entries);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = flow->oldest_first[i];
        bool costs = order->placed && order->after.charged_minor > 0;
        if (costs || order->refund_minor > 0)
            entries[count++] = entry_of(ctx, flow, order);
    }
    store_enter(ctx, entries, count);
}

/* ---- facts
 * --------------------------------------------------------------------------------------- */

/* The open conditions as they were written a moment ago, read back as records. */
static void fill_conditions(struct sp_ctx *ctx, struct sp_text text, struct order_staged *staged)
{
    struct sp_json list, entry;
    if (text.size == 0 || sp_json_parse(text, &list, NULL) != SP_OK)
        return;
    struct condition *conditions =
        sp_arena_array(sp_ctx_arena(ctx), MOST_CONDITIONS, sizeof *conditions);
    struct sp_json_walk walk = sp_json_each(list);
    while (sp_json_next(&walk, NULL, &entry) && staged->conditions_count < MOST_CONDITIONS)
        conditions[staged->conditions_count++] = (struct condition){
            .code = sp_json_text(sp_json_get(entry, "code"), sp_ctx_arena(ctx)),
            .value = sp_json_text(sp_json_get(entry, "value"), sp_ctx_arena(ctx)),
            .wanted = sp_json_text(sp_json_get(entry, "wanted"), sp_ctx_arena(ctx)),
            .line = sp_json_int(sp_json_get(entry, "line"), 0)};
    staged->conditions = conditions;
}

static enum sp_result emit_staged(struct sp_ctx *ctx, const struct place_flow *flow)
{
    struct order_staged *facts = sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *facts);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = &flow->cases[i];
        if (!order->changed)
            continue;
        struct order_staged *staged = &facts[count++];
        *staged = (struct order_staged){
            .head = order->fact->head,
            .stage = sp_text_of(stage_machine.states[order->after.stage]),
            .since = order->after.since_us / 1000000,
            .charged_minor = order->after.charged_minor,
            .currency = sp_text_of(order->wallet->known ? order->wallet->terms.currency : NULL),
            .placed_at = order->after.placed_us / 1000000};
        staged->head.rev = order->after.rev;
        fill_conditions(ctx, order->after.conditions, staged);
    }
    return sp_emit(ctx, &order_staged_message, facts, count);
}

/* What is taken from stock; made to order and bought goods are not. */
static void fill_lines(struct sp_ctx *ctx, const struct placing_case *order,
                       struct fulfilment_requested *request)
{
    const struct order_allocated *fact = order->fact;
    size_t most = 0;
    for (size_t i = 0; i < fact->lines_count; i++)
        most += fact->lines[i].parts_count;
    struct fulfilment_line *lines = sp_arena_array(sp_ctx_arena(ctx), most, sizeof *lines);
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct allocated_line *line = &fact->lines[i];
        for (size_t k = 0; k < line->parts_count && !line->cancelled; k++) {
            if (line->parts[k].reserved > 0)
                lines[request->lines_count++] = (struct fulfilment_line){
                    line->line, line->parts[k].variant_id, line->parts[k].reserved};
        }
    }
    request->lines = lines;
}

static struct sp_text mode_of(const struct placing_case *order)
{
    if (order->purchase)
        return SP_TEXT("CONSOLIDATION");
    if (order->warehouse_id == 0)
        return SP_TEXT("MADE_TO_ORDER");
    for (size_t i = 0; i < order->warehouse_count; i++) {
        if (order->warehouses[i].warehouse_id == order->warehouse_id &&
            sp_text_is(order->warehouses[i].kind, "CLOUD_STOCKING"))
            return SP_TEXT("CLOUD_STOCKING");
    }
    return SP_TEXT("OWN_STOCK");
}

static enum sp_result emit_requests(struct sp_ctx *ctx, const struct place_flow *flow)
{
    struct fulfilment_requested *facts =
        sp_arena_array(sp_ctx_arena(ctx), flow->count, sizeof *facts);
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        const struct placing_case *order = &flow->cases[i];
        if (!order->placed && !order->withdrawn)
            continue;
        struct fulfilment_requested *request = &facts[count++];
        *request = (struct fulfilment_requested){.head = order->fact->head,
                                                 .order_id = order->after.ref.key,
                                                 .attempt = order->after.attempt,
                                                 .warehouse_id = order->warehouse_id,
                                                 .wanted = order->placed};
        request->head.rev = order->after.rev;
        request->head.key =
            sp_arena_printf(sp_ctx_arena(ctx), "%.*s/%lld/1", SP_FMT(order->after.ref.key),
                            (long long)order->after.attempt);
        if (!order->placed)
            continue;
        request->mode = mode_of(order);
        fill_lines(ctx, order, request);
    }
    return sp_emit(ctx, &fulfilment_requested_message, facts, count);
}

/* One notice for one switching off, in its transaction. */
static enum sp_result emit_notices(struct sp_ctx *ctx, const struct ground *ground)
{
    for (size_t i = 0; i < ground->wallet_count; i++) {
        const struct wallet *wallet = &ground->wallets[i];
        if (!wallet->switched_off)
            continue;
        int64_t account_id = wallet->terms.account_id;
        store_switch_off(ctx, account_id);
        struct notice_raised notice = {
            .head = {.account_id = account_id,
                     .key = sp_arena_printf(sp_ctx_arena(ctx), "balance-low/%lld",
                                            (long long)wallet->terms.rev),
                     .rev = sp_rev_floor(ctx)},
            .event = SP_TEXT("BALANCE_LOW"),
            .subject = wallet->failed_key,
            .text = sp_arena_printf(sp_ctx_arena(ctx), "%lld %s", (long long)wallet->balance_minor,
                                    wallet->terms.currency)};
        enum sp_result result = sp_emit(ctx, &notice_raised_message, &notice, 1);
        if (result != SP_OK)
            return result;
    }
    return SP_OK;
}

enum sp_result place_save(struct sp_ctx *ctx, const struct place_flow *flow,
                          const struct ground *ground)
{
    save_decisions(ctx, flow);
    save_money(ctx, flow);
    enum sp_result result = emit_staged(ctx, flow);
    if (result == SP_OK)
        result = emit_requests(ctx, flow);
    return result == SP_OK ? emit_notices(ctx, ground) : result;
}
