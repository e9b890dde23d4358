/* Whose webhooks are looked after, by whom, and until when. */
#include "services/connector/hook_store.h"

#include <criterion/criterion.h>

#include "tests/connector/shop.h"

enum { DAY_MS = 24 * 3600 * 1000 };
#define DUE "SELECT round(extract(epoch FROM hooks_due - now()) / 3600)::bigint FROM shop"

static struct sp_worker *worker;
static struct hook_task task;
static size_t taken;

static void set_up(void)
{
    worker = shop_begin();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(hook_store, .init = set_up, .fini = tear_down);

static enum sp_result take_one(struct sp_ctx *ctx)
{
    return store_take_hooks(ctx, &task, 1, &taken);
}

static size_t take(void)
{
    cr_assert_eq(shop_run(worker, take_one), SP_OK);
    return taken;
}

static enum sp_result end_one(struct sp_ctx *ctx)
{
    store_end_hooks(ctx, &task, DAY_MS);
    return SP_OK;
}

static void end(void)
{
    cr_assert_eq(shop_run(worker, end_one), SP_OK);
}

Test(hook_store, a_shop_is_looked_after_by_one_and_then_not_for_a_day)
{
    cr_assert_eq(take(), 1);
    cr_assert_eq(take(), 0, "leased");
    end();
    cr_assert_eq(test_number(worker, DUE), 24);
}

Test(hook_store, a_seller_who_agrees_during_a_look_gets_another)
{
    cr_assert_eq(take(), 1);
    test_sql(worker, "UPDATE shop SET hooks_due = now()");
    end();
    cr_assert_eq(take(), 1);
}

Test(hook_store, who_was_paused_longer_than_his_lease_ends_nothing)
{
    cr_assert_eq(take(), 1);
    struct hook_task late = task;
    test_sql(worker, "UPDATE shop SET hooks_due = now() - interval '1 second'");
    cr_assert_eq(take(), 1);
    end();
    task = late;
    test_sql(worker, "UPDATE shop SET hooks_due = hooks_due + interval '1 hour'");
    end();
    cr_assert_eq(test_number(worker, DUE), 25);
}
