/* When a listing SKU and a variant are the same thing by their SKUs. */
#include "services/product-mapper/match.h"

enum match mapper_match(int64_t alike, int64_t exact)
{
    if (alike == 0)
        return MATCH_UNKNOWN;
    return alike == 1 && exact == 1 ? MATCH_LINKED : MATCH_AMBIGUOUS;
}
