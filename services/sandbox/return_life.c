#include "services/sandbox/return_life.h"

enum { HOUR = 3600, DAY = 86400 };

static const struct sp_step steps[] = {
    {RETURN_PENDING, AGREE_REFUND, RETURN_SUCCESS},
    {RETURN_PENDING, AGREE_RETURN, RETURN_AWAITING_GOODS},
    {RETURN_PENDING, REFUSE, RETURN_REJECTED},
    {RETURN_PENDING, OFFER_PART, RETURN_OFFERED},
    {RETURN_PENDING, WITHDRAW, RETURN_CANCELLED},
    {RETURN_OFFERED, ACCEPT_PART, RETURN_SUCCESS},
    {RETURN_OFFERED, DECLINE_PART, RETURN_PENDING},
    {RETURN_OFFERED, WITHDRAW, RETURN_CANCELLED},
    {RETURN_AWAITING_GOODS, SEND_GOODS, RETURN_SENT},
    {RETURN_AWAITING_GOODS, WITHDRAW, RETURN_CANCELLED},
    {RETURN_SENT, TAKE_GOODS, RETURN_SUCCESS},
    {RETURN_SENT, REFUSE_GOODS, RETURN_PACKAGE_REJECTED},
    {RETURN_REJECTED, ESCALATE, RETURN_REJECTED},
    {RETURN_REJECTED, SIDE_WITH_BUYER, RETURN_SUCCESS},
    {RETURN_REJECTED, SIDE_WITH_SELLER, RETURN_REJECTED},
    {RETURN_REJECTED, DROP_CASE, RETURN_REJECTED},
    {RETURN_PACKAGE_REJECTED, ESCALATE, RETURN_PACKAGE_REJECTED},
    {RETURN_PACKAGE_REJECTED, SIDE_WITH_BUYER, RETURN_SUCCESS},
    {RETURN_PACKAGE_REJECTED, SIDE_WITH_SELLER, RETURN_PACKAGE_REJECTED},
    {RETURN_PACKAGE_REJECTED, DROP_CASE, RETURN_PACKAGE_REJECTED},
    {RETURN_SUCCESS, PAY_BACK, RETURN_COMPLETE},
    {REPLACEMENT_PENDING, AGREE_REPLACEMENT, REPLACEMENT_COMPLETE},
    {REPLACEMENT_PENDING, REFUND_INSTEAD, REPLACEMENT_REFUNDED},
    {REPLACEMENT_PENDING, REFUSE, REPLACEMENT_REJECTED},
    {REPLACEMENT_PENDING, WITHDRAW, REPLACEMENT_CANCELLED},
};

static const char *const status_names[] = {
    [RETURN_PENDING] = "RETURN_OR_REFUND_REQUEST_PENDING",
    [RETURN_REJECTED] = "REFUND_OR_RETURN_REQUEST_REJECT", /* in this order of words */
    [RETURN_AWAITING_GOODS] = "AWAITING_BUYER_SHIP",
    [RETURN_SENT] = "BUYER_SHIPPED_ITEM",
    [RETURN_PACKAGE_REJECTED] = "REJECT_RECEIVE_PACKAGE",
    [RETURN_SUCCESS] = "RETURN_OR_REFUND_REQUEST_SUCCESS",
    [RETURN_CANCELLED] = "RETURN_OR_REFUND_REQUEST_CANCEL",
    [RETURN_COMPLETE] = "RETURN_OR_REFUND_REQUEST_COMPLETE",
    [RETURN_OFFERED] = "AWAITING_BUYER_RESPONSE",
    [REPLACEMENT_PENDING] = "REPLACEMENT_REQUEST_PENDING",
    [REPLACEMENT_REJECTED] = "REPLACEMENT_REQUEST_REJECT",
    [REPLACEMENT_REFUNDED] = "REPLACEMENT_REQUEST_REFUND_SUCCESS",
    [REPLACEMENT_CANCELLED] = "REPLACEMENT_REQUEST_CANCEL",
    [REPLACEMENT_COMPLETE] = "REPLACEMENT_REQUEST_COMPLETE",
};

static const char *const event_names[] = {
    [AGREE_REFUND] = "approve-refund",
    [AGREE_RETURN] = "approve-return",
    [REFUSE] = "reject",
    [OFFER_PART] = "offer-part",
    [ACCEPT_PART] = "accept-part",
    [DECLINE_PART] = "decline-part",
    [SEND_GOODS] = "send",
    [TAKE_GOODS] = "receive",
    [REFUSE_GOODS] = "reject-package",
    [PAY_BACK] = "refund",
    [AGREE_REPLACEMENT] = "replace",
    [REFUND_INSTEAD] = "refund-instead",
    [WITHDRAW] = "withdraw",
    [ESCALATE] = "escalate",
    [SIDE_WITH_BUYER] = "side-with-buyer",
    [SIDE_WITH_SELLER] = "side-with-seller",
    [DROP_CASE] = "drop-case",
};

