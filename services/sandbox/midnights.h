/* When the caller saw the midnights of the sandbox's clock: what is cut once a day is told with
 * these times, since a clock that runs fast has many days in one of the caller's. */
#ifndef SANDBOX_MIDNIGHTS_H
#define SANDBOX_MIDNIGHTS_H

#include "common/base.h"

/* All zero: none has passed. */
struct midnights {
    int64_t *seen; /* of each day since `first` */
    int64_t first; /* days since 1970 */
    size_t count, capacity;
};

/* The midnight that begins a day is now; the days come one after the other. */
void midnights_pass(struct midnights *midnights, int64_t day, int64_t seen);
/* Of one that has passed; before the first both clocks were one. */
int64_t midnights_seen(const struct midnights *midnights, int64_t day);
void midnights_free(struct midnights *midnights);

#endif
