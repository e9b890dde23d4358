#include "services/inventory/allocation.h"

#include <stdlib.h>
#include <string.h>

/* Which channel statuses keep stock, and which let goods leave (domain: what is allocated). */
static const struct {
    const char *status;
    bool takes, only_by_switch, may_issue;
} status_rules[] = {
    {"UNPAID", true, true, false},
    {"ON_HOLD", true, false, false},
    {"AWAITING_SHIPMENT", true, false, true},
    {"PARTIALLY_SHIPPING", true, false, true},
    {"AWAITING_COLLECTION", false, false, true},
    {"IN_TRANSIT", false, false, true},
    {"DELIVERED", false, false, true},
    {"COMPLETED", false, false, true},
};

int kept_part_compare(const void *left, const void *right)
{
    const struct kept_part *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->variant_id > b->variant_id) - (a->variant_id < b->variant_id);
}

struct order_standing allocation_standing(const struct order_mapped *fact,
                                          const struct shop_terms *shop)
{
    if (fact->fulfilled_by_channel || fact->deleted)
        return (struct order_standing){false, false};
    if (fact->is_manual) {
        bool open = fact->cancelled_at == 0 && fact->collected_at == 0 && fact->delivered_at == 0;
        return (struct order_standing){open, open};
    }
    for (size_t i = 0; i < SP_COUNT(status_rules); i++) {
        if (!sp_text_is(fact->channel_status, status_rules[i].status))
            continue;
        bool takes =
            status_rules[i].takes && (!status_rules[i].only_by_switch || shop->reserve_unpaid);
        return (struct order_standing){takes, status_rules[i].may_issue};
    }
    return (struct order_standing){false, false};
}

/* ---- what the order wants ---------------------------------------------------------- */

static bool is_stocked(const struct line_part *part)
{
    return sp_text_is(part->supply, "STOCKED");
}

static bool multiply(const struct mapped_line *line, const struct line_part *part, int64_t *pieces)
{
    return line->units >= 0 && part->pieces >= 0 &&
           !__builtin_mul_overflow(line->units, part->pieces, pieces) && *pieces <= MOST_PIECES;
}

int64_t allocation_pieces(const struct mapped_line *line, const struct line_part *part)
{
    int64_t pieces = 0;
    return multiply(line, part, &pieces) ? pieces : 0;
}

static enum sp_result pieces_of(const struct mapped_line *line, const struct line_part *part,
                                int64_t *pieces, struct sp_error *err)
{
    if (multiply(line, part, pieces))
        return SP_OK;
    return sp_fail(err, SP_REJECT, "line %lld wants %lld units of %lld pieces: not from 0 to %d",
                   (long long)line->line, (long long)line->units, (long long)part->pieces,
                   MOST_PIECES);
}

