#include "services/sandbox/order_book.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ORDERS = 256, SWEEP_FROM = 4096 };

void book_free(struct order_book *book)
{
    free(book->orders);
    free(book->lines);
    free(book->by_number);
    free(book->created.entries);
    free(book->changes.entries);
    *book = (struct order_book){0};
}

uint64_t book_reserve(struct order_book *book, size_t count)
{
    uint64_t first = book->next_number + 1;
    book->next_number += count;
    if (book->next_number >= book->number_capacity) {
        size_t capacity = book->number_capacity == 0 ? FIRST_ORDERS : book->number_capacity;
        while (capacity <= book->next_number)
            capacity *= 2;
        book->by_number = sp_realloc(book->by_number, capacity * sizeof *book->by_number);
        memset(book->by_number + book->number_capacity, 0,
               (capacity - book->number_capacity) * sizeof *book->by_number);
        book->number_capacity = capacity;
    }
    return first;
}

bool book_has_room(const struct order_book *book, size_t count)
{
    return count <= BOOK_ORDERS && book->next_number + count <= BOOK_ORDERS;
}

static void push_glance(struct glances *glances, struct glance glance)
{
    if (glances->count == glances->capacity) {
        glances->capacity = glances->capacity == 0 ? FIRST_ORDERS : glances->capacity * 2;
        glances->entries =
            sp_realloc(glances->entries, glances->capacity * sizeof *glances->entries);
    }
    glances->entries[glances->count++] = glance;
}

static struct glance glance_of(const struct order *order, uint32_t at)
{
    return (struct glance){.order = at,
                           .status = order->status,
                           .live = true,
                           .by_seller = order->by_seller,
                           .wants_cancel = order->wants_cancel};
}

static void push_change(struct order_book *book, uint32_t at)
{
    struct order *order = &book->orders[at];
    struct glance glance = glance_of(order, at);
    glance.time = order->times.updated;
    glance.place = ++book->next_place;
    order->change_at = (uint32_t)book->changes.count;
    push_glance(&book->changes, glance);
}

static uint32_t push_order(struct order_book *book, const struct order *order)
{
    if (book->order_count == book->order_capacity) {
        book->order_capacity = book->order_capacity == 0 ? FIRST_ORDERS : book->order_capacity * 2;
        book->orders = sp_realloc(book->orders, book->order_capacity * sizeof *book->orders);
    }
    SP_ASSERT(book->order_count < BOOK_ORDERS);
    book->orders[book->order_count] = *order;
    return (uint32_t)book->order_count++;
}

static void push_lines(struct order_book *book, const struct order_line *lines, size_t count)
{
    size_t wanted = book->line_count + count;
    SP_ASSERT(wanted < UINT32_MAX);
    if (wanted > book->line_capacity) {
        size_t capacity = book->line_capacity == 0 ? FIRST_ORDERS : book->line_capacity;
        while (capacity < wanted)
            capacity *= 2;
        book->lines = sp_realloc(book->lines, capacity * sizeof *book->lines);
        book->line_capacity = capacity;
    }
    memcpy(book->lines + book->line_count, lines, count * sizeof *lines);
    book->line_count = wanted;
}

uint32_t book_add(struct order_book *book, const struct order_draft *draft)
{
    SP_ASSERT(draft->line_count > 0 && draft->line_count <= BOOK_ORDER_LINES);
    SP_ASSERT(draft->number > 0 && draft->number <= book->next_number);
    struct order order = draft->order;
    order.number = draft->number;
    order.first_item = book->next_item + 1;
    order.first_line = (uint32_t)book->line_count;
    order.line_count = (uint32_t)draft->line_count;
    order.units = 0;
    for (size_t i = 0; i < draft->line_count; i++)
        order.units += draft->lines[i].units;
    SP_ASSERT(order.units > 0 && order.units <= BOOK_ORDER_UNITS);
    book->next_item += order.units;
    book->units += order.units;
    book->by_status[order.status]++;
    push_lines(book, draft->lines, draft->line_count);
    uint32_t at = push_order(book, &order);
    book->by_number[order.number] = at + 1;
    struct glance created = glance_of(&order, at);
    created.time = order.times.created;
    created.place = at + 1;
    push_glance(&book->created, created);
    push_change(book, at);
    return at;
}

