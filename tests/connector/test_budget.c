/* The call budget: bursts, pauses, the breaker. */
#include "services/connector/budget.h"

#include <criterion/criterion.h>

enum { S = 1000000 };

Test(budget, lets_a_burst_through_and_then_the_rate)
{
    struct budget budget = {0};
    for (int i = 0; i < 10; i++)
        cr_assert_eq(budget_take(&budget, 5, 10, 100 * S), 0, "call %d", i);
    int64_t wait_ms = budget_take(&budget, 5, 10, 100 * S);
    cr_assert_geq(wait_ms, 199);
    cr_assert_leq(wait_ms, 201);
    cr_assert_eq(budget_take(&budget, 5, 10, 100 * S + wait_ms * 1000), 0);
    cr_assert_gt(budget_take(&budget, 5, 10, 100 * S + wait_ms * 1000), 0);
}

Test(budget, is_full_again_after_a_while)
{
    struct budget budget = {0};
    for (int i = 0; i < 10; i++)
        (void)budget_take(&budget, 5, 10, 100 * S);
    for (int i = 0; i < 10; i++)
        cr_assert_eq(budget_take(&budget, 5, 10, 200 * (int64_t)S), 0);
}

Test(budget, pauses_when_asked_to_and_no_shorter)
{
    struct budget budget = {0};
    budget_was_busy(&budget, 7000, 3, 100 * S);
    int64_t wait_ms = budget_take(&budget, 5, 10, 100 * S);
    cr_assert_geq(wait_ms, 7000);
    cr_assert_leq(wait_ms, 7500);
    cr_assert_eq(budget_take(&budget, 5, 10, 100 * (int64_t)S + 7500 * 1000), 0);
}

Test(budget, pauses_longer_each_time_up_to_a_minute)
{
    struct budget budget = {0};
    int64_t now_us = 100 * (int64_t)S, last_ms = 0;
    for (int i = 0; i < 10; i++) {
        budget_was_busy(&budget, 0, 0, now_us);
        int64_t wait_ms = budget_take(&budget, 5, 10, now_us);
        cr_assert_geq(wait_ms, last_ms);
        cr_assert_leq(wait_ms, BUDGET_PAUSE_MAX_MS + 500);
        last_ms = wait_ms;
        now_us += wait_ms * 1000;
    }
    cr_assert_geq(last_ms, BUDGET_PAUSE_MAX_MS);
}

Test(budget, forgets_the_pause_after_a_success)
{
    struct budget budget = {0};
    for (int i = 0; i < 6; i++)
        budget_was_busy(&budget, 0, 0, 100 * S);
    budget_succeeded(&budget);
    budget.paused_us = 0;
    budget_was_busy(&budget, 0, 0, 100 * S);
    cr_assert_leq(budget_take(&budget, 5, 10, 100 * S), BUDGET_PAUSE_MS + 1);
}

Test(budget, breaks_after_failures_in_a_row_and_lets_one_try)
{
    struct budget budget = {0};
    for (int i = 0; i < BUDGET_BREAK_AFTER; i++)
        budget_failed(&budget, 100 * S);
    int64_t wait_ms = budget_take(&budget, 5, 10, 100 * S);
    cr_assert_eq(wait_ms, BUDGET_BREAK_MS);
    int64_t later_us = 100 * (int64_t)S + wait_ms * 1000;
    cr_assert_eq(budget_take(&budget, 5, 10, later_us), 0);
    budget_failed(&budget, later_us);
    cr_assert_eq(budget_take(&budget, 5, 10, later_us), BUDGET_BREAK_MS);
}

Test(budget, counts_failures_in_a_row_only)
{
    struct budget budget = {0};
    for (int i = 0; i < 20; i++) {
        budget_failed(&budget, 100 * S);
        budget_failed(&budget, 100 * S);
        budget_succeeded(&budget);
    }
    cr_assert_eq(budget_take(&budget, 5, 10, 100 * S), 0);
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
