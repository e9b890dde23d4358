#include "services/inventory/stock_book.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 256 };

static uint64_t hash_of(int64_t account_id, int64_t variant_id, int64_t warehouse_id)
{
    uint64_t hash = (uint64_t)account_id * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (uint64_t)variant_id) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 29) ^ (uint64_t)warehouse_id) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 32);
}

static bool is_at(const struct stock_figure *figure, int64_t account_id, int64_t variant_id,
                  int64_t warehouse_id)
{
    return figure->variant_id == variant_id && figure->warehouse_id == warehouse_id &&
           figure->account_id == account_id;
}

/* The slot that holds the figure, or the free one where it belongs. */
static struct stock_figure **slot_of(const struct stock_book *book, int64_t account_id,
                                     int64_t variant_id, int64_t warehouse_id)
{
    size_t at = (size_t)hash_of(account_id, variant_id, warehouse_id) & (book->size - 1);
    while (book->slots[at] != NULL && !is_at(book->slots[at], account_id, variant_id, warehouse_id))
        at = (at + 1) & (book->size - 1);
    return &book->slots[at];
}

static void grow(struct stock_book *book)
{
    size_t size = book->size == 0 ? FIRST_SIZE : book->size * 2;
    struct stock_figure **figures = sp_arena_array(book->arena, size / 2, sizeof(void *));
    if (book->count > 0)
        memcpy(figures, book->figures, book->count * sizeof(void *));
    book->slots = sp_arena_array(book->arena, size, sizeof(void *));
    book->size = size;
    book->figures = figures;
    for (size_t i = 0; i < book->count; i++) {
        struct stock_figure *figure = figures[i];
        *slot_of(book, figure->account_id, figure->variant_id, figure->warehouse_id) = figure;
    }
}

struct stock_book *stock_book_open(struct sp_arena *arena)
{
    struct stock_book *book = sp_arena_alloc(arena, sizeof *book);
    book->arena = arena;
    grow(book);
    return book;
}

struct stock_figure *stock_book_find(const struct stock_book *book, int64_t account_id,
                                     int64_t variant_id, int64_t warehouse_id)
{
    return *slot_of(book, account_id, variant_id, warehouse_id);
}

struct stock_figure *stock_book_at(struct stock_book *book, int64_t account_id, int64_t variant_id,
                                   int64_t warehouse_id)
{
    struct stock_figure **slot = slot_of(book, account_id, variant_id, warehouse_id);
    if (*slot != NULL)
        return *slot;
    if (book->count == book->size / 2) {
        grow(book);
        slot = slot_of(book, account_id, variant_id, warehouse_id);
    }
    struct stock_figure *figure = sp_arena_alloc(book->arena, sizeof *figure);
    figure->account_id = account_id;
    figure->variant_id = variant_id;
    figure->warehouse_id = warehouse_id;
    *slot = figure;
    book->figures[book->count++] = figure;
    return figure;
}

static int by_lock_order(const void *left, const void *right)
{
    const struct stock_effect *a = left, *b = right;
    if (a->account_id != b->account_id)
        return a->account_id < b->account_id ? -1 : 1;
    if (a->warehouse_id != b->warehouse_id)
        return a->warehouse_id < b->warehouse_id ? -1 : 1;
    return (a->variant_id > b->variant_id) - (a->variant_id < b->variant_id);
}

size_t stock_book_effects(const struct stock_book *book, bool stored, struct stock_effect **effects)
{
    *effects = sp_arena_array(book->arena, book->count, sizeof **effects);
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct stock_figure *figure = book->figures[i];
        int64_t held = figure->held_change - figure->taken;
        if (figure->stored != stored || (held == 0 && figure->waiting_change == 0))
            continue;
        (*effects)[count++] = (struct stock_effect){.account_id = figure->account_id,
                                                    .variant_id = figure->variant_id,
                                                    .warehouse_id = figure->warehouse_id,
                                                    .held = held,
                                                    .waiting = figure->waiting_change};
    }
    qsort(*effects, count, sizeof **effects, by_lock_order);
    return count;
}

size_t stock_effects_sum(struct stock_effect effects[], size_t count)
{
    qsort(effects, count, sizeof *effects, by_lock_order);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_lock_order(&effects[kept - 1], &effects[i]) != 0) {
            effects[kept++] = effects[i];
            continue;
        }
        struct stock_effect *sum = &effects[kept - 1];
        sum->on_hand += effects[i].on_hand;
        sum->held += effects[i].held;
        sum->quarantined += effects[i].quarantined;
        sum->waiting += effects[i].waiting;
    }
    return kept;
}
