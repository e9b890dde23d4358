/* What is to happen when: the earliest first, of equal times the one that was put first. */
#ifndef SANDBOX_SCHEDULE_H
#define SANDBOX_SCHEDULE_H

#include "common/base.h"

struct due {
    int64_t at_us;
    uint64_t place; /* filled in: breaks ties */
    uint64_t subject;
    uint32_t what, shop;
};

/* A binary heap.  All zero is a valid empty one. */
struct schedule {
    struct due *entries;
    size_t count, capacity;
    uint64_t next_place;
};

void schedule_put(struct schedule *schedule, struct due due);
/* The same, behind everything else of its time. */
void schedule_put_last(struct schedule *schedule, struct due due);
/* When the first is due; INT64_MAX when there is none. */
int64_t schedule_first_us(const struct schedule *schedule);
/* Takes the first, if it is due by `until_us`. */
bool schedule_take(struct schedule *schedule, int64_t until_us, struct due *due) SP_MUST_USE;
/* Drops the entries of which `drop` is true. */
void schedule_sift(struct schedule *schedule, bool (*drop)(const struct due *due));
void schedule_free(struct schedule *schedule);

#endif
