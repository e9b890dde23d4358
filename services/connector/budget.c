/* How often a shop may be called. */
#include "services/connector/budget.h"

enum { JITTER_MS = 500, DOUBLINGS_MAX = 16, US_PER_S = 1000000 };

static int64_t ms_until(int64_t then_us, int64_t now_us)
{
    return (then_us - now_us + 999) / 1000;
}

int64_t budget_take(struct budget *budget, int64_t calls_per_s, int64_t burst, int64_t now_us)
{
    if (budget->paused_us > now_us)
        return ms_until(budget->paused_us, now_us);
    int64_t one_us = US_PER_S / calls_per_s;
    if (budget->full_us < now_us)
        budget->full_us = now_us;
    /* Taking a call moves the time at which the bucket is full; it may be at most `burst` calls
     * away. */
    int64_t too_far_us = budget->full_us + one_us - (now_us + burst * one_us);
    if (too_far_us > 0)
        return ms_until(now_us + too_far_us, now_us);
    budget->full_us += one_us;
    return 0;
}

static int64_t doubled(int64_t first_ms, int times, int64_t most_ms)
{
    int64_t wait_ms = first_ms;
    for (int i = 0; i < times && i < DOUBLINGS_MAX && wait_ms < most_ms; i++)
        wait_ms *= 2;
    return wait_ms < most_ms ? wait_ms : most_ms;
}

void budget_succeeded(struct budget *budget)
{
    budget->busy = 0;
    budget->failures = 0;
}

void budget_was_busy(struct budget *budget, int64_t retry_after_ms, uint32_t random, int64_t now_us)
{
    int64_t wait_ms = doubled(BUDGET_PAUSE_MS, budget->busy, BUDGET_PAUSE_MAX_MS);
    if (budget->busy < DOUBLINGS_MAX)
        budget->busy++;
    if (wait_ms < retry_after_ms)
        wait_ms = retry_after_ms;
    int64_t until_us = now_us + (wait_ms + (int64_t)(random % JITTER_MS)) * 1000;
    /* Calls that went out together come back busy together: that is one pause, not several. */
    if (until_us > budget->paused_us)
        budget->paused_us = until_us;
}

void budget_failed(struct budget *budget, int64_t now_us)
{
    if (++budget->failures < BUDGET_BREAK_AFTER)
        return;
    /* One failure more opens it again: after the pause a single call decides. */
    budget->failures = BUDGET_BREAK_AFTER - 1;
    budget->paused_us = now_us + (int64_t)BUDGET_BREAK_MS * 1000;
}

int64_t budget_backoff_ms(int tries, int64_t retry_after_ms, int64_t most_ms, uint32_t random)
{
    int64_t wait_ms = doubled(1000, tries - 1, most_ms) + (int64_t)(random % JITTER_MS);
    return wait_ms < retry_after_ms ? retry_after_ms : wait_ms;
}
