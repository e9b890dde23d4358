#include "services/sandbox/clock.h"

enum { SECOND_US = 1000000 };

void clock_start(struct clock *clock, int64_t real_us)
{
    *clock = (struct clock){.at_us = real_us, .from_us = real_us, .began_us = real_us, .speed = 1};
}

/* The caller's clock may be set back; this one then stands. */
static int64_t passed(const struct clock *clock, int64_t real_us)
{
    return real_us > clock->began_us ? real_us - clock->began_us : 0;
}

int64_t clock_due_us(const struct clock *clock, int64_t real_us)
{
    int64_t due_us;
    if (__builtin_mul_overflow(passed(clock, real_us), clock->speed, &due_us) ||
        __builtin_add_overflow(due_us, clock->from_us, &due_us))
        return INT64_MAX; /* thousands of years on */
    return due_us > clock->at_us ? due_us : clock->at_us;
}

void clock_reach(struct clock *clock, int64_t at_us)
{
    if (at_us > clock->at_us)
        clock->at_us = at_us;
}

void clock_set_speed(struct clock *clock, int64_t real_us, int64_t speed)
{
    SP_ASSERT(speed >= 0 && speed <= CLOCK_SPEED);
    clock->from_us = clock_due_us(clock, real_us);
    clock->began_us = real_us;
    clock->speed = speed;
}

void clock_advance(struct clock *clock, int64_t by_us)
{
    SP_ASSERT(by_us >= 0);
    if (__builtin_add_overflow(clock->from_us, by_us, &clock->from_us))
        clock->from_us = INT64_MAX;
}

int64_t clock_seen(const struct clock *clock, int64_t real_us)
{
    int64_t seen_us = real_us; /* of a moment that was jumped over */
    if (clock->ahead)
        return clock->at_us / SECOND_US;
    if (clock->speed > 0 && clock->at_us >= clock->from_us)
        seen_us = clock->began_us + (clock->at_us - clock->from_us) / clock->speed;
    return (seen_us < real_us ? seen_us : real_us) / SECOND_US;
}

int64_t clock_stamp(struct clock *clock, int64_t real_us)
{
    int64_t now = (clock->ahead ? clock->at_us : real_us) / SECOND_US;
    if (now > clock->latest)
        clock->latest = now;
    return clock->latest;
}

int64_t clock_told(const struct clock *clock, int64_t real_us, int64_t at)
{
    int64_t left = at - clock->at_us / SECOND_US;
    if (clock->ahead)
        return at;
    return real_us / SECOND_US + (clock->speed > 1 && left > 0 ? left / clock->speed : left);
}
