#include "services/sandbox/seed.h"

static uint64_t scramble(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t seed_mix(uint64_t seed, uint64_t subject, uint64_t place)
{
    return scramble(scramble(scramble(seed) ^ subject) ^ place);
}

uint64_t seed_below(uint64_t seed, uint64_t subject, uint64_t place, uint64_t limit)
{
    return seed_mix(seed, subject, place) % limit;
}
