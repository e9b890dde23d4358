/* SQL about what decisions stand on: settings, wallets, shops, warehouses. */
#include <stdlib.h>
#include <string.h>

#include "services/placement/store.h"

static const struct sp_statement read_now = {"SELECT now()"};

#define WALLET_COLUMNS                                                                             \
    "s.account_id, s.rev, s.currency, s.auto_place, s.held_by_balance, s.surcharge_minor, "        \
    "s.surcharge_per = 'line', s.shipping_minor, b.balance_minor, s.cost_rev FROM setting s "      \
    "JOIN ledger_balance b ON b.account_id = s.account_id AND b.ledger = 'WALLET' "

static const struct sp_statement read_wallets = {
    "SELECT " WALLET_COLUMNS "WHERE s.account_id = ANY ($1::bigint[]) ORDER BY s.account_id"};

/* Both rows are locked, so both are read as they are when the locks are granted. */
static const struct sp_statement lock_wallet = {
    "SELECT " WALLET_COLUMNS "WHERE s.account_id = $1::bigint AND (s.auto_place OR $2::boolean) "
    "FOR NO KEY UPDATE OF s, b"};

static const struct sp_statement read_shops = {
    "SELECT account_id, shop_id FROM unnest($1::bigint[], $2::bigint[]) k (account_id, shop_id) "
    "JOIN shop USING (account_id, shop_id) ORDER BY account_id, shop_id"};

static const struct sp_statement read_warehouses = {
    "SELECT account_id, warehouse_id, approved, kind FROM warehouse "
    "WHERE account_id = ANY ($1::bigint[]) ORDER BY account_id, warehouse_id"};

int shop_ref_compare(const void *left, const void *right)
{
    const struct shop_ref *a = left, *b = right;
    if (a->account_id != b->account_id)
        return a->account_id < b->account_id ? -1 : 1;
    return (a->shop_id > b->shop_id) - (a->shop_id < b->shop_id);
}

/* ---- wallets ------------------------------------------------------------------------------------
 */

static void read_wallet(const struct sp_rows *rows, size_t row, struct wallet *wallet)
{
    struct place_terms *terms = &wallet->terms;
    struct sp_text currency = sp_row_text(rows, row, 2);
    SP_ASSERT(currency.size == sizeof terms->currency - 1); /* the table's CHECK */
    memcpy(terms->currency, currency.data, currency.size);
    terms->rev = sp_row_int(rows, row, 1);
    terms->auto_place = sp_row_bool(rows, row, 3);
    terms->held_by_balance = sp_row_bool(rows, row, 4);
    terms->surcharge_given = !sp_row_null(rows, row, 5);
    terms->surcharge_minor = sp_row_int(rows, row, 5);
    terms->surcharge_per_line = sp_row_bool(rows, row, 6);
    terms->shipping_minor = sp_row_int(rows, row, 7);
    wallet->balance_minor = sp_row_int(rows, row, 8);
    wallet->cost_rev = sp_row_int(rows, row, 9);
    wallet->known = true;
}

static void fill_wallets(const struct sp_rows *rows, struct wallet wallets[], size_t count)
{
    size_t row = 0;
    for (size_t i = 0; i < count && row < sp_rows_count(rows); i++) {
        if (sp_row_int(rows, row, 0) == wallets[i].terms.account_id)
            read_wallet(rows, row++, &wallets[i]);
    }
}

/* One account at a time, in their order.  Slots go to `slots`. */
static void queue_locks(struct sp_ctx *ctx, const struct wallet wallets[], size_t count, bool all,
                        int slots[])
{
    for (size_t i = 0; i < count; i++)
        slots[i] = sp_queue(sp_ctx_db(ctx), &lock_wallet,
                            SP_PARAMS(sp_int(wallets[i].terms.account_id), sp_boolean(all)));
}

static void read_locked(struct sp_ctx *ctx, struct wallet wallets[], size_t count,
                        const int slots[])
{
    for (size_t i = 0; i < count; i++) {
        const struct sp_rows *rows = sp_result(sp_ctx_db(ctx), slots[i]);
        wallets[i].locked = sp_rows_count(rows) == 1;
        if (wallets[i].locked)
            read_wallet(rows, 0, &wallets[i]);
    }
}

