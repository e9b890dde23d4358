/* Which of our variants a listing SKU may be, how sure that is, and why.  Pure. */
#ifndef MAPPER_SUGGEST_H
#define MAPPER_SUGGEST_H

#include "common/base.h"

/* What a SKU and a variant have in common. */
struct likeness {
    bool same_sku, alike_sku; /* alike: but for case and blanks at the ends */
    bool same_barcode;        /* the seller's SKU is the variant's barcode */
    int similarity;           /* of titles, 0 to 100 */
    int attributes, matched;  /* of the SKU's title ("Blue, M"), and how many the variant has */
};

enum {
    SCORE_SURE = 90, /* from here on a suggestion can be taken unseen, when it is the only one */
    SCORE_LEAST = 25,
};

struct suggestion {
    int score;          /* 0 to 100; below SCORE_LEAST it is none */
    const char *reason; /* SAME_SKU, SAME_BARCODE, SKU_ALIKE, TITLE_AND_ATTRIBUTES, TITLE */
};
struct suggestion mapper_suggest(const struct likeness *likeness);

/* Whether the first of them, the highest first, may be taken without a look: it is sure, and no
 * other is. */
bool mapper_is_sure(const struct suggestion suggestions[], size_t count);

#endif
