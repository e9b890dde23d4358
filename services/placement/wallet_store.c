/* SQL about money: entries, balances, the switch of auto-place. */
#include <string.h>

#include "services/placement/store.h"

/* A key that is there already is a mistake of ours: the transaction fails, nothing moves. */
static const struct sp_statement enter = {
    "INSERT INTO wallet_entry (account_id, entry_key, kind, source, target, amount_minor, "
    "balance_minor, order_key, reference, user_name) "
    "SELECT account_id, entry_key, kind, source, target, amount_minor, balance_minor, order_key, "
    "reference, user_name FROM unnest($1::wallet_entry_row[])"};

/* The wallets are locked, so their CHECK never bites but for a mistake of ours. */
static const struct sp_statement move_ledgers = {
    "UPDATE ledger_balance b SET balance_minor = b.balance_minor + m.amount_minor "
    "FROM unnest($1::ledger_move[]) m "
    "WHERE b.account_id = m.account_id AND b.ledger = m.ledger"};

static const struct sp_statement find_entry = {
    "SELECT FROM wallet_entry WHERE account_id = $1::bigint AND entry_key = $2::text"};

static const struct sp_statement switch_off = {
    "UPDATE setting SET auto_place = false, held_by_balance = true, rev = rev + 1, "
    "saved_at = now(), saved_by = '' WHERE account_id = $1::bigint"};

/* What one ledger of an account gains or loses by the entries together. */
struct ledger_move {
    int64_t account_id;
    const char *ledger;
    int64_t amount_minor;
};

static void add_move(struct ledger_move moves[], size_t *count, struct ledger_move move)
{
    for (size_t i = 0; i < *count; i++) {
        if (moves[i].account_id == move.account_id && strcmp(moves[i].ledger, move.ledger) == 0) {
            moves[i].amount_minor += move.amount_minor;
            return;
        }
    }
    moves[(*count)++] = move;
}

/* One row for each ledger that is touched, however many the entries. */
static void queue_moves(struct sp_ctx *ctx, const struct wallet_entry entries[], size_t count)
{
    struct ledger_move *moves = sp_arena_array(sp_ctx_arena(ctx), count * 2, sizeof *moves);
    size_t move_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct wallet_entry *entry = &entries[i];
        struct ledger_move from = {entry->account_id, entry->source, -entry->amount_minor};
        struct ledger_move to = {entry->account_id, entry->target, entry->amount_minor};
        add_move(moves, &move_count, from);
        add_move(moves, &move_count, to);
    }
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "ledger_move");
    for (size_t i = 0; i < move_count; i++) {
        sp_set_row(set);
        sp_set_int(set, moves[i].account_id);
        sp_set_string(set, sp_text_of(moves[i].ledger));
        sp_set_int(set, moves[i].amount_minor);
    }
    (void)sp_queue(sp_ctx_db(ctx), &move_ledgers, SP_PARAMS(sp_set(set)));
}

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
    queue_moves(ctx, entries, count);
}

enum sp_result store_find_entry(struct sp_ctx *ctx, int64_t account_id, struct sp_text key,
                                bool *is_there)
{
    const struct sp_rows *rows = sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &find_entry,
                                          SP_PARAMS(sp_int(account_id), sp_string(key)));
    *is_there = sp_rows_count(rows) > 0;
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    return SP_OK;
}

void store_switch_off(struct sp_ctx *ctx, int64_t account_id)
{
    (void)sp_queue(sp_ctx_db(ctx), &switch_off, SP_PARAMS(sp_int(account_id)));
}
