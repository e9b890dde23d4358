/* What people ask: placing, why not, the wallet, the settings, what changed. */
/* Covers: asks.c, orders_asks.c, money_asks.c, ask_store.c. */
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
}

TestSuite(asks, .init = begin);

static bool says(const char *text)
{
    return strstr(answer, text) != NULL;
}

static int place(const char *body)
{
    return test_ask(worker, "placement.place", body, &answer, NULL);
}

/* ---- placing --------------------------------------------------------------------------------- */

Test(asks, place_gives_each_order_its_own_result)
{
    world_top_up(worker, RICH);
    struct world_order orders[] = {{.number = 1, .rev = 1},
                                   {.number = 2, .rev = 1, .unpaid = true}};
    world_feed(worker, orders, 2);
    cr_assert_eq(place("{\"ids\":[\"3-2\",\"3-1\",\"3-9\"]}"), 200);
    cr_assert(says("{\"id\":\"3-2\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"NOT_PAID\""));
    cr_assert(says("{\"id\":\"3-1\",\"result\":\"PLACED\""));
    cr_assert(says("{\"id\":\"3-9\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"NOT_FOUND\""));
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    world_check(worker);
}

Test(asks, place_twice_places_once)
{
    world_top_up(worker, RICH);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_eq(place("{\"ids\":[\"3-1\",\"3-1\"]}"), 200);
    cr_assert_eq(place("{\"ids\":[\"3-1\"]}"), 200);
    cr_assert(says("\"result\":\"ALREADY_PLACED\""));
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    cr_assert_eq(world_emitted(worker, &fulfilment_requested_message), 1);
}

Test(asks, place_without_money_is_refused_and_switches_nothing)
{
    world_top_up(worker, PLAIN);
    struct world_order orders[] = {{.number = 1, .rev = 1, .lines = {{.variant = 5, .units = 9}}},
                                   {.number = 2, .rev = 1}};
    world_feed(worker, orders, 2);
    cr_assert_eq(place("{\"ids\":[\"3-1\",\"3-2\"]}"), 200);
    cr_assert(
        says("{\"id\":\"3-1\",\"result\":\"REFUSED\",\"reasons\":[{\"code\":\"BALANCE_LOW\""));
    cr_assert(says("{\"id\":\"3-2\",\"result\":\"PLACED\""));
    cr_assert_eq(world_emitted(worker, &notice_raised_message), 0);
    cr_assert_eq(world_balance(worker), 0);
}

Test(asks, place_of_what_has_ended_is_refused_with_its_stage)
{
    struct world_order order = {.number = 1, .rev = 1, .status = "CANCELLED"};
    world_feed(worker, &order, 1);
    cr_assert_eq(place("{\"ids\":[\"3-1\"]}"), 200);
    cr_assert(says("\"result\":\"REFUSED\"") && says("CANCELLED"));
}

Test(asks, a_refused_order_may_be_placed_again_by_hand)
{
    world_top_up(worker, RICH);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_eq(place("{\"ids\":[\"3-1\"]}"), 200);
    world_hear(worker,
               &(struct world_answer){.number = 1, .attempt = 1, .rev = 1, .answer = "REFUSED"});
    cr_assert_eq(place("{\"ids\":[\"3-1\"]}"), 200);
    cr_assert(says("\"result\":\"PLACED\""));
    cr_assert_eq(world_balance(worker), RICH - PLAIN);
    world_check(worker);
}

Test(asks, place_takes_up_to_500)
{
    char body[8192];
    size_t size = (size_t)snprintf(body, sizeof body, "{\"ids\":[\"3-0\"");
    for (int i = 1; i <= 500; i++)
        size += (size_t)snprintf(body + size, sizeof body - size, ",\"3-%d\"", i);
    (void)snprintf(body + size, sizeof body - size, "]}");
    cr_assert_eq(place(body), 422);
    cr_assert_eq(place("{\"ids\":[]}"), 422);
    cr_assert_eq(place("{\"ids\":"), 400);
}

