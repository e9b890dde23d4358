/* Several workers, one wallet: never negative, nothing twice, the books are right. */
/* Covers: place_flow.c, place_save.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "tests/placement/world.h"
#include "tests/support/hold.h"

enum { WORKERS = 3, ROUNDS = 12, BATCH = 40, PLAIN = 100 + SURCHARGE };

struct racer {
    struct sp_worker *worker;
    int number;
};

static void *feed_all(void *context)
{
    const struct racer *racer = context;
    /* Every worker gets every order: whoever is first places it. */
    for (int round = 0; round < ROUNDS; round++) {
        struct world_order orders[BATCH];
        int batch = (round + racer->number * 4) % ROUNDS;
        for (int i = 0; i < BATCH; i++)
            orders[i] =
                (struct world_order){.number = batch * BATCH + i + 1, .rev = 1 + racer->number};
        world_feed(racer->worker, orders, BATCH);
    }
    return NULL;
}

static void race(struct sp_worker *first, void *run(void *))
{
    struct racer racers[WORKERS];
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        racers[i] = (struct racer){
            i == 0 ? first : test_worker_on(&placement_service, test_worker_url(), NULL), i};
        cr_assert_eq(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        if (i > 0)
            sp_worker_close(&racers[i].worker);
    }
}

Test(races, one_wallet_pays_for_as_many_as_it_can_and_no_more, .timeout = 120)
{
    enum { PAID = 300 };
    struct sp_worker *worker = world_open("USD");
    world_top_up(worker, PAID * PLAIN + PLAIN - 1);
    world_auto_place(worker, true);
    world_settle(worker);
    race(worker, feed_all);
    world_check(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision "
                                     "WHERE stage = 'AWAITING_SHIPMENT'"),
                 PAID);
    cr_assert_eq(world_balance(worker), PLAIN - 1);
    cr_assert_eq(world_emitted(worker, &notice_raised_message), 1);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), PAID);
    sp_worker_close(&worker);
}

Test(races, nothing_is_debited_twice, .timeout = 120)
{
    struct sp_worker *worker = world_open("USD");
    world_top_up(worker, 1000000);
    world_auto_place(worker, true);
    world_settle(worker);
    race(worker, feed_all);
    world_check(worker);
    cr_assert_eq(world_balance(worker), 1000000 - ROUNDS * BATCH * PLAIN);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM wallet_entry WHERE kind = 'DEBIT'"),
                 ROUNDS * BATCH);
    sp_worker_close(&worker);
}

/* ---- two that both find no such order -------------------------------------------------------- */

static struct world_order again(int64_t rev, const char *status)
{
    return (struct world_order){.number = 1, .rev = rev, .status = status};
}

struct feeding {
    struct sp_worker *worker;
    struct world_order order;
};

static void *feed_one(void *context)
{
    const struct feeding *feeding = context;
    world_feed(feeding->worker, &feeding->order, 1);
    return NULL;
}

