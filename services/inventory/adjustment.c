/* Adjustments: stock corrected by a person, with a reason. */
#include <stdlib.h>

#include "services/inventory/ask_store.h"
#include "services/inventory/asks.h"

enum { MOST_LINES = 5000, MOST_REASON = 256 };

struct adjustment {
    struct sp_text reason;
    struct stock_effect *effects; /* on_hand: the delta */
    struct sp_text *skus;         /* of line i; empty when it names the variant */
    size_t count;
};

/* ---- reading ----------------------------------------------------------------------- */

static enum sp_result read_lines(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_json lines,
                                 struct adjustment *adjustment, struct sp_answer *answer)
{
    struct sp_json line;
    struct sp_json_walk walk = sp_json_each(lines);
    while (sp_json_next(&walk, NULL, &line)) {
        if (adjustment->count == MOST_LINES)
            return sp_answer_problem(answer, 422, "TOO_MANY_LINES", "at most %d lines at a time",
                                     MOST_LINES);
        struct stock_effect *effect = &adjustment->effects[adjustment->count];
        effect->account_id = ask->account_id;
        effect->warehouse_id = sp_json_int(sp_json_get(line, "warehouse_id"), 0);
        effect->variant_id = sp_json_int(sp_json_get(line, "variant_id"), 0);
        effect->on_hand = sp_json_int(sp_json_get(line, "delta"), 0);
        if (effect->variant_id == 0)
            adjustment->skus[adjustment->count] =
                sp_json_text(sp_json_get(line, "sku"), sp_ctx_arena(ctx));
        adjustment->count++;
        if (effect->on_hand == 0 || effect->on_hand > MOST_PIECES || effect->on_hand < -MOST_PIECES)
            return sp_answer_problem(answer, 422, "DELTA_RANGE",
                                     "line %zu: delta is a whole number other than 0, up to %d",
                                     adjustment->count, MOST_PIECES);
    }
    if (adjustment->count == 0)
        return sp_answer_problem(answer, 422, "LINES_WANTED", "at least one line is wanted");
    return SP_OK;
}

static enum sp_result read_adjustment(struct sp_ctx *ctx, const struct sp_ask *ask,
                                      struct adjustment *adjustment, struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    adjustment->reason = sp_json_text(sp_json_get(body, "reason"), sp_ctx_arena(ctx));
    if (adjustment->reason.size == 0 || adjustment->reason.size > MOST_REASON)
        return sp_answer_problem(answer, 422, "REASON_WANTED",
                                 "a reason of 1 to %d bytes is wanted", MOST_REASON);
    adjustment->effects =
        sp_arena_array(sp_ctx_arena(ctx), MOST_LINES, sizeof *adjustment->effects);
    adjustment->skus = sp_arena_array(sp_ctx_arena(ctx), MOST_LINES, sizeof *adjustment->skus);
    return read_lines(ctx, ask, sp_json_get(body, "lines"), adjustment, answer);
}

static size_t find_row(const struct sp_rows *rows, struct sp_text sku)
{
    size_t low = 0, high = sp_rows_count(rows);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sp_text_compare(sp_row_text(rows, middle, 0), sku) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is = low < sp_rows_count(rows) && sp_text_equal(sp_row_text(rows, low, 0), sku);
    return is ? low : SIZE_MAX;
}

/* Lines that name a SKU get its variant. */
static enum sp_result resolve_skus(struct sp_ctx *ctx, int64_t account_id,
                                   struct adjustment *adjustment, struct sp_answer *answer)
{
    size_t wanted = 0;
    for (size_t i = 0; i < adjustment->count; i++)
        wanted += adjustment->effects[i].variant_id == 0;
    if (wanted == 0)
        return SP_OK;
    const struct sp_rows *rows =
        store_find_skus(ctx, account_id, adjustment->skus, adjustment->count);
    if (rows == NULL)
        return ask_failure(ctx);
    for (size_t i = 0; i < adjustment->count; i++) {
        if (adjustment->effects[i].variant_id != 0)
            continue;
        size_t row = find_row(rows, adjustment->skus[i]);
        if (row == SIZE_MAX)
            return sp_answer_problem(answer, 422, "UNKNOWN_SKU",
                                     "line %zu: no variant has SKU \"%.*s\"", i + 1,
                                     SP_FMT(adjustment->skus[i]));
        if (sp_row_int(rows, row, 2) > 1)
            return sp_answer_problem(answer, 422, "AMBIGUOUS_SKU",
                                     "line %zu: several variants have SKU \"%.*s\"", i + 1,
                                     SP_FMT(adjustment->skus[i]));
        adjustment->effects[i].variant_id = sp_row_int(rows, row, 1);
    }
    return SP_OK;
}

