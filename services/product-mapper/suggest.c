/* Which of our variants a listing SKU may be. */
#include "services/product-mapper/suggest.h"

enum { OF_TITLE = 55, OF_ATTRIBUTES = 30 }; /* together below SCORE_SURE: titles only hint */

struct suggestion mapper_suggest(const struct likeness *likeness)
{
    if (likeness->same_sku)
        return (struct suggestion){100, "SAME_SKU"};
    if (likeness->same_barcode)
        return (struct suggestion){95, "SAME_BARCODE"};
    /* Written otherwise: perhaps the same, perhaps not. */
    if (likeness->alike_sku)
        return (struct suggestion){SCORE_SURE - 2, "SKU_ALIKE"};
    int score = likeness->similarity * OF_TITLE / 100;
    if (likeness->attributes > 0)
        score += OF_ATTRIBUTES * likeness->matched / likeness->attributes;
    bool all = likeness->attributes > 0 && likeness->matched == likeness->attributes;
    return (struct suggestion){score, all ? "TITLE_AND_ATTRIBUTES" : "TITLE"};
}

bool mapper_is_sure(const struct suggestion suggestions[], size_t count)
{
    return count > 0 && suggestions[0].score >= SCORE_SURE &&
           (count == 1 || suggestions[1].score < SCORE_SURE);
}
