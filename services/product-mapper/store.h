/* All SQL of product-mapper, by what it is about.  Claims queue one statement and return its slot;
 * puts queue and return nothing: the skeleton runs them with the COMMIT.  Functions that return
 * rows run at once; NULL means that it failed. */
#ifndef MAPPER_STORE_H
#define MAPPER_STORE_H

#include "common/service.h"
#include "services/product-mapper/domain.h"
#include "services/product-mapper/query.h"
#include "services/product-mapper/variant_rules.h"

/* ---- orders (order_store.c)
 * ------------------------------------------------------------------------ */

/* Columns beyond the three: the account's link_rev, not newer than the links that are read next. */
int store_claim_orders(struct sp_ctx *ctx, const struct order_recorded orders[], size_t count);
enum { CLAIM_LINK_REV = 3 };

struct sku_ref {
    int64_t account_id;
    struct sp_text sku_key;
};
/* What is known of these listing SKUs.  Columns: index into refs, problem, resolved (JSON), whether
 * an order has named it before, whether each order line has a design of its own. */
const struct sp_rows *store_find_skus(struct sp_ctx *ctx, const struct sku_ref refs[],
                                      size_t count);

/* A listing SKU that an order names and that no listing has brought yet. */
struct placeholder {
    int64_t account_id, shop_id;
    struct sp_text sku_key, sku_id, product_id, seller_sku, title;
};
/* Adds them with their listings; those that are there by now stay as they are.  Ordered by key. */
void store_put_placeholders(struct sp_ctx *ctx, const struct placeholder placeholders[],
                            size_t count);
/* Adds SKUs of orders made by hand; one row for each that was not there: its key.  NULL: it failed.
 */
const struct sp_rows *store_put_manual_skus(struct sp_ctx *ctx, const struct placeholder skus[],
                                            size_t count);

/* An order of a batch, and its place there. */
struct order_ref {
    int64_t account_id;
    struct sp_text order_id;
    size_t order;
};
/* The lines that have a design of their own.  Columns: index into refs, line. */
const struct sp_rows *store_find_line_designs(struct sp_ctx *ctx, const struct order_ref refs[],
                                              size_t count);
/* Queues: an order has named them. */
void store_mark_ordered(struct sp_ctx *ctx, const struct sku_ref refs[], size_t count);

/* Orders still to be shipped that name one of the SKUs.  Columns: how many there are, and how many
 * of them lack nothing else. */
const struct sp_rows *store_count_waiting(struct sp_ctx *ctx, int64_t account_id,
                                          struct key_list skus);

/* ---- healing (heal_store.c)
 * ------------------------------------------------------------------------ */

/* Due tasks of one account, locked until the transaction ends: a change that comes meanwhile waits,
 * and makes its task anew.  Columns: account_id, sku_key. */
const struct sp_rows *store_take_heals(struct sp_ctx *ctx, int64_t most);
/* Up to `most` open orders that were decided before one of these SKUs changed.  Columns: order_id,
 * the newest link_rev of the SKUs. */
const struct sp_rows *store_find_heal(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                                      int64_t most);
/* Locks the tasks once more; `held`: all of them, and the SKUs have not changed since `link_rev`.
 */
enum sp_result store_hold_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                                int64_t link_rev, bool *held) SP_MUST_USE;
/* Claims those of the orders that are still open and were decided before `link_rev`, in key order.
 * Columns: order_id, rev, body, link_rev as it was seen. */
const struct sp_rows *store_claim_heal(struct sp_ctx *ctx, int64_t account_id,
                                       struct key_list order_ids, int64_t link_rev);
/* Leaves an order as it is: it is not found for this change again. */
void store_pass_over(struct sp_ctx *ctx, int64_t account_id, struct sp_text order_id,
                     int64_t link_rev);
/* First looks become second ones, due when no transaction can be as old; second looks are over. */
void store_end_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus);
/* Tasks for these, and their orders into the account for people. */
void store_put_heals(struct sp_ctx *ctx, int64_t account_id, struct key_list skus);
/* Queue: so many orders have followed; all have when no first look is left. */
void store_note_healed(struct sp_ctx *ctx, int64_t account_id, size_t orders);
void store_end_healing(struct sp_ctx *ctx, int64_t account_id);
/* How far it is, a JSON document. */
const struct sp_rows *store_read_healing(struct sp_ctx *ctx, int64_t account_id);

/* ---- links (link_store.c)
 * --------------------------------------------------------------------------- */

/* Raises the account's counter and so locks its row.  Columns: link_rev, map_by_sku. */
const struct sp_rows *store_raise_link_rev(struct sp_ctx *ctx, int64_t account_id);

struct link_change {
    struct sp_text sku_key;
    struct part_list parts;
    struct sp_text reason;
};
struct link_origin {
    int64_t account_id, link_rev;
    struct sp_text user;
    bool by_hand;
};
/* Changes the links and writes their history. */
void store_put_links(struct sp_ctx *ctx, const struct link_origin *origin,
                     const struct link_change changes[], size_t count);
/* Those that are there, ordered by key. */
const struct sp_rows *store_find_known(struct sp_ctx *ctx, int64_t account_id,
                                       struct key_list skus);
/* How these links changed, the newest first, a JSON document. */
const struct sp_rows *store_link_history(struct sp_ctx *ctx, int64_t account_id,
                                         struct key_list skus);
/* Queues both reads; columns: sku_key, downloaded, parts, has_design, personalised; and variant_id,
 * supply, archived, parts, complete, needs_design. */
void store_queue_meaning(struct sp_ctx *ctx, int64_t account_id, struct key_list skus,
                         int *sku_slot, int *variant_slot);

