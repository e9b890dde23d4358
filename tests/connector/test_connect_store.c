/* Connections in the making: each step once. */
#include "services/connector/connect_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/connector/shop.h"

static struct sp_worker *worker;
static char connect_id[64];
static struct connect_task tasks[4];
static size_t count;
static struct connect_return back;

static void set_up(void)
{
    worker = shop_worker();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(connect_store, .init = set_up, .fini = tear_down);

static enum sp_result begin(struct sp_ctx *ctx)
{
    const struct sp_ask ask = {.account_id = 1, .user = SP_TEXT("ann")};
    const struct connect_request request = {.alias = SP_TEXT("A"),
                                            .region = SP_TEXT("VN"),
                                            .account_type = SP_TEXT("SELLER"),
                                            .email = SP_TEXT("a@b.c"),
                                            .session = SP_TEXT("s1")};
    struct sp_text id;
    enum sp_result result = store_begin_connect(ctx, &ask, &request, SP_TEXT("hash"), &id);
    (void)snprintf(connect_id, sizeof connect_id, "%.*s", SP_FMT(id));
    return result;
}

static enum sp_result come_back(struct sp_ctx *ctx)
{
    back = (struct connect_return){.state_hash = SP_TEXT("hash"),
                                   .code = SP_TEXT("code"),
                                   .account_id = 1,
                                   .session = SP_TEXT("s1")};
    cr_assert_eq(store_find_return(ctx, &back), SP_OK);
    cr_assert(back.owned);
    return store_take_return(ctx, &back, SP_TEXT("sealed"));
}

static enum sp_result come_back_empty(struct sp_ctx *ctx)
{
    back = (struct connect_return){
        .state_hash = SP_TEXT("hash"), .account_id = 1, .session = SP_TEXT("s1")};
    return store_take_return(ctx, &back, (struct sp_text){0});
}

static enum sp_result find_stranger(struct sp_ctx *ctx)
{
    back = (struct connect_return){
        .state_hash = SP_TEXT("other"), .account_id = 1, .session = SP_TEXT("s1")};
    return store_find_return(ctx, &back);
}

/* The same state in another session, then in another account. */
static enum sp_result come_back_elsewhere(struct sp_ctx *ctx)
{
    const struct connect_return others[] = {
        {.state_hash = SP_TEXT("hash"), .account_id = 1, .session = SP_TEXT("s2")},
        {.state_hash = SP_TEXT("hash"), .account_id = 2, .session = SP_TEXT("s1")},
    };
    for (size_t i = 0; i < SP_COUNT(others); i++) {
        back = others[i];
        cr_assert_eq(store_find_return(ctx, &back), SP_OK);
        cr_assert_not(back.owned);
        cr_assert_eq(store_take_return(ctx, &back, (struct sp_text){0}), SP_OK);
        cr_assert_not(back.taken);
    }
    return SP_OK;
}

static enum sp_result take(struct sp_ctx *ctx)
{
    enum sp_result result = store_take_connects(ctx, tasks, 4, &count);
    for (size_t i = 0; i < count; i++)
        tasks[i].connect_id = sp_text_of(connect_id);
    return result;
}

static enum sp_result exchanged(struct sp_ctx *ctx)
{
    const struct grant_tokens tokens = {.access_sealed = SP_TEXT("a"),
                                        .refresh_sealed = SP_TEXT("r"),
                                        .open_id = SP_TEXT("o"),
                                        .access_ends_s = 4000000000,
                                        .ends_s = 4100000000,
                                        .refresh_s = 3900000000};
    cr_assert_eq(store_next_grant(ctx, &tasks[0].grant_id), SP_OK);
    store_exchanged(ctx, &tasks[0], &tokens);
    return SP_OK;
}

static enum sp_result listed(struct sp_ctx *ctx)
{
    const struct connect_shop shops[] = {
        {.channel_shop_id = SP_TEXT("7490"), .cipher = SP_TEXT("c")}};
    store_listed(ctx, &tasks[0], shops, 1);
    return SP_OK;
}

static enum sp_result failed(struct sp_ctx *ctx)
{
    store_connect_failed(ctx, &tasks[0], "No.");
    return SP_OK;
}

static enum sp_result later(struct sp_ctx *ctx)
{
    store_connect_later(ctx, &tasks[0], 60000);
    return SP_OK;
}

static enum sp_result decline(struct sp_ctx *ctx)
{
    return store_decline(ctx, 1, sp_text_of(connect_id));
}

static const char *state(void)
{
    return test_text(worker, "SELECT state FROM connect");
}

static void reach_listing(void)
{
    cr_assert_eq(shop_run(worker, begin), SP_OK);
    cr_assert_eq(shop_run(worker, come_back), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(shop_run(worker, exchanged), SP_OK);
}

Test(connect_store, takes_a_return_once)
{
    cr_assert_eq(shop_run(worker, begin), SP_OK);
    cr_assert_eq(shop_run(worker, come_back), SP_OK);
    cr_assert(back.taken);
    cr_assert_str_eq(state(), "EXCHANGING");
    cr_assert_eq(shop_run(worker, come_back), SP_OK);
    cr_assert_not(back.taken);
    cr_assert_eq(shop_run(worker, find_stranger), SP_REJECT);
}

Test(connect_store, moves_nothing_for_another_session_or_account)
{
    cr_assert_eq(shop_run(worker, begin), SP_OK);
    cr_assert_eq(shop_run(worker, come_back_elsewhere), SP_OK);
    cr_assert_str_eq(state(), "WAITING");
}

Test(connect_store, fails_a_return_that_is_late_or_empty)
{
    cr_assert_eq(shop_run(worker, begin), SP_OK);
    test_sql(worker, "UPDATE connect SET ends_at = now()");
    cr_assert_eq(shop_run(worker, come_back), SP_OK);
    cr_assert_str_eq(state(), "FAILED");
    cr_assert_eq(test_number(worker, "SELECT count(code_sealed) FROM connect"), 0);
    test_sql(worker, "UPDATE connect SET state = 'WAITING', ends_at = now() + interval '1 minute'");
    cr_assert_eq(shop_run(worker, come_back_empty), SP_OK);
    cr_assert_str_eq(state(), "FAILED");
}

Test(connect_store, keeps_no_code_once_it_has_tokens)
{
    reach_listing();
    cr_assert_str_eq(state(), "LISTING");
    cr_assert_eq(test_number(worker, "SELECT count(code_sealed) FROM connect"), 0);
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "PENDING");
}

Test(connect_store, offers_the_shops_of_the_grant)
{
    reach_listing();
    cr_assert_eq(shop_run(worker, listed), SP_OK);
    cr_assert_str_eq(state(), "CHOOSING");
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM connect_shop"), 1);
}

Test(connect_store, keeps_no_tokens_after_a_decline)
{
    reach_listing();
    cr_assert_eq(shop_run(worker, decline), SP_OK);
    cr_assert_str_eq(state(), "DECLINED");
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) FROM seller_grant"), 0);
    cr_assert_eq(shop_run(worker, decline), SP_REJECT);
}