/* The first (revision 5) has decided and not committed when the second comes. */
static void meet(struct sp_worker *worker, struct world_order second)
{
    struct sp_worker *other = test_worker_on(&placement_service, test_worker_url(), NULL);
    world_feed(other, &(struct world_order){.number = 2, .rev = 1}, 1); /* it is connected */
    test_clear_outbox(worker);
    struct order_allocated first = world_message(&(struct world_order){.number = 1, .rev = 5});
    struct feeding feeding = {worker, second};
    pthread_t thread;
    struct test_hold *hold = test_hold_commits(worker);
    test_feed_held(hold, other, &order_allocated_message, &first);
    cr_assert_eq(pthread_create(&thread, NULL, feed_one, &feeding), 0);
    test_await_waiting(hold, 2);
    test_let_go(&hold);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    sp_worker_close(&other);
    world_check(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision"), 2);
}

static int64_t revision(struct sp_worker *worker)
{
    return test_number(worker, "SELECT upstream_rev FROM decision WHERE key = '3-1'");
}

static void check_meetings(bool rich)
{
    const char *placed = rich ? "AWAITING_SHIPMENT" : "NOT_READY";
    const struct {
        struct world_order second;
        const char *stage;
        int64_t rev;
        size_t staged;
    } meetings[] = {{again(5, NULL), placed, 5, 1},
                    {again(4, "CANCELLED"), placed, 5, 1},
                    {again(6, "CANCELLED"), rich ? "CANCELLING" : "CANCELLED", 6, 2}};
    for (size_t i = 0; i < SP_COUNT(meetings); i++) {
        struct sp_worker *worker = world_open("USD");
        world_top_up(worker, 10 * PLAIN);
        world_auto_place(worker, rich);
        world_settle(worker);
        meet(worker, meetings[i].second);
        cr_assert_str_eq(world_stage(worker, 1), meetings[i].stage);
        cr_assert_eq(revision(worker), meetings[i].rev);
        cr_assert_eq(world_emitted(worker, &order_staged_message), meetings[i].staged);
        cr_assert_eq(world_balance(worker), (rich ? 8 : 10) * PLAIN);
        sp_worker_close(&worker);
    }
}

Test(races, who_finds_the_order_taken_looks_again)
{
    check_meetings(false);
}

Test(races, who_waited_for_the_wallet_and_finds_the_order_taken_looks_again)
{
    check_meetings(true);
}

static void count_of_batch(struct sp_worker *worker, int64_t from, int64_t count,
                           struct sp_db_counts *used)
{
    struct world_order orders[SP_PARCEL_MESSAGES];
    for (int64_t i = 0; i < count; i++)
        orders[i] = (struct world_order){.number = from + i, .rev = 1};
    struct sp_db_counts before = sp_db_counts(sp_worker_db(worker));
    world_feed(worker, orders, (size_t)count);
    struct sp_db_counts after = sp_db_counts(sp_worker_db(worker));
    *used = (struct sp_db_counts){after.commits - before.commits,
                                  after.round_trips - before.round_trips,
                                  after.statements - before.statements};
}

Test(batch, takes_one_commit_three_round_trips_and_the_same_statements_whatever_its_size)
{
    struct sp_worker *worker = world_open("USD");
    world_top_up(worker, 1000000);
    world_auto_place(worker, true);
    world_settle(worker);
    struct sp_db_counts one, many;
    count_of_batch(worker, 1, 2, &one); /* statements are prepared with the first */
    count_of_batch(worker, 10, 1, &one);
    count_of_batch(worker, 1000, SP_PARCEL_MESSAGES, &many);
    cr_assert_eq(one.commits, 1);
    cr_assert_eq(many.commits, 1);
    cr_assert_leq(many.round_trips, 3);
    cr_assert_eq(many.round_trips, one.round_trips);
    cr_assert_eq(many.statements, one.statements);
    sp_worker_close(&worker);
}

/* One worker takes facts, one places by hand, one evaluates drafts and hears answers. */
static void *mixed(void *context)
{
    const struct racer *racer = context;
    for (int round = 0; round < ROUNDS; round++) {
        struct world_order orders[BATCH];
        char body[BATCH * 16 + 32];
        size_t size = (size_t)snprintf(body, sizeof body, "{\"ids\":[\"0\"");
        for (int i = 0; i < BATCH; i++) {
            orders[i] = (struct world_order){.number = i + 1, .rev = round + 1};
            size += (size_t)snprintf(body + size, sizeof body - size, ",\"3-%d\"", i + 1);
        }
        (void)snprintf(body + size, sizeof body - size, "]}");
        if (racer->number == 0)
            world_feed(racer->worker, orders, BATCH);
        else if (racer->number == 1)
            (void)test_ask(racer->worker, "placement.place", body, NULL, NULL);
        else
            world_hear(racer->worker,
                       &(struct world_answer){
                           .number = round + 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    }
    return NULL;
}

Test(races, facts_hands_and_answers_together_keep_the_books_right, .timeout = 120)
{
    struct sp_worker *worker = world_open("USD");
    world_top_up(worker, 20 * PLAIN);
    world_auto_place(worker, true);
    world_settle(worker);
    race(worker, mixed);
    world_check(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
    sp_worker_close(&worker);
}
