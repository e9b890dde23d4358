/* Grants: one refresh at a time, both tokens or none, states that follow. */
#include "services/connector/grant_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static struct grant_task tasks[4];
static size_t count;
static struct grant_tokens tokens;

static void set_up(void)
{
    worker = shop_begin();
    tokens = (struct grant_tokens){.access_sealed = SP_TEXT("a2"),
                                   .refresh_sealed = SP_TEXT("r2"),
                                   .access_ends_s = 4000000000,
                                   .ends_s = 4100000000,
                                   .refresh_s = 3900000000};
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(grant_store, .init = set_up, .fini = tear_down);

static enum sp_result take(struct sp_ctx *ctx)
{
    return store_take_refreshes(ctx, tasks, 4, &count);
}

static enum sp_result refresh(struct sp_ctx *ctx)
{
    store_refreshed(ctx, &tasks[0], &tokens);
    return SP_OK;
}

static enum sp_result refuse(struct sp_ctx *ctx)
{
    store_refresh_refused(ctx, &tasks[0], SP_TEXT("rt has expired"));
    return SP_OK;
}

static enum sp_result put_off(struct sp_ctx *ctx)
{
    store_refresh_later(ctx, &tasks[0], 60000, SP_TEXT("no answer"));
    return SP_OK;
}

static enum sp_result refuse_token(struct sp_ctx *ctx)
{
    store_token_refused(ctx, 1, 1);
    return SP_OK;
}

static struct grant_change *changes;
static size_t change_count;

static enum sp_result review(struct sp_ctx *ctx)
{
    return store_review_shops(ctx, &changes, &change_count);
}

static struct grant_warning *warnings;
static size_t warning_count;

static enum sp_result warn(struct sp_ctx *ctx)
{
    return store_take_warnings(ctx, &warnings, &warning_count);
}

static void make_due(void)
{
    test_sql(worker, "UPDATE seller_grant SET refresh_at = now(), lease_until = '-infinity'");
}

Test(grant_store, takes_a_due_grant_once)
{
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
}

Test(grant_store, stores_both_tokens)
{
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, refresh), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT encode(access_sealed || refresh_sealed, 'escape') "
                                       "FROM seller_grant"),
                     "a2r2");
    cr_assert_eq(test_number(worker, "SELECT token_rev FROM seller_grant"), 2);
}

/* Our answer was slow, another replica tried again meanwhile and was refused: ours is the valid
 * pair. */
Test(grant_store, stores_a_late_answer_after_another_was_refused)
{
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, refuse), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "FAILED");
    cr_assert_eq(shop_run(worker, refresh), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "LIVE");
}

Test(grant_store, believes_no_refusal_of_a_pair_that_was_replaced)
{
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, refresh), SP_OK);
    cr_assert_eq(shop_run(worker, refuse), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "LIVE");
}

Test(grant_store, tries_again_after_no_answer_and_after_a_refusal)
{
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, put_off), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT tries FROM seller_grant WHERE refresh_at > now()"), 1);
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, refuse), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE refresh_at > now()"),
                 1);
}

Test(grant_store, refreshes_soon_when_a_call_was_refused)
{
    cr_assert_eq(shop_run(worker, refuse_token), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant WHERE refresh_at <= now()"),
                 1);
}

Test(grant_store, shows_a_shop_whose_grant_failed)
{
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_eq(change_count, 0);
    test_sql(worker, "UPDATE seller_grant SET state = 'FAILED'");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    test_sql(worker, "UPDATE seller_grant SET access_ends_at = now()");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
    test_sql(worker,
             "UPDATE seller_grant SET state = 'LIVE', access_ends_at = now() + interval '1 day'");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

Test(grant_store, shows_a_grant_that_ends_soon_and_one_that_ended)
{
    test_sql(worker, "UPDATE seller_grant SET ends_at = now() + interval '29 days'");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    test_sql(worker, "UPDATE seller_grant SET ends_at = now()");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
}

Test(grant_store, warns_once_at_each_threshold)
{
    static const struct {
        const char *left;
        size_t warnings;
    } steps[] = {{"31 days", 0}, {"30 days", 1}, {"20 days", 0}, {"14 days", 1}, {"7 days", 1},
                 {"2 days", 1},  {"2 days", 0},  {"1 day", 1},   {"12 hours", 0}};
    for (size_t i = 0; i < SP_COUNT(steps); i++) {
        char sql[200];
        (void)snprintf(sql, sizeof sql, "UPDATE seller_grant SET ends_at = now() + interval '%s'",
                       steps[i].left);
        test_sql(worker, sql);
        cr_assert_eq(shop_run(worker, warn), SP_OK);
        cr_assert_eq(warning_count, steps[i].warnings, "%s", steps[i].left);
    }
}

/* Nobody refuses, and nobody answers either. */
Test(grant_store, shows_a_grant_that_ends_because_no_refresh_succeeds)
{
    test_sql(worker, "UPDATE seller_grant SET access_ends_at = now() + interval '13 hours'");
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, put_off), SP_OK);
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_eq(change_count, 0);
    test_sql(worker, "UPDATE seller_grant SET access_ends_at = now() + interval '11 hours'");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "NEAR_EXPIRY");
    test_sql(worker, "UPDATE seller_grant SET access_ends_at = now()");
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "EXPIRED");
    cr_assert_eq(shop_run(worker, refresh), SP_OK);
    cr_assert_eq(shop_run(worker, review), SP_OK);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM shop"), "CONNECTED");
}

static size_t taken_back_count;

static enum sp_result find_taken_back(struct sp_ctx *ctx)
{
    struct grant_change *shops;
    return store_taken_back(ctx, &tasks[0], &shops, &taken_back_count);
}

Test(grant_store, knows_which_shops_go_with_a_grant_that_was_taken_back)
{
    make_due();
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, find_taken_back), SP_OK);
    cr_assert_eq(taken_back_count, 0);
    test_sql(worker, "UPDATE seller_grant SET taken_back_at = now()");
    cr_assert_eq(shop_run(worker, find_taken_back), SP_OK);
    cr_assert_eq(taken_back_count, 1);
    /* It was not: the token was refreshed since. */
    cr_assert_eq(shop_run(worker, refresh), SP_OK);
    cr_assert_eq(shop_run(worker, find_taken_back), SP_OK);
    cr_assert_eq(taken_back_count, 0);
    cr_assert_eq(test_number(worker, "SELECT count(taken_back_at) FROM seller_grant"), 0);
}
