/* SQL about money: entries, balances, the switch of auto-place. */
#include "services/placement/store.h"

/* An entry that is there already moves nothing. */
static const struct sp_statement enter = {
    "WITH entered AS (INSERT INTO wallet_entry (account_id, entry_key, kind, source, target, "
    "amount_minor, balance_minor, order_key, reference, user_name) "
    "SELECT account_id, entry_key, kind, source, target, amount_minor, balance_minor, order_key, "
    "reference, user_name FROM unnest($1::wallet_entry_row[]) ON CONFLICT DO NOTHING "
    "RETURNING account_id, source, target, amount_minor), "
    "moved AS (SELECT account_id, ledger, sum(amount)::bigint AS amount FROM "
    "(SELECT account_id, source AS ledger, -amount_minor AS amount FROM entered UNION ALL "
    "SELECT account_id, target, amount_minor FROM entered) m GROUP BY account_id, ledger) "
    "UPDATE ledger_balance b SET balance_minor = b.balance_minor + m.amount FROM moved m "
    "WHERE b.account_id = m.account_id AND b.ledger = m.ledger"};

static const struct sp_statement find_entry = {
    "SELECT FROM wallet_entry WHERE account_id = $1::bigint AND entry_key = $2::text"};

static const struct sp_statement switch_off = {
    "UPDATE setting SET auto_place = false, held_by_balance = true, rev = rev + 1, "
    "saved_at = now(), saved_by = '' WHERE account_id = $1::bigint"};

void store_enter(struct sp_ctx *ctx, const struct wallet_entry entries[], size_t count)
{
    if (count == 0)
        return;
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "wallet_entry_row");
    for (size_t i = 0; i < count; i++) {
        const struct wallet_entry *entry = &entries[i];
        sp_set_row(set);
        sp_set_int(set, entry->account_id);
        sp_set_string(set, entry->key);
        sp_set_string(set, sp_text_of(entry->kind));
        sp_set_string(set, sp_text_of(entry->source));
        sp_set_string(set, sp_text_of(entry->target));
        sp_set_int(set, entry->amount_minor);
        sp_set_int(set, entry->balance_minor);
        sp_set_string(set, entry->order_key);
        sp_set_string(set, entry->reference);
        sp_set_string(set, entry->user);
    }
    (void)sp_queue(sp_ctx_db(ctx), &enter, SP_PARAMS(sp_set(set)));
}

enum sp_result store_find_entry(struct sp_ctx *ctx, int64_t account_id, struct sp_text key,
                                bool *is_there)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_entry,
                                          SP_PARAMS(sp_int(account_id), sp_string(key)));
    *is_there = sp_rows_count(rows) > 0;
    if (rows == NULL)
        return sp_db_outcome(sp_ctx_db(ctx)) == SP_DB_BAD ? SP_REJECT : SP_RETRY;
    return SP_OK;
}

void store_switch_off(struct sp_ctx *ctx, int64_t account_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &switch_off, SP_PARAMS(sp_int(account_id)));
}
