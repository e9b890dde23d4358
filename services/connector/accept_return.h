/* What was read of cancellations and returns becomes facts. */
#ifndef SAMPAN_CONNECTOR_ACCEPT_RETURN_H
#define SAMPAN_CONNECTOR_ACCEPT_RETURN_H

#include "services/connector/accept.h"
#include "services/connector/return_json.h"

struct accept_return {
    struct accept_source from;
    struct channel_return fact;
    int64_t hash; /* of the fact as a search lists it, before its details are added */
};

/* Reads the elements of a page.  What cannot be read is left out and counted in a metric. */
size_t accept_read_returns(struct sp_ctx *ctx, struct sp_json array, enum return_family family,
                           const struct accept_source *from,
                           struct accept_return returns[PAGE_IDS]);
/* Claims and emits what is new, within a transaction. */
enum sp_result accept_returns(struct sp_ctx *ctx, const struct accept_return returns[],
                              size_t count) SP_MUST_USE;

#endif
