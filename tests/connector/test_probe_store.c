/* What is read back, when, and when a number is told again. */
#include "services/connector/probe_store.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct probe_task task;
static size_t taken;
static int64_t found;
static struct probe_end end;

static void set_up(void)
{
    worker = shop_begin();
    test_sql(worker,
             "INSERT INTO channel_stock (account_id, shop_id, sku_id, channel_warehouse_id, "
             "product_id, quantity, wanted, done, probe_due) VALUES "
             "(1, 1, '101', '7068', '17', 10, 3, 3, now())");
    found = 0;
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(probe_store, .init = set_up, .fini = tear_down);

static enum sp_result take(struct sp_ctx *ctx)
{
    struct probe_task *tasks;
    enum sp_result result = store_take_probes(ctx, 10, &tasks, &taken);
    if (result != SP_OK || taken == 0)
        return result;
    cr_assert(sp_text_is(tasks[0].sku_id, "101"));
    task = tasks[0];
    task.sku_id = SP_TEXT("101");
    task.channel_warehouse_id = SP_TEXT("7068");
    return result;
}

static enum sp_result finish(struct sp_ctx *ctx)
{
    end.task = &task;
    return store_end_probes(ctx, &end, 1, 600000, &found);
}

static void look(int64_t shown)
{
    test_sql(worker, "UPDATE channel_stock SET probe_due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 1);
    end = (struct probe_end){.shown = shown};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
}

static void orders_are_pulled(void)
{
    test_sql(worker, "UPDATE pull SET done_at = clock_timestamp() WHERE kind = 'orders'");
}

static int64_t wanted(void)
{
    return test_number(worker, "SELECT wanted FROM channel_stock");
}

Test(probe_store, what_is_shown_as_told_is_looked_at_later)
{
    look(10);
    cr_assert_eq(found, 0);
    cr_assert_eq(wanted(), 3);
    cr_assert_eq(test_number(worker, "SELECT seen FROM channel_stock"), 10);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE probe_due > now() + "
                                     "interval '9 minutes' AND drift IS NULL"),
                 1);
}

Test(probe_store, what_was_changed_behind_our_back_is_told_again_and_counted)
{
    look(7);
    cr_assert_eq(wanted(), 3, "a buyer's order may be on its way");
    orders_are_pulled();
    look(7);
    cr_assert_eq(found, 1);
    cr_assert_eq(wanted(), 4);
    cr_assert_eq(test_number(worker, "SELECT drifts FROM shop_count WHERE drift_at IS NOT NULL"),
                 1);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM channel_stock WHERE due <= now() AND "
                                     "done < wanted AND drift IS NULL"),
                 1);
}

Test(probe_store, nothing_is_told_again_while_orders_may_explain_it)
{
    look(7);
    look(7);
    cr_assert_eq(wanted(), 3, "the orders have not been pulled since");
    orders_are_pulled();
    test_sql(worker, "INSERT INTO order_fetch (account_id, shop_id, channel_order_id) "
                     "VALUES (1, 1, '5764')");
    look(7);
    cr_assert_eq(wanted(), 3, "an order waits to be fetched");
    test_sql(worker, "DELETE FROM order_fetch");
    look(6);
    cr_assert_eq(wanted(), 3, "it goes on selling");
    look(7);
    cr_assert_eq(wanted(), 3);
    cr_assert_eq(found, 0);
}

Test(probe_store, a_quantity_that_changed_meanwhile_is_left_alone)
{
    look(7);
    orders_are_pulled();
    test_sql(worker, "UPDATE channel_stock SET probe_due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    test_sql(worker, "UPDATE channel_stock SET quantity = 7, wanted = 4, drift = NULL");
    end = (struct probe_end){.shown = 7};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(wanted(), 4);
    cr_assert_eq(found, 0);
}

/* What was read is older than what was told: it says nothing of the newer number. */
Test(probe_store, a_quantity_that_was_told_meanwhile_is_looked_at_anew)
{
    look(7);
    orders_are_pulled();
    test_sql(worker, "UPDATE channel_stock SET probe_due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    test_sql(worker, "UPDATE channel_stock SET quantity = 12, wanted = 4, done = 4, seen = 12, "
                     "drift = NULL, probe_due = now() + interval '2 minutes'");
    end = (struct probe_end){.shown = 7};
    cr_assert_eq(shop_run(worker, finish), SP_OK);
    cr_assert_eq(found, 0);
    cr_assert_eq(wanted(), 4);
    cr_assert_eq(test_number(worker, "SELECT seen FROM channel_stock WHERE drift IS NULL "
                                     "AND probe_due > now() + interval '1 minute'"),
                 12);
}

Test(probe_store, a_sku_that_the_marketplace_does_not_know_is_no_drift)
{
    look(-1);
    orders_are_pulled();
    look(-1);
    cr_assert_eq(found, 0);
    cr_assert_eq(wanted(), 3);
}

Test(probe_store, looks_only_at_what_was_told)
{
    test_sql(worker, "UPDATE channel_stock SET wanted = 4");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 0, "it is about to be told");
    test_sql(worker, "UPDATE channel_stock SET wanted = 3, quantity = NULL");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 0, "nobody has said");
    test_sql(worker, "UPDATE channel_stock SET quantity = 5");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 1);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(taken, 0, "leased");
}
