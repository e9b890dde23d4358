/* SQL about tags of orders. */
#ifndef INGEST_TAG_STORE_H
#define INGEST_TAG_STORE_H

#include "common/service.h"
#include "services/order-ingest/tag_rules.h"

/* JSON document; NULL: it failed. */
const struct sp_rows *store_list_tags(struct sp_ctx *ctx, int64_t account_id);

/* Nobody else makes or renames a tag of the account until the transaction ends.  Columns: how many
 * there are, whether one but `except` has this name.  One row; NULL: it failed. */
const struct sp_rows *store_hold_tags(struct sp_ctx *ctx, int64_t account_id, struct sp_text name,
                                      int64_t except);
/* Column: its id.  No row: the name was taken at the same moment.  NULL: it failed. */
const struct sp_rows *store_make_tag(struct sp_ctx *ctx, int64_t account_id,
                                     const struct tag_form *form);
/* No row: there is no such tag.  NULL: it failed. */
const struct sp_rows *store_change_tag(struct sp_ctx *ctx, int64_t account_id, int64_t tag_id,
                                       const struct tag_form *form);
const struct sp_rows *store_delete_tag(struct sp_ctx *ctx, int64_t account_id, int64_t tag_id);

/* How many of these tags there are, in one row; NULL: it failed. */
const struct sp_rows *store_count_tags(struct sp_ctx *ctx, int64_t account_id,
                                       const struct tag_list *list);
/* Holds the orders first.  Columns: the id as it was given, whether there is such an order, its
 * tags.  Each id once; NULL: it failed. */
const struct sp_rows *store_find_tagged(struct sp_ctx *ctx, int64_t account_id,
                                        const struct sp_text ids[], size_t count);

/* What is put on orders and taken off them. */
struct sp_set *store_open_tagging(struct sp_ctx *ctx);
void store_add_tagging(struct sp_set *set, struct sp_text order_id, const struct tag_wish *change);
/* Queues all of it, with its history. */
void store_put_tagging(struct sp_ctx *ctx, const struct sp_ask *ask, const struct sp_set *set);

/* Takes tags that were deleted off up to `most` orders; SP_AGAIN when there may be more. */
enum sp_result store_forget_tags(struct sp_ctx *ctx, int64_t most) SP_MUST_USE;

#endif