/* The first of `before` that belongs to the line, and how many do. */
static const struct kept_part *held_by_line(const struct order_case *order, int64_t line,
                                            size_t *count)
{
    size_t low = 0, high = order->before_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (order->before[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < order->before_count && order->before[low + *count].line == line)
        ++*count;
    return order->before_count == 0 ? NULL : order->before + low;
}

static bool on_goods_issue(const struct kept_part held[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (held[i].issuing > 0)
            return true;
    }
    return false;
}

static bool in_fact(const struct order_mapped *fact, int64_t line)
{
    for (size_t i = 0; i < fact->lines_count; i++) {
        if (fact->lines[i].line == line)
            return true;
    }
    return false;
}

/* A line on a goods issue keeps what it has; another one wants what its parts say, and misses all
 * of it until it is taken. */
static enum sp_result want_line(struct order_case *order, const struct mapped_line *line,
                                struct sp_error *err)
{
    size_t held_count;
    const struct kept_part *held = held_by_line(order, line->line, &held_count);
    if (on_goods_issue(held, held_count)) {
        for (size_t i = 0; i < held_count; i++) {
            struct kept_part *part = &order->after[order->after_count++];
            *part = held[i];
            part->missing = 0;
            part->reserved = order->standing.takes ? held[i].reserved : 0;
        }
        return SP_OK;
    }
    for (size_t i = 0; i < line->parts_count; i++) {
        int64_t pieces = 0;
        enum sp_result result = pieces_of(line, &line->parts[i], &pieces, err);
        if (result != SP_OK)
            return result;
        if (!is_stocked(&line->parts[i]) || line->cancelled || !order->standing.takes ||
            pieces == 0)
            continue;
        order->after[order->after_count++] = (struct kept_part){
            .line = line->line, .variant_id = line->parts[i].variant_id, .missing = pieces};
    }
    return SP_OK;
}

static size_t most_after(const struct order_case *order)
{
    size_t most = order->before_count;
    for (size_t i = 0; i < order->fact->lines_count; i++)
        most += order->fact->lines[i].parts_count;
    return most;
}

static enum sp_result want(const struct allocation_ground *ground, struct order_case *order,
                           struct sp_error *err)
{
    const struct order_mapped *fact = order->fact;
    order->after = sp_arena_array(ground->arena, most_after(order), sizeof *order->after);
    order->line_ends = sp_arena_array(ground->arena, fact->lines_count, sizeof(size_t));
    order->after_count = 0;
    for (size_t i = 0; i < fact->lines_count; i++) {
        enum sp_result result = want_line(order, &fact->lines[i], err);
        if (result != SP_OK)
            return result;
        order->line_ends[i] = order->after_count;
    }
    for (size_t i = 0; i < order->before_count; i++) {
        const struct kept_part *held = &order->before[i];
        if (held->issuing == 0 || in_fact(fact, held->line))
            continue;
        struct kept_part *part = &order->after[order->after_count++];
        *part = *held;
        part->reserved = part->missing = 0;
    }
    return SP_OK;
}

/* ---- giving back and taking -------------------------------------------------------- */

static void give_back(const struct allocation_ground *ground, const struct order_case *order)
{
    for (size_t i = 0; i < order->before_count; i++) {
        const struct kept_part *held = &order->before[i];
        if (held->warehouse_id == 0)
            continue;
        struct stock_figure *figure = stock_book_at(ground->book, order->fact->head.account_id,
                                                    held->variant_id, held->warehouse_id);
        figure->available += held->reserved;
        figure->own += held->reserved;
        figure->held_change -= held->reserved;
        figure->waiting -= held->missing;
        figure->waiting_change -= held->missing;
    }
}

static void forget_own(const struct allocation_ground *ground, const struct order_case *order)
{
    for (size_t i = 0; i < order->before_count; i++) {
        struct stock_figure *figure =
            stock_book_find(ground->book, order->fact->head.account_id, order->before[i].variant_id,
                            order->before[i].warehouse_id);
        if (figure != NULL)
            figure->own = 0;
    }
}

static bool others_wait(const struct allocation_ground *ground, const struct stock_figure *figure)
{
    if (figure->waiting > 0)
        return true;
    for (size_t i = 0; i < ground->place_count; i++) {
        const struct stock_figure *other = stock_book_find(
            ground->book, figure->account_id, figure->variant_id, ground->places[i].warehouse_id);
        if (other != NULL && other->waiting > 0)
            return true;
    }
    return false;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What the order in hand may have of the figure. */
static int64_t free_for_it(const struct allocation_ground *ground,
                           const struct stock_figure *figure)
{
    if (figure->available <= 0)
        return 0;
    if (!figure->serving && others_wait(ground, figure))
        return least(figure->available, figure->own);
    return figure->available;
}

/* Takes from one warehouse.  Returns whether nothing is missing. */
static bool take_from(const struct allocation_ground *ground, struct order_case *order,
                      int64_t warehouse_id, int64_t own_used[])
{
    bool all = true;
    for (size_t i = 0; i < order->after_count; i++) {
        struct kept_part *part = &order->after[i];
        if (part->missing == 0)
            continue;
        struct stock_figure *figure = stock_book_find(ground->book, order->fact->head.account_id,
                                                      part->variant_id, warehouse_id);
        int64_t taken = figure == NULL ? 0 : least(free_for_it(ground, figure), part->missing);
        part->warehouse_id = warehouse_id;
        part->reserved += taken;
        part->missing -= taken;
        all = all && part->missing == 0;
        if (figure == NULL)
            continue;
        own_used[i] = least(taken, figure->own);
        figure->own -= own_used[i];
        figure->available -= taken;
    }
    return all;
}

static void undo_take(const struct allocation_ground *ground, struct order_case *order,
                      int64_t own_used[])
{
    for (size_t i = 0; i < order->after_count; i++) {
        struct kept_part *part = &order->after[i];
        if (part->reserved == 0 || part->issuing > 0)
            continue;
        struct stock_figure *figure = stock_book_find(ground->book, order->fact->head.account_id,
                                                      part->variant_id, part->warehouse_id);
        figure->own += own_used[i];
        figure->available += part->reserved;
        own_used[i] = 0;
        part->missing += part->reserved;
        part->reserved = 0;
    }
}

/* The warehouses to try, the shop's own first. */
static size_t candidates_of(const struct allocation_ground *ground, const struct order_case *order,
                            int64_t candidates[MOST_WAREHOUSES])
{
    size_t count = 0;
    for (size_t i = 0; i < ground->place_count && count < MOST_WAREHOUSES; i++) {
        const struct warehouse_place *place = &ground->places[i];
        if (!place->gives)
            continue;
        size_t at = place->warehouse_id == order->shop.warehouse_id ? 0 : count;
        memmove(candidates + at + 1, candidates + at, (count - at) * sizeof *candidates);
        candidates[at] = place->warehouse_id;
        count++;
    }
    return count;
}

/* Lines on a goods issue first: what they hold besides stays theirs. */
static void take_again(const struct allocation_ground *ground, const struct order_case *order)
{
    for (size_t i = 0; i < order->after_count; i++) {
        const struct kept_part *part = &order->after[i];
        if (part->issuing == 0 || part->reserved == 0)
            continue;
        struct stock_figure *figure = stock_book_find(ground->book, order->fact->head.account_id,
                                                      part->variant_id, part->warehouse_id);
        figure->available -= part->reserved;
        figure->own -= part->reserved;
    }
}

static void take(const struct allocation_ground *ground, struct order_case *order)
{
    take_again(ground, order);
    int64_t candidates[MOST_WAREHOUSES + 1];
    size_t count = candidates_of(ground, order, candidates);
    int64_t *own_used = sp_arena_array(ground->arena, order->after_count, sizeof *own_used);
    for (size_t i = 0; i < count; i++) {
        if (take_from(ground, order, candidates[i], own_used))
            return;
        if (count > 1)
            undo_take(ground, order, own_used);
    }
    if (count > 1)
        (void)take_from(ground, order, candidates[0], own_used);
}

static void write_down(const struct allocation_ground *ground, const struct order_case *order)
{
    for (size_t i = 0; i < order->after_count; i++) {
        const struct kept_part *part = &order->after[i];
        if (part->warehouse_id == 0 || (part->reserved == 0 && part->missing == 0))
            continue;
        struct stock_figure *figure = stock_book_at(ground->book, order->fact->head.account_id,
                                                    part->variant_id, part->warehouse_id);
        figure->held_change += part->reserved;
        figure->waiting += part->missing;
        figure->waiting_change += part->missing;
    }
}

enum sp_result allocation_decide(const struct allocation_ground *ground, struct order_case *order,
                                 struct sp_error *err)
{
    order->standing = allocation_standing(order->fact, &order->shop);
    enum sp_result result = want(ground, order, err);
    if (result != SP_OK)
        return result;
    give_back(ground, order);
    take(ground, order);
    write_down(ground, order);
    forget_own(ground, order);
    return SP_OK;
}
