/* Which shops' ciphers are refused, in the database (states.md, "Ciphers"). */
#ifndef SAMPAN_CONNECTOR_CIPHER_STORE_H
#define SAMPAN_CONNECTOR_CIPHER_STORE_H

#include "services/connector/pull_store.h"

/* Queues: a call with this cipher was refused for it. */
void store_cipher_refused(struct sp_ctx *ctx, int64_t shop_id, struct sp_text cipher);

struct cipher_task {
    struct shop_access access;
    struct sp_text channel_shop_id;
    int64_t now_s;
};
/* Takes shops whose cipher was refused, each once a minute. */
enum sp_result store_take_ciphers(struct sp_ctx *ctx, struct cipher_task *tasks, size_t most,
                                  size_t *count) SP_MUST_USE;
/* Queues: this is the cipher that the marketplace lists; the same as before, and a person must see
 * to it. */
void store_renew_cipher(struct sp_ctx *ctx, const struct cipher_task *task, struct sp_text cipher);

#endif