enum sp_result store_lock_wallets(struct sp_ctx *ctx, struct wallet wallets[], size_t count)
{
    int *slots = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *slots);
    queue_locks(ctx, wallets, count, true, slots);
    enum sp_result result = sp_run(sp_ctx_db(ctx), sp_ctx_error(ctx));
    if (result == SP_OK)
        read_locked(ctx, wallets, count, slots);
    return result;
}

/* ---- the rest
 * ------------------------------------------------------------------------------------ */

static int queue_shops(struct sp_ctx *ctx, const struct ground_query *query)
{
    size_t count = query->shop_count;
    int64_t *accounts = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *accounts);
    int64_t *shops = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *shops);
    for (size_t i = 0; i < count; i++) {
        accounts[i] = query->shops[i].account_id;
        shops[i] = query->shops[i].shop_id;
    }
    struct sp_db *db = sp_ctx_db(ctx);
    return sp_queue(db, &read_shops,
                    SP_PARAMS(sp_ints(db, accounts, count), sp_ints(db, shops, count)));
}

static void read_shops_of(struct sp_ctx *ctx, const struct sp_rows *rows, struct ground *ground)
{
    struct shop_ref *shops = sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(rows), sizeof *shops);
    for (size_t i = 0; i < sp_rows_count(rows); i++)
        shops[i] = (struct shop_ref){sp_row_int(rows, i, 0), sp_row_int(rows, i, 1)};
    ground->shops = shops;
    ground->shop_count = sp_rows_count(rows);
}

static void read_warehouses_of(struct sp_ctx *ctx, const struct sp_rows *rows,
                               struct ground *ground)
{
    struct warehouse_terms *warehouses =
        sp_arena_array(sp_ctx_arena(ctx), sp_rows_count(rows), sizeof *warehouses);
    for (size_t i = 0; i < sp_rows_count(rows); i++)
        warehouses[i] = (struct warehouse_terms){sp_row_int(rows, i, 0), sp_row_int(rows, i, 1),
                                                 sp_row_bool(rows, i, 2), sp_row_text(rows, i, 3)};
    ground->warehouses = warehouses;
    ground->warehouse_count = sp_rows_count(rows);
}

static size_t accounts_of(struct sp_ctx *ctx, const struct ground_query *query, int64_t **accounts)
{
    *accounts = sp_arena_array(sp_ctx_arena(ctx), query->shop_count, sizeof **accounts);
    size_t count = 0;
    for (size_t i = 0; i < query->shop_count; i++) {
        if (count == 0 || (*accounts)[count - 1] != query->shops[i].account_id)
            (*accounts)[count++] = query->shops[i].account_id;
    }
    return count;
}

enum sp_result store_load_ground(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground)
{
    struct sp_db *db = sp_ctx_db(ctx);
    int64_t *accounts;
    size_t account_count = accounts_of(ctx, query, &accounts);
    struct sp_param account_ids = sp_ints(db, accounts, account_count);
    int now = sp_queue(db, &read_now, SP_NO_PARAMS);
    int wallets = sp_queue(db, &read_wallets, SP_PARAMS(account_ids));
    int *locks = sp_arena_array(sp_ctx_arena(ctx), account_count, sizeof *locks);
    bool lock = query->lock_all || query->lock_automatic;
    ground->wallet_count = account_count;
    ground->wallets = sp_arena_array(sp_ctx_arena(ctx), account_count, sizeof *ground->wallets);
    for (size_t i = 0; i < account_count; i++)
        ground->wallets[i].terms.account_id = accounts[i];
    int shops = queue_shops(ctx, query);
    int warehouses = sp_queue(db, &read_warehouses, SP_PARAMS(account_ids));
    if (lock)
        queue_locks(ctx, ground->wallets, account_count, query->lock_all, locks);
    enum sp_result result = sp_run(db, sp_ctx_error(ctx));
    if (result != SP_OK)
        return result;
    ground->now_us = sp_row_time(sp_result(db, now), 0, 0);
    fill_wallets(sp_result(db, wallets), ground->wallets, account_count);
    if (lock)
        read_locked(ctx, ground->wallets, account_count, locks);
    read_shops_of(ctx, sp_result(db, shops), ground);
    read_warehouses_of(ctx, sp_result(db, warehouses), ground);
    return store_load_prices(ctx, query, ground);
}
