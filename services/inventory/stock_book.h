/* The stock figures a transaction works on, in memory: found by account, variant and warehouse,
 * with what the transaction changes.  Lives in the batch's arena. */
#ifndef SAMPAN_INVENTORY_STOCK_BOOK_H
#define SAMPAN_INVENTORY_STOCK_BOOK_H

#include "common/arena.h"
#include "common/base.h"

struct stock_figure {
    int64_t account_id, variant_id, warehouse_id;
    int64_t available, waiting; /* pieces, as they are after the decisions so far */
    bool stored;                /* the database has this row */
    bool serving;               /* the line of waiting orders is being served, oldest first */
    int64_t held_change, waiting_change;
    int64_t taken; /* of held_change, what the database has been told already */
    int64_t own;   /* what the order in hand held here before; 0 between orders */
};

struct stock_book {
    struct sp_arena *arena;
    struct stock_figure **slots; /* hash table, a power of two */
    size_t size;
    struct stock_figure **figures; /* in the order they were added */
    size_t count;
};

/* What is to change in one row of the database. */
struct stock_effect {
    int64_t account_id, variant_id, warehouse_id;
    int64_t on_hand, held, quarantined, waiting;
};

struct stock_book *stock_book_open(struct sp_arena *arena);
/* NULL when there is none. */
struct stock_figure *stock_book_find(const struct stock_book *book, int64_t account_id,
                                     int64_t variant_id, int64_t warehouse_id);
/* Adds an empty figure, not stored, when there is none. */
struct stock_figure *stock_book_at(struct stock_book *book, int64_t account_id, int64_t variant_id,
                                   int64_t warehouse_id);

/* What the decisions on the book change, in the order in which rows are locked: account, warehouse,
 * variant. `stored` chooses the rows that exist, or those that do not yet.  Returns how many. */
size_t stock_book_effects(const struct stock_book *book, bool stored,
                          struct stock_effect **effects);
/* Sums effects on the same row, in place, in the order in which rows are locked.  Returns how many
 * are left. */
size_t stock_effects_sum(struct stock_effect effects[], size_t count);

#endif
