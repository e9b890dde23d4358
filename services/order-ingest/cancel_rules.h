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

/* Reasons that the marketplace takes of a seller in this region while the order stands so; 0: the
 * order cannot be cancelled by the seller (any more). */
size_t cancel_reasons(struct sp_text region, struct sp_text channel_status, struct sp_arena *arena,
                      struct cancel_reason reasons[CANCEL_REASONS]);

#endif
