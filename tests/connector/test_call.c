/* Calls: signed as the marketplace checks it, within the budget. */
#include "services/connector/call.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/connector/market.h"

static struct sp_worker *worker;
static const char *token;

static void set_up(void)
{
    (void)market_open(5);
    worker = test_worker(&market_connector, market_settings());
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(call, .init = set_up, .fini = tear_down);

static struct tiktok_call call;
static char described[600];

static enum sp_result perform(struct sp_ctx *ctx, void *context)
{
    (void)context;
    call.now_s = sp_now_us() / 1000000;
    tiktok_perform(ctx, &call, 1);
    struct sp_text text = tiktok_describe(ctx, &call);
    memcpy(described, text.data, text.size < sizeof described ? text.size : sizeof described - 1);
    call.answer.data = (struct sp_json){0};
    tiktok_release(&call, 1);
    return SP_OK;
}

static enum tiktok_outcome outcome(void)
{
    cr_assert_eq(sp_worker_call(worker, perform, NULL), SP_OK);
    return call.answer.outcome;
}

static struct tiktok_call shops_call(void)
{
    return (struct tiktok_call){.kind = TIKTOK_ADMIN,
                                .method = "GET",
                                .path = SP_TEXT("/authorization/202309/shops"),
                                .token = sp_text_of(token)};
}

Test(call, is_refused_only_for_its_token_when_it_is_signed_right)
{
    token = "ROW_unknown";
    call = shops_call();
    cr_assert_eq(outcome(), TIKTOK_TOKEN);
    cr_assert_null(strstr(described, "ROW_unknown"));
    cr_assert_not_null(strstr(described, "/authorization/202309/shops"));
}

Test(call, makes_no_call_for_a_shop_without_a_token)
{
    call = (struct tiktok_call){.kind = TIKTOK_FETCH,
                                .shop_id = 5,
                                .method = "GET",
                                .path = SP_TEXT("/order/202309/orders"),
                                .cipher = SP_TEXT("ROW_c")};
    cr_assert_eq(outcome(), TIKTOK_CONSENT);
    cr_assert_not(call.made);
}

Test(call, never_names_secrets_when_it_describes_a_call)
{
    call = (struct tiktok_call){
        .kind = TIKTOK_ADMIN, .method = "GET", .path = SP_TEXT("/api/v2/token/refresh")};
    tiktok_add_param(&call, "app_secret", SP_TEXT("hush-hush"));
    tiktok_add_param(&call, "refresh_token", SP_TEXT("hush-hush"));
    cr_assert_neq(outcome(), TIKTOK_DONE);
    cr_assert_null(strstr(described, "hush"));
}

/* What `once` does is the HTTP client's to show. */
Test(call, exchanges_tokens_once_and_may_repeat_what_is_harmless)
{
    static const char *const exchanges[] = {"/api/v2/token/get", "/api/v2/token/refresh"};
    for (size_t i = 0; i < SP_COUNT(exchanges); i++) {
        call = (struct tiktok_call){
            .kind = TIKTOK_ADMIN, .method = "GET", .path = sp_text_of(exchanges[i])};
        cr_assert_neq(outcome(), TIKTOK_DONE);
        cr_assert(call.http.once, "%s", exchanges[i]);
    }
    token = "ROW_unknown";
    call = shops_call();
    cr_assert_eq(outcome(), TIKTOK_TOKEN);
    cr_assert_not(call.http.once);
}

Test(call, asks_for_less_when_an_answer_is_too_big)
{
    token = "ROW_unknown";
    call = shops_call();
    call.max_bytes = 10;
    cr_assert_eq(outcome(), TIKTOK_TOO_BIG);
}

Test(call, comes_back_later_when_the_budget_is_used_up)
{
    test_sql(worker, "INSERT INTO call_budget VALUES (6, 20000000000, 1000000, "
                     "extract(epoch FROM now()) * 1000000, 0, '{}', '{}', '{}', '{}')");
    call = (struct tiktok_call){.kind = TIKTOK_WRITE,
                                .shop_id = 6,
                                .method = "GET",
                                .path = SP_TEXT("/order/202309/orders"),
                                .cipher = SP_TEXT("ROW_c"),
                                .token = SP_TEXT("t")};
    cr_assert_eq(outcome(), TIKTOK_LATER);
    cr_assert_not(call.made);
    cr_assert_gt(call.wait_ms, 0);
}

/* The marketplace says how long; another kind of call is not held up. */
Test(call, waits_as_long_as_the_marketplace_asks_and_at_half_the_rate)
{
    (void)market_post("/sandbox/faults", "{\"next\":[{\"path\":\"/authorization\",\"kind\":"
                                         "\"429\",\"retry_after\":30,\"count\":1}]}");
    token = "ROW_unknown";
    call = shops_call();
    cr_assert_eq(outcome(), TIKTOK_LATER);
    cr_assert(call.made);
    cr_assert_geq(call.wait_ms, 30000);
    call = shops_call();
    cr_assert_eq(outcome(), TIKTOK_LATER);
    cr_assert_not(call.made);
    cr_assert(call.wait_ms > 25000 && call.wait_ms <= 30000, "%ld", (long)call.wait_ms);
    call = shops_call();
    call.kind = TIKTOK_SHIP;
    cr_assert_eq(outcome(), TIKTOK_TOKEN);
    cr_assert_leq(test_number(worker, "SELECT rate_micro FROM call_budget"), INT64_C(2100000000));
}