static int by_time_then_order(const void *a, const void *b)
{
    const struct glance *left = a, *right = b;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

static void number_changes(struct order_book *book, bool anew)
{
    for (size_t i = 0; i < book->changes.count; i++) {
        struct glance *glance = &book->changes.entries[i];
        if (anew)
            glance->place = ++book->next_place;
        book->orders[glance->order].change_at = (uint32_t)i;
    }
}

void book_sort_changes(struct order_book *book)
{
    if (book->changes.count > 0)
        qsort(book->changes.entries, book->changes.count, sizeof *book->changes.entries,
              by_time_then_order);
    number_changes(book, true);
}

uint32_t book_find(const struct order_book *book, uint64_t number)
{
    if (number == 0 || number > book->next_number || book->by_number[number] == 0)
        return BOOK_NONE;
    return book->by_number[number] - 1;
}

int64_t book_span(const struct order *order, int64_t seconds)
{
    return order->speed > 1 ? seconds / order->speed : seconds;
}

int64_t book_handled_from(const struct order *order)
{
    int64_t from = order->kind.is_cod ? order->times.created : order->times.paid;
    return from == 0 ? 0 : from + book_span(order, order_kind_waits_s(&order->kind));
}

int64_t book_released_at(const struct order *order)
{
    int64_t from = order->times.paid != 0 ? order->times.paid : order->times.created;
    return from + book_span(order, order->kind.release_s);
}

const struct order_line *book_lines(const struct order_book *book, const struct order *order)
{
    return book->lines + order->first_line;
}

/* Keeps the walk short: once most entries are dead, the live ones close ranks.  Places stay. */
static void sweep(struct order_book *book)
{
    if (book->dead < SWEEP_FROM || book->dead * 2 < book->changes.count)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < book->changes.count; i++) {
        if (book->changes.entries[i].live)
            book->changes.entries[kept++] = book->changes.entries[i];
    }
    book->changes.count = kept;
    book->dead = 0;
    number_changes(book, false);
}

static void move_behind(struct order_book *book, uint32_t at)
{
    const struct order *order = &book->orders[at];
    book->created.entries[at].status = order->status;
    book->created.entries[at].wants_cancel = order->wants_cancel;
    book->changes.entries[order->change_at].live = false;
    book->dead++;
    push_change(book, at);
    sweep(book);
}

enum sp_result book_happen(struct order_book *book, uint32_t at, enum order_event event,
                           int64_t now, struct sp_error *err)
{
    struct order *order = &book->orders[at];
    enum order_status before = (enum order_status)order->status, after = before;
    if (event == SHIP_PART && order->units < 2)
        return sp_fail(err, SP_REJECT, "an order of one unit cannot be shipped in part");
    if (life_happen(&after, &order->times, event, now, err) != SP_OK)
        return SP_REJECT;
    order->status = (uint8_t)after;
    order->had_hold = order->had_hold || after == ON_HOLD;
    if (order->kind.is_cod)
        order->times.paid = order->times.delivered;
    order->wants_cancel = false;
    book->by_status[before]--;
    book->by_status[after]++;
    move_behind(book, at);
    return SP_OK;
}

void book_touch(struct order_book *book, uint32_t at, int64_t now)
{
    book->orders[at].times.updated = now;
    move_behind(book, at);
}

void book_cancel_units(struct order_book *book, uint32_t at, uint32_t line, uint32_t count)
{
    struct order *order = &book->orders[at];
    struct order_line *changed = &book->lines[order->first_line + line];
    SP_ASSERT(line < order->line_count && count <= changed->units - changed->cancelled);
    changed->cancelled += count;
    order->cancelled += count;
}
