/* The budgets of all shops of this process, shared by its job workers. */
#ifndef SAMPAN_CONNECTOR_THROTTLE_H
#define SAMPAN_CONNECTOR_THROTTLE_H

#include "services/connector/envelope.h"

/* How often a kind of call may be made for one shop. */
struct throttle_rate {
    int64_t calls_per_s, burst;
};

/* 0: go on; else milliseconds to wait. */
int64_t throttle_take(int64_t shop_id, int kind, struct throttle_rate rate);

/* What came of the call. */
void throttle_note(int64_t shop_id, int kind, const struct tiktok_answer *answer,
                   int64_t retry_after_ms);

#endif
