/* The figure shown on the marketplace for a listing SKU; pure. */
#ifndef SAMPAN_INVENTORY_LEVEL_H
#define SAMPAN_INVENTORY_LEVEL_H

#include "common/base.h"

/* How much of what is available is shown (domain: stock push). */
struct level_rule {
    int64_t percent;   /* of what is available */
    int64_t reserve;   /* pieces never shown */
    int64_t most;      /* at most this is shown; 0: no limit */
    int64_t threshold; /* fewer than this are shown as 0 */
};

extern const struct level_rule level_rule_default; /* all of it */

struct level_part {
    int64_t available; /* pieces that nobody has or waits for */
    int64_t pieces;    /* in one unit of the listing SKU */
};

/* Units to show: by the scarcest part, then by the rule.  No parts: 0. */
int64_t level_of(const struct level_part parts[], size_t count, const struct level_rule *rule);

#endif
