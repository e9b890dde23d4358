/* Changing what listing SKUs mean: links, matching by SKU, and telling everyone who is concerned.
 *
 * Whoever changes a link or a variant calls mapper_relink_begin first: it locks the account's row,
 * so changes of one account come one after the other, and orders decided before them can be told
 * (README). */
#ifndef MAPPER_RELINK_H
#define MAPPER_RELINK_H

#include "services/product-mapper/store.h"

enum { MATCHES_MOST = 20000 }; /* SKUs looked at in one go */

/* Fills in the origin's link_rev; `map_by_sku` (may be NULL): whether the account links by SKU. */
enum sp_result mapper_relink_begin(struct sp_ctx *ctx, struct link_origin *origin,
                                   bool *map_by_sku) SP_MUST_USE;

struct match_counts {
    int64_t linked, ambiguous, unknown;
};
struct match_request {
    enum match_scope scope;
    struct key_list of;
};
/* Links unlinked SKUs to the variant with the same SKU; `linked` gets their keys. */
enum sp_result mapper_link_matches(struct sp_ctx *ctx, const struct link_origin *origin,
                                   const struct match_request *request, struct match_counts *counts,
                                   struct key_list *linked) SP_MUST_USE;

/* Works out anew what these SKUs mean, emits listing.mapped, and has their waiting orders decided
 * again. */
enum sp_result mapper_settle(struct sp_ctx *ctx, const struct link_origin *origin,
                             struct key_list skus) SP_MUST_USE;

/* The first column of the rows, whose texts they stay. */
struct key_list mapper_keys_of(struct sp_ctx *ctx, const struct sp_rows *rows);

/* SP_REJECT when the last statement can never work, else SP_RETRY. */
enum sp_result mapper_failed(struct sp_ctx *ctx);

#endif
