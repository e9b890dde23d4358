#include "services/sandbox/order_search.h"

static bool within(int64_t time, int64_t ge, int64_t lt)
{
    return (ge == 0 || time >= ge) && (lt == 0 || time < lt);
}

/* What the glance does not tell: the buyer, the warehouse, the window of the other time. */
static bool fits_order(const struct order_book *book, const struct order_filter *filter,
                       const struct glance *glance)
{
    if (filter->user == 0 && filter->warehouses == 0 && filter->create_ge == 0 &&
        filter->create_lt == 0 && filter->update_ge == 0 && filter->update_lt == 0)
        return true;
    const struct order *order = &book->orders[glance->order];
    if (filter->user != 0 && order->user != filter->user)
        return false;
    if (filter->warehouses != 0 && (filter->warehouses >> order->warehouse & 1u) == 0)
        return false;
    return within(order->times.created, filter->create_ge, filter->create_lt) &&
           within(order->times.updated, filter->update_ge, filter->update_lt);
}

static bool fits(const struct order_book *book, const struct order_filter *filter,
                 const struct glance *glance)
{
    return glance->live && (filter->status == SEARCH_ANY || glance->status == filter->status) &&
           (filter->by_seller == SEARCH_ANY || glance->by_seller == (filter->by_seller == 1)) &&
           (filter->wants_cancel == SEARCH_ANY ||
            glance->wants_cancel == (filter->wants_cancel == 1)) &&
           fits_order(book, filter, glance);
}

/* The first entry at or behind `time`: entries stand in the order of their times. */
static size_t first_from(const struct glances *row, int64_t time)
{
    size_t low = 0, high = row->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row->entries[middle].time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void take(struct order_page *page, const struct glance *glance, size_t limit)
{
    if (page->count == limit) {
        page->more = true;
        return;
    }
    page->orders[page->count++] = glance->order;
    page->last = glance->place;
}

/* Without the two windows of the row's own time, which the bounds of the walk already keep. */
static struct order_filter without_own_window(const struct order_filter *filter)
{
    struct order_filter rest = *filter;
    if (filter->by_update)
        rest.update_ge = rest.update_lt = 0;
    else
        rest.create_ge = rest.create_lt = 0;
    return rest;
}

void order_search(const struct order_book *book, const struct order_filter *filter, uint64_t place,
                  size_t limit, struct order_page *page)
{
    const struct glances *row = filter->by_update ? &book->changes : &book->created;
    int64_t ge = filter->by_update ? filter->update_ge : filter->create_ge;
    int64_t lt = filter->by_update ? filter->update_lt : filter->create_lt;
    size_t from = ge == 0 ? 0 : first_from(row, ge);
    size_t to = lt == 0 ? row->count : first_from(row, lt);
    struct order_filter rest = without_own_window(filter);
    SP_ASSERT(limit <= SEARCH_PAGE);
    page->count = page->total = 0;
    page->last = place;
    page->more = false;
    for (size_t i = from; i < to; i++) {
        const struct glance *glance = &row->entries[filter->descending ? to - 1 - (i - from) : i];
        if (!fits(book, &rest, glance))
            continue;
        page->total++;
        bool behind =
            place == 0 || (filter->descending ? glance->place < place : glance->place > place);
        if (behind)
            take(page, glance, limit);
    }
}
