#include "common/fault.h"

#ifdef SAMPAN_FAULTS

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int percent_of(const char *kind)
{
    const char *wanted = getenv("SAMPAN_FAULT_PARCELS");
    size_t size = strlen(kind);
    for (const char *at = wanted; at != NULL && *at != '\0'; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, kind, size) == 0 && at[size] == '=')
            return (int)strtol(at + size + 1, NULL, 10);
    }
    return 0;
}

/* xorshift: one stream for all kinds, from the seed. */
static unsigned next_random(void)
{
    static _Atomic uint64_t state;
    uint64_t value = atomic_load(&state);
    if (value == 0) {
        const char *seed = getenv("SAMPAN_FAULT_SEED");
        value = UINT64_C(0x9e3779b97f4a7c15) ^ (seed == NULL ? 1 : strtoull(seed, NULL, 10));
    }
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    atomic_store(&state, value);
    return (unsigned)(value >> 33);
}

static bool is_time_for_faults(void)
{
    const char *file = getenv("SAMPAN_FAULT_WHILE");
    return file == NULL || access(file, F_OK) == 0;
}

bool sp_fault(const char *kind)
{
    int percent = percent_of(kind);
    return percent > 0 && (int)(next_random() % 100) < percent && is_time_for_faults();
}

#else
/* A file must hold something. */
typedef int sp_no_faults;
#endif
