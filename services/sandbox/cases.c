#include "services/sandbox/cases.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 16 };

void cases_free(struct cases *cases)
{
    for (int kind = 0; kind < CASE_KINDS; kind++)
        free(cases->rows[kind].all);
    free(cases->ranges);
    free(cases->notes);
    if (cases->texts != NULL)
        sp_arena_close(&cases->texts);
    *cases = (struct cases){0};
}

/* Room for `more` elements behind `count`. */
static void *grow(void *array, size_t *capacity, size_t count, size_t more, size_t size)
{
    if (count + more <= *capacity)
        return array;
    size_t wanted = *capacity == 0 ? FIRST : *capacity;
    while (wanted < count + more)
        wanted *= 2;
    *capacity = wanted;
    return sp_realloc(array, wanted * size);
}

static uint32_t keep_ranges(struct cases *cases, struct unit_set units)
{
    size_t first = cases->range_count;
    cases->ranges = grow(cases->ranges, &cases->range_capacity, cases->range_count, units.count,
                         sizeof *cases->ranges);
    memcpy(cases->ranges + first, units.ranges, units.count * sizeof *units.ranges);
    cases->range_count += units.count;
    return (uint32_t)first;
}

uint32_t cases_add(struct cases *cases, struct order_book *book, enum case_kind kind,
                   const struct aftersale *draft, struct unit_set units)
{
    struct case_row *row = &cases->rows[kind];
    struct order *order = &book->orders[draft->order];
    SP_ASSERT(units.count > 0);
    row->all = grow(row->all, &row->capacity, row->count, 1, sizeof *row->all);
    struct aftersale *one = &row->all[row->count];
    *one = *draft;
    one->previous = order->last_case[kind];
    one->first_range = keep_ranges(cases, units);
    one->range_count = units.count;
    one->first_item = cases->next_item + 1;
    one->change = ++row->next_change;
    cases->next_item += cases_unit_count(units);
    row->count++;
    order->last_case[kind] = (uint32_t)row->count;
    return (uint32_t)row->count - 1;
}

struct aftersale *cases_at(const struct cases *cases, enum case_kind kind, uint32_t which)
{
    SP_ASSERT(which < cases->rows[kind].count);
    return &cases->rows[kind].all[which];
}

struct unit_set cases_units(const struct cases *cases, const struct aftersale *one)
{
    return (struct unit_set){cases->ranges + one->first_range, one->range_count};
}

static struct aftersale *one_behind(const struct cases *cases, enum case_kind kind, uint32_t place)
{
    return place == 0 ? NULL : &cases->rows[kind].all[place - 1];
}

struct aftersale *cases_newest(const struct cases *cases, enum case_kind kind,
                               const struct order *order)
{
    return one_behind(cases, kind, order->last_case[kind]);
}

struct aftersale *cases_before(const struct cases *cases, enum case_kind kind,
                               const struct aftersale *one)
{
    return one_behind(cases, kind, one->previous);
}

static bool names_unit(struct unit_set units, uint32_t line, uint32_t unit)
{
    for (uint32_t i = 0; i < units.count; i++) {
        const struct unit_range *range = &units.ranges[i];
        if (range->line == line && unit >= range->first && unit - range->first < range->count)
            return true;
    }
    return false;
}

struct aftersale *cases_of_unit(const struct cases *cases, enum case_kind kind,
                                const struct order *order, uint32_t line, uint32_t unit)
{
    struct aftersale *one = cases_newest(cases, kind, order);
    while (one != NULL && !names_unit(cases_units(cases, one), line, unit))
        one = cases_before(cases, kind, one);
    return one;
}

bool cases_took_unit(const struct cases *cases, const struct order_book *book,
                     const struct order *order, uint32_t place)
{
    const struct order_line *lines = book_lines(book, order);
    uint32_t line = 0;
    if (order->cancelled == 0)
        return false;
    for (; place >= lines[line].units; line++)
        place -= lines[line].units;
    if (lines[line].cancelled == 0)
        return false;
    const struct aftersale *one = cases_of_unit(cases, CASE_CANCEL, order, line, place);
    return one != NULL && (one->status == CANCEL_SUCCESS || one->status == CANCEL_COMPLETE);
}

void cases_changed(struct cases *cases, enum case_kind kind, struct aftersale *one, int64_t now)
{
    one->updated = now;
    one->change = ++cases->rows[kind].next_change;
}

static int by_time_then_creation(const void *a, const void *b)
{
    const struct aftersale *left = *(struct aftersale *const *)a;
    const struct aftersale *right = *(struct aftersale *const *)b;
    if (left->updated != right->updated)
        return left->updated < right->updated ? -1 : 1;
    return (left->first_item > right->first_item) - (left->first_item < right->first_item);
}

void cases_sort_changes(struct cases *cases)
{
    for (int kind = 0; kind < CASE_KINDS; kind++) {
        struct case_row *row = &cases->rows[kind];
        if (row->count == 0)
            continue;
        struct aftersale **sorted = sp_alloc(row->count * sizeof(struct aftersale *));
        for (size_t i = 0; i < row->count; i++)
            sorted[i] = &row->all[i];
        qsort(sorted, row->count, sizeof(struct aftersale *), by_time_then_creation);
        for (size_t i = 0; i < row->count; i++)
            sorted[i]->change = ++row->next_change;
        free(sorted);
    }
}

void cases_note(struct cases *cases, const struct case_note *note)
{
    if (cases->texts == NULL)
        cases->texts = sp_arena_open();
    cases->notes =
        grow(cases->notes, &cases->note_capacity, cases->note_count, 1, sizeof *cases->notes);
    struct case_note *kept = &cases->notes[cases->note_count++];
    *kept = *note;
    kept->note = sp_arena_copy(cases->texts, note->note);
}

uint64_t cases_unit_count(struct unit_set units)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < units.count; i++)
        sum += units.ranges[i].count;
    return sum;
}

/* Nothing is refunded of what was never paid. */
struct refund cases_refund_of(const struct order_book *book, const struct order *order,
                              struct unit_set units, bool whole)
{
    struct refund refund = {0};
    const struct order_line *lines = book_lines(book, order);
    if (order->times.paid == 0)
        return refund;
    for (uint32_t i = 0; i < units.count; i++) {
        const struct order_line *line = &lines[units.ranges[i].line];
        int64_t count = units.ranges[i].count;
        refund.subtotal += (line->price_minor - line->discount_minor) * count;
        refund.discount += line->discount_minor * count;
    }
    refund.shipping = whole ? order->shipping_minor : 0;
    refund.total = refund.subtotal + refund.shipping;
    return refund;
}

struct refund cases_refund(const struct cases *cases, const struct order_book *book,
                           const struct aftersale *one)
{
    struct refund refund =
        cases_refund_of(book, &book->orders[one->order], cases_units(cases, one), one->whole);
    if (one->asked_minor != 0)
        refund = (struct refund){.subtotal = one->asked_minor, .total = one->asked_minor};
    return refund;
}
