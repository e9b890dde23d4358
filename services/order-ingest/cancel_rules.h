/* Cancelling an order by the seller: until when, and with which of the marketplace's reasons. Pure.
 */
#ifndef INGEST_CANCEL_RULES_H
#define INGEST_CANCEL_RULES_H

#include "common/arena.h"

enum { CANCEL_REASONS = 8 };

struct cancel_reason {
    struct sp_text name; /* the marketplace's, for this region */
    const char *meaning; /* the same everywhere: what people are shown is translated from it */
};

/* Where it was sold, and how it stands. */
struct cancel_order {
    struct sp_text region, channel_status;
};
enum cancel_what {
    CANCEL_ALL,
    CANCEL_SOME, /* single units: only some marketplaces have that, and for want of stock */
};

/* Reasons that the marketplace takes of a seller; 0: nothing can be cancelled by him (any more). */
size_t cancel_reasons(const struct cancel_order *order, enum cancel_what what,
                      struct sp_arena *arena, struct cancel_reason reasons[CANCEL_REASONS]);
/* Whether what stands so can be cancelled by the seller. */
bool cancel_may_begin(struct sp_text region, struct sp_text channel_status);

/* The same for an order of the seller's own: no marketplace has names for them, so their meanings
 * do. */
size_t cancel_own_reasons(struct cancel_reason reasons[CANCEL_REASONS]);
bool cancel_is_own_reason(struct sp_text name);

#endif
