/* SQL about what variants cost, and the costs that are known by heart. */
#include <pthread.h>
#include <string.h>

#include "common/cache.h"
#include "services/placement/store.h"

enum { CACHE_BYTES = 2 * 1024 * 1024 }; /* some 20,000 variants */

static const struct sp_statement raise_cost_rev = {
    "UPDATE setting SET cost_rev = cost_rev + 1 WHERE account_id = $1::bigint"};

static const struct sp_statement read_costs = {
    "SELECT variant_id, cost_minor, currency FROM variant_cost "
    "WHERE account_id = $1::bigint AND variant_id = ANY ($2::bigint[]) ORDER BY variant_id"};

/* What variants cost, by the account's cost_rev. */
static struct sp_cache *known_costs;
static pthread_once_t known_costs_once = PTHREAD_ONCE_INIT;

static void open_known_costs(void)
{
    known_costs = sp_cache_open(CACHE_BYTES);
}

/* One account at a time, in their order, as wallets are locked. */
void store_raise_cost_revs(struct sp_ctx *ctx, const int64_t accounts[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)sp_queue(sp_ctx_db(ctx), &raise_cost_rev, SP_PARAMS(sp_int(accounts[i])));
}

/* How a cost is kept. */
struct kept_cost {
    int64_t cost_minor;
    char currency[4];
};

/* A database that was restored counts from a lower cost_rev, and from a higher floor. */
static struct sp_cache_key key_of(struct sp_ctx *ctx, const struct wallet *wallet,
                                  const struct variant_price *price)
{
    return (struct sp_cache_key){
        .account_id = price->account_id,
        .name = {(const char *)&price->variant_id, sizeof price->variant_id},
        .version = sp_rev_floor(ctx) + wallet->cost_rev};
}

/* An account without a wallet has no counter to go by. */
static bool recall(struct sp_ctx *ctx, const struct wallet *wallet, struct variant_price *price)
{
    struct sp_text value;
    struct sp_cache_key key = key_of(ctx, wallet, price);
    if (!wallet->known || !sp_cache_find(known_costs, &key, sp_ctx_arena(ctx), &value))
        return false;
    struct kept_cost kept;
    SP_ASSERT(value.size == sizeof kept);
    memcpy(&kept, value.data, sizeof kept);
    price->cost_minor = kept.cost_minor;
    price->currency = sp_arena_copy(sp_ctx_arena(ctx), sp_text_of(kept.currency));
    return true;
}

static void remember(struct sp_ctx *ctx, const struct wallet *wallet,
                     const struct variant_price *price)
{
    struct kept_cost kept = {.cost_minor = price->cost_minor};
    if (!wallet->known || price->currency.size >= sizeof kept.currency)
        return;
    memcpy(kept.currency, price->currency.data, price->currency.size);
    struct sp_cache_key key = key_of(ctx, wallet, price);
    sp_cache_put(known_costs, &key, (struct sp_text){(const char *)&kept, sizeof kept});
}

/* Fills in what one account's variants cost; a variant that is not known loses its number. */
static enum sp_result load_account(struct sp_ctx *ctx, const struct wallet *wallet,
                                   struct variant_price prices[], size_t count)
{
    int64_t *ids = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *ids);
    struct variant_price **asked = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *asked);
    size_t asked_count = 0, row = 0;
    for (size_t i = 0; i < count; i++) {
        if (recall(ctx, wallet, &prices[i]))
            continue;
        ids[asked_count] = prices[i].variant_id;
        asked[asked_count++] = &prices[i];
    }
    if (asked_count == 0)
        return SP_OK;
    const struct sp_rows *rows = sp_query(
        sp_ctx_db(ctx), sp_ctx_error(ctx), &read_costs,
        SP_PARAMS(sp_int(prices[0].account_id), sp_ints(sp_ctx_db(ctx), ids, asked_count)));
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t i = 0; i < asked_count; i++) {
        if (row == sp_rows_count(rows) || sp_row_int(rows, row, 0) != asked[i]->variant_id) {
            asked[i]->variant_id = 0;
            continue;
        }
        asked[i]->cost_minor = sp_row_int(rows, row, 1);
        asked[i]->currency = sp_row_text(rows, row++, 2);
        remember(ctx, wallet, asked[i]);
    }
    return SP_OK;
}

enum sp_result store_load_prices(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground)
{
    (void)pthread_once(&known_costs_once, open_known_costs);
    size_t count = query->variant_count, known = 0;
    struct variant_price *prices = sp_arena_array(sp_ctx_arena(ctx), count, sizeof *prices);
    const struct wallet *wallet = ground->wallets;
    for (size_t from = 0, to; from < count; from = to) {
        int64_t account_id = query->variants[from].account_id;
        for (to = from; to < count && query->variants[to].account_id == account_id; to++)
            prices[to] = query->variants[to];
        while (wallet->terms.account_id < account_id)
            wallet++;
        enum sp_result result = load_account(ctx, wallet, prices + from, to - from);
        if (result != SP_OK)
            return result;
    }
    for (size_t i = 0; i < count; i++) {
        if (prices[i].variant_id != 0)
            prices[known++] = prices[i];
    }
    ground->prices = (struct price_list){prices, known};
    return SP_OK;
}
