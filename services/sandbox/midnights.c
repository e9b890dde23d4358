#include "services/sandbox/midnights.h"

#include <stdlib.h>

enum { DAY = 86400 };

void midnights_pass(struct midnights *midnights, int64_t day, int64_t seen)
{
    if (midnights->count == 0)
        midnights->first = day;
    SP_ASSERT(day == midnights->first + (int64_t)midnights->count);
    if (midnights->count == midnights->capacity) {
        midnights->capacity = midnights->capacity == 0 ? 64 : midnights->capacity * 2;
        midnights->seen =
            sp_realloc(midnights->seen, midnights->capacity * sizeof *midnights->seen);
    }
    midnights->seen[midnights->count++] = seen;
}

int64_t midnights_seen(const struct midnights *midnights, int64_t day)
{
    if (midnights->count == 0 || day < midnights->first)
        return day * DAY;
    SP_ASSERT(day - midnights->first < (int64_t)midnights->count);
    return midnights->seen[day - midnights->first];
}

void midnights_free(struct midnights *midnights)
{
    free(midnights->seen);
    *midnights = (struct midnights){0};
}
