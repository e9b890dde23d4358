#include "services/sandbox/schedule.h"

#include <stdlib.h>

#define LAST_OF_ITS_TIME ((uint64_t)1 << 63)

static bool before(const struct due *a, const struct due *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->place < b->place;
}

static void swap(struct due *a, struct due *b)
{
    struct due kept = *a;
    *a = *b;
    *b = kept;
}

static void rise(struct schedule *schedule, size_t at)
{
    struct due *entries = schedule->entries;
    for (; at > 0 && before(&entries[at], &entries[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&entries[at], &entries[(at - 1) / 2]);
}

static void sink(struct schedule *schedule, size_t at)
{
    struct due *entries = schedule->entries;
    for (;;) {
        size_t first = at, left = 2 * at + 1;
        for (size_t child = left; child < left + 2 && child < schedule->count; child++) {
            if (before(&entries[child], &entries[first]))
                first = child;
        }
        if (first == at)
            return;
        swap(&entries[at], &entries[first]);
        at = first;
    }
}

static void put(struct schedule *schedule, struct due due, uint64_t rank)
{
    if (schedule->count == schedule->capacity) {
        schedule->capacity = schedule->capacity == 0 ? 64 : schedule->capacity * 2;
        schedule->entries =
            sp_realloc(schedule->entries, schedule->capacity * sizeof *schedule->entries);
    }
    due.place = rank | ++schedule->next_place;
    schedule->entries[schedule->count] = due;
    rise(schedule, schedule->count++);
}

void schedule_put(struct schedule *schedule, struct due due)
{
    put(schedule, due, 0);
}

void schedule_put_last(struct schedule *schedule, struct due due)
{
    put(schedule, due, LAST_OF_ITS_TIME);
}

int64_t schedule_first_us(const struct schedule *schedule)
{
    return schedule->count == 0 ? INT64_MAX : schedule->entries[0].at_us;
}

bool schedule_take(struct schedule *schedule, int64_t until_us, struct due *due)
{
    if (schedule->count == 0 || schedule->entries[0].at_us > until_us)
        return false;
    *due = schedule->entries[0];
    schedule->entries[0] = schedule->entries[--schedule->count];
    sink(schedule, 0);
    return true;
}

void schedule_sift(struct schedule *schedule, bool (*drop)(const struct due *due))
{
    size_t kept = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        if (!drop(&schedule->entries[i]))
            schedule->entries[kept++] = schedule->entries[i];
    }
    schedule->count = kept;
    for (size_t i = kept / 2; i-- > 0;)
        sink(schedule, i);
}

void schedule_free(struct schedule *schedule)
{
    free(schedule->entries);
    *schedule = (struct schedule){0};
}
