/* How often a shop may be called. */
#include "services/connector/budget.h"

enum { JITTER_MS = 500, DOUBLINGS_MAX = 16, US_PER_MS = 1000, PERCENT = 100 };

#define US_PER_S INT64_C(1000000)
#define CALL INT64_C(1000000) /* in millionths */

/* In percent: how much of the rate a kind may use in the long run, and how much of the bucket it
 * leaves to the others.  Fetches and pushes together leave some of the rate to the sweeps; nobody
 * but shipping and tokens touches the last quarter of the bucket. */
static const struct {
    int64_t share, leaves;
} classes[TIKTOK_CLASSES] = {
    [TIKTOK_SHIP] = {100, 0},  [TIKTOK_ADMIN] = {100, 0},  [TIKTOK_FETCH] = {60, 25},
    [TIKTOK_WRITE] = {25, 25}, [TIKTOK_SWEEP] = {100, 40},
};

static int64_t ms_until(int64_t then_us, int64_t now_us)
{
    return (then_us - now_us + US_PER_MS - 1) / US_PER_MS;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- time goes by
 * ----------------------------------------------------------------------------------------- */

static int64_t lessened(int64_t used_micro, int64_t past_us, int64_t rate_micro)
{
    return larger(used_micro - larger(past_us, 0) * rate_micro / US_PER_S, 0);
}

/* What was used comes back, and the rate grows.  A kind that is paused gets nothing back, so that
 * what it saved up does not come as a burst behind the pause. */
static void advance(struct budget *budget, int64_t calls_per_s, int64_t now_us)
{
    int64_t most = calls_per_s * CALL;
    if (budget->rate_micro == 0 || now_us - budget->at_us > BUDGET_REGROW_S * US_PER_S) {
        budget->rate_micro = most;
        budget->at_us = larger(budget->at_us, now_us - BUDGET_REGROW_S * US_PER_S);
    }
    int64_t rate_micro = budget->rate_micro, at_us = budget->at_us;
    budget->used_micro = lessened(budget->used_micro, now_us - at_us, rate_micro);
    for (int kind = 0; kind < TIKTOK_CLASSES; kind++) {
        struct budget_gate *gate = &budget->gates[kind];
        gate->used_micro = lessened(gate->used_micro, now_us - larger(at_us, gate->paused_us),
                                    rate_micro * classes[kind].share / PERCENT);
    }
    budget->rate_micro += most * larger(now_us - at_us, 0) / (BUDGET_REGROW_S * US_PER_S);
    if (budget->rate_micro > most)
        budget->rate_micro = most;
    budget->at_us = larger(at_us, now_us);
}

/* ---- the bucket
 * ------------------------------------------------------------------------------------------- */

static int64_t room_of(int64_t calls_per_s, int64_t percent)
{
    return larger(calls_per_s * BUDGET_BURST_S * percent / PERCENT, 1) * CALL;
}

/* Until one more call fits. */
static int64_t wait_us(int64_t used_micro, int64_t room, int64_t rate_micro)
{
    int64_t missing = larger(used_micro + CALL - room, 0);
    return (missing * US_PER_S + rate_micro - 1) / rate_micro;
}

int64_t budget_take(struct budget *budget, enum tiktok_class kind, int64_t calls_per_s,
                    int64_t now_us)
{
    struct budget_gate *gate = &budget->gates[kind];
    advance(budget, calls_per_s, now_us);
    if (gate->paused_us > now_us)
        return ms_until(gate->paused_us, now_us);
    int64_t rate_micro = budget->rate_micro, own_micro = rate_micro * classes[kind].share / PERCENT;
    int64_t wait =
        larger(wait_us(budget->used_micro, room_of(calls_per_s, PERCENT - classes[kind].leaves),
                       rate_micro),
               wait_us(gate->used_micro, room_of(calls_per_s, classes[kind].share), own_micro));
    if (wait > 0)
        return ms_until(wait, 0);
    budget->used_micro += CALL;
    gate->used_micro += CALL;
    /* The breaker has been open long enough: this call alone decides. */
    if (gate->failures >= BUDGET_BREAK_AFTER)
        gate->paused_us = now_us + (int64_t)BUDGET_TRIAL_MS * US_PER_MS;
    return 0;
}

/* ---- what came of a call
 * ----------------------------------------------------------------------------------- */

static int64_t doubled(int64_t first_ms, int64_t times, int64_t most_ms)
{
    int64_t wait_ms = first_ms;
    for (int64_t i = 0; i < times && i < DOUBLINGS_MAX && wait_ms < most_ms; i++)
        wait_ms *= 2;
    return wait_ms < most_ms ? wait_ms : most_ms;
}

bool budget_is_troubled(const struct budget *budget, enum tiktok_class kind)
{
    return budget->gates[kind].busy > 0 || budget->gates[kind].failures > 0;
}

void budget_succeeded(struct budget *budget, const struct budget_answer *answer)
{
    struct budget_gate *gate = &budget->gates[answer->kind];
    if (gate->failures >= BUDGET_BREAK_AFTER)
        gate->paused_us = 0;
    gate->failures = 0;
    /* One that went out before the pause says nothing about what comes after it. */
    if (answer->began_us > budget->slowed_us)
        gate->busy = 0;
}

void budget_was_busy(struct budget *budget, const struct budget_answer *answer, int64_t now_us)
{
    struct budget_gate *gate = &budget->gates[answer->kind];
    int64_t wait_ms = answer->retry_after_ms;
    if (wait_ms == 0)
        wait_ms = doubled(BUDGET_PAUSE_MS, gate->busy, BUDGET_PAUSE_MAX_MS) +
                  (int64_t)(answer->random % JITTER_MS);
    advance(budget, answer->calls_per_s, now_us);
    gate->failures = 0;
    gate->paused_us = larger(gate->paused_us, now_us + wait_ms * US_PER_MS);
    gate->used_micro = room_of(answer->calls_per_s, classes[answer->kind].share) - CALL;
    /* Calls that went out together come back busy together: that is one time, not several. */
    if (answer->began_us <= budget->slowed_us)
        return;
    budget->rate_micro = larger(budget->rate_micro / 2, BUDGET_LEAST_MICRO);
    budget->slowed_us = now_us;
    gate->busy++;
}

void budget_failed(struct budget *budget, const struct budget_answer *answer, int64_t now_us)
{
    struct budget_gate *gate = &budget->gates[answer->kind];
    if (gate->failures < BUDGET_BREAK_AFTER)
        gate->failures++;
    if (gate->failures == BUDGET_BREAK_AFTER)
        gate->paused_us = larger(gate->paused_us, now_us + (int64_t)BUDGET_BREAK_MS * US_PER_MS);
}

int64_t budget_backoff_ms(int tries, int64_t retry_after_ms, int64_t most_ms, uint32_t random)
{
    int64_t wait_ms = doubled(1000, tries - 1, most_ms) + (int64_t)(random % JITTER_MS);
    return wait_ms < retry_after_ms ? retry_after_ms : wait_ms;
}
