/* The sandbox's life of its own, on its clock: buyers order, pay or do not, change their mind;
 * carriers collect and deliver; the marketplace cancels what is late.  All of it is off until it is
 * asked for; only a hold always ends by itself.  The rules are a table in life.c. */
#ifndef SANDBOX_LIFE_H
#define SANDBOX_LIFE_H

#include "common/base.h"
#include "services/sandbox/order_life.h"
#include "services/sandbox/schedule.h"

struct sandbox;
struct shop;
struct order;

/* What can be due; those of orders first, in the order of the table of rules. */
enum life_due {
    LIFE_PAY,         /* the buyer pays */
    LIFE_UNPAID,      /* … did not in time */
    LIFE_CHANGE_MIND, /* … cancels within the hold */
    LIFE_REQUEST,     /* … asks for a cancellation after it */
    LIFE_LATE,        /* the seller did not ship in time */
    LIFE_UNCOLLECTED, /* the carrier did not come in time */
    LIFE_SHIP,        /* a seller who needs no software */
    LIFE_FULFIL,      /* the marketplace, what it has in its warehouse */
    LIFE_COLLECT,
    LIFE_DELIVER,
    LIFE_COMPLETE,
    LIFE_RULES,
    DUE_RELEASE = LIFE_RULES, /* a hold is over */
    DUE_CANCEL,               /* a cancellation goes on by itself; so the next one */
    DUE_RETURN,
    DUE_AUDIT,    /* of a product, ends */
    DUE_BUYER,    /* somebody orders */
    DUE_MIDNIGHT, /* always: a day is over */
    DUE_SCENARIO, /* the next line */
};

enum life_limits {
    LIFE_PER_HOUR = 1000000,        /* orders at most */
    LIFE_LONGEST = 400 * 24 * 3600, /* seconds until something happens, at most */
    LIFE_A_TURN = 20000,            /* what happens at most before others get a turn */
};

struct life_rule {
    int64_t percent; /* of the orders that come so far; 0: off */
    int64_t after_s;
};

struct life {
    struct life_rule rules[LIFE_RULES];
    int64_t per_hour; /* orders of all shops together; 0: none */
    bool warns;       /* of grants that end (webhook type 7) */
    uint64_t bought;  /* orders until now */
};

/* All off, delays as usual; days begin to pass. */
void life_setup(struct sandbox *sandbox);
const char *life_rule_name(enum life_due rule);
int life_rule_of(struct sp_text name); /* -1 when unknown */
/* Its delay is what orders tell of themselves, and cannot be set. */
bool life_is_fixed(enum life_due rule);
/* All but the seller who ships, as on a usual day. */
void life_switch_on(struct life *life);
struct life_rule life_usual(enum life_due rule);

/* What follows from an order's state is put on the schedule: it was placed or has moved on. */
void life_entered(struct sandbox *sandbox, struct shop *shop, const struct order *order);
/* Something of a shop is due at a second of the sandbox's clock: an order by its number, a case or
 * a product by its position. */
void life_put(struct sandbox *sandbox, const struct shop *shop, enum life_due what,
              uint64_t subject, int64_t at);
/* A buyer asks to cancel an order.  SP_REJECT when its state does not allow it. */
enum sp_result life_request(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            struct sp_error *err) SP_MUST_USE;
/* After the rules have changed: for all orders anew. */
void life_replan(struct sandbox *sandbox);
/* Lets happen what is due by now, in its order. */
void life_run(struct sandbox *sandbox);

#endif
