#include "common/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, KEEP_AT_MOST = 1024 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

struct sp_arena {
    struct block *blocks; /* the one in use first */
    struct block *spare;  /* emptied blocks of BLOCK_SIZE, at most KEEP_AT_MOST bytes */
    size_t spare_bytes;
};

struct sp_arena *sp_arena_open(void)
{
    return sp_alloc(sizeof(struct sp_arena));
}

static void free_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void sp_arena_close(struct sp_arena **arena)
{
    if (*arena == NULL)
        return;
    free_blocks((*arena)->blocks);
    free_blocks((*arena)->spare);
    free(*arena);
    *arena = NULL;
}

static struct block *take_block(struct sp_arena *arena, size_t size)
{
    struct block *block = arena->spare;
    if (block != NULL && size <= BLOCK_SIZE) {
        arena->spare = block->next;
        arena->spare_bytes -= block->size;
        return block;
    }
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    block = sp_realloc(NULL, sizeof *block + room);
    block->used = 0;
    block->size = room;
    return block;
}

void *sp_arena_alloc(struct sp_arena *arena, size_t size)
{
    SP_ASSERT(size < SIZE_MAX / 2);
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < rounded) {
        block = take_block(arena, rounded);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += rounded;
    memset(memory, 0, rounded);
    return memory;
}

void *sp_arena_array(struct sp_arena *arena, size_t count, size_t size)
{
    size_t total;
    SP_ASSERT(!__builtin_mul_overflow(count, size, &total));
    return sp_arena_alloc(arena, total);
}

struct sp_text sp_arena_copy(struct sp_arena *arena, struct sp_text text)
{
    char *data = sp_arena_alloc(arena, text.size + 1);
    if (text.size > 0)
        memcpy(data, text.data, text.size);
    return (struct sp_text){data, text.size};
}

struct sp_text sp_arena_printf(struct sp_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    SP_ASSERT(size >= 0);
    char *data = sp_arena_alloc(arena, (size_t)size + 1);
    (void)vsnprintf(data, (size_t)size + 1, format, again);
    va_end(again);
    return (struct sp_text){data, (size_t)size};
}

void sp_arena_reset(struct sp_arena *arena)
{
    struct block *block = arena->blocks;
    arena->blocks = NULL;
    while (block != NULL) {
        struct block *next = block->next;
        if (block->size == BLOCK_SIZE && arena->spare_bytes + block->size <= KEEP_AT_MOST) {
            block->used = 0;
            block->next = arena->spare;
            arena->spare = block;
            arena->spare_bytes += block->size;
        } else {
            free(block);
        }
        block = next;
    }
}
