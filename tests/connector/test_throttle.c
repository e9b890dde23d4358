/* Budgets of shops do not mix, and all replicas draw from the same. */
#include "services/connector/throttle.h"

#include <criterion/criterion.h>
#include <pthread.h>

#include "common/crypto.h"
#include "tests/connector/shop.h"

enum { REPLICAS = 3, ROUNDS = 40, RATE = 20 };

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_worker();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(throttle, .init = set_up, .fini = tear_down);

struct step {
    struct throttle_call *calls;
    size_t count;
};

static enum sp_result do_take(struct sp_ctx *ctx, void *context)
{
    struct step *step = context;
    throttle_take(ctx, step->calls, step->count);
    return SP_OK;
}

static enum sp_result do_note(struct sp_ctx *ctx, void *context)
{
    struct step *step = context;
    throttle_note(ctx, step->calls, step->count);
    return SP_OK;
}

/* How many of so many calls of a shop may go out now. */
static int taken(struct sp_worker *by, int64_t shop_id, enum tiktok_class kind, int count)
{
    int good = 0;
    for (int i = 0; i < count; i++) {
        struct throttle_call call = {.shop_id = shop_id, .kind = kind};
        cr_assert_eq(sp_worker_call(by, do_take, &(struct step){&call, 1}), SP_OK);
        good += call.wait_ms == 0;
    }
    return good;
}

static int64_t wait_of(int64_t shop_id, enum tiktok_class kind)
{
    struct throttle_call call = {.shop_id = shop_id, .kind = kind};
    cr_assert_eq(sp_worker_call(worker, do_take, &(struct step){&call, 1}), SP_OK);
    return call.wait_ms;
}

static void note(int64_t shop_id, struct tiktok_answer answer, int64_t retry_after_ms)
{
    struct throttle_call call = {.shop_id = shop_id, .kind = TIKTOK_FETCH};
    cr_assert_eq(sp_worker_call(worker, do_take, &(struct step){&call, 1}), SP_OK);
    call.answer = &answer;
    call.retry_after_ms = retry_after_ms;
    cr_assert_eq(sp_worker_call(worker, do_note, &(struct step){&call, 1}), SP_OK);
}

Test(throttle, counts_each_shop_by_itself)
{
    struct throttle_call calls[THROTTLE_CALLS];
    for (int64_t i = 0; i < THROTTLE_CALLS; i++)
        calls[i] = (struct throttle_call){.shop_id = i % 2 == 0 ? 9 : 8, .kind = TIKTOK_FETCH};
    cr_assert_eq(sp_worker_call(worker, do_take, &(struct step){calls, THROTTLE_CALLS}), SP_OK);
    for (size_t i = 0; i < THROTTLE_CALLS; i++)
        cr_assert_eq(calls[i].wait_ms, 0);
    cr_assert_leq(taken(worker, 8, TIKTOK_FETCH, 40), RATE * BUDGET_BURST_S - THROTTLE_CALLS / 2);
    cr_assert_eq(wait_of(7, TIKTOK_FETCH), 0);
}

Test(throttle, pauses_a_shop_that_was_told_so)
{
    note(5, (struct tiktok_answer){.outcome = TIKTOK_LATER, .busy = true}, 5000);
    int64_t wait_ms = wait_of(5, TIKTOK_FETCH);
    cr_assert_leq(wait_ms, 5000);
    cr_assert_geq(wait_ms, 4000);
    cr_assert_eq(wait_of(5, TIKTOK_SHIP), 0);
    cr_assert_eq(wait_of(6, TIKTOK_FETCH), 0);
}

Test(throttle, breaks_a_shop_that_does_not_answer_and_mends_with_one_that_does)
{
    for (int i = 0; i < BUDGET_BREAK_AFTER; i++)
        note(5, (struct tiktok_answer){.outcome = TIKTOK_LATER}, 0);
    cr_assert_gt(wait_of(5, TIKTOK_FETCH), 1000);
    test_sql(worker, "UPDATE call_budget SET gate_paused_us = '{0,0,0,0,0}'");
    note(5, (struct tiktok_answer){.outcome = TIKTOK_DONE}, 0);
    cr_assert_eq(wait_of(5, TIKTOK_FETCH), 0);
    cr_assert_eq(wait_of(5, TIKTOK_FETCH), 0);
}

Test(throttle, makes_no_call_while_the_database_does_not_say_how_many)
{
    test_sql(worker, "ALTER TABLE call_budget RENAME TO gone");
    cr_assert_geq(wait_of(5, TIKTOK_FETCH), 1000);
}

static void *replica(void *context)
{
    struct sp_worker *own = context;
    return (void *)(intptr_t)taken(own, 5, TIKTOK_SHIP, ROUNDS);
}

/* The quota is the shop's, whoever calls. */
Test(throttle, lets_three_replicas_make_the_calls_of_one)
{
    pthread_t threads[REPLICAS];
    struct sp_worker *workers[REPLICAS];
    int total = 0;
    (void)wait_of(5, TIKTOK_SHIP);
    int64_t began_us = sp_now_us();
    for (int i = 0; i < REPLICAS; i++) {
        workers[i] = shop_second_worker();
        cr_assert_eq(pthread_create(&threads[i], NULL, replica, workers[i]), 0);
    }
    for (int i = 0; i < REPLICAS; i++) {
        void *count;
        cr_assert_eq(pthread_join(threads[i], &count), 0);
        total += (int)(intptr_t)count;
        sp_worker_close(&workers[i]);
    }
    int64_t took_us = sp_now_us() - began_us;
    int most = RATE * BUDGET_BURST_S + (int)(took_us * RATE / 1000000) + 1;
    cr_assert_leq(total, most, "%d of at most %d", total, most);
    cr_assert_geq(total, RATE * BUDGET_BURST_S - 1);
}
