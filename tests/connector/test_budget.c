/* The call budget: bursts, the reserve, pauses, the rate that halves and grows, the breaker. */
#include "services/connector/budget.h"

#include <criterion/criterion.h>

#define S INT64_C(1000000)
#define MS INT64_C(1000)

enum { RATE = 20, ROOM = RATE * BUDGET_BURST_S };

static struct budget budget;
static int64_t now_us;

static void set_up(void)
{
    budget = (struct budget){0};
    now_us = 1000 * S;
}

TestSuite(budget, .init = set_up);

static int64_t take(enum tiktok_class kind)
{
    return budget_take(&budget, kind, RATE, now_us);
}

/* How many of a kind go out at this moment. */
static int burst(enum tiktok_class kind)
{
    int count = 0;
    while (take(kind) == 0)
        count++;
    return count;
}

/* How many of a kind go out within so many seconds, asked for every 10 ms. */
static int within(enum tiktok_class kind, int seconds)
{
    int count = 0;
    for (int i = 0; i < seconds * 100; i++, now_us += 10 * MS)
        count += burst(kind);
    return count;
}

static struct budget_answer answer_to(enum tiktok_class kind, int64_t began_us)
{
    return (struct budget_answer){.kind = kind, .began_us = began_us, .calls_per_s = RATE};
}

static void was_busy(enum tiktok_class kind, int64_t retry_after_ms)
{
    struct budget_answer answer = answer_to(kind, now_us);
    answer.retry_after_ms = retry_after_ms;
    budget_was_busy(&budget, &answer, now_us);
}

static void failed(enum tiktok_class kind)
{
    struct budget_answer answer = answer_to(kind, now_us);
    budget_failed(&budget, &answer, now_us);
}

static void succeeded(enum tiktok_class kind, int64_t began_us)
{
    struct budget_answer answer = answer_to(kind, began_us);
    budget_succeeded(&budget, &answer);
}

/* ---- the bucket
 * ------------------------------------------------------------------------------------------- */

Test(budget, lets_a_burst_through_and_then_the_rate)
{
    cr_assert_eq(burst(TIKTOK_SHIP), ROOM);
    int64_t wait_ms = take(TIKTOK_SHIP);
    cr_assert_eq(wait_ms, 1000 / RATE);
    now_us += wait_ms * MS;
    cr_assert_eq(burst(TIKTOK_SHIP), 1);
    int count = within(TIKTOK_SHIP, 10);
    cr_assert_geq(count, 10 * RATE - 1);
    cr_assert_leq(count, 10 * RATE + 1);
}

Test(budget, is_full_again_after_a_while)
{
    (void)burst(TIKTOK_SHIP);
    now_us += BUDGET_BURST_S * S;
    cr_assert_eq(burst(TIKTOK_SHIP), ROOM);
    now_us += 1000 * S;
    cr_assert_eq(burst(TIKTOK_SHIP), ROOM);
}

Test(budget, keeps_calls_for_shipping_and_tokens_whatever_the_others_take)
{
    static const enum tiktok_class greedy[] = {TIKTOK_SWEEP, TIKTOK_FETCH, TIKTOK_WRITE};
    for (int second = 0; second < 60; second++) {
        for (size_t i = 0; i < SP_COUNT(greedy); i++)
            (void)burst(greedy[i]);
        cr_assert_eq(take(TIKTOK_SHIP), 0);
        cr_assert_eq(take(TIKTOK_ADMIN), 0);
        now_us += S;
    }
    /* At once, after all have taken what they may: a quarter of the bucket is left. */
    for (size_t i = 0; i < SP_COUNT(greedy); i++)
        (void)burst(greedy[i]);
    cr_assert_geq(burst(TIKTOK_SHIP), ROOM / 4);
}

Test(budget, lets_a_backfill_have_the_whole_rate_when_nobody_else_calls)
{
    (void)burst(TIKTOK_SWEEP);
    cr_assert_geq(within(TIKTOK_SWEEP, 60), 60 * RATE - 1);
}

