/* Secrets at rest. */
#include "services/connector/access.h"

#include "common/crypto.h"

static void make_key(struct sp_ctx *ctx, int64_t account_id, const char *purpose,
                     uint8_t key[SP_SEAL_KEY_BYTES])
{
    struct sp_text master = sp_text_of(sp_config_text(sp_ctx_config(ctx), "SAMPAN_MASTER_KEY"));
    sp_seal_key(master, account_id, purpose, key);
}

static struct sp_text grant_name(struct sp_ctx *ctx, int64_t grant_id, const char *what)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "grant/%lld/%s", (long long)grant_id, what);
}

struct sp_text seal_for_grant(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id,
                              const char *what, struct sp_text plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, account_id, "token", key);
    return sp_seal(sp_ctx_arena(ctx), key, grant_name(ctx, grant_id, what), plain);
}

enum sp_result unseal_for_grant(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id,
                                const char *what, struct sp_text sealed, struct sp_text *plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, account_id, "token", key);
    return sp_unseal(sp_ctx_arena(ctx), key, grant_name(ctx, grant_id, what), sealed, plain);
}

struct sp_text seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_key,
                          struct sp_text plain)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    make_key(ctx, account_id, "buyer", key);
    struct sp_text name = sp_arena_printf(sp_ctx_arena(ctx), "buyer/%.*s", SP_FMT(order_key));
    return sp_seal(sp_ctx_arena(ctx), key, name, plain);
}
