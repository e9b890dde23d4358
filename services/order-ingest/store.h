/* All SQL of the order book, by what it is about.  Claims queue one statement and return its slot;
 * puts queue and return nothing: the skeleton runs them with the COMMIT. */
#ifndef INGEST_STORE_H
#define INGEST_STORE_H

#include "common/service.h"
#include "services/order-ingest/domain.h"
#include "services/order-ingest/filters.h"

/* ---- orders (order_store.c) --------------------------------------------------------------------
 */

/* Writes the whole order.  The claimed row's fourth column is enum order_change, then come status
 * and cause before it, when the order first came, and whether it is deleted. */
int store_claim_orders(struct sp_ctx *ctx, const struct channel_order orders[], size_t count);
enum order_change store_claimed_change(const struct sp_batch *batch, size_t i);
bool store_claimed_deleted(const struct sp_batch *batch, size_t i);
void store_put_buyers(struct sp_ctx *ctx, const struct sp_batch *batch);
/* Carriers' numbers of packages that have one. */
void store_put_tracking(struct sp_ctx *ctx, const struct sp_batch *batch);
/* Deletes up to `most` expired buyers; SP_AGAIN when there may be more. */
enum sp_result store_purge_buyers(struct sp_ctx *ctx, int64_t most) SP_MUST_USE;

/* ---- stages (stage_store.c) ---------------------------------------------------------------------
 */

int store_claim_stages(struct sp_ctx *ctx, const struct order_staged stages[], size_t count);

/* ---- numbers of orders (count_store.c)
 * ---------------------------------------------------------------- */

/* What a claimed batch of orders, or of stages, changes of them. */
void store_note_statuses(struct sp_ctx *ctx, const struct sp_batch *batch);
void store_note_stages(struct sp_ctx *ctx, const struct sp_batch *batch);
/* So many orders of each kind more, or less: they were restored, or deleted. */
void store_note_deletions(struct sp_ctx *ctx, const struct channel_order orders[], size_t count,
                          int64_t each);
/* Adds up to `most` noted changes to the sums; SP_AGAIN when there may be more. */
enum sp_result store_fold_counts(struct sp_ctx *ctx, int64_t most) SP_MUST_USE;
/* The document of the ask `counts`; shop 0: all. */
const struct sp_rows *store_count_orders(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id);

/* ---- what changed lately (change_store.c) -------------------------------------------------------
 */

enum { CHANGE_IDS = 200 }; /* ids of one account in one row or answer; beyond that: "many" */

/* Notes that these things changed; `heads` ordered by account. */
void store_note_changes(struct sp_ctx *ctx, const struct sp_head *const heads[], size_t count);
/* The answer of the ask `changes` since a transaction number; 0: only where to go on. */
const struct sp_rows *store_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                    int64_t since);
enum sp_result store_purge_changes(struct sp_ctx *ctx) SP_MUST_USE;

/* ---- references (reference_store.c)
 * ---------------------------------------------------------------- */

int store_claim_shops(struct sp_ctx *ctx, const struct shop_saved shops[], size_t count);
int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count);
int store_claim_warehouses(struct sp_ctx *ctx, const struct warehouse_saved warehouses[],
                           size_t count);

/* ---- import runs (import_store.c)
 * ------------------------------------------------------------------- */

int store_claim_pages(struct sp_ctx *ctx, const struct import_progressed pages[], size_t count);
/* Figures of their runs, and a line for each order they saw. */
void store_put_pages(struct sp_ctx *ctx, const struct sp_batch *batch);

/* Queues: the shop's runs are over. */
void store_end_runs(struct sp_ctx *ctx, const struct shop_saved *shop);

struct run_request {
    int64_t account_id, shop_id;
    int64_t from_us, until_us; /* both 0: the last 60 days */
    struct sp_text user;
};
/* Makes a run, or finds the one that is under way for the same shop and range.  Columns: run_id,
 * rev, made, and its range in seconds.  No row: there is no such shop.  NULL: it failed. */
const struct sp_rows *store_make_run(struct sp_ctx *ctx, const struct run_request *request);
/* JSON documents, one row of one column; no row: not found; NULL: it failed. */
const struct sp_rows *store_list_runs(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id,
                                      const struct list_page *page);

struct run_key {
    int64_t account_id, run_id;
};
struct run_line_query {
    struct run_key run;
    struct word_list results; /* empty: any */
    struct list_page page;
};
const struct sp_rows *store_list_run_lines(struct sp_ctx *ctx, const struct run_line_query *query);
/* Columns: lines of CSV; the next page's cursor, NULL at the end. */
const struct sp_rows *store_run_lines_csv(struct sp_ctx *ctx, const struct run_line_query *query);
/* Columns: shop_id, whether it has ended, whether its shop is connected. */
const struct sp_rows *store_find_run(struct sp_ctx *ctx, struct run_key run);
/* Marks up to `most` lines with these results as asked for again, those never asked for first.
 * Columns: the marketplace's id, ours, the revision to ask with, whether there are more. */
const struct sp_rows *store_want_lines(struct sp_ctx *ctx, struct run_key run,
                                       struct word_list results, int64_t most);

/* ---- lists (list_store.c): JSON documents as above
 * ---------------------------------------------------- */

const struct sp_rows *store_list_orders(struct sp_ctx *ctx, int64_t account_id,
                                        const struct order_filter *filter);
/* ---- one order (detail_store.c)
 * ----------------------------------------------------------------------- */

const struct sp_rows *store_order(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id);
/* The same as this book had it at a moment.  No row: it had not come yet. */
const struct sp_rows *store_order_at(struct sp_ctx *ctx, int64_t account_id,
                                     struct sp_text order_id, int64_t at_us);

#endif
