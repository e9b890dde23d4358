/* How often an address of the Open API may be called: counted for each shop and address, as the
 * marketplace does.  Nothing is limited until somebody orders it. */
#ifndef SANDBOX_LIMITS_H
#define SANDBOX_LIMITS_H

#include "common/base.h"

enum limits_limits {
    LIMITS = 16,
    LIMIT_PATH_BYTES = 200,
    LIMIT_PLACES = 9,    /* eight shops, and calls that belong to none */
    LIMIT_ROUTES = 256,  /* addresses of the Open API */
    LIMIT_MOST = 6000000 /* calls a minute */
};

/* What an answer of 429 says about coming back. */
enum limit_advice { ADVICE_NONE, ADVICE_SECONDS, ADVICE_DATE, ADVICES };

struct limit {
    char path[LIMIT_PATH_BYTES + 1]; /* what the path begins with */
    int64_t per_minute, burst;
    enum limit_advice advice;
};

/* What is left, in calls × the microseconds of a minute. */
struct bucket {
    int64_t left, at_us;
};

struct limits {
    struct limit rules[LIMITS];
    size_t count;
    uint64_t refused;
    struct bucket buckets[LIMIT_PLACES][LIMIT_ROUTES];
};

/* Who calls what. */
struct limit_call {
    size_t place, route;
    struct sp_text path;
};

enum limit_advice limits_advice_of(struct sp_text name); /* ADVICES when unknown */
const char *limits_advice_name(enum limit_advice advice);

/* In place of those before; counting begins anew. */
void limits_set(struct limits *limits, const struct limit rules[], size_t count);
/* The first rule whose path fits counts.  NULL: the call may go on; otherwise the rule that refuses
 * it, and how many seconds until it may. */
const struct limit *limits_refuse(struct limits *limits, const struct limit_call *call,
                                  int64_t now_us, int64_t *wait_s);

#endif
