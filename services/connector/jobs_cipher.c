/* A shop whose cipher is refused: perhaps the marketplace has given it another one. */
#include "common/log.h"
#include "services/connector/access.h"
#include "services/connector/cipher_store.h"
#include "services/connector/grant_store.h"
#include "services/connector/jobs.h"
#include "services/connector/shop_list.h"

enum { CIPHER_SHOPS = 4 };

/* What the list says of the shop; a shop that is not on it keeps what it has. */
static struct sp_text find_cipher(struct sp_ctx *ctx, const struct cipher_task *task,
                                  struct sp_json data)
{
    struct connect_shop shops[CONNECT_SHOPS];
    size_t count = shop_list_read(data, sp_ctx_arena(ctx), shops);
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(shops[i].channel_shop_id, task->channel_shop_id))
            return shops[i].cipher;
    }
    return task->access.cipher;
}

/* What was not answered is asked again in a minute. */
static enum sp_result look_up(struct sp_ctx *ctx, const struct cipher_task *task)
{
    const struct shop_access *access = &task->access;
    struct sp_text token = unseal_access(ctx, access);
    if (token.size == 0)
        return SP_OK;
    struct tiktok_call call;
    shop_list_ask(&call, token, task->now_s);
    tiktok_perform(ctx, &call, 1);
    enum sp_result result = sp_begin(ctx);
    if (result == SP_OK && call.answer.outcome == TIKTOK_TOKEN)
        store_token_refused(ctx, access->shop.account_id, access->grant_id);
    if (result == SP_OK && call.answer.outcome == TIKTOK_DONE) {
        struct sp_text cipher = find_cipher(ctx, task, call.answer.data);
        bool is_new = !sp_text_equal(cipher, access->cipher);
        sp_logf(SP_WARN, is_new ? "cipher-renewed" : "cipher-refused", "shop", "%lld",
                (long long)access->shop.shop_id);
        store_renew_cipher(ctx, task, cipher);
    }
    if (result == SP_OK)
        result = sp_commit(ctx);
    tiktok_release(&call, 1);
    return result;
}

enum sp_result renew_ciphers(struct sp_ctx *ctx)
{
    struct cipher_task tasks[CIPHER_SHOPS];
    size_t count = 0;
    enum sp_result result = sp_begin(ctx);
    if (result != SP_OK)
        return result;
    result = store_take_ciphers(ctx, tasks, CIPHER_SHOPS, &count);
    if (result != SP_OK || count == 0) {
        sp_rollback(ctx);
        return result;
    }
    result = sp_commit(ctx);
    for (size_t i = 0; i < count && result == SP_OK; i++)
        result = look_up(ctx, &tasks[i]);
    return result == SP_OK && count == CIPHER_SHOPS ? SP_AGAIN : result;
}
