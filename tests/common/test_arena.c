/* The arena: alignment, zeroes, large blocks, reset. */
#include "common/arena.h"

#include <criterion/criterion.h>
#include <malloc.h>
#include <signal.h>
#include <stdalign.h>
#include <string.h>

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
    cr_assert_null(arena);
    sp_arena_close(&arena);
}

TestSuite(arena, .init = set_up, .fini = tear_down);

Test(arena, memory_is_zeroed_and_aligned_whatever_came_before)
{
    for (size_t round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            char *memory = sp_arena_alloc(arena, size);
            cr_assert_eq((uintptr_t)memory % alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                cr_assert_eq(memory[i], 0);
            memset(memory, 0xff, size);
        }
        sp_arena_reset(arena);
    }
}

Test(arena, pieces_do_not_overlap)
{
    enum { PIECES = 5000, SIZE = 100 };
    char **pieces = sp_arena_array(arena, PIECES, sizeof *pieces);
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = sp_arena_alloc(arena, SIZE);
        memset(pieces[i], (int)(i % 251), SIZE);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t j = 0; j < SIZE; j++)
            cr_assert_eq((unsigned char)pieces[i][j], i % 251);
    }
}

Test(arena, takes_pieces_larger_than_a_block)
{
    enum { LARGE = 5 << 20 };
    char *small = sp_arena_alloc(arena, 10), *large = sp_arena_alloc(arena, LARGE);
    memset(large, 1, LARGE);
    small[9] = 2;
    char *after = sp_arena_alloc(arena, 10);
    after[0] = 3;
    cr_assert_eq(large[LARGE - 1], 1);
}

Test(arena, copies_and_prints_texts)
{
    struct sp_text copy = sp_arena_copy(arena, SP_TEXT("abc"));
    cr_assert_str_eq(copy.data, "abc");
    cr_assert_eq(copy.size, 3);
    cr_assert_eq(sp_arena_copy(arena, (struct sp_text){NULL, 0}).size, 0);
    struct sp_text printed = sp_arena_printf(arena, "%s-%d", "7", 42);
    cr_assert_str_eq(printed.data, "7-42");
    cr_assert_eq(printed.size, 4);
}

Test(arena, gives_back_most_of_a_large_batch)
{
    struct mallinfo2 before = mallinfo2();
    for (size_t i = 0; i < 200; i++)
        (void)sp_arena_alloc(arena, 60 * 1024);
    (void)sp_arena_alloc(arena, 4 << 20);
    sp_arena_reset(arena);
    struct mallinfo2 after = mallinfo2();
    cr_assert_leq(after.uordblks + after.hblkhd, before.uordblks + before.hblkhd + (2 << 20));
}

Test(arena, an_array_too_large_to_be_is_our_mistake, .signal = SIGABRT)
{
    (void)sp_arena_array(arena, SIZE_MAX / 4, 8);
}
