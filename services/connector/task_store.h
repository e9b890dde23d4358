/* Tasks in the database (states.md, "Tasks"). */
#ifndef SAMPAN_CONNECTOR_TASK_STORE_H
#define SAMPAN_CONNECTOR_TASK_STORE_H

#include "services/connector/task.h"

/* Queue the claims.  A shipment that is no longer wanted is withdrawn unless it was asked for. */
int store_claim_shipments(struct sp_ctx *ctx, const struct shipment_requested shipments[],
                          size_t count);
int store_claim_actions(struct sp_ctx *ctx, const struct action_requested actions[], size_t count);
/* Columns beyond the three (the rev is the one to tell with): the state, why it is refused. */
enum { CLAIM_TASK_STATE = 3, CLAIM_TASK_PROBLEM };

/* Takes what is due of shops that can be called (lease 20 s: longer than a call may take). */
enum sp_result store_take_tasks(struct sp_ctx *ctx, size_t most, struct task **tasks,
                                size_t *count) SP_MUST_USE;
/* Stores how they ended and raises their revisions; those that another job has taken since are left
 * alone.  revs[i] becomes the revision to tell ends[i] with, 0: not ours any more. */
enum sp_result store_end_tasks(struct sp_ctx *ctx, const struct task_end ends[], size_t count,
                               int64_t revs[]) SP_MUST_USE;

/* A file of a package, wanted unless it was fetched in the last 20 hours (the marketplace serves it
 * for 24).  Appends the JSON for people. */
struct document_wish {
    struct shop_key shop;
    struct sp_text package_id, type, size;
};
enum sp_result store_want_document(struct sp_ctx *ctx, const struct document_wish *wish,
                                   struct sp_buffer *out) SP_MUST_USE;
/* A price to be shown; `body` is what the marketplace is told.  SP_REJECT: no such shop. */
struct price_wish {
    struct shop_key shop;
    struct sp_text product_id, sku_id, body;
};
enum sp_result store_want_price(struct sp_ctx *ctx, const struct price_wish *wish,
                                struct sp_buffer *out) SP_MUST_USE;
/* A product to be read and emitted.  SP_REJECT: no such shop. */
enum sp_result store_want_listing(struct sp_ctx *ctx, struct shop_key shop,
                                  struct sp_text product_id, struct sp_buffer *out) SP_MUST_USE;
/* A page of a shop's tasks, the newest first, or of those that are not ended; behind `after`. */
struct task_page {
    struct shop_key shop;
    bool open;
    struct sp_text after;
    int64_t most;
};
enum sp_result store_list_tasks(struct sp_ctx *ctx, const struct task_page *page,
                                struct sp_buffer *out) SP_MUST_USE;

#endif
