/* Secrets at rest. */
#include "services/connector/access.h"

#include "common/crypto.h"
#include "common/log.h"

static void make_key(struct sp_ctx *ctx, int64_t account_id, const char *purpose,
                     uint8_t key[SP_SEAL_KEY_BYTES])
{
    struct sp_text master = sp_text_of(sp_config_text(sp_ctx_config(ctx), "SAMPAN_MASTER_KEY"));
    sp_seal_key(master, account_id, purpose, key);
}

static struct sp_text name_of(struct sp_ctx *ctx, const struct grant_secret *secret)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "grant/%lld/%s", (long long)secret->grant_id,
                           secret->what);
}

struct sp_text seal_for_grant(struct sp_ctx *ctx, const struct grant_secret *secret,
                              struct sp_text plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, secret->account_id, "token", key);
    return sp_seal(sp_ctx_arena(ctx), key, name_of(ctx, secret), plain);
}

enum sp_result unseal_for_grant(struct sp_ctx *ctx, const struct grant_secret *secret,
                                struct sp_text sealed, struct sp_text *plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, secret->account_id, "token", key);
    return sp_unseal(sp_ctx_arena(ctx), key, name_of(ctx, secret), sealed, plain);
}

struct sp_text unseal_access(struct sp_ctx *ctx, const struct shop_access *access)
{
    struct grant_secret secret = {access->shop.account_id, access->grant_id, "access"};
    struct sp_text token = {0};
    if (unseal_for_grant(ctx, &secret, access->access_sealed, &token) == SP_OK)
        return token;
    sp_log(SP_ERROR, "token-damaged", "hint", "is SAMPAN_MASTER_KEY still the same?", NULL);
    return (struct sp_text){0};
}

struct grant_secret connect_code(struct sp_ctx *ctx, int64_t account_id, struct sp_text connect_id)
{
    struct sp_text what = sp_arena_printf(sp_ctx_arena(ctx), "code/%.*s", SP_FMT(connect_id));
    return (struct grant_secret){.account_id = account_id, .what = what.data};
}

struct sp_text seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_key,
                          struct sp_text plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, account_id, "buyer", key);
    struct sp_text name = sp_arena_printf(sp_ctx_arena(ctx), "buyer/%.*s", SP_FMT(order_key));
    return sp_seal(sp_ctx_arena(ctx), key, name, plain);
}
