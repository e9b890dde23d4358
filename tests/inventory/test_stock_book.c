/* The book of figures: finding, growing, effects in lock order. */
#include <criterion/criterion.h>

#include "services/inventory/stock_book.h"

Test(stock_book, finds_what_was_added_and_nothing_else)
{
    struct sp_arena *arena = sp_arena_open();
    struct stock_book *book = stock_book_open(arena);
    for (int64_t i = 1; i <= 5000; i++)
        stock_book_at(book, 1 + i % 3, i, 7)->available = i;
    cr_assert_eq(book->count, 5000);
    for (int64_t i = 1; i <= 5000; i++) {
        struct stock_figure *figure = stock_book_find(book, 1 + i % 3, i, 7);
        cr_assert_not_null(figure);
        cr_assert_eq(figure->available, i);
        cr_assert_null(stock_book_find(book, 1 + i % 3, i, 8));
    }
    sp_arena_close(&arena);
}

Test(stock_book, keeps_pointers_valid_while_it_grows)
{
    struct sp_arena *arena = sp_arena_open();
    struct stock_book *book = stock_book_open(arena);
    struct stock_figure *first = stock_book_at(book, 1, 1, 1);
    for (int64_t i = 2; i < 2000; i++)
        (void)stock_book_at(book, 1, i, 1);
    cr_assert_eq(stock_book_find(book, 1, 1, 1), first);
    cr_assert_eq(stock_book_at(book, 1, 1, 1), first);
    sp_arena_close(&arena);
}

Test(stock_book, tells_effects_in_the_order_of_locks)
{
    struct sp_arena *arena = sp_arena_open();
    struct stock_book *book = stock_book_open(arena);
    const int64_t keys[][2] = {{9, 1}, {2, 2}, {5, 1}, {4, 2}};
    for (size_t i = 0; i < SP_COUNT(keys); i++) {
        struct stock_figure *figure = stock_book_at(book, 1, keys[i][0], keys[i][1]);
        figure->stored = true;
        figure->held_change = 1;
    }
    stock_book_at(book, 1, 7, 1)->stored = true; /* nothing changed */
    stock_book_at(book, 1, 8, 1)->waiting_change = 3;
    struct stock_effect *effects;
    cr_assert_eq(stock_book_effects(book, true, &effects), 4);
    const int64_t wanted[][2] = {{5, 1}, {9, 1}, {2, 2}, {4, 2}};
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(effects[i].variant_id, wanted[i][0]);
        cr_assert_eq(effects[i].warehouse_id, wanted[i][1]);
    }
    cr_assert_eq(stock_book_effects(book, false, &effects), 1);
    cr_assert_eq(effects[0].waiting, 3);
    sp_arena_close(&arena);
}

Test(stock_book, sums_effects_on_one_row)
{
    struct stock_effect effects[] = {{1, 5, 1, .on_hand = -2, .held = -2},
                                     {1, 4, 1, .on_hand = 3},
                                     {1, 5, 1, .held = -1, .quarantined = 4, .waiting = 1}};
    cr_assert_eq(stock_effects_sum(effects, SP_COUNT(effects)), 2);
    cr_assert_eq(effects[0].variant_id, 4);
    cr_assert_eq(effects[1].on_hand, -2);
    cr_assert_eq(effects[1].held, -3);
    cr_assert_eq(effects[1].quarantined, 4);
    cr_assert_eq(effects[1].waiting, 1);
}
