/* The ways in which a short history can arrive: facts are lost to newer ones, doubled back, late.
 */
#ifndef SAMPAN_TEST_WAYS_H
#define SAMPAN_TEST_WAYS_H

#include "common/base.h"

enum { TEST_STEPS = 5 };

struct test_way {
    size_t steps[TEST_STEPS]; /* revisions, counted from 0, in order of arrival */
    size_t count;
};

/* Every order of every subset of the revisions 0 … `revisions` - 1 that holds the last one: 49 ways
 * for 4 revisions.  However it came, the receiver must end in the same rows.  Lives until the
 * process ends. */
const struct test_way *test_ways(size_t revisions, size_t *count);

#endif
