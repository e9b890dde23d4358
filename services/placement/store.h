/* What placement reads from and writes to its tables.  Functions that take `ctx` and return nothing
 * queue a statement, which runs with the next sp_run or with the commit; those that return a result
 * run what is queued. Lock order: decisions by key, then the settings, then the wallet. */
#ifndef SAMPAN_PLACEMENT_STORE_H
#define SAMPAN_PLACEMENT_STORE_H

#include "common/service.h"
#include "services/placement/decision.h"

enum { STORE_WALK_ORDERS = 256 }; /* drafts evaluated in one transaction */

int order_ref_compare(const void *left, const void *right);
/* How many are left of an ordered array when repeats are dropped. */
size_t unique_refs(void *refs, size_t count, size_t size,
                   int (*compare)(const void *, const void *));

/* ---- orders: order_store.c --------------------------------------------------------------- */

int store_claim_orders(struct sp_ctx *ctx, const void *messages, size_t count);
/* What a row of the claim says was decided before; `found` is false when the order is new. */
struct placing_record store_claimed(const struct sp_rows *rows, size_t row);
struct found_cases {
    struct placing_case *list;
    size_t count;
};
/* Locks the decisions about `refs` (ordered, each once) and reads them with their facts (in the
 * head account, key, rev, trace): a case of each that is stored. */
enum sp_result store_lock_placings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct found_cases *found) SP_MUST_USE;
/* Reads without a lock: for those who only look. */
enum sp_result store_read_placings(struct sp_ctx *ctx, const struct order_ref refs[], size_t count,
                                   struct found_cases *found) SP_MUST_USE;
/* Decisions about orders that had none; about those that had one, by a new fact; and by the fact
 * that is stored. */
void store_add_placings(struct sp_ctx *ctx, const struct placing_case *const cases[], size_t count);
void store_renew_placings(struct sp_ctx *ctx, const struct placing_case *const cases[],
                          size_t count);
void store_save_placings(struct sp_ctx *ctx, const struct placing_case *const cases[],
                         size_t count);
/* Which orders changed, for live screens; `refs` ordered. */
void store_note_changes(struct sp_ctx *ctx, const struct order_ref refs[], size_t count);

/* Answers of inventory to the present attempt.  The key is the fulfilment's. */
int store_claim_answers(struct sp_ctx *ctx, const void *messages, size_t count);
/* What an answer comes to: ACCEPTED, REFUSED, PURCHASED, INSPECTED, ISSUED, CANCELLED. */
struct sp_text answer_of(const struct fulfilment_progressed *progress);

/* ---- references: reference_store.c --------------------------------------------------------- */

int store_claim_accounts(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_shops(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_warehouses(struct sp_ctx *ctx, const void *messages, size_t count);
int store_claim_variants(struct sp_ctx *ctx, const void *messages, size_t count);
/* Settings and ledgers of accounts that have none yet; the currency of those that have no entry. */
void store_make_wallets(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count);
void store_mark_heals(struct sp_ctx *ctx, const int64_t accounts[], size_t count);

struct heal_mark {
    int64_t mark_id, account_id, round;
    struct sp_text after_key;
};
/* One walk: a begun one first, else all fresh marks of one account at once.  mark_id 0: nothing is
 * due. */
enum sp_result store_take_heal(struct sp_ctx *ctx, struct heal_mark *mark) SP_MUST_USE;
enum sp_result store_next_drafts(struct sp_ctx *ctx, const struct heal_mark *mark,
                                 struct order_ref **refs, size_t *count) SP_MUST_USE;
void store_move_heal(struct sp_ctx *ctx, const struct heal_mark *mark);
/* Ends the round: after the first a second one follows when no transaction of before can live any
 * more. */
void store_end_heal(struct sp_ctx *ctx, const struct heal_mark *mark);

/* ---- the ground decisions stand on: ground_store.c ------------------------------------------ */

struct shop_ref {
    int64_t account_id, shop_id;
};

struct ground_query {
    const struct shop_ref *shops; /* ordered, each once; names the accounts as well */
    size_t shop_count;
    const struct variant_price *variants; /* ordered, each once; only the ids count */
    size_t variant_count;
    /* Lock settings and wallets: of accounts whose auto-place is on, or of all. */
    bool lock_automatic, lock_all;
};

struct ground {
    int64_t now_us;
    struct wallet *wallets; /* one for each account of the query, ordered */
    size_t wallet_count;
    const struct shop_ref *shops; /* those that are known, ordered */
    size_t shop_count;
    const struct warehouse_terms *warehouses; /* ordered by account */
    size_t warehouse_count;
    struct price_list prices;
};

int shop_ref_compare(const void *left, const void *right);
/* The accounts' costs change in this transaction: what is known of them by heart is void. */
void store_raise_cost_revs(struct sp_ctx *ctx, const int64_t accounts[], size_t count);
/* Part of store_load_ground, once it has the wallets: costs of the variants, from memory where they
 * have not changed: price_store.c. */
enum sp_result store_load_prices(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground) SP_MUST_USE;
enum sp_result store_load_ground(struct sp_ctx *ctx, const struct ground_query *query,
                                 struct ground *ground) SP_MUST_USE;
/* Locks settings and wallets and reads them as they are then; `known` and `locked` are set where
 * there is a wallet. */
enum sp_result store_lock_wallets(struct sp_ctx *ctx, struct wallet wallets[],
                                  size_t count) SP_MUST_USE;

/* ---- the wallet: wallet_store.c ----------------------------------------------------------------
 */

struct wallet_entry {
    int64_t account_id;
    struct sp_text key; /* permanent: an entry is made once, whatever is repeated */
    const char *kind, *source, *target;
    int64_t amount_minor, balance_minor;
    struct sp_text order_key, reference, user;
};
/* The only way money moves.  The wallets are locked, and no key is there yet. */
void store_enter(struct sp_ctx *ctx, const struct wallet_entry entries[], size_t count);
/* Whether there is an entry of that key. */
enum sp_result store_find_entry(struct sp_ctx *ctx, int64_t account_id, struct sp_text key,
                                bool *is_there) SP_MUST_USE;
void store_switch_off(struct sp_ctx *ctx, int64_t account_id);

#endif
