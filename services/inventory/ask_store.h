/* What the gateway's questions and commands read and write. */
#ifndef SAMPAN_INVENTORY_ASK_STORE_H
#define SAMPAN_INVENTORY_ASK_STORE_H

#include "services/inventory/store.h"

/* Questions: one statement that builds the whole document.  NULL when it failed. */
const struct sp_rows *store_ask_warehouses(struct sp_ctx *ctx, int64_t account_id);
struct stock_query {
    int64_t account_id;
    struct sp_text words;
    int64_t warehouse_id; /* 0: all */
    int64_t after_variant, after_warehouse;
    int64_t limit;
};
const struct sp_rows *store_ask_stock(struct sp_ctx *ctx, const struct stock_query *query);
const struct sp_rows *store_ask_check(struct sp_ctx *ctx, int64_t account_id);
const struct sp_rows *store_ask_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text key);
const struct sp_rows *store_ask_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count);
const struct sp_rows *store_ask_push_rule(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id);

/* ---- commands ---------------------------------------------------------------------- */

struct warehouse_form {
    int64_t account_id, warehouse_id; /* 0: a new one */
    struct sp_text name, kind;
    int64_t priority;
};
/* Row: warehouse_id, rev, approved, document.  No row: no such warehouse, or it would change its
 * kind.  A name that is taken fails with 23505. */
const struct sp_rows *store_save_warehouse(struct sp_ctx *ctx, const struct warehouse_form *form);
void store_mark_heal_account(struct sp_ctx *ctx, int64_t account_id);

/* Row: sku, variant_id, how many have it. */
const struct sp_rows *store_find_skus(struct sp_ctx *ctx, int64_t account_id,
                                      const struct sp_text skus[], size_t count);

struct stock_state {
    int64_t variant_id, warehouse_id;
    int64_t on_hand, taken; /* taken: reserved, pending out, quarantined */
    bool warehouse_known, variant_known;
};
/* Queues: locks the variants' rows in their order, which a change planned freely would not keep to.
 * The effects are of one account. */
void store_lock_stock(struct sp_ctx *ctx, const struct stock_effect effects[], size_t count);
/* Makes rows that are missing, locks all, reads; ordered by (warehouse, variant) like `effects`. */
enum sp_result store_lock_figures(struct sp_ctx *ctx, const struct stock_effect effects[],
                                  size_t count, struct stock_state states[]) SP_MUST_USE;
/* The levels of the rows, as a JSON array. */
const struct sp_rows *store_ask_levels(struct sp_ctx *ctx, const struct stock_effect effects[],
                                       size_t count);
void store_save_push_rule(struct sp_ctx *ctx, const struct shop_ref *shop,
                          const struct level_rule *rule);

#endif
