#include "services/placement/ask_store.h"

static const struct sp_statement ask_wallet = {
    "SELECT json_build_object('balance', json_build_object('amount', b.balance_minor::text, "
    "'currency', s.currency))::text FROM setting s JOIN ledger_balance b "
    "ON b.account_id = s.account_id AND b.ledger = 'WALLET' WHERE s.account_id = $1::bigint"};

static const struct sp_statement ask_entries = {
    "WITH page AS (SELECT e.*, s.currency FROM wallet_entry e JOIN setting s "
    "ON s.account_id = e.account_id WHERE e.account_id = $1::bigint "
    "AND ($2::bigint = 0 OR e.entry_id < $2::bigint) ORDER BY e.entry_id DESC LIMIT $3::bigint) "
    "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
    "'id', entry_id::text, 'key', entry_key, 'kind', kind, "
    "'amount', json_build_object('amount', (CASE WHEN target = 'WALLET' THEN amount_minor "
    "ELSE -amount_minor END)::text, 'currency', currency), "
    "'balance', json_build_object('amount', balance_minor::text, 'currency', currency), "
    "'order_id', nullif(order_key, ''), 'reference', nullif(reference, ''), "
    "'user', nullif(user_name, ''), "
    "'at', to_char(at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')) ORDER BY entry_id DESC), '[]'), "
    "'next_cursor', CASE WHEN count(*) = $3::bigint THEN min(entry_id)::text END)::text FROM page"};

/* The surcharge is shown as it applies; `set` says whether there is one. */
static const struct sp_statement ask_settings = {
    "SELECT json_build_object('auto_place', auto_place, 'held_by_balance', held_by_balance, "
    "'currency', currency, 'surcharge', json_build_object("
    "'amount', coalesce(surcharge_minor, CASE WHEN currency = 'USD' THEN $2::bigint ELSE 0 "
    "END)::text, "
    "'currency', currency, 'per', surcharge_per, "
    "'set', surcharge_minor IS NOT NULL OR currency = 'USD'), "
    "'shipping', json_build_object('amount', shipping_minor::text, 'currency', currency))::text "
    "FROM setting WHERE account_id = $1::bigint"};

/* Rows are found by the transaction that wrote them: one that commits late is not missed, since
 * everything from the oldest transaction still open at the last look on is looked at again. */
static const struct sp_statement ask_changes = {
    "SELECT json_build_object('since', pg_snapshot_xmin(pg_current_snapshot())::text, "
    "'accounts', coalesce((SELECT json_agg(json_build_object('account_id', a::text, "
    "'counts', json_build_object('balance', b.balance_minor::text, 'auto_place', s.auto_place), "
    "'ids', CASE WHEN n.many THEN NULL ELSE to_json(coalesce(n.ids, '{}')) END)) "
    "FROM unnest($1::bigint[]) a LEFT JOIN setting s ON s.account_id = a "
    "LEFT JOIN ledger_balance b ON b.account_id = a AND b.ledger = 'WALLET' "
    "LEFT JOIN LATERAL (SELECT coalesce(bool_or(c.keys IS NULL), false) "
    "OR coalesce(sum(cardinality(c.keys)), 0) > 200 AS many, "
    "array_agg(DISTINCT k.key) FILTER (WHERE k.key IS NOT NULL) AS ids FROM change c "
    "LEFT JOIN LATERAL unnest(c.keys[1:200]) k (key) ON true WHERE c.account_id = a "
    "AND $2::text <> '' AND c.xid >= nullif($2::text, '')::xid8) n ON true), '[]'))::text"};

static const struct sp_statement ask_returned = {
    "SELECT json_build_object('at', to_char(at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "'user', user_name, 'note', nullif(note, ''))::text FROM returned "
    "WHERE account_id = $1::bigint AND key = $2::text"};

static const struct sp_statement note_returned = {
    "INSERT INTO returned (account_id, key, user_name, note) "
    "VALUES ($1::bigint, $2::text, $3::text, $4::text)"};

static const struct sp_statement prune_changes = {
    "DELETE FROM change WHERE at < now() - interval '1 minute'"};

static const struct sp_statement save_settings = {
    "UPDATE setting SET rev = rev + 1, auto_place = $2::boolean, held_by_balance = held_by_balance "
    "AND NOT $2::boolean, surcharge_minor = $3::bigint, surcharge_per = $4::text, "
    "shipping_minor = $5::bigint, saved_at = now(), saved_by = $6::text "
    "WHERE account_id = $1::bigint"};

const struct sp_rows *store_ask_wallet(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_wallet, SP_PARAMS(sp_int(account_id)));
}

const struct sp_rows *store_ask_entries(struct sp_ctx *ctx, int64_t account_id, int64_t before,
                                        int64_t limit)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_entries,
                    SP_PARAMS(sp_int(account_id), sp_int(before), sp_int(limit)));
}

const struct sp_rows *store_ask_settings(struct sp_ctx *ctx, int64_t account_id)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_settings,
                    SP_PARAMS(sp_int(account_id), sp_int(DEFAULT_SURCHARGE_MINOR)));
}

const struct sp_rows *store_ask_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                        struct sp_text since)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_changes,
                    SP_PARAMS(sp_ints(sp_ctx_db(ctx), accounts, count), sp_string(since)));
}

const struct sp_rows *store_ask_returned(struct sp_ctx *ctx, const struct order_ref *ref)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &ask_returned,
                    SP_PARAMS(sp_int(ref->account_id), sp_string(ref->key)));
}

void store_note_returned(struct sp_ctx *ctx, const struct returned_form *form)
{
    (void)sp_queue(sp_ctx_db(ctx), &note_returned,
                   SP_PARAMS(sp_int(form->order.account_id), sp_string(form->order.key),
                             sp_string(form->user), sp_string(form->note)));
}

void store_prune_changes(struct sp_ctx *ctx)
{
    (void)sp_queue(sp_ctx_db(ctx), &prune_changes, SP_NO_PARAMS);
}

void store_save_settings(struct sp_ctx *ctx, const struct settings_form *form)
{
    (void)sp_queue(sp_ctx_db(ctx), &save_settings,
                   SP_PARAMS(sp_int(form->account_id), sp_boolean(form->auto_place),
                             sp_int(form->surcharge_minor), sp_string(form->surcharge_per),
                             sp_int(form->shipping_minor), sp_string(form->user)));
}