/* ---- why ------------------------------------------------------------------------------------- */

Test(asks, explain_shows_what_is_met_and_what_is_open)
{
    struct world_order order = {
        .number = 1, .rev = 1, .lines = {{.variant = 1, .units = 2, .missing = 1}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(test_ask(worker, "placement.explain", NULL, &answer, "id", "3-1", NULL), 200);
    cr_assert(says("\"stage\":\"NOT_READY\""));
    cr_assert(says("{\"code\":\"STOCK_SHORT\",\"ok\":false,\"value\":\"1\",\"wanted\":\"2\""));
    cr_assert(says("{\"code\":\"NOT_PAID\",\"ok\":true"));
    cr_assert(says("\"code\":\"BALANCE_LOW\",\"ok\":false"));
    cr_assert(says("\"who\":\"WAREHOUSE\""));
    cr_assert(says("\"total\":{\"amount\":\"338\",\"currency\":\"USD\"}"));
}

Test(asks, explain_of_an_unknown_order_is_not_found)
{
    cr_assert_eq(test_ask(worker, "placement.explain", NULL, &answer, "id", "3-404", NULL), 404);
}

/* ---- money ----------------------------------------------------------------------------------- */

Test(asks, the_wallet_shows_its_balance)
{
    world_top_up(worker, 1234);
    cr_assert_eq(test_ask(worker, "placement.wallet", NULL, &answer, NULL), 200);
    cr_assert(says("\"amount\" : \"1234\"") && says("\"currency\" : \"USD\""));
}

Test(asks, entries_come_newest_first_in_pages)
{
    world_top_up(worker, RICH);
    struct world_order orders[] = {{.number = 1, .rev = 1}, {.number = 2, .rev = 1}};
    world_feed(worker, orders, 2);
    cr_assert_eq(place("{\"ids\":[\"3-1\",\"3-2\"]}"), 200);
    cr_assert_eq(test_ask(worker, "placement.wallet-entries", NULL, &answer, "limit", "2", NULL),
                 200);
    cr_assert(says("\"kind\" : \"DEBIT\"") && says("\"-169\"") && !says("TOP_UP"));
    cr_assert(says("\"user\" : \"tester\"") && says("\"order_id\" : \"3-2\""));
    const char *cursor = test_text(worker, "SELECT entry_id FROM wallet_entry "
                                           "ORDER BY entry_id DESC OFFSET 1 LIMIT 1");
    cr_assert_eq(test_ask(worker, "placement.wallet-entries", NULL, &answer, "limit", "2", "cursor",
                          cursor, NULL),
                 200);
    cr_assert(says("TOP_UP") && says("\"next_cursor\" : null"));
}

static int top_up(const char *amount, const char *currency, const char *reference)
{
    char body[256];
    (void)snprintf(body, sizeof body,
                   "{\"amount\":\"%s\",\"currency\":\"%s\",\"reference\":\"%s\"}", amount, currency,
                   reference);
    return test_ask(worker, "placement.top-up", body, &answer, NULL);
}

Test(asks, one_reference_tops_up_once)
{
    cr_assert_eq(top_up("500", "USD", "bank 7"), 200);
    cr_assert_eq(top_up("500", "USD", "bank 7"), 409);
    cr_assert(says("REFERENCE_USED"));
    cr_assert_eq(world_balance(worker), 500);
    cr_assert_eq(top_up("600", "USD", "bank 7"), 409);
    cr_assert_eq(top_up("500", "USD", "bank 8"), 200);
    cr_assert_eq(top_up("500", "USD", ""), 200);
    cr_assert_eq(top_up("500", "USD", ""), 200);
    cr_assert_eq(world_balance(worker), 2000);
    world_check(worker);
}

Test(asks, a_top_up_is_positive_bounded_and_in_the_wallets_currency)
{
    cr_assert_eq(top_up("0", "USD", "a"), 422);
    cr_assert_eq(top_up("-5", "USD", "b"), 422);
    cr_assert_eq(top_up("5", "VND", "c"), 422);
    cr_assert(says("CURRENCY_MISMATCH"));
    cr_assert_eq(top_up("9999999999999999", "USD", "d"), 422);
    cr_assert_eq(top_up("999999999999999", "USD", "e"), 200, "fifteen digits are a top-up");
}

/* ---- settings -------------------------------------------------------------------------------- */

static int save(const char *body)
{
    return test_ask(worker, "placement.save-settings", body, &answer, NULL);
}

Test(asks, settings_begin_switched_off_with_the_default_surcharge)
{
    cr_assert_eq(test_ask(worker, "placement.settings", NULL, &answer, NULL), 200);
    cr_assert(says("\"auto_place\" : false") && says("\"69\"") && says("\"unit\""));
}

Test(asks, settings_are_shown_as_they_were_saved)
{
    cr_assert_eq(save("{\"auto_place\":true,\"currency\":\"USD\",\"surcharge\":{\"amount\":\"12\","
                      "\"currency\":\"USD\",\"per\":\"line\"},\"shipping\":{\"amount\":\"300\"}}"),
                 200);
    cr_assert(says("\"auto_place\" : true") && says("\"12\"") && says("\"line\"") &&
              says("\"300\""));
    world_top_up(worker, RICH);
    struct world_order order = {
        .number = 1, .rev = 1, .lines = {{.variant = 1, .units = 3}, {.variant = 2, .units = 2}}};
    world_feed(worker, &order, 1);
    cr_assert_eq(world_balance(worker), RICH - (3 * 100 + 2 * 200 + 2 * 12 + 300));
}

Test(asks, settings_in_another_currency_are_refused)
{
    cr_assert_eq(save("{\"auto_place\":true,\"currency\":\"VND\",\"surcharge\":{\"amount\":\"12\","
                      "\"currency\":\"VND\",\"per\":\"line\"},\"shipping\":{\"amount\":\"300\"}}"),
                 422);
    cr_assert(says("CURRENCY_MISMATCH"));
    cr_assert_eq(save("{\"auto_place\":true,\"currency\":\"USD\",\"surcharge\":{\"amount\":\"12\","
                      "\"currency\":\"USD\",\"per\":\"box\"},\"shipping\":{\"amount\":\"300\"}}"),
                 422);
    cr_assert_eq(save("{\"auto_place\":true,\"currency\":\"USD\",\"surcharge\":{\"amount\":\"-1\","
                      "\"currency\":\"USD\",\"per\":\"unit\"},\"shipping\":{\"amount\":\"300\"}}"),
                 422);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM setting WHERE auto_place"), 0);
}

Test(asks, a_wallet_in_another_currency_needs_a_surcharge_of_its_own)
{
    struct sp_worker *dollars = worker;
    worker = world_open("VND");
    world_top_up(worker, RICH);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    cr_assert_str_eq(world_open_codes(worker, 1), "SURCHARGE_UNSET");
    world_auto_place(worker, true);
    world_settle(worker);
    cr_assert_str_eq(world_stage(worker, 1), "AWAITING_SHIPMENT");
    sp_worker_close(&dollars);
}

/* ---- what changed ---------------------------------------------------------------------------- */

Test(asks, changes_name_the_orders_since_the_last_look)
{
    cr_assert_eq(
        test_ask(worker, "placement.changes", "{\"accounts\":[1],\"since\":0}", &answer, NULL),
        200);
    long long since = 0;
    const char *at = strstr(answer, "\"since\" : ");
    cr_assert(at != NULL && sscanf(at, "\"since\" : %*[\"]%lld", &since) +
                                    sscanf(at, "\"since\" : %lld", &since) >
                                0,
              "%s", answer);
    struct world_order order = {.number = 1, .rev = 1};
    world_feed(worker, &order, 1);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"accounts\":[1],\"since\":%lld}", since);
    cr_assert_eq(test_ask(worker, "placement.changes", body, &answer, NULL), 200);
    cr_assert(says("\"3-1\""), "%s", answer);
}
