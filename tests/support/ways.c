#include "tests/support/ways.h"

enum { MOST_WAYS = 512 };

static struct test_way ways[MOST_WAYS];
static size_t way_count;

static bool holds(const struct test_way *way, size_t step)
{
    for (size_t i = 0; i < way->count; i++) {
        if (way->steps[i] == step)
            return true;
    }
    return false;
}

/* Keeps the way when it holds the last revision, and goes on to those that begin with it. */
static void add_ways(struct test_way way, size_t revisions)
{
    if (holds(&way, revisions - 1)) {
        SP_ASSERT(way_count < MOST_WAYS);
        ways[way_count++] = way;
    }
    for (size_t step = 0; step < revisions; step++) {
        if (holds(&way, step))
            continue;
        struct test_way longer = way;
        longer.steps[longer.count++] = step;
        add_ways(longer, revisions);
    }
}

const struct test_way *test_ways(size_t revisions, size_t *count)
{
    SP_ASSERT(revisions > 0 && revisions <= TEST_STEPS);
    way_count = 0;
    add_ways((struct test_way){.count = 0}, revisions);
    *count = way_count;
    return ways;
}
