/* What orders are called in other systems: told by the seller's software, given back to it. */
#ifndef SANDBOX_EXTERNAL_ORDERS_H
#define SANDBOX_EXTERNAL_ORDERS_H

#include "common/arena.h"
#include "common/base.h"

enum { EXTERNAL_NONE = -1 };

struct external_line {
    struct sp_text id;
    uint64_t item; /* counter of the unit's id here */
};

struct external_order {
    uint32_t order; /* position in the book */
    int platform;
    struct sp_text id;
    struct external_line *lines;
    size_t line_count;
};

/* All zero is valid and empty. */
struct external_orders {
    struct external_order *all;
    size_t count, capacity;
    struct sp_arena *texts;
};

void external_orders_free(struct external_orders *orders);
/* Keeps a copy, in place of what the order was called there before. */
void external_orders_put(struct external_orders *orders, const struct external_order *one);

int external_platform_of(struct sp_text name); /* EXTERNAL_NONE when unknown */
const char *external_platform_name(int platform);

#endif
