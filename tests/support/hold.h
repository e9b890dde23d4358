/* Two transactions at once: one has read all it needs and has not committed when the other comes.
 *
 *     struct test_hold *hold = test_hold_commits(worker);
 *     test_feed_held(hold, other, &message, &value);    other has done all but its COMMIT
 *     …                                                 what happens meanwhile
 *     test_let_go(&hold);                               it has committed
 */
#ifndef SAMPAN_TEST_HOLD_H
#define SAMPAN_TEST_HOLD_H

#include "common/worker.h"

struct test_hold;

/* A transaction of its own that has run `sql`, and keeps what that has locked. */
struct test_hold *test_hold(struct sp_worker *worker, const char *sql);

/* From now on nothing that emits comes to its COMMIT: it waits for a lock on the outbox.  One hold
 * at a time. */
struct test_hold *test_hold_commits(struct sp_worker *worker);

/* Feeds one message to a worker of the same database in a thread of its own; returns when it waits.
 * The worker must have been fed before, so that its connection stands. */
void test_feed_held(struct test_hold *hold, struct sp_worker *other,
                    const struct sp_message *message, const void *value);

/* Returns when so many transactions of the database wait for a lock. */
void test_await_waiting(struct test_hold *hold, int count);

/* Lets all go on; returns when what was fed is committed, which is asserted. */
void test_let_go(struct test_hold **hold);

#endif
