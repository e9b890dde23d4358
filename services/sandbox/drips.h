/* Orders that come at a rate: so many a second until all have come. */
#ifndef SANDBOX_DRIPS_H
#define SANDBOX_DRIPS_H

#include "common/base.h"
#include "services/sandbox/order_kind.h"

enum drips_limits { DRIPS = 8, WISH_SKUS = 200, DRIP_MOST_PER_S = 100000 };

/* What the orders of one request shall look like. */
struct order_wish {
    enum order_status status; /* that they begin with */
    struct order_kind kind;
    uint32_t skus_per_order;  /* 0: one to four */
    uint32_t units_per_sku;   /* 0: one to three */
    uint32_t sku_count;       /* 0: any SKU, some more often than others */
    uint32_t skus[WISH_SKUS]; /* positions: only these */
    bool tells;               /* webhooks are sent */
};

struct drip {
    uint32_t shop;
    uint64_t next_number;
    size_t count, placed; /* an empty place when equal */
    int64_t per_second;
    int64_t began_us; /* monotonic */
    struct order_wish wish;
};

struct drips {
    struct drip places[DRIPS];
};

/* False when there is no place left. */
bool drips_add(struct drips *drips, const struct drip *drip) SP_MUST_USE;
size_t drips_due(const struct drip *drip, int64_t now_us);
uint64_t drips_next(struct drip *drip); /* the number of the next order, which is placed now */
size_t drips_waiting(const struct drips *drips);
void drips_clear(struct drips *drips);

#endif
