/* SQL about buyers: looking at one, which is noted, and erasing. */
#include "services/order-ingest/person_store.h"

static const struct sp_statement look_at_buyer = {
    "WITH kept AS (SELECT sealed FROM order_buyer WHERE account_id = $1::bigint "
    "AND order_id = $2::text AND (erased_at IS NOT NULL OR expires_at > now())), "
    "noted AS (INSERT INTO buyer_access (account_id, order_id, user_name) "
    "SELECT $1::bigint, $2::text, $3::text FROM kept WHERE sealed IS NOT NULL) "
    "SELECT sealed FROM kept"};

static const struct sp_statement walk_buyers = {
    "SELECT order_id, sealed FROM order_buyer WHERE account_id = $1::bigint "
    "AND ($2::text = '' OR order_id = $2::text) AND order_id > $3::text AND sealed IS NOT NULL "
    "ORDER BY order_id LIMIT $4::bigint"};

static const struct sp_statement walk_letters = {
    "SELECT key, body FROM dead_letter WHERE type = 'channel.order' AND account_id = $1::bigint "
    "AND ($2::text = '' OR key = $2::text) UNION ALL SELECT key, body FROM later "
    "WHERE type = 'channel.order' AND account_id = $1::bigint "
    "AND ($2::text = '' OR key = $2::text)"};

static const struct sp_statement find_order = {
    "SELECT 1::bigint FROM orders WHERE account_id = $1::bigint AND order_id = $2::text"};

static const struct sp_statement erase_buyers = {
    "INSERT INTO order_buyer AS t (account_id, order_id, sealed, expires_at, erased_at) "
    "SELECT $1::bigint, id, NULL, now(), now() FROM unnest($2::text[]) id ORDER BY id "
    "ON CONFLICT (account_id, order_id) DO UPDATE SET sealed = NULL, "
    "erased_at = coalesce(t.erased_at, now())"};

/* What the letters held is fetched anew, and comes without its buyer then. */
static const struct sp_statement erase = {
    "WITH letters AS (DELETE FROM dead_letter WHERE type = 'channel.order' "
    "AND account_id = $1::bigint AND key = ANY ($2::text[]) RETURNING key), "
    "waiting AS (DELETE FROM later WHERE type = 'channel.order' AND account_id = $1::bigint "
    "AND key = ANY ($2::text[]) RETURNING key), "
    "notes AS (DELETE FROM order_note WHERE account_id = $1::bigint "
    "AND order_id = ANY ($2::text[])), "
    "gone AS (SELECT key FROM letters UNION ALL SELECT key FROM waiting), "
    "proof AS (INSERT INTO erasure (account_id, user_name, reason, by_what, orders, held, letters, "
    "digest) SELECT $1::bigint, $3::text, $4::text, $5::text, $2::text[], $6::bigint, "
    "(SELECT count(*) FROM gone), $7::bytea RETURNING *) "
    "SELECT json_build_object('id', erasure_id::text, 'at', rfc3339(at), 'user', user_name, "
    "'reason', reason, 'by', by_what, 'orders', to_jsonb(orders[1:200]), "
    "'order_count', cardinality(orders), 'held', held, 'letters', letters, "
    "'digest', encode(digest, 'hex'), 'left', 0)::text, "
    "(SELECT coalesce(string_agg(DISTINCT key, ' '), '') FROM gone) FROM proof"};

static const struct sp_statement list_accesses = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY access_id DESC) AS n, * FROM ("
    "SELECT * FROM buyer_access WHERE account_id = $1::bigint "
    "AND ($2::text = '' OR order_id = $2::text) AND access_id < $3::bigint "
    "ORDER BY access_id DESC LIMIT $4::bigint + 1) a) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
    "'id', access_id::text, 'order_id', order_id, 'user', user_name, 'at', rfc3339(at)) "
    "ORDER BY n) FILTER (WHERE n <= $4::bigint), '[]'), "
    "'next_cursor', CASE WHEN count(*) > $4::bigint THEN max(access_id || '.') "
    "FILTER (WHERE n = $4::bigint) END)::text FROM page"};

static const struct sp_statement list_erasures = {
    "WITH page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY erasure_id DESC) AS n, * FROM ("
    "SELECT * FROM erasure_item WHERE account_id = $1::bigint AND erasure_id < $2::bigint "
    "ORDER BY erasure_id DESC LIMIT $3::bigint + 1) e) "
    "SELECT json_build_object('items', coalesce(json_agg(item ORDER BY n) "
    "FILTER (WHERE n <= $3::bigint), '[]'), 'next_cursor', CASE WHEN count(*) > $3::bigint "
    "THEN max(erasure_id || '.') FILTER (WHERE n = $3::bigint) END)::text FROM page"};

const struct sp_rows *store_look_at_buyer(struct sp_ctx *ctx, const struct sp_ask *ask,
                                          struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &look_at_buyer,
                    SP_PARAMS(sp_int(ask->account_id), sp_string(order_id), sp_string(ask->user)));
}

const struct sp_rows *store_walk_buyers(struct sp_ctx *ctx, int64_t account_id, struct sp_text only,
                                        struct sp_text after, int64_t most)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &walk_buyers,
                    SP_PARAMS(sp_int(account_id), sp_string(only), sp_string(after), sp_int(most)));
}

const struct sp_rows *store_walk_letters(struct sp_ctx *ctx, int64_t account_id,
                                         struct sp_text only)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &walk_letters,
                    SP_PARAMS(sp_int(account_id), sp_string(only)));
}

const struct sp_rows *store_find_order(struct sp_ctx *ctx, int64_t account_id,
                                       struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_order,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}

const struct sp_rows *store_erase(struct sp_ctx *ctx, const struct erasure *erasure)
{
    struct sp_db *db = sp_ctx_db(ctx);
    struct sp_param orders = sp_strings(db, erasure->orders, erasure->order_count);
    (void)sp_queue(db, &erase_buyers, SP_PARAMS(sp_int(erasure->account_id), orders));
    return sp_query(db, sp_ctx_error(ctx), &erase,
                    SP_PARAMS(sp_int(erasure->account_id), orders, sp_string(erasure->user),
                              sp_string(erasure->reason), sp_cstring(erasure->by_what),
                              sp_int(erasure->held), sp_string(erasure->digest)));
}

const struct sp_rows *store_list_accesses(struct sp_ctx *ctx, int64_t account_id,
                                          struct sp_text order_id, const struct list_page *page)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_accesses,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id),
                              sp_int(page->first ? INT64_MAX : page->at_us), sp_int(page->limit)));
}

const struct sp_rows *store_list_erasures(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_page *page)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_erasures,
                    SP_PARAMS(sp_int(account_id), sp_int(page->first ? INT64_MAX : page->at_us),
                              sp_int(page->limit)));
}
