/* Tokens and buyers' data at rest. */
#include "services/connector/access.h"

#include <criterion/criterion.h>
#include <string.h>

#include "common/crypto.h"
#include "tests/connector/shop.h"

static struct sp_worker *worker;

static void set_up(void)
{
    worker = shop_worker();
}

static void tear_down(void)
{
    sp_worker_close(&worker);
}

TestSuite(access, .init = set_up, .fini = tear_down);

static enum sp_result seal_and_open(struct sp_ctx *ctx)
{
    struct grant_secret secret = {1, 17, "access"};
    struct sp_text plain, sealed = seal_for_grant(ctx, &secret, SP_TEXT("TOKEN-canary"));
    cr_assert_null(memmem(sealed.data, sealed.size, "canary", 6));
    cr_assert_eq(unseal_for_grant(ctx, &secret, sealed, &plain), SP_OK);
    cr_assert(sp_text_is(plain, "TOKEN-canary"));
    return SP_OK;
}

Test(access, opens_what_it_sealed)
{
    cr_assert_eq(shop_run(worker, seal_and_open), SP_OK);
}

static enum sp_result open_under_another_name(struct sp_ctx *ctx)
{
    const struct grant_secret right = {1, 17, "access"};
    const struct grant_secret wrong[] = {{2, 17, "access"}, {1, 18, "access"}, {1, 17, "refresh"}};
    struct sp_text plain, sealed = seal_for_grant(ctx, &right, SP_TEXT("TOKEN"));
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        cr_assert_eq(unseal_for_grant(ctx, &wrong[i], sealed, &plain), SP_REJECT);
    return SP_OK;
}

Test(access, opens_nothing_under_another_name)
{
    cr_assert_eq(shop_run(worker, open_under_another_name), SP_OK);
}

static enum sp_result give_no_token(struct sp_ctx *ctx)
{
    struct shop_access access = {
        .shop = {1, 1}, .grant_id = 1, .access_sealed = SP_TEXT("rubbish")};
    cr_assert_eq(unseal_access(ctx, &access).size, 0);
    return SP_OK;
}

Test(access, gives_no_token_when_it_is_damaged)
{
    cr_assert_eq(shop_run(worker, give_no_token), SP_OK);
}

static enum sp_result seal_a_buyer(struct sp_ctx *ctx)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    struct sp_text plain,
        sealed = seal_buyer(ctx, 1, SP_TEXT("1-5764"), SP_TEXT("{\"name\":\"Jo\"}"));
    sp_seal_key(sp_text_of(sp_config_text(sp_ctx_config(ctx), "SAMPAN_MASTER_KEY")), 1, "buyer",
                key);
    cr_assert_eq(sp_unseal(sp_ctx_arena(ctx), key, SP_TEXT("buyer/1-5764"), sealed, &plain), SP_OK);
    cr_assert(sp_text_is(plain, "{\"name\":\"Jo\"}"));
    cr_assert_eq(sp_unseal(sp_ctx_arena(ctx), key, SP_TEXT("buyer/1-5765"), sealed, &plain),
                 SP_REJECT);
    return SP_OK;
}

Test(access, seals_a_buyer_for_one_order)
{
    cr_assert_eq(shop_run(worker, seal_a_buyer), SP_OK);
}
