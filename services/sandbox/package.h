/* A package: what it may do, how a shop may ship, and who carries it.  Rules only; the packages
 * themselves are kept in package_book.h. */
#ifndef SANDBOX_PACKAGE_H
#define SANDBOX_PACKAGE_H

#include "common/base.h"
#include "common/state.h"
#include "services/sandbox/region.h"

enum package_status {
    TO_FULFILL, /* nothing arranged yet */
    PROCESSING, /* shipment arranged */
    FULFILLING, /* with the carrier */
    PACKAGE_DELIVERED,
    PACKAGE_CANCELLED,
    PACKAGE_REPLACED, /* others took its place when it was split, combined or taken apart */
    PACKAGE_STATUSES,
};

enum package_event {
    PACKAGE_SHIP,
    PACKAGE_COLLECT,
    PACKAGE_DELIVER,
    PACKAGE_CANCEL,
    PACKAGE_REPLACE,
    PACKAGE_EVENTS,
};

enum package_handover { HANDOVER_NONE, HANDOVER_PICKUP, HANDOVER_DROP_OFF, HANDOVER_SELF };
enum package_tag { PACKAGE_WHOLE, PACKAGE_COMBINED, PACKAGE_SPLIT };

/* How an order of a shop is shipped. */
enum package_flow {
    FLOW_PACKAGE, /* its package is there before shipping, and is shipped */
    FLOW_MARK,    /* marking the order as shipped makes the package */
    FLOW_LABEL,   /* buying a label makes the package */
    FLOW_NONE,    /* the marketplace ships it out of its warehouse */
};

/* As bought with a label. */
struct parcel {
    struct sp_text length, width, height, size_unit; /* decimal numbers; CM or INCH */
    struct sp_text weight, weight_unit;              /* GRAM or POUND */
    uint32_t service;                                /* place in the list of services */
};

struct package {
    int64_t created, updated, shipped; /* seconds; shipped 0: not yet */
    int64_t slot_start, slot_end;      /* of a pickup */
    struct sp_text tracking;           /* as told by the seller; empty: the marketplace's own */
    const struct parcel *parcel;       /* NULL: no label was bought */
    uint32_t order, orders;            /* position of the first order in it, and how many */
    uint32_t carrier;                  /* place in the list of carriers */
    uint8_t status, tag, handover;
    bool corrected; /* its tracking number was changed once */
};

extern const struct sp_machine package_life;

/* "" for a package that was replaced. */
const char *package_status_name(enum package_status status);
int package_status_of(struct sp_text name); /* -1 when unknown */
/* False, and nothing changes, when the table has no such step. */
bool package_happen(struct package *package, enum package_event event, int64_t now) SP_MUST_USE;
/* Step by step up to DELIVERED; a package that is further, cancelled or replaced stays. */
void package_advance(struct package *package, enum package_status to, int64_t now);
bool package_is_shipped(const struct package *package); /* arranged, and not cancelled since */

/* `by_seller`: shipping_type SELLER. */
enum package_flow package_flow_of(const struct region *region, bool by_seller);
/* Units of one SKU may go into different packages. */
bool package_splits_units(const struct region *region);
/* The seller's own drivers may report deliveries. */
bool package_own_fleet(const struct region *region);
/* "Send by seller" … */
const char *package_option_name(bool by_seller);

/* ---- carriers
 * ----------------------------------------------------------------------------------- */

size_t carrier_count(void);
const char *carrier_name(uint32_t carrier);
/* Whether it takes orders of this kind in this market. */
bool carrier_serves(uint32_t carrier, const struct region *region, bool by_seller);
uint32_t carrier_default(const struct region *region, bool by_seller);

/* ---- pickups
 * ------------------------------------------------------------------------------------ */

enum { PACKAGE_SLOTS = 6 };

struct pickup_slot {
    int64_t start, end;
    bool available;
};

/* Two a day, today and the next two days. */
void package_slots(int64_t now, struct pickup_slot slots[PACKAGE_SLOTS]);

#endif
