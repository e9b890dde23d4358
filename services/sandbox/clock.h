/* The sandbox's clock: it says when things happen.
 *
 * It begins at the caller's time, may run at another speed and may be moved on.  What has happened
 * is stamped with the caller's own time all the same: however fast the clock runs, no time of an
 * order lies in a client's future, and a client that asks for what changed since its last look
 * finds it.  A time to come (a token's end, say) is told as the moment at which the caller will see
 * it come if the speed stays; a later jump makes it come sooner than told.  A clock that is `ahead`
 * stamps and tells its own time instead: for clients whose clock was moved likewise. */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include "common/base.h"

enum clock_limits {
    CLOCK_SPEED = 100000,         /* times as fast as the caller's, at most; 0: it stands */
    CLOCK_JUMP = 400 * 24 * 3600, /* seconds, at most */
};

struct clock {
    int64_t at_us;             /* the present: all that was due until then has happened */
    int64_t from_us, began_us; /* it showed from_us when the caller's showed began_us */
    int64_t speed;
    int64_t latest; /* the last stamp, seconds */
    bool ahead;
};

/* `real_us` is the caller's clock, here and below. */
void clock_start(struct clock *clock, int64_t real_us);
/* How far it should have come. */
int64_t clock_due_us(const struct clock *clock, int64_t real_us);
/* What was due until then has happened; never goes back. */
void clock_reach(struct clock *clock, int64_t at_us);

void clock_set_speed(struct clock *clock, int64_t real_us, int64_t speed);
void clock_advance(struct clock *clock, int64_t by_us);

/* When the caller's clock, in seconds, came by what is the present of this one; not behind
 * `real_us`. */
int64_t clock_seen(const struct clock *clock, int64_t real_us);
/* Seconds for what happens now; never goes back. */
int64_t clock_stamp(struct clock *clock, int64_t real_us);
/* A moment of this clock, in seconds, as the caller is told it. */
int64_t clock_told(const struct clock *clock, int64_t real_us, int64_t at);

#endif
