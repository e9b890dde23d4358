/* Several workers, one wallet: never negative, nothing twice, the books are right. */
/* Covers: place_flow.c, place_save.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "tests/placement/world.h"

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
    for (int i = 0; i < WORKERS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
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
}
