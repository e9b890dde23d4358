/* An arena: memory for one batch, given back all at once. */
#ifndef SAMPAN_ARENA_H
#define SAMPAN_ARENA_H

#include "common/base.h"

struct sp_arena;

struct sp_arena *sp_arena_open(void);
void sp_arena_close(struct sp_arena **arena);

/* Zeroed, aligned for any type, valid until the arena is reset; aborts when memory is out. */
void *sp_arena_alloc(struct sp_arena *arena, size_t size);
/* The same for `count` things of `size` bytes; aborts when the product overflows. */
void *sp_arena_array(struct sp_arena *arena, size_t count, size_t size);
struct sp_text sp_arena_copy(struct sp_arena *arena, struct sp_text text);
struct sp_text sp_arena_printf(struct sp_arena *arena, const char *format, ...) SP_PRINTF(2, 3);

/* Forgets everything.  Keeps at most 1 MiB for the next batch; the rest goes back to the system. */
void sp_arena_reset(struct sp_arena *arena);

#endif