static const char *const arbitration_names[] = {
    [ARBITRATION_NONE] = "",
    [ARBITRATION_IN_PROGRESS] = "IN_PROGRESS",
    [ARBITRATION_FOR_BUYER] = "SUPPORT_BUYER",
    [ARBITRATION_FOR_SELLER] = "SUPPORT_SELLER",
    [ARBITRATION_CLOSED] = "CLOSED",
};

static const char *const type_names[] = {
    [TYPE_REFUND] = "REFUND",
    [TYPE_RETURN] = "RETURN_AND_REFUND",
    [TYPE_REPLACEMENT] = "REPLACEMENT",
};

const struct sp_machine return_life = {
    .name = "return",
    .steps = steps,
    .step_count = SP_COUNT(steps),
    .states = status_names,
    .state_count = SP_COUNT(status_names),
    .events = event_names,
    .event_count = SP_COUNT(event_names),
};

const char *return_status_name(enum return_status status)
{
    return status_names[status];
}

int return_status_of(struct sp_text name)
{
    return sp_state_of(&return_life, name);
}

const char *return_type_name(enum return_type type)
{
    return type_names[type];
}

int return_type_of(struct sp_text name)
{
    return sp_text_among(name, type_names, RETURN_TYPES);
}

const char *arbitration_name(enum arbitration arbitration)
{
    return arbitration_names[arbitration];
}

int arbitration_of(struct sp_text name)
{
    int arbitration = sp_text_among(name, arbitration_names, ARBITRATIONS);
    return arbitration == ARBITRATION_NONE ? -1 : arbitration;
}

bool arbitration_next(enum arbitration before, enum return_event event, enum arbitration *after)
{
    static const struct {
        enum return_event event;
        enum arbitration from, to;
    } changes[] = {
        {ESCALATE, ARBITRATION_NONE, ARBITRATION_IN_PROGRESS},
        {SIDE_WITH_BUYER, ARBITRATION_IN_PROGRESS, ARBITRATION_FOR_BUYER},
        {SIDE_WITH_SELLER, ARBITRATION_IN_PROGRESS, ARBITRATION_FOR_SELLER},
        {DROP_CASE, ARBITRATION_IN_PROGRESS, ARBITRATION_CLOSED},
    };
    *after = before;
    for (size_t i = 0; i < SP_COUNT(changes); i++) {
        if (changes[i].event == event) {
            *after = changes[i].to;
            return changes[i].from == before;
        }
    }
    return true;
}

enum return_status return_start(enum return_type type)
{
    return type == TYPE_REPLACEMENT ? REPLACEMENT_PENDING : RETURN_PENDING;
}

struct return_wait return_wait_in(enum return_status status, enum return_type type)
{
    switch (status) {
    case RETURN_PENDING:
        return (struct return_wait){2 * DAY, type == TYPE_RETURN ? AGREE_RETURN : AGREE_REFUND,
                                    SYSTEM};
    case RETURN_OFFERED:
        return (struct return_wait){2 * DAY, DECLINE_PART, SYSTEM};
    case RETURN_AWAITING_GOODS:
        return (struct return_wait){5 * DAY, WITHDRAW, SYSTEM};
    case RETURN_SENT:
        return (struct return_wait){4 * DAY, TAKE_GOODS, SYSTEM};
    case RETURN_SUCCESS:
        return (struct return_wait){HOUR, PAY_BACK, SYSTEM};
    case REPLACEMENT_PENDING:
        return (struct return_wait){2 * DAY, AGREE_REPLACEMENT, SYSTEM};
    default:
        return (struct return_wait){0};
    }
}

const char *return_seller_action(enum return_status status, enum return_type type)
{
    if (status == RETURN_SENT)
        return "SELLER_RESPOND_RECEIVE_PACKAGE";
    if (status == REPLACEMENT_PENDING)
        return "SELLER_RESPOND_REPLACEMENT";
    if (status != RETURN_PENDING)
        return NULL;
    return type == TYPE_RETURN ? "SELLER_RESPOND_RETURN" : "SELLER_RESPOND_REFUND";
}

bool return_is_open(enum return_status status)
{
    return return_wait_in(status, TYPE_REFUND).seconds != 0;
}

bool return_keeps_units(enum return_status status)
{
    return return_is_open(status) || status == REPLACEMENT_COMPLETE || return_is_refunded(status);
}

bool return_is_refunded(enum return_status status)
{
    return status == RETURN_COMPLETE || status == REPLACEMENT_REFUNDED;
}
