/* Budgets in the database: what was saved is what is read, and one at a time. */
#include "services/connector/budget_store.h"

#include <criterion/criterion.h>
#include <string.h>

#include "common/crypto.h"
#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct shop_budget budgets[3];
static int64_t now_us;

static void set_up(void)
{
    worker = shop_worker();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(budget_store, .init = set_up, .fini = tear_down);

static enum sp_result lock(struct sp_ctx *ctx)
{
    return store_lock_budgets(ctx, budgets, 3, &now_us);
}

static enum sp_result save_second(struct sp_ctx *ctx)
{
    store_save_budgets(ctx, &budgets[1], 1);
    return SP_OK;
}

static void ask(void)
{
    for (int64_t i = 0; i < 3; i++)
        budgets[i] = (struct shop_budget){.shop_id = i, .budget = {.used_micro = 99}};
    cr_assert_eq(shop_run(worker, lock), SP_OK);
}

Test(budget_store, begins_full_and_knows_the_time)
{
    static const struct budget full;
    ask();
    for (int i = 0; i < 3; i++)
        cr_assert_eq(memcmp(&budgets[i].budget, &full, sizeof full), 0);
    int64_t apart_us = now_us - sp_now_us();
    cr_assert(apart_us > -60000000 && apart_us < 60000000);
}

Test(budget_store, reads_what_was_saved)
{
    ask();
    struct budget *budget = &budgets[1].budget, saved;
    *budget = (struct budget){.used_micro = 1, .rate_micro = 2, .at_us = 3, .slowed_us = 4};
    for (int64_t i = 0; i < TIKTOK_CLASSES; i++)
        budget->gates[i] = (struct budget_gate){10 + i, 20 + i, 30 + i, 40 + i};
    saved = *budget;
    cr_assert_eq(shop_run(worker, save_second), SP_OK);
    cr_assert_eq(shop_run(worker, save_second), SP_OK);
    ask();
    cr_assert_eq(memcmp(&budgets[1].budget, &saved, sizeof saved), 0);
    cr_assert_eq(budgets[0].budget.used_micro, 0);
    cr_assert_eq(budgets[2].budget.used_micro, 0);
}

Test(budget_store, reads_a_row_from_before_a_kind_was_added)
{
    test_sql(worker,
             "INSERT INTO call_budget VALUES (1, 5, 6, 7, 8, '{9}', '{10}', '{11}', '{12}')");
    ask();
    cr_assert_eq(budgets[1].budget.gates[0].failures, 12);
    cr_assert_eq(budgets[1].budget.gates[1].failures, 0);
}