Test(connect_store, keeps_no_tokens_that_come_after_a_decline)
{
    cr_assert_eq(shop_run(worker, begin), SP_OK);
    cr_assert_eq(shop_run(worker, come_back), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(shop_run(worker, decline), SP_OK);
    cr_assert_eq(shop_run(worker, exchanged), SP_OK);
    cr_assert_eq(test_number(worker, "SELECT count(*) FROM seller_grant"), 0);
}

Test(connect_store, destroys_tokens_nobody_chose_for_a_day)
{
    reach_listing();
    cr_assert_eq(shop_run(worker, listed), SP_OK);
    test_sql(worker, "UPDATE connect SET ends_at = now(), due = now()");
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_str_eq(state(), "DECLINED");
    cr_assert_str_eq(test_text(worker, "SELECT state FROM seller_grant"), "ENDED");
}

Test(connect_store, fails_and_waits)
{
    reach_listing();
    cr_assert_eq(shop_run(worker, later), SP_OK);
    cr_assert_eq(shop_run(worker, take), SP_OK);
    cr_assert_eq(count, 0);
    cr_assert_eq(shop_run(worker, failed), SP_OK);
    cr_assert_str_eq(state(), "FAILED");
    cr_assert_eq(test_number(worker, "SELECT count(access_sealed) FROM seller_grant"), 0);
}
