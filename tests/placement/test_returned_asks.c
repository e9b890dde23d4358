/* A person has the goods of an order back: from which stages, once, and who said so. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/placement/world.h"

static struct sp_worker *worker;
static const char *answer;

enum { RICH = 1000000, PLAIN = 100 + SURCHARGE };

static void begin(void)
{
    worker = world_open("USD");
    world_top_up(worker, RICH);
    world_auto_place(worker, true);
    world_settle(worker);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
}

TestSuite(returned_asks, .init = begin);

static int returned(const char *id)
{
    return test_ask(worker, "placement.returned", "{\"note\":\"box was open\"}", &answer, "id", id,
                    NULL);
}

static void become(const char *status, int64_t rev)
{
    struct world_order order = {.number = 1, .rev = rev, .status = status, .collected_at = 50};
    world_feed(worker, &order, 1);
}

Test(returned_asks, an_order_that_went_out_is_back)
{
    become("IN_TRANSIT", 2);
    test_clear_outbox(worker);
    cr_assert_eq(returned("3-1"), 200, "%s", answer);
    cr_assert_str_eq(world_stage(worker, 1), "RETURNED");
    size_t count = 0;
    const struct order_staged *staged = test_emitted(worker, &order_staged_message, NULL, &count);
    cr_assert_eq(count, 1);
    cr_assert(sp_text_is(staged->stage, "RETURNED"));
    cr_assert_eq(world_balance(worker), RICH - PLAIN, "goods are not money");
    cr_assert_eq(test_ask(worker, "placement.explain", NULL, &answer, "id", "3-1", NULL), 200);
    cr_assert(strstr(answer, "box was open") != NULL && strstr(answer, "\"user\"") != NULL, "%s",
              answer);
}

Test(returned_asks, said_twice_the_first_is_kept)
{
    become("CANCELLED", 2);
    cr_assert_str_eq(world_stage(worker, 1), "RETURNING");
    cr_assert_eq(returned("3-1"), 200);
    test_clear_outbox(worker);
    cr_assert_eq(returned("3-1"), 200);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM returned"), 1);
    cr_assert_eq(world_emitted(worker, &order_staged_message), 0);
}

Test(returned_asks, stays_back_whatever_the_marketplace_says_later)
{
    become("IN_TRANSIT", 2);
    cr_assert_eq(returned("3-1"), 200);
    become("COMPLETED", 3);
    cr_assert_str_eq(world_stage(worker, 1), "RETURNED");
}

Test(returned_asks, what_never_went_out_cannot_come_back)
{
    cr_assert_eq(returned("3-1"), 409, "%s", answer);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM returned"), 0);
    cr_assert_eq(returned("3-9"), 404);
    char note[502], body[600];
    memset(note, 'x', sizeof note);
    (void)snprintf(body, sizeof body, "{\"note\":\"%.501s\"}", note);
    cr_assert_eq(test_ask(worker, "placement.returned", body, &answer, "id", "3-1", NULL), 422);
    cr_assert_eq(test_ask(worker, "placement.returned", "no", &answer, "id", "3-1", NULL), 400);
}
