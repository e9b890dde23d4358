/* When a listing SKU and a variant are the same thing by their SKUs.  Pure. */
#ifndef MAPPER_MATCH_H
#define MAPPER_MATCH_H

#include "common/base.h"

enum match {
    MATCH_LINKED,    /* exactly one variant, and it is written exactly so */
    MATCH_AMBIGUOUS, /* several, or one that differs in case or blanks: a person decides */
    MATCH_UNKNOWN,   /* none */
};

/* `alike`: variants whose SKU equals the seller's but for case and blanks at the ends; `exact`:
 * those of them that equal it to the letter (at most one: an account's SKUs are unique). */
enum match mapper_match(int64_t alike, int64_t exact);

#endif
