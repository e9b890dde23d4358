/* How often a shop may be called: a bucket of calls, a pause when the marketplace asks for one, a
 * breaker when it does not answer.  One for each shop and kind of call; pure, the clock is handed
 * in. */
#ifndef SAMPAN_CONNECTOR_BUDGET_H
#define SAMPAN_CONNECTOR_BUDGET_H

#include "common/base.h"

enum {
    BUDGET_BREAK_AFTER = 5,      /* failures in a row that open the breaker */
    BUDGET_BREAK_MS = 15 * 1000, /* how long it stays open before one call may try */
    BUDGET_PAUSE_MS = 1000,      /* first pause after "too many calls"; doubles */
    BUDGET_PAUSE_MAX_MS = 60 * 1000,
};

struct budget {
    int64_t full_us;   /* when the bucket would be full again; 0: it is full */
    int64_t paused_us; /* no call before this */
    int busy;          /* "too many calls" in a row */
    int failures;      /* answers that never came, or trouble, in a row */
};

/* Takes one call out of the bucket.  0: go on; else the milliseconds to wait, and nothing was
 * taken. */
int64_t budget_take(struct budget *budget, int64_t calls_per_s, int64_t burst, int64_t now_us);

/* What came of a call.  `random` is any number, for jitter: replicas must not come back together.
 */
void budget_succeeded(struct budget *budget);
void budget_was_busy(struct budget *budget, int64_t retry_after_ms, uint32_t random,
                     int64_t now_us);
void budget_failed(struct budget *budget, int64_t now_us);

/* The wait before try number `tries` (from 1) of a task: 1 s × 2^(tries-1), at most `most_ms`, plus
 * up to half a second of jitter, never below `retry_after_ms`. */
int64_t budget_backoff_ms(int tries, int64_t retry_after_ms, int64_t most_ms, uint32_t random);

#endif