/* ---- deciding ---------------------------------------------------------------------- */

/* What is reserved or on a goods issue cannot be adjusted away: cancel or un-place first. */
static enum sp_result check_line(const struct stock_effect *effect, const struct stock_state *state,
                                 struct sp_answer *answer)
{
    if (!state->warehouse_known)
        return sp_answer_problem(answer, 422, "UNKNOWN_WAREHOUSE", "there is no warehouse %lld",
                                 (long long)effect->warehouse_id);
    if (!state->variant_known)
        return sp_answer_problem(answer, 422, "UNKNOWN_VARIANT", "there is no variant %lld",
                                 (long long)effect->variant_id);
    int64_t left = state->on_hand + effect->on_hand;
    if (left < state->taken)
        return sp_answer_problem(
            answer, 422, "STOCK_TAKEN",
            "variant %lld in warehouse %lld: %lld on hand, %lld of them reserved, on goods issues "
            "or in quarantine; a change by %lld would leave %lld",
            (long long)effect->variant_id, (long long)effect->warehouse_id,
            (long long)state->on_hand, (long long)state->taken, (long long)effect->on_hand,
            (long long)left);
    if (left > MOST_PIECES)
        return sp_answer_problem(answer, 422, "TOO_MANY_PIECES",
                                 "variant %lld: at most %d pieces in a warehouse",
                                 (long long)effect->variant_id, MOST_PIECES);
    return SP_OK;
}

static void save_adjustment(struct sp_ctx *ctx, const struct sp_ask *ask,
                            const struct adjustment *adjustment)
{
    size_t count = adjustment->count;
    struct stock_movement *movements = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *movements);
    struct variant_ref *variants = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *variants);
    for (size_t i = 0; i < count; i++) {
        const struct stock_effect *effect = &adjustment->effects[i];
        variants[i] = (struct variant_ref){effect->account_id, effect->variant_id};
        movements[i] = (struct stock_movement){.variant = variants[i],
                                               .warehouse_id = effect->warehouse_id,
                                               .delta = effect->on_hand,
                                               .cause = "ADJUSTED",
                                               .reason = adjustment->reason,
                                               .user = ask->user};
    }
    store_change_stock(ctx, adjustment->effects, count);
    store_book_movements(ctx, movements, count);
    qsort(variants, count, sizeof *variants, variant_ref_compare);
    count = unique_refs(variants, count, sizeof *variants, variant_ref_compare);
    store_mark_levels(ctx, variants, count);
    store_mark_refills(ctx, variants, count);
    sp_wake(ctx, "push-levels");
    sp_wake(ctx, "serve-waiting");
}

enum sp_result ask_adjust(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct adjustment adjustment = {.count = 0};
    enum sp_result result = read_adjustment(ctx, ask, &adjustment, answer);
    if (result == SP_OK)
        result = resolve_skus(ctx, ask->account_id, &adjustment, answer);
    if (result != SP_OK)
        return result;
    adjustment.count = stock_effects_sum(adjustment.effects, adjustment.count);
    struct stock_state *states =
        sp_arena_array(sp_ctx_arena(ctx), adjustment.count, sizeof *states);
    result = store_lock_figures(ctx, adjustment.effects, adjustment.count, states);
    for (size_t i = 0; i < adjustment.count && result == SP_OK; i++)
        result = check_line(&adjustment.effects[i], &states[i], answer);
    if (result != SP_OK)
        return result;
    save_adjustment(ctx, ask, &adjustment);
    const struct sp_rows *rows = store_ask_levels(ctx, adjustment.effects, adjustment.count);
    if (rows == NULL)
        return ask_failure(ctx);
    struct sp_text items = sp_row_text(rows, 0, 0);
    sp_buffer_printf(&answer->body, "{\"adjusted\":%zu,\"items\":", adjustment.count);
    sp_buffer_put_text(&answer->body, items);
    sp_buffer_put(&answer->body, "}", 1);
    answer->status = 200;
    return SP_OK;
}
