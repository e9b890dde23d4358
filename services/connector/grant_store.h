/* Sellers' grants and tokens in the database (states.md, "Tokens"). */
#ifndef SAMPAN_CONNECTOR_GRANT_STORE_H
#define SAMPAN_CONNECTOR_GRANT_STORE_H

#include "services/connector/connect_store.h"

/* A grant whose tokens are to be refreshed. */
struct grant_task {
    int64_t account_id, grant_id, token_rev;
    struct sp_text refresh_sealed;
    int tries;
};

/* Takes grants that are due (lease 60 s, which also keeps a grant from being refreshed more often).
 */
enum sp_result store_take_refreshes(struct sp_ctx *ctx, struct grant_task *tasks, size_t most,
                                    size_t *count) SP_MUST_USE;
/* Both tokens, unless a newer pair was stored.  Queues. */
void store_refreshed(struct sp_ctx *ctx, const struct grant_task *task,
                     const struct grant_tokens *tokens);
/* The marketplace refused the refresh token: FAILED, tried again in an hour, unless a newer pair
 * was stored. Queues. */
void store_refresh_refused(struct sp_ctx *ctx, const struct grant_task *task,
                           struct sp_text problem);
/* No answer: tried again in `wait_ms`.  Queues. */
void store_refresh_later(struct sp_ctx *ctx, const struct grant_task *task, int64_t wait_ms,
                         struct sp_text problem);

/* A call was refused for its access token: the grant is refreshed now, or, when it is FAILED, its
 * access token counts as ended.  Queues. */
void store_token_refused(struct sp_ctx *ctx, int64_t account_id, int64_t grant_id);

/* A shop whose state changed by what became of its grant. */
struct grant_change {
    struct shop_key shop;
    struct sp_text state, alias, problem;
};
/* Brings the shops' states in line with their grants: CONNECTED, NEAR_EXPIRY, EXPIRED. */
enum sp_result store_review_shops(struct sp_ctx *ctx, struct grant_change **changes,
                                  size_t *count) SP_MUST_USE;

/* The shops of a grant whose refresh was refused, when the marketplace has said that the seller
 * took it back: they are to be disconnected. */
enum sp_result store_taken_back(struct sp_ctx *ctx, const struct grant_task *task,
                                struct grant_change **shops, size_t *count) SP_MUST_USE;

/* A grant that ends in `days` and for which this warning has not been given. */
struct grant_warning {
    int64_t account_id, grant_id, days;
    struct sp_text seller_name;
};
/* Those that are now due: 30, 14, 7, 3 and 1 days before the end, each given once. */
enum sp_result store_take_warnings(struct sp_ctx *ctx, struct grant_warning **warnings,
                                   size_t *count) SP_MUST_USE;

/* Of the `most` shops whose consent ends first: the shop's id as text, and in how many seconds
 * (below 0: it has ended).  NULL on failure. */
const struct sp_rows *store_ending_grants(struct sp_ctx *ctx, int64_t most);

#endif
