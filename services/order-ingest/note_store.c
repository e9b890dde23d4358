/* SQL about notes on orders. */
#include "services/order-ingest/note_store.h"

/* By key, like whoever writes orders. */
static const struct sp_statement hold_orders = {
    "SELECT FROM orders WHERE account_id = $1::bigint AND order_id = ANY ($2::text[]) "
    "ORDER BY order_id FOR NO KEY UPDATE"};

static const struct sp_statement list_notes = {
    "SELECT json_build_object('items', (SELECT coalesce(json_agg(json_build_object("
    "'note', n.note, 'versions', n.versions) ORDER BY n.note DESC), '[]') FROM ("
    "SELECT note, json_agg(json_build_object('version', version, 'at', rfc3339(at), "
    "'user', user_name, 'text', body) ORDER BY version) AS versions FROM order_note "
    "WHERE account_id = $1::bigint AND order_id = $2::text GROUP BY note) n))::text "
    "FROM orders WHERE account_id = $1::bigint AND order_id = $2::text"};

static const struct sp_statement find_note = {
    "SELECT (SELECT coalesce(max(note), 0) FROM order_note WHERE account_id = $1::bigint "
    "AND order_id = $2::text), coalesce(n.version, 0), n.version IS NOT NULL AND n.body IS NULL "
    "FROM orders o LEFT JOIN LATERAL (SELECT version, body FROM order_note "
    "WHERE account_id = $1::bigint AND order_id = $2::text AND note = $3::bigint "
    "ORDER BY version DESC LIMIT 1) n ON true "
    "WHERE o.account_id = $1::bigint AND o.order_id = $2::text"};

static const struct sp_statement put_note = {
    "INSERT INTO order_note (account_id, order_id, note, version, user_name, body) "
    "VALUES ($1::bigint, $2::text, $3::bigint, $4::bigint, $5::text, $6::text)"};

void store_hold_orders(struct sp_ctx *ctx, int64_t account_id, const struct sp_text orders[],
                       size_t count)
{
    struct sp_db *db = sp_ctx_db(ctx);
    (void)sp_queue(db, &hold_orders, SP_PARAMS(sp_int(account_id), sp_strings(db, orders, count)));
}

const struct sp_rows *store_list_notes(struct sp_ctx *ctx, int64_t account_id,
                                       struct sp_text order_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &list_notes,
                    SP_PARAMS(sp_int(account_id), sp_string(order_id)));
}

const struct sp_rows *store_find_note(struct sp_ctx *ctx, const struct note_key *key)
{
    store_hold_orders(ctx, key->account_id, &key->order_id, 1);
    return sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &find_note,
        SP_PARAMS(sp_int(key->account_id), sp_string(key->order_id), sp_int(key->note)));
}

void store_put_note(struct sp_ctx *ctx, const struct note_version *note)
{
    const struct note_key *key = &note->key;
    (void)sp_queue(sp_ctx_db(ctx), &put_note,
                   SP_PARAMS(sp_int(key->account_id), sp_string(key->order_id), sp_int(key->note),
                             sp_int(note->version), sp_string(note->user),
                             note->text == NULL ? sp_null() : sp_string(*note->text)));
}
