/* Numbers that look random and come again from the same seed. */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H

#include <stdint.h>

/* One number for a seed, a subject and a place in it; all 64 bits are usable (splitmix64). */
uint64_t seed_mix(uint64_t seed, uint64_t subject, uint64_t place);
/* The same, from 0 to limit - 1; limit > 0. */
uint64_t seed_below(uint64_t seed, uint64_t subject, uint64_t place, uint64_t limit);

/* What the subjects are: two uses of one seed never share a number. */
enum seed_subject {
    SEED_IDS = 1,
    SEED_PRODUCT,
    SEED_PRICE,
    SEED_STOCK,
    SEED_BUYER,
    SEED_LINES,
    SEED_HISTORY,
    SEED_TOKEN,
    SEED_REQUEST,
    SEED_LIFE, /* whether something happens */
    SEED_FAULT,
    SEED_NOTICE_FAULT,
    SEED_WAIT, /* … and how soon */
};

#endif