Test(budget, lets_sweeps_go_on_beside_a_storm_of_fetches_and_pushes)
{
    int sweeps = 0, fetches = 0, total;
    for (int i = 0; i < 6000; i++, now_us += 10 * MS) {
        fetches += burst(TIKTOK_FETCH);
        fetches += burst(TIKTOK_WRITE);
        sweeps += burst(TIKTOK_SWEEP);
    }
    total = sweeps + fetches;
    cr_assert_leq(total, 60 * RATE + ROOM);
    cr_assert_geq(sweeps, 60 * RATE / 10, "%d", sweeps);
    cr_assert_geq(fetches, 60 * RATE / 2, "%d", fetches);
}

Test(budget, keeps_pushes_to_a_quarter)
{
    (void)burst(TIKTOK_WRITE);
    cr_assert_leq(within(TIKTOK_WRITE, 60), 60 * RATE / 4 + 1);
}

Test(budget, goes_on_with_a_rate_of_one)
{
    for (int kind = 0; kind < TIKTOK_CLASSES; kind++) {
        budget = (struct budget){0};
        int count = 0;
        for (int i = 0; i < 60; i++, now_us += S)
            count += budget_take(&budget, (enum tiktok_class)kind, 1, now_us) == 0;
        cr_assert_geq(count, 60 / 4);
    }
}

/* ---- too many
 * -------------------------------------------------------------------------------------------- */

Test(budget, waits_exactly_as_long_as_the_marketplace_says)
{
    was_busy(TIKTOK_FETCH, 7000);
    cr_assert_eq(take(TIKTOK_FETCH), 7000);
    now_us += 7000 * MS - 1;
    cr_assert_eq(take(TIKTOK_FETCH), 1);
    now_us += 1;
    cr_assert_eq(take(TIKTOK_FETCH), 0);
}

Test(budget, does_not_hold_up_other_kinds)
{
    was_busy(TIKTOK_SWEEP, 60000);
    cr_assert_eq(take(TIKTOK_SHIP), 0);
    cr_assert_eq(take(TIKTOK_FETCH), 0);
}

Test(budget, halves_the_rate_once_for_a_burst_that_came_back_busy)
{
    for (int i = 0; i < 16; i++) {
        struct budget_answer answer = answer_to(TIKTOK_FETCH, 1000 * S);
        budget_was_busy(&budget, &answer, now_us + i * MS);
    }
    cr_assert_geq(budget.rate_micro, RATE * S / 2);
    cr_assert_lt(budget.rate_micro, RATE * S / 2 + S / 100);
    cr_assert_eq(budget.gates[TIKTOK_FETCH].busy, 1);
    now_us += 2 * S;
    was_busy(TIKTOK_FETCH, 0);
    cr_assert_geq(budget.rate_micro, RATE * S / 4);
    cr_assert_lt(budget.rate_micro, RATE * S * 3 / 8);
}

Test(budget, grows_back_slowly)
{
    was_busy(TIKTOK_SHIP, 1);
    now_us += S;
    int first = within(TIKTOK_SHIP, 10);
    cr_assert_leq(first, 10 * RATE * 2 / 3, "%d", first);
    cr_assert_geq(first, 10 * RATE / 2 - 1, "%d", first);
    now_us += BUDGET_REGROW_S * S;
    (void)burst(TIKTOK_SHIP);
    cr_assert_geq(within(TIKTOK_SHIP, 10), 10 * RATE - 1);
    cr_assert_eq(budget.rate_micro, RATE * S);
}

Test(budget, never_stops_however_often_it_is_halved)
{
    for (int i = 0; i < 100; i++, now_us += MS)
        was_busy(TIKTOK_SHIP, 1);
    cr_assert_geq(budget.rate_micro, BUDGET_LEAST_MICRO);
    now_us += 60 * S;
    cr_assert_eq(take(TIKTOK_SHIP), 0);
}

Test(budget, sends_no_burst_after_a_pause)
{
    was_busy(TIKTOK_FETCH, 5000);
    now_us += 5 * S;
    cr_assert_eq(burst(TIKTOK_FETCH), 1);
}

Test(budget, pauses_longer_each_time_up_to_a_minute)
{
    int64_t last_ms = 0;
    for (int i = 0; i < 10; i++) {
        was_busy(TIKTOK_FETCH, 0);
        int64_t wait_ms = take(TIKTOK_FETCH);
        cr_assert_geq(wait_ms, last_ms);
        cr_assert_leq(wait_ms, BUDGET_PAUSE_MAX_MS + 500);
        last_ms = wait_ms;
        now_us += wait_ms * MS;
    }
    cr_assert_geq(last_ms, BUDGET_PAUSE_MAX_MS);
}

