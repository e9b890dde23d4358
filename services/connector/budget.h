/* How often a shop may be called, by all replicas together: a bucket of calls that all kinds draw
 * from, a share and a pause for each kind, and a breaker for each kind.  Pure; the clock is handed
 * in.
 *
 * The marketplace does not say how much it allows.  So the rate begins at what is configured,
 * halves when the marketplace says "too many" and grows back slowly. */
#ifndef SAMPAN_CONNECTOR_BUDGET_H
#define SAMPAN_CONNECTOR_BUDGET_H

#include "common/base.h"

/* What a call is counted as.  The first two find calls left whatever the others do. */
enum tiktok_class {
    TIKTOK_SHIP,  /* tasks: a parcel stands on the table, a buyer waits for an answer */
    TIKTOK_ADMIN, /* tokens, warehouses */
    TIKTOK_FETCH, /* orders that a notice or a person asked for */
    TIKTOK_WRITE, /* stock */
    TIKTOK_SWEEP, /* streams, backfills, imports */
    TIKTOK_CLASSES,
};

enum {
    BUDGET_BURST_S = 2,          /* the bucket holds the calls of so many seconds */
    BUDGET_BREAK_AFTER = 5,      /* failures in a row that open the breaker */
    BUDGET_BREAK_MS = 15 * 1000, /* how long it stays open before one call may try */
    BUDGET_TRIAL_MS = 10 * 1000, /* how long that one is waited for: longer than a call takes */
    BUDGET_PAUSE_MS = 1000,      /* first pause after "too many calls"; doubles */
    BUDGET_PAUSE_MAX_MS = 60 * 1000,
    BUDGET_REGROW_S = 120,       /* from nothing back to the configured rate */
    BUDGET_LEAST_MICRO = 200000, /* of the rate, however often it was halved */
};

/* One kind of call. */
struct budget_gate {
    int64_t used_micro; /* of its share of the bucket, in millionths of a call */
    int64_t paused_us;  /* no call before this */
    int64_t busy;       /* pauses in a row */
    int64_t failures;   /* answers that never came, or trouble, in a row */
};

/* One shop.  All zero: full, and never called. */
struct budget {
    int64_t used_micro; /* of the bucket, in millionths of a call, as it was at `at_us` */
    int64_t rate_micro; /* millionths of a call a second, likewise; 0: as configured */
    int64_t at_us, slowed_us;
    struct budget_gate gates[TIKTOK_CLASSES];
};

/* Takes one call out of the bucket.  0: go on; else the milliseconds to wait, and nothing was
 * taken.  `calls_per_s` is the configured rate. */
int64_t budget_take(struct budget *budget, enum tiktok_class kind, int64_t calls_per_s,
                    int64_t now_us);

/* Whether a success must be told: something in a row would end with it. */
bool budget_is_troubled(const struct budget *budget, enum tiktok_class kind);

/* What came of a call. */
struct budget_answer {
    enum tiktok_class kind;
    int64_t began_us;       /* when it was taken: calls that went out together are one burst */
    int64_t retry_after_ms; /* what the marketplace asked for; 0: nothing */
    uint32_t random;        /* any number, for jitter */
    int64_t calls_per_s;
};
void budget_succeeded(struct budget *budget, const struct budget_answer *answer);
void budget_was_busy(struct budget *budget, const struct budget_answer *answer, int64_t now_us);
void budget_failed(struct budget *budget, const struct budget_answer *answer, int64_t now_us);

/* The wait before try number `tries` (from 1) of a task: 1 s × 2^(tries-1), at most `most_ms`, plus
 * up to half a second of jitter, never below `retry_after_ms`. */
int64_t budget_backoff_ms(int tries, int64_t retry_after_ms, int64_t most_ms, uint32_t random);

#endif
