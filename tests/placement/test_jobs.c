/* Drafts evaluated anew: costs, warehouses, the switch; once and in batches. */
/* Covers: jobs.c, reference_store.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/placement/world.h"
#include "tests/support/hold.h"

static struct sp_worker *worker;

enum { RICH = 1000000, PLAIN = 100 + SURCHARGE };

static void begin(void)
{
    worker = world_open("USD");
}

TestSuite(jobs, .init = begin);

Test(jobs, what_is_still_to_be_healed_is_counted)
{
    const char *answer = NULL;
    test_sql(worker, "DELETE FROM heal_mark");
    test_sql(worker, "INSERT INTO heal_mark (account_id, due) VALUES (1, now() + interval '1 h')");
    cr_assert_eq(test_ask(worker, "placement.system", NULL, &answer, NULL), 200);
    cr_expect(strstr(answer, "\"heal\" : 1") != NULL, "%s", answer);
}

Test(jobs, an_unknown_variant_heals_when_it_is_told)
{
    world_top_up(worker, RICH);
    world_auto_place(worker, true);
    world_settle(worker);
    struct world_order order = {.number = 1, .rev = 1, .lines = {{.variant = 50, .units = 1}}};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_open_codes(worker, 1), "VARIANT_UNKNOWN");
    world_variant(worker, 50, 1, 700, "USD");
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), RICH - 700 - SURCHARGE);
}

Test(jobs, a_cost_in_another_currency_is_open_until_it_is_mended)
{
    world_top_up(worker, RICH);
    world_auto_place(worker, true);
    world_settle(worker);
    world_variant(worker, 1, 2, 100, "VND");
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_open_codes(worker, 1), "COST_CURRENCY");
    world_variant(worker, 1, 3, 100, "USD");
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
}

Test(jobs, an_account_told_late_heals_its_orders)
{
    struct world_order order = {.number = 1, .rev = 1, .account = 9};
    world_feed(worker, &order, 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision WHERE account_id = 9 AND "
                                     "conditions::text LIKE '%ACCOUNT_UNKNOWN%'"),
                 1);
    world_account(worker, 9, "USD");
    world_settle(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision WHERE account_id = 9 AND "
                                     "conditions::text LIKE '%ACCOUNT_UNKNOWN%'"),
                 0);
}

Test(jobs, topping_up_does_not_switch_on_and_switching_on_places_the_drafts_once)
{
    world_auto_place(worker, true);
    struct world_order orders[] = {{.number = 1, .rev = 1}, {.number = 2, .rev = 1}};
    world_feed(worker, orders, 2);
    world_top_up(worker, RICH);
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "NOT_READY");
    cr_assert_str_eq(world_open_codes(worker, 1), "AUTO_PLACE_OFF");
    world_auto_place(worker, true);
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    cr_assert_str_eq(world_stage(worker, 2), "AWAITING_SHIPMENT");
    cr_assert_eq(world_balance(worker), RICH - 2 * PLAIN);
    world_settle(worker);
    cr_assert_eq(world_balance(worker), RICH - 2 * PLAIN);
    world_check(worker);
}

Test(jobs, more_drafts_than_one_batch_are_all_placed, .timeout = 60)
{
    enum { ORDERS = 700 };
    world_settle(worker);
    for (int64_t from = 1; from <= ORDERS; from += 100) {
        struct world_order orders[100];
        for (int64_t i = 0; i < 100; i++)
            orders[i] = (struct world_order){.number = from + i, .rev = 1};
        world_feed(worker, orders, 100);
    }
    world_top_up(worker, RICH);
    world_auto_place(worker, true);
    world_settle(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM decision "
                                     "WHERE stage = 'AWAITING_SHIPMENT'"),
                 ORDERS);
    cr_assert_eq(world_balance(worker), RICH - ORDERS * PLAIN);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), ORDERS);
    world_check(worker);
}

static void look(void)
{
    enum sp_result result = SP_AGAIN;
    while (result == SP_AGAIN)
        result = sp_worker_job(worker, "heal-drafts");
    cr_assert_eq(result, SP_OK);
}

Test(jobs, a_second_look_follows_the_first)
{
    world_settle(worker);
    world_variant(worker, 1, 5, 100, "USD");
    look();
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal_mark WHERE round = 2 "
                                     "AND due > now() + interval '8 seconds'"),
                 1);
}

/* An order whose transaction read the costs before they changed, and commits after the first look.
 */
Test(jobs, the_second_look_finds_an_order_that_was_committed_after_the_first, .timeout = 60)
{
    static struct sp_worker *other; /* for the leak check: it lives as long as its settings */
    other = test_worker_on(&placement_service, test_worker_url(), NULL);
    struct world_order first = {.number = 9, .rev = 1, .status = "COMPLETED"},
                       late = {.number = 1, .rev = 1, .lines = {{.variant = 50, .units = 1}}};
    world_top_up(worker, RICH);
    world_feed(other, &first, 1);
    world_settle(worker);
    struct test_hold *hold = test_hold_commits(worker);
    struct order_allocated order = world_message(&late);
    test_feed_held(hold, other, &order_allocated_message, &order);
    world_variant(worker, 50, 1, 700, "USD");
    look(); /* the order is not visible yet */
    test_let_go(&hold);
    cr_assert_str_eq(world_open_codes(worker, 1), "VARIANT_UNKNOWN", "it read the old costs");
    look();
    cr_assert_str_eq(world_open_codes(worker, 1), "VARIANT_UNKNOWN", "the second is not due");
    test_sql(worker, "UPDATE heal_mark SET due = now()");
    look();
    cr_assert_str_eq(world_open_codes(worker, 1), "");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM heal_mark"), 0);
    sp_worker_close(&other);
}

Test(jobs, marks_for_one_account_are_merged)
{
    world_settle(worker);
    for (int64_t rev = 2; rev < 12; rev++)
        world_variant(worker, 1, rev, 100, "USD");
    int turns = 0;
    while (sp_worker_job(worker, "heal-drafts") == SP_AGAIN)
        turns++;
    cr_assert_eq(turns, 1);
}

Test(jobs, a_draft_that_stays_as_it_is_is_not_told_again)
{
    world_settle(worker);
    struct world_order order = {.number = 1, .rev = 1, .unpaid = true};
    world_feed(worker, &order, 1);
    test_clear_outbox(worker);
    world_variant(worker, 4, 2, 1, "USD");
    world_settle(worker);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM outbox"), 0);
}

Test(jobs, old_changes_are_pruned)
{
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    test_sql(worker, "UPDATE change SET at = now() - interval '1 hour'");
    cr_assert_eq(sp_worker_job(worker, "prune-changes"), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM change"), 0);
}