struct settled_sku {
    struct sp_text sku_key, resolved, problem; /* resolved: JSON, empty when there is a problem */
};
/* Writes what was resolved.  Columns: sku_key, rev, shop_id, product_id, sku_id, resolved,
 * warehouses (JSON), sold. */
const struct sp_rows *store_settle(struct sp_ctx *ctx, const struct link_origin *origin,
                                   const struct settled_sku skus[], size_t count);

/* Unlinked SKUs with a seller SKU, and how many variants are like it.  Columns: sku_key, alike,
 * exact, variant_id.  By hand: also those a person unlinked. */
enum match_scope { MATCH_ALL, MATCH_KEYS, MATCH_SELLER_SKUS };
const struct sp_rows *store_find_matches(struct sp_ctx *ctx, const struct link_origin *origin,
                                         enum match_scope scope, struct key_list of, int64_t most);
/* SKUs whose links name one of these variants, bundles looked into. */
const struct sp_rows *store_find_users(struct sp_ctx *ctx, int64_t account_id,
                                       const int64_t variant_ids[], size_t count);

/* ---- listings (listing_store.c)
 * ----------------------------------------------------------------------- */

int store_claim_listings(struct sp_ctx *ctx, const struct channel_listing listings[], size_t count);
/* Writes the SKUs of one account's listings.  Columns: sku_key, and 1 when something changed that
 * links, stock levels or orders depend on. */
const struct sp_rows *store_put_listing_skus(struct sp_ctx *ctx,
                                             const struct channel_listing listings[], size_t count);
/* Marks SKUs that these listings no longer have; columns as above. */
const struct sp_rows *store_drop_listing_skus(struct sp_ctx *ctx, int64_t account_id,
                                              struct key_list listing_ids, struct key_list kept);
const struct sp_rows *store_list_listings(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_query *query);
/* How many there are by state and tab, a JSON document; shop 0: of all shops. */
const struct sp_rows *store_count_listings(struct sp_ctx *ctx, int64_t account_id, int64_t shop_id);
/* These listing SKUs with their listings' titles, a JSON document. */
const struct sp_rows *store_list_skus(struct sp_ctx *ctx, int64_t account_id, struct key_list skus);
/* The same one by one, ordered by key.  Columns: sku_key, a JSON document. */
const struct sp_rows *store_show_skus(struct sp_ctx *ctx, int64_t account_id, struct key_list skus);
/* One listing SKU as people see it, a JSON document; no row: not known. */
const struct sp_rows *store_read_sku(struct sp_ctx *ctx, int64_t account_id,
                                     struct sp_text sku_key);

/* ---- suggestions (suggest_store.c)
 * ------------------------------------------------------------------------ */

/* Keys of SKUs that are sold and linked to nothing, a page behind query->after. */
const struct sp_rows *store_find_unlinked(struct sp_ctx *ctx, int64_t account_id,
                                          const struct list_query *query);
/* What the SKUs have in common with variants that may be theirs, ordered by SKU.  Columns: sku_key,
 * variant_id, sku, name, image, same_sku, alike_sku, same_barcode, similarity, attributes, matched.
 */
const struct sp_rows *store_find_likenesses(struct sp_ctx *ctx, int64_t account_id,
                                            struct key_list skus);

/* ---- variants (variant_store.c, variant_list_store.c)
 * ------------------------------------------------------------------------ */

/* Variants as a variant_row[] for the statements that take one. */
struct sp_set *store_variant_set(struct sp_ctx *ctx, const struct variant_input inputs[],
                                 size_t count);
/* Makes those whose SKU is new and changes the others that are said to be different; with their
 * history.  Columns: see store_read_saved. */
const struct sp_rows *store_save_variants(struct sp_ctx *ctx, const struct link_origin *origin,
                                          const struct variant_input inputs[], size_t count);
const struct sp_rows *store_change_variant(struct sp_ctx *ctx, const struct link_origin *origin,
                                           const struct variant_input *input);
/* Row `row` of the two above, as the fact, but for its parts. */
void store_read_saved(const struct sp_rows *rows, size_t row, struct variant_saved *saved);
struct sp_text store_saved_parts(const struct sp_rows *rows, size_t row); /* JSON */
bool store_saved_is_new(const struct sp_rows *rows, size_t row);
bool store_saved_means_more(const struct sp_rows *rows,
                            size_t row); /* links to it mean something else */
struct variant_refs {
    const int64_t *ids;
    size_t id_count;
    const struct sp_text *skus;
    size_t sku_count;
};
/* By SKU.  Columns: variant_id, sku, name, archived, is_bundle, product_id. */
const struct sp_rows *store_find_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_refs *refs);
const struct sp_rows *store_list_variants(struct sp_ctx *ctx, int64_t account_id,
                                          const struct variant_query *query);
/* The same, up to one more than the limit, for a sheet.  Columns: variant_id, then those of a sheet
 * in its order; the cost in minor units, below 0: a bundle's. */
const struct sp_rows *store_read_goods(struct sp_ctx *ctx, int64_t account_id,
                                       const struct variant_query *query);
const struct sp_rows *store_read_variant(struct sp_ctx *ctx, int64_t account_id,
                                         int64_t variant_id);

/* ---- references (reference_store.c)
 * ------------------------------------------------------------------------ */

int store_claim_shops(struct sp_ctx *ctx, const struct shop_saved shops[], size_t count);
int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count);
/* The wallet's; no row or an empty text: the account is not known yet. */
const struct sp_rows *store_read_currency(struct sp_ctx *ctx, int64_t account_id);

#endif
