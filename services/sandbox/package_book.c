#include "services/sandbox/package_book.h"

#include <stdlib.h>

enum { FIRST_PACKAGES = 256 };

void packages_free(struct package_book *book)
{
    free(book->packages);
    free(book->parts);
    sp_arena_close(&book->texts);
    *book = (struct package_book){0};
}

uint32_t packages_add(struct package_book *book, const struct package *package)
{
    SP_ASSERT(book->count < UINT32_MAX / 2);
    if (book->count == book->capacity) {
        book->capacity = book->capacity == 0 ? FIRST_PACKAGES : book->capacity * 2;
        book->packages = sp_realloc(book->packages, book->capacity * sizeof *book->packages);
    }
    book->packages[book->count] = *package;
    return (uint32_t)book->count++;
}

uint32_t packages_find(const struct package_book *book, uint64_t counter)
{
    return counter == 0 || counter > book->count ? PACKAGE_NONE : (uint32_t)(counter - 1);
}

struct sp_arena *packages_texts(struct package_book *book)
{
    if (book->texts == NULL)
        book->texts = sp_arena_open();
    return book->texts;
}

/* Position + 1. */
static uint32_t take_part(struct package_book *book)
{
    uint32_t part = book->free_parts;
    if (part != 0) {
        book->free_parts = book->parts[part - 1].next;
        return part;
    }
    SP_ASSERT(book->part_count < UINT32_MAX / 2);
    if (book->part_count == book->part_capacity) {
        book->part_capacity = book->part_capacity == 0 ? FIRST_PACKAGES : book->part_capacity * 2;
        book->parts = sp_realloc(book->parts, book->part_capacity * sizeof *book->parts);
    }
    return (uint32_t)++book->part_count;
}

static void drop_parts(struct package_book *book, struct order *order)
{
    while (order->first_part != 0) {
        uint32_t part = order->first_part;
        order->first_part = book->parts[part - 1].next;
        book->parts[part - 1].next = book->free_parts;
        book->free_parts = part;
    }
}

/* `last`: position + 1 of the part it goes behind, 0: it is the first.  Its own position + 1. */
static uint32_t append(struct package_book *book, struct order *order, uint32_t last,
                       struct package_part part)
{
    uint32_t at = take_part(book);
    book->parts[at - 1] = part;
    if (last == 0)
        order->first_part = at;
    else
        book->parts[last - 1].next = at;
    return at;
}

void packages_read(const struct package_book *book, const struct order *order, uint32_t of_unit[])
{
    for (uint32_t i = 0; i < order->units; i++)
        of_unit[i] = PACKAGE_NONE;
    const struct package_part *part = packages_first(book, order);
    for (; part != NULL; part = packages_next(book, part)) {
        for (uint32_t i = 0; i < part->count; i++)
            of_unit[part->first + i] = part->package;
    }
}

void packages_write(struct package_book *book, struct order *order, const uint32_t of_unit[])
{
    uint32_t last = 0;
    drop_parts(book, order);
    for (uint32_t first = 0, end; first < order->units; first = end) {
        for (end = first + 1; end < order->units && of_unit[end] == of_unit[first];)
            end++;
        if (of_unit[first] != PACKAGE_NONE)
            last = append(book, order, last,
                          (struct package_part){of_unit[first], first, end - first, 0});
    }
}

void packages_put(struct package_book *book, struct order *order, uint32_t package)
{
    drop_parts(book, order);
    if (package != PACKAGE_NONE)
        (void)append(book, order, 0, (struct package_part){package, 0, order->units, 0});
}

uint32_t packages_only(const struct package_book *book, const struct order *order)
{
    const struct package_part *first = packages_first(book, order);
    if (first == NULL)
        return PACKAGE_NONE;
    bool whole = packages_units(book, order, first->package) == order->units - order->cancelled;
    return whole ? first->package : PACKAGE_NONE;
}

const struct package_part *packages_first(const struct package_book *book,
                                          const struct order *order)
{
    return order->first_part == 0 ? NULL : &book->parts[order->first_part - 1];
}

const struct package_part *packages_next(const struct package_book *book,
                                         const struct package_part *part)
{
    return part->next == 0 ? NULL : &book->parts[part->next - 1];
}

/* The package has a part before this one. */
static bool came_before(const struct package_book *book, const struct order *order,
                        const struct package_part *part)
{
    const struct package_part *before = packages_first(book, order);
    while (before->package != part->package)
        before = packages_next(book, before);
    return before != part;
}

const struct package_part *packages_other(const struct package_book *book,
                                          const struct order *order,
                                          const struct package_part *last)
{
    const struct package_part *part =
        last == NULL ? packages_first(book, order) : packages_next(book, last);
    while (part != NULL && came_before(book, order, part))
        part = packages_next(book, part);
    return part;
}

uint32_t packages_between(const struct package_book *book, const struct order *order,
                          uint32_t package, uint32_t first, uint32_t end)
{
    uint32_t units = 0;
    const struct package_part *part = packages_first(book, order);
    for (; part != NULL; part = packages_next(book, part)) {
        uint32_t from = part->first > first ? part->first : first;
        uint32_t to = part->first + part->count < end ? part->first + part->count : end;
        units += part->package == package && to > from ? to - from : 0;
    }
    return units;
}

uint32_t packages_units(const struct package_book *book, const struct order *order,
                        uint32_t package)
{
    return packages_between(book, order, package, 0, order->units);
}
