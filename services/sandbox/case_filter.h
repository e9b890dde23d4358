/* Which cancellations or returns a search is for. */
#ifndef SANDBOX_CASE_FILTER_H
#define SANDBOX_CASE_FILTER_H

#include "services/sandbox/api.h"

/* Counters of ids; foreign ones are 0 and match nothing. */
struct counters {
    bool given;
    const uint64_t *all;
    size_t count;
};

struct case_filter {
    enum case_kind kind;
    struct counters ids, orders, users;
    uint32_t statuses, types, arbitrations;             /* a bit for each, 0: any */
    bool partial_only;                                  /* returns the seller offered a part for */
    int64_t create_ge, create_lt, update_ge, update_lt; /* 0: no bound */
};

enum api_error case_filter_read(struct api_call *call, enum case_kind kind,
                                struct case_filter *filter);
bool case_filter_fits(const struct shop *shop, const struct case_filter *filter, uint32_t which);

#endif
