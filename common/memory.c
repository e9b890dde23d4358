#include "common/memory.h"

#include <malloc.h>

void sp_memory_bound(void)
{
    enum { ARENAS = 2, LARGE = 256 * 1024, SPARE = 1024 * 1024 };
    (void)mallopt(M_ARENA_MAX, ARENAS);
    /* Said once, the level at which blocks are mapped singly stays; else it rises with each freed.
     */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)mallopt(M_TRIM_THRESHOLD, SPARE);
}

void sp_memory_give_back(void)
{
    (void)malloc_trim(0);
}
