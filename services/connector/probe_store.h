/* Which quantities are read back from the marketplace, and what was found (states.md, "Stock"). */
#ifndef SAMPAN_CONNECTOR_PROBE_STORE_H
#define SAMPAN_CONNECTOR_PROBE_STORE_H

#include "services/connector/pull_store.h"

/* A quantity that was told and is to be read back. */
struct probe_task {
    struct shop_access access;
    struct sp_text sku_id, channel_warehouse_id;
    int64_t told;  /* what the listing should show */
    int64_t taken; /* the value of `wanted` when it was taken */
    int64_t now_s;
};
/* Takes quantities that are due to be read back, those of a shop behind each other (lease 1 min).
 */
enum sp_result store_take_probes(struct sp_ctx *ctx, size_t most, struct probe_task **tasks,
                                 size_t *count) SP_MUST_USE;

struct probe_end {
    const struct probe_task *task;
    int64_t shown; /* < 0: the marketplace does not know the SKU in this warehouse */
};
/* Notes what is shown.  What is still the same other number as at the last look, with the shop's
 * orders pulled and fetched in between, was changed behind our back: it is told again.  `next_ms`:
 * until the next look where all is well.  *found becomes the number of those told again. */
enum sp_result store_end_probes(struct sp_ctx *ctx, const struct probe_end ends[], size_t count,
                                int64_t next_ms, int64_t *found) SP_MUST_USE;

#endif
