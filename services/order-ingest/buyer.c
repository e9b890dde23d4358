/* What is kept of a buyer, sealed with the account's key and bound to its order. */
#include "services/order-ingest/buyer.h"

#include "common/crypto.h"

static struct sp_text make_key(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                               uint8_t key[SP_SEAL_KEY_BYTES])
{
    struct sp_text master = sp_text_of(sp_config_text(sp_ctx_config(ctx), "SAMPAN_MASTER_KEY"));
    sp_seal_key(master, account_id, "buyer", key);
    return sp_arena_printf(sp_ctx_arena(ctx), "buyer/%.*s", SP_FMT(order_id));
}

bool ingest_open_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                       struct sp_text sealed, struct sp_json *buyer)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    struct sp_text plain, about = make_key(ctx, account_id, order_id, key);
    return sp_unseal(sp_ctx_arena(ctx), key, about, sealed, &plain) == SP_OK &&
           sp_json_parse(plain, buyer, NULL) == SP_OK;
}

struct sp_text ingest_seal_buyer(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                                 struct sp_text buyer)
{
    uint8_t key[SP_SEAL_KEY_BYTES];
    struct sp_text about = make_key(ctx, account_id, order_id, key);
    return buyer.size == 0 ? buyer : sp_seal(sp_ctx_arena(ctx), key, about, buyer);
}