Test(budget, forgets_the_pauses_after_a_success_that_began_behind_them)
{
    for (int i = 0; i < 6; i++, now_us += 60 * S)
        was_busy(TIKTOK_FETCH, 0);
    succeeded(TIKTOK_FETCH, budget.slowed_us);
    cr_assert(budget_is_troubled(&budget, TIKTOK_FETCH));
    succeeded(TIKTOK_FETCH, now_us);
    cr_assert_not(budget_is_troubled(&budget, TIKTOK_FETCH));
    was_busy(TIKTOK_FETCH, 0);
    cr_assert_leq(take(TIKTOK_FETCH), BUDGET_PAUSE_MS + 1);
}

Test(budget, keeps_a_pause_that_a_success_of_the_same_burst_came_behind)
{
    was_busy(TIKTOK_FETCH, 5000);
    succeeded(TIKTOK_FETCH, now_us);
    cr_assert_eq(take(TIKTOK_FETCH), 5000);
}

/* ---- no answer
 * ------------------------------------------------------------------------------------------- */

Test(budget, breaks_after_failures_in_a_row_and_lets_one_try)
{
    for (int i = 0; i < BUDGET_BREAK_AFTER; i++)
        failed(TIKTOK_FETCH);
    cr_assert_eq(take(TIKTOK_FETCH), BUDGET_BREAK_MS);
    now_us += (int64_t)BUDGET_BREAK_MS * MS;
    cr_assert_eq(burst(TIKTOK_FETCH), 1);
    now_us += S;
    failed(TIKTOK_FETCH);
    cr_assert_eq(take(TIKTOK_FETCH), BUDGET_BREAK_MS);
    now_us += (int64_t)BUDGET_BREAK_MS * MS;
    cr_assert_eq(burst(TIKTOK_FETCH), 1);
    succeeded(TIKTOK_FETCH, now_us);
    cr_assert_gt(burst(TIKTOK_FETCH), 1);
}

Test(budget, lets_another_try_when_the_first_was_never_heard_of_again)
{
    for (int i = 0; i < BUDGET_BREAK_AFTER; i++)
        failed(TIKTOK_FETCH);
    now_us += (int64_t)BUDGET_BREAK_MS * MS;
    cr_assert_eq(burst(TIKTOK_FETCH), 1);
    now_us += (int64_t)BUDGET_TRIAL_MS * MS;
    cr_assert_eq(burst(TIKTOK_FETCH), 1);
}

Test(budget, breaks_one_kind_alone)
{
    for (int i = 0; i < BUDGET_BREAK_AFTER; i++)
        failed(TIKTOK_SWEEP);
    cr_assert_eq(take(TIKTOK_SHIP), 0);
    cr_assert_eq(take(TIKTOK_WRITE), 0);
}

Test(budget, counts_failures_in_a_row_only)
{
    for (int i = 0; i < 20; i++) {
        failed(TIKTOK_FETCH);
        failed(TIKTOK_FETCH);
        succeeded(TIKTOK_FETCH, now_us);
    }
    cr_assert_eq(take(TIKTOK_FETCH), 0);
}

Test(budget, takes_busy_for_an_answer)
{
    for (int i = 0; i < BUDGET_BREAK_AFTER - 1; i++)
        failed(TIKTOK_FETCH);
    was_busy(TIKTOK_FETCH, 1);
    failed(TIKTOK_FETCH);
    now_us += S;
    cr_assert_eq(take(TIKTOK_FETCH), 0);
}

Test(budget, backs_off_doubling_and_honours_retry_after)
{
    cr_assert_eq(budget_backoff_ms(1, 0, 60000, 0), 1000);
    cr_assert_eq(budget_backoff_ms(2, 0, 60000, 0), 2000);
    cr_assert_eq(budget_backoff_ms(5, 0, 60000, 0), 16000);
    cr_assert_eq(budget_backoff_ms(50, 0, 60000, 0), 60000);
    cr_assert_eq(budget_backoff_ms(1, 9000, 60000, 499), 9000);
    cr_assert_eq(budget_backoff_ms(1, 0, 60000, 499), 1499);
}
