/* What the service's statements read: whether they find rows by their keys, or look through a
 * table. */
#ifndef SAMPAN_TEST_READS_H
#define SAMPAN_TEST_READS_H

#include "common/worker.h"

/* No table is analysed from now on: plans have nothing but the tables' size to go by. */
void test_never_analyse(struct sp_worker *worker);

/* Counts from now on. */
void test_count_reads(struct sp_worker *worker);
/* The tables of which more than so many rows were read, and how many were: "orders 5000, …"; ""
 * when there are none. */
const char *test_reads_above(struct sp_worker *worker, int64_t most);

#endif
