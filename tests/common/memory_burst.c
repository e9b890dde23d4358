#include "tests/common/memory_burst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 2048, PIECES = (int)(MEMORY_BURST / PIECE) };

/* libc's own, where a sanitiser has put another in its place. */
void *__libc_malloc(size_t size);
void __libc_free(void *memory);

void memory_burst(void)
{
    static void *pieces[PIECES];
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = __libc_malloc(PIECE);
        memset(pieces[i], 1, PIECE);
    }
    for (int i = 0; i < PIECES - 1; i++)
        __libc_free(pieces[i]);
}

int64_t memory_resident(int pid)
{
    char path[64];
    long long pages = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/statm", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%*d %lld", &pages) != 1)
        abort();
    (void)fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}
