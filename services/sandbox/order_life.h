/* The life of an order: its states, what may happen in each, and the times it leaves behind. */
#ifndef SANDBOX_ORDER_LIFE_H
#define SANDBOX_ORDER_LIFE_H

#include "common/base.h"
#include "common/state.h"

enum order_status {
    UNPAID,
    ON_HOLD, /* paid, the buyer may still change their mind */
    AWAITING_SHIPMENT,
    PARTIALLY_SHIPPING,
    AWAITING_COLLECTION,
    IN_TRANSIT,
    DELIVERED,
    COMPLETED,
    CANCELLED,
    ORDER_STATUSES,
};

enum order_event {
    PAY,       /* and the hold hour begins */
    RELEASE,   /* the hold hour is over, or the market has none */
    SHIP_PART, /* shipment arranged for some units */
    SHIP,      /* … for all */
    COLLECT,
    DELIVER,
    COMPLETE, /* the after-sales period is over, or everything was refunded */
    CANCEL,
    ORDER_EVENTS,
};

enum order_initiator { NOBODY, SELLER, BUYER, SYSTEM, ORDER_INITIATORS };

/* When each thing happened, seconds; 0: not yet. */
struct order_times {
    int64_t created, updated, paid, arranged, collected, delivered, cancelled;
    int64_t cancel_asked; /* by the buyer */
};

/* Seconds from the payment to the ends that an order tells of. */
enum life_deadlines {
    LIFE_SHIP_WITHIN_S = 2 * 86400,    /* to AWAITING_COLLECTION */
    LIFE_COLLECT_WITHIN_S = 4 * 86400, /* to IN_TRANSIT */
    LIFE_DELIVER_WITHIN_S = 10 * 86400,
    LIFE_SHIP_DUE_S = 6 * 86400, /* not there by then: cancelled; so below */
    LIFE_COLLECT_DUE_S = 10 * 86400,
    LIFE_DELIVER_DUE_S = 16 * 86400,
};

extern const struct sp_machine order_life;

const char *life_status_name(enum order_status status);
/* -1 when no status is called so. */
int life_status_of(struct sp_text name);
/* The event that ends in this status; -1 for UNPAID, which nothing leads to. */
int life_event_to(enum order_status status);

const char *life_initiator_name(enum order_initiator initiator); /* "" for NOBODY */
int life_initiator_of(struct sp_text name);                      /* -1 when unknown */

/* The one door: the state after the event, and its time noted.  SP_REJECT when the table has no
 * such step. */
enum sp_result life_happen(enum order_status *status, struct order_times *times,
                           enum order_event event, int64_t now, struct sp_error *err) SP_MUST_USE;

/* The times of an order that has come to `status` since `created` at an ordinary pace, none after
 * `latest`. */
struct order_times life_past(enum order_status status, int64_t created, int64_t latest);

/* Not yet shipped, not cancelled: its units are committed. */
bool life_is_open(enum order_status status);
/* The buyer's address is shown to the seller. */
bool life_shows_address(enum order_status status);

#endif
