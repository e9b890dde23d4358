#include "services/sandbox/drips.h"

#include <string.h>

bool drips_add(struct drips *drips, const struct drip *drip)
{
    SP_ASSERT(drip->per_second > 0 && drip->per_second <= DRIP_MOST_PER_S);
    for (size_t i = 0; i < DRIPS; i++) {
        struct drip *place = &drips->places[i];
        if (place->placed < place->count)
            continue;
        *place = *drip;
        return true;
    }
    return false;
}

size_t drips_due(const struct drip *drip, int64_t now_us)
{
    if (drip->placed == drip->count)
        return 0;
    /* Days at the highest rate stay far below the limit of 64 bits. */
    int64_t by_now = (now_us - drip->began_us) * drip->per_second / 1000000 + 1;
    size_t wanted = (size_t)by_now < drip->count ? (size_t)by_now : drip->count;
    return wanted > drip->placed ? wanted - drip->placed : 0;
}

uint64_t drips_next(struct drip *drip)
{
    SP_ASSERT(drip->placed < drip->count);
    drip->placed++;
    return drip->next_number++;
}

size_t drips_waiting(const struct drips *drips)
{
    size_t waiting = 0;
    for (size_t i = 0; i < DRIPS; i++)
        waiting += drips->places[i].count - drips->places[i].placed;
    return waiting;
}

void drips_clear(struct drips *drips)
{
    memset(drips, 0, sizeof *drips);
}
