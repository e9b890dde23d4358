/* The life of a return: its states, what may happen in each, and what happens by itself when nobody
 * answers in time. */
#ifndef SANDBOX_RETURN_LIFE_H
#define SANDBOX_RETURN_LIFE_H

#include "common/state.h"
#include "services/sandbox/order_life.h"

enum return_type {
    TYPE_REFUND, /* the buyer keeps the goods */
    TYPE_RETURN,
    TYPE_REPLACEMENT,
    RETURN_TYPES,
};

enum return_status {
    RETURN_PENDING,
    RETURN_REJECTED,
    RETURN_AWAITING_GOODS, /* the buyer has to send them */
    RETURN_SENT,
    RETURN_PACKAGE_REJECTED,
    RETURN_SUCCESS, /* agreed; the refund is on its way */
    RETURN_CANCELLED,
    RETURN_COMPLETE,
    RETURN_OFFERED, /* a part of the refund; the buyer has to answer */
    REPLACEMENT_PENDING,
    REPLACEMENT_REJECTED,
    REPLACEMENT_REFUNDED,
    REPLACEMENT_CANCELLED,
    REPLACEMENT_COMPLETE,
    RETURN_STATUSES,
};

enum return_event {
    AGREE_REFUND,
    AGREE_RETURN,
    REFUSE,
    OFFER_PART,
    ACCEPT_PART, /* the buyer's */
    DECLINE_PART,
    SEND_GOODS,
    TAKE_GOODS, /* the seller's, of a package that has come back */
    REFUSE_GOODS,
    PAY_BACK,
    AGREE_REPLACEMENT,
    REFUND_INSTEAD, /* of a replacement */
    WITHDRAW,
    ESCALATE, /* the buyer asks the platform to decide */
    SIDE_WITH_BUYER,
    SIDE_WITH_SELLER,
    DROP_CASE,
    RETURN_EVENTS,
};

/* What the platform has been asked about a return, and said. */
enum arbitration {
    ARBITRATION_NONE,
    ARBITRATION_IN_PROGRESS,
    ARBITRATION_FOR_BUYER,
    ARBITRATION_FOR_SELLER,
    ARBITRATION_CLOSED,
    ARBITRATIONS,
};

extern const struct sp_machine return_life;

const char *return_status_name(enum return_status status);
int return_status_of(struct sp_text name); /* -1 when unknown */
const char *return_type_name(enum return_type type);
int return_type_of(struct sp_text name); /* -1 when unknown */

const char *arbitration_name(enum arbitration arbitration); /* "" for none */
int arbitration_of(struct sp_text name);                    /* -1 when unknown */
/* Once for each return: what an event makes of it.  False: it may not happen now. */
bool arbitration_next(enum arbitration before, enum return_event event, enum arbitration *after);

/* What a return of the type begins with. */
enum return_status return_start(enum return_type type);
/* A state that is waited in: for how long, and what happens then by whose doing. */
struct return_wait {
    int64_t seconds; /* 0: for ever */
    enum return_event event;
    enum order_initiator who;
};
struct return_wait return_wait_in(enum return_status status, enum return_type type);
/* What the seller is to answer, as the marketplace calls it; NULL when nothing. */
const char *return_seller_action(enum return_status status, enum return_type type);

bool return_is_open(enum return_status status);
/* Its units cannot be asked back in another return. */
bool return_keeps_units(enum return_status status);
bool return_is_refunded(enum return_status status);

#endif
