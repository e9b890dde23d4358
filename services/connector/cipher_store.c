/* Which shops' ciphers are refused, in the database. */
#include "services/connector/cipher_store.h"

/* A call that was under way while the cipher changed says nothing of the new one. */
static const struct sp_statement cipher_refused = {
    "UPDATE shop SET cipher_refused = true WHERE shop_id = $1::bigint AND cipher = $2::text "
    "AND NOT cipher_refused AND state <> 'DISCONNECTED'"};

static const struct sp_statement take_ciphers = {
    "WITH due AS (SELECT s.account_id, s.shop_id FROM shop s "
    " JOIN seller_grant g USING (account_id, grant_id) WHERE s.cipher_refused "
    " AND s.cipher_asked <= now() - interval '1 minute' "
    " AND s.state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY') AND g.access_sealed IS NOT NULL "
    " ORDER BY s.cipher_asked LIMIT $1::bigint FOR UPDATE OF s SKIP LOCKED) "
    "UPDATE shop s SET cipher_asked = now() "
    "FROM due d, seller_grant g WHERE s.account_id = d.account_id AND s.shop_id = d.shop_id "
    "AND g.account_id = s.account_id AND g.grant_id = s.grant_id "
    "RETURNING s.account_id, s.shop_id, s.grant_id, s.cipher, g.access_sealed, "
    "extract(epoch FROM now())::bigint, s.channel_shop_id"};

/* A seller who has agreed anew meanwhile has brought a newer one. */
static const struct sp_statement renew_cipher = {
    "UPDATE shop SET cipher = $4::text, cipher_refused = false WHERE account_id = $1::bigint "
    "AND shop_id = $2::bigint AND cipher = $3::text"};

void store_cipher_refused(struct sp_ctx *ctx, int64_t shop_id, struct sp_text cipher)
{
    (void)sp_queue(sp_ctx_db(ctx), &cipher_refused, SP_PARAMS(sp_int(shop_id), sp_string(cipher)));
}

enum sp_result store_take_ciphers(struct sp_ctx *ctx, struct cipher_task *tasks, size_t most,
                                  size_t *count)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &take_ciphers,
                                          SP_PARAMS(sp_int((int64_t)most)));
    if (rows == NULL)
        return SP_RETRY;
    *count = sp_rows_count(rows);
    for (size_t row = 0; row < *count; row++)
        tasks[row] = (struct cipher_task){
            .access = store_read_access(rows, row),
            .now_s = sp_row_int(rows, row, 5),
            .channel_shop_id = sp_row_text(rows, row, 6),
        };
    return SP_OK;
}

void store_renew_cipher(struct sp_ctx *ctx, const struct cipher_task *task, struct sp_text cipher)
{
    struct shop_key shop = task->access.shop;
    (void)sp_queue(sp_ctx_db(ctx), &renew_cipher,
                   SP_PARAMS(sp_int(shop.account_id), sp_int(shop.shop_id),
                             sp_string(task->access.cipher), sp_string(cipher)));
}
