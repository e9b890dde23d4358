/* What is special about an order: who pays for it and when, who fulfils it, what it is in place of,
 * when it can be handled at all. */
#ifndef SANDBOX_ORDER_KIND_H
#define SANDBOX_ORDER_KIND_H

#include "common/base.h"
#include "common/buffer.h"
#include "services/sandbox/order_life.h"
#include "services/sandbox/region.h"

enum order_type {
    ORDER_NORMAL,
    ORDER_LOTTERY,
    ORDER_PRE,  /* of goods that are released on a day */
    ORDER_MADE, /* of goods that are made for it */
    ORDER_BACK, /* of goods that come in first */
};

enum order_kind_limits {
    KIND_RELEASE_S = 7 * 86400, /* a pre-order waits that long unless it is said */
    KIND_HANDLING_DAYS = 7,     /* goods are made, or come in, within */
    KIND_MOST_DAYS = 200,
};

/* All zero is an order as most are. */
struct order_kind {
    uint8_t type;       /* enum order_type */
    bool is_cod;        /* paid at the door */
    bool is_sample;     /* the buyer is sent it for nothing; so the next two */
    bool replaces;      /* another order's units */
    bool exchanges;     /* … on the buyer's wish for others */
    bool by_tiktok;     /* out of the marketplace's warehouse: the seller has nothing to do */
    uint8_t days;       /* of handling, with ORDER_MADE and ORDER_BACK */
    uint32_t release_s; /* seconds from the payment, with ORDER_PRE */
    uint64_t replaced;  /* number of the order that is replaced or exchanged */
};

/* "cod+fulfilled_by_tiktok".  False when a word is unknown. */
bool order_kind_read(struct sp_text words, struct order_kind *kind);
/* The same words, none for an order as most are. */
void order_kind_put(struct sp_buffer *out, const struct order_kind *kind);
/* What an order of the kind begins with unless it is said. */
enum order_status order_kind_start(const struct order_kind *kind);
/* Why there is no such order in a market, or none that begins in a status; NULL when there is. */
const char *order_kind_misfit(const struct order_kind *kind, const struct region *region,
                              enum order_status begins);
/* Nobody pays for it. */
bool order_kind_is_free(const struct order_kind *kind);
/* order_type, as the marketplace calls it. */
const char *order_kind_type_name(const struct order_kind *kind);
/* Seconds that its handling begins after the payment. */
int64_t order_kind_waits_s(const struct order_kind *kind);

#endif
