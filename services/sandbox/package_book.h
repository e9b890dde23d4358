/* All packages of a shop, and which units of which orders are in them.
 *
 * A package holds units of one order, or whole orders of one buyer.  Each order keeps a row of
 * parts: runs of its units, by their place in the order, that are in one package. */
#ifndef SANDBOX_PACKAGE_BOOK_H
#define SANDBOX_PACKAGE_BOOK_H

#include "common/arena.h"
#include "services/sandbox/order_book.h"
#include "services/sandbox/package.h"

#define PACKAGE_NONE UINT32_MAX

/* Units `first` to `first + count - 1` of an order; `next`: position + 1, 0 at the end. */
struct package_part {
    uint32_t package, first, count, next;
};

/* All zero is a valid empty book. */
struct package_book {
    struct package *packages;
    size_t count, capacity;
    struct package_part *parts;
    size_t part_count, part_capacity;
    uint32_t free_parts;    /* position + 1 of the first one to use again */
    struct sp_arena *texts; /* what sellers told */
};

void packages_free(struct package_book *book);
/* Its position; the id's counter is one more.  Nothing is in it yet. */
uint32_t packages_add(struct package_book *book, const struct package *package);
/* Position of the package with this counter, PACKAGE_NONE when there is none. */
uint32_t packages_find(const struct package_book *book, uint64_t counter);
/* Memory that lives as long as the book. */
struct sp_arena *packages_texts(struct package_book *book);

/* For each unit of the order the package it is in, or PACKAGE_NONE; and back. */
void packages_read(const struct package_book *book, const struct order *order, uint32_t of_unit[]);
void packages_write(struct package_book *book, struct order *order, const uint32_t of_unit[]);
/* The same for a whole order, PACKAGE_NONE: in no package. */
void packages_put(struct package_book *book, struct order *order, uint32_t package);
/* The one package that the whole order is in, as far as it is not cancelled, otherwise
 * PACKAGE_NONE. */
uint32_t packages_only(const struct package_book *book, const struct order *order);

/* First part of an order, and the next one; NULL at the end. */
const struct package_part *packages_first(const struct package_book *book,
                                          const struct order *order);
const struct package_part *packages_next(const struct package_book *book,
                                         const struct package_part *part);
/* Packages of an order, each once, in the order of their first units: starts with NULL. */
const struct package_part *packages_other(const struct package_book *book,
                                          const struct order *order,
                                          const struct package_part *last);
/* Units of an order, from `first` to before `end`, that are in this package; and all of them. */
uint32_t packages_between(const struct package_book *book, const struct order *order,
                          uint32_t package, uint32_t first, uint32_t end);
uint32_t packages_units(const struct package_book *book, const struct order *order,
                        uint32_t package);

#endif
