/* Facts in, rows out; repeats and late copies change nothing. */
#include "services/connector/handlers.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"
#include "tests/support/ways.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(handlers, .init = set_up, .fini = tear_down);

Test(handlers, keeps_the_newest_of_an_account)
{
    struct account_saved account = {.head = {.account_id = 1, .key = SP_TEXT("1"), .rev = 5},
                                    .name = SP_TEXT("New"),
                                    .state = SP_TEXT("ACTIVE")};
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    account.head.rev = 4;
    account.name = SP_TEXT("Old");
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT name FROM account"), "New");
}

static struct import_requested run_of(int64_t shop_id)
{
    return (struct import_requested){.head = {.account_id = 1, .key = SP_TEXT("9"), .rev = 1},
                                     .run_id = 9,
                                     .shop_id = shop_id,
                                     .from_at = 1000,
                                     .until_at = 2000,
                                     .reason = SP_TEXT("manual")};
}

Test(handlers, begins_a_run_once)
{
    struct import_requested run = run_of(1);
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    test_sql(worker, "UPDATE pull SET seen = 7, pages = 1 WHERE kind = 'run'");
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT seen FROM pull WHERE kind = 'run'"), 7);
}

Test(handlers, ends_a_cancelled_run_and_says_how_far_it_came)
{
    size_t count;
    struct import_requested run = run_of(1);
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    test_sql(worker, "UPDATE pull SET seen = 7, pages = 1, total = 20 WHERE kind = 'run'");
    run.head.rev = 2;
    run.cancelled = true;
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    const struct import_progressed *said =
        test_emitted(worker, &import_progressed_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert(said[0].finished);
    cr_assert_eq(said[0].orders_seen, 7);
    cr_assert(sp_text_is(said[0].failure, "cancelled"));
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE kind = 'run' AND finished"),
                 1);
}

Test(handlers, ends_a_run_of_a_shop_that_is_not_connected)
{
    size_t count;
    struct import_requested run = run_of(77);
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    const struct import_progressed *said =
        test_emitted(worker, &import_progressed_message, "order-ingest", &count);
    cr_assert_eq(count, 1);
    cr_assert(said[0].finished);
    cr_assert_gt(said[0].failure.size, 0);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM pull WHERE NOT finished"), 2);
}

Test(handlers, wants_an_order_once_for_each_request)
{
    struct order_wanted wanted = {.head = {.account_id = 1, .key = SP_TEXT("1-5764"), .rev = 1},
                                  .shop_id = 1,
                                  .channel_order_id = SP_TEXT("5764"),
                                  .reason = SP_TEXT("person")};
    cr_assert_eq(sp_worker_feed(worker, &order_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(sp_worker_feed(worker, &order_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch WHERE always"), 1);
    wanted.head.rev = 2;
    cr_assert_eq(sp_worker_feed(worker, &order_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT wanted FROM order_fetch"), 2);
}

Test(handlers, buries_an_order_id_that_is_none)
{
    struct order_wanted wanted = {.head = {.account_id = 1, .key = SP_TEXT("1-x y"), .rev = 1},
                                  .shop_id = 1,
                                  .channel_order_id = SP_TEXT("x y")};
    cr_assert_eq(sp_worker_feed(worker, &order_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM order_fetch"), 0);
}

Test(handlers, stores_stock_levels_in_any_order)
{
    struct stock_level level = {.head = {.account_id = 1, .key = SP_TEXT("1-101-A"), .rev = 2},
                                .shop_id = 1,
                                .product_id = SP_TEXT("1729"),
                                .sku_id = SP_TEXT("101"),
                                .channel_warehouse_id = SP_TEXT("A"),
                                .quantity = 8};
    cr_assert_eq(sp_worker_feed(worker, &stock_level_message, &level, 1), SP_OK);
    level.head.rev = 1;
    level.quantity = 3;
    cr_assert_eq(sp_worker_feed(worker, &stock_level_message, &level, 1), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT quantity FROM channel_stock"), 8);
}

/* ---- order of arrival ------------------------------------------------------------------------ */

enum { REVISIONS = 4 };

/* Revision `step` + 1 of each fact; the last one cancels the run. */
static void feed_revision(size_t step)
{
    static const char *const names[REVISIONS] = {"First", "Second", "Third", "Fourth"};
    static const int64_t quantities[REVISIONS] = {3, 8, 3, 5};
    int64_t rev = (int64_t)step + 1;
    struct account_saved account = {.head = {.account_id = 1, .key = SP_TEXT("1"), .rev = rev},
                                    .name = sp_text_of(names[step]),
                                    .state = step == 2 ? SP_TEXT("CLOSED") : SP_TEXT("ACTIVE")};
    struct import_requested run = run_of(1);
    run.head.rev = rev;
    run.cancelled = step + 1 == REVISIONS;
    struct order_wanted wanted = {.head = {.account_id = 1, .key = SP_TEXT("1-5764"), .rev = rev},
                                  .shop_id = 1,
                                  .channel_order_id = SP_TEXT("5764")};
    struct stock_level level = {.head = {.account_id = 1, .key = SP_TEXT("1-101-A"), .rev = rev},
                                .shop_id = 1,
                                .product_id = SP_TEXT("1729"),
                                .sku_id = SP_TEXT("101"),
                                .channel_warehouse_id = SP_TEXT("A"),
                                .quantity = quantities[step]};
    cr_assert_eq(sp_worker_feed(worker, &account_saved_message, &account, 1), SP_OK);
    cr_assert_eq(sp_worker_feed(worker, &import_requested_message, &run, 1), SP_OK);
    cr_assert_eq(sp_worker_feed(worker, &order_wanted_message, &wanted, 1), SP_OK);
    cr_assert_eq(sp_worker_feed(worker, &stock_level_message, &level, 1), SP_OK);
}

/* What the facts left behind, but for clocks and for how often something was asked for: of that it
 * only counts whether it is still to be done. */
static const char *what_is_stored(void)
{
    return test_text(
        worker,
        "SELECT concat_ws(E'\n', (SELECT a::text FROM account a), "
        "(SELECT (to_jsonb(p) - '{due,epoch,opened_at}'::text[])::text FROM pull p WHERE kind = "
        "'run'), "
        "(SELECT w::text FROM wanted_order w), "
        "(SELECT (to_jsonb(f) - '{due,made,wanted,done}'::text[])::text || (f.done < f.wanted) "
        " FROM order_fetch f), "
        "(SELECT (to_jsonb(k) - '{due,asked_at,wanted,done}'::text[])::text || (k.done < k.wanted) "
        " FROM channel_stock k))");
}

Test(handlers, ends_in_the_same_rows_whatever_came_before, .timeout = 60)
{
    size_t count;
    const struct test_way *ways = test_ways(REVISIONS, &count);
    const char *expected = NULL;
    cr_assert_eq(count, 49);
    for (size_t i = 0; i < count; i++) {
        test_sql(worker, "TRUNCATE account, wanted_order, order_fetch, channel_stock");
        test_sql(worker, "DELETE FROM pull WHERE kind = 'run'");
        for (size_t at = 0; at < ways[i].count; at++)
            feed_revision(ways[i].steps[at]);
        const char *found = what_is_stored();
        expected = expected == NULL ? found : expected;
        cr_assert_str_eq(found, expected, "way %zu\n%s\n%s", i, found, expected);
    }
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM dead_letter"), 0);
}
