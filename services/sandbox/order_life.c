#include "services/sandbox/order_life.h"

static const struct sp_step steps[] = {
    {UNPAID, PAY, ON_HOLD},
    {UNPAID, RELEASE, AWAITING_SHIPMENT}, /* markets without the hold hour */
    {UNPAID, CANCEL, CANCELLED},
    {ON_HOLD, RELEASE, AWAITING_SHIPMENT},
    {ON_HOLD, CANCEL, CANCELLED},
    {AWAITING_SHIPMENT, SHIP_PART, PARTIALLY_SHIPPING},
    {AWAITING_SHIPMENT, SHIP, AWAITING_COLLECTION},
    {AWAITING_SHIPMENT, CANCEL, CANCELLED},
    {PARTIALLY_SHIPPING, SHIP, AWAITING_COLLECTION},
    {PARTIALLY_SHIPPING, CANCEL, CANCELLED},
    {AWAITING_COLLECTION, COLLECT, IN_TRANSIT},
    {AWAITING_COLLECTION, COMPLETE, COMPLETED}, /* full refund, here and below */
    {AWAITING_COLLECTION, CANCEL, CANCELLED},
    {IN_TRANSIT, DELIVER, DELIVERED},
    {IN_TRANSIT, COMPLETE, COMPLETED},
    {IN_TRANSIT, CANCEL, CANCELLED},
    {DELIVERED, COMPLETE, COMPLETED},
};

static const char *const status_names[] = {
    [UNPAID] = "UNPAID",
    [ON_HOLD] = "ON_HOLD",
    [AWAITING_SHIPMENT] = "AWAITING_SHIPMENT",
    [PARTIALLY_SHIPPING] = "PARTIALLY_SHIPPING",
    [AWAITING_COLLECTION] = "AWAITING_COLLECTION",
    [IN_TRANSIT] = "IN_TRANSIT",
    [DELIVERED] = "DELIVERED",
    [COMPLETED] = "COMPLETED",
    [CANCELLED] = "CANCELLED",
};

static const char *const event_names[] = {
    [PAY] = "pay",         [RELEASE] = "release", [SHIP_PART] = "ship-part", [SHIP] = "ship",
    [COLLECT] = "collect", [DELIVER] = "deliver", [COMPLETE] = "complete",   [CANCEL] = "cancel",
};

static const int event_to[] = {
    [UNPAID] = -1,
    [ON_HOLD] = PAY,
    [AWAITING_SHIPMENT] = RELEASE,
    [PARTIALLY_SHIPPING] = SHIP_PART,
    [AWAITING_COLLECTION] = SHIP,
    [IN_TRANSIT] = COLLECT,
    [DELIVERED] = DELIVER,
    [COMPLETED] = COMPLETE,
    [CANCELLED] = CANCEL,
};

static const char *const initiator_names[] = {
    [NOBODY] = "", [SELLER] = "SELLER", [BUYER] = "BUYER", [SYSTEM] = "SYSTEM"};

const struct sp_machine order_life = {
    .name = "order",
    .steps = steps,
    .step_count = SP_COUNT(steps),
    .states = status_names,
    .state_count = SP_COUNT(status_names),
    .events = event_names,
    .event_count = SP_COUNT(event_names),
};

const char *life_status_name(enum order_status status)
{
    return status_names[status];
}

int life_status_of(struct sp_text name)
{
    return sp_state_of(&order_life, name);
}

int life_event_to(enum order_status status)
{
    return event_to[status];
}

const char *life_initiator_name(enum order_initiator initiator)
{
    return initiator_names[initiator];
}

int life_initiator_of(struct sp_text name)
{
    int initiator = sp_text_among(name, initiator_names, ORDER_INITIATORS);
    return initiator == NOBODY ? -1 : initiator;
}

/* Where an event leaves its time; an order released without a hold was paid in the same moment. */
static void note_time(struct order_times *times, enum order_event event, int64_t now)
{
    if ((event == PAY || event == RELEASE) && times->paid == 0)
        times->paid = now;
    if (event == SHIP || (event == SHIP_PART && times->arranged == 0))
        times->arranged = now;
    if (event == COLLECT)
        times->collected = now;
    if (event == DELIVER)
        times->delivered = now;
    if (event == CANCEL)
        times->cancelled = now;
}

enum sp_result life_happen(enum order_status *status, struct order_times *times,
                           enum order_event event, int64_t now, struct sp_error *err)
{
    int next;
    if (!sp_state_next(&order_life, (int)*status, (int)event, &next))
        return sp_fail(err, SP_REJECT, "an order in %s cannot %s", status_names[*status],
                       event_names[event]);
    *status = (enum order_status)next;
    note_time(times, event, now);
    times->updated = now;
    return SP_OK;
}

/* How orders usually come to each status: seconds after their creation, and by which event. */
static const struct {
    enum order_status status;
    enum order_event event;
    int64_t after;
} pace[] = {
    {ON_HOLD, PAY, 120},
    {AWAITING_SHIPMENT, RELEASE, 3720},
    {PARTIALLY_SHIPPING, SHIP_PART, 86400},
    {AWAITING_COLLECTION, SHIP, 90000},
    {IN_TRANSIT, COLLECT, 2 * 86400},
    {DELIVERED, DELIVER, 5 * 86400},
    {COMPLETED, COMPLETE, 12 * 86400},
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct order_times life_past(enum order_status status, int64_t created, int64_t latest)
{
    struct order_times times = {.created = created, .updated = created};
    enum order_status way = status == CANCELLED ? AWAITING_SHIPMENT : status;
    for (size_t i = 0; i < SP_COUNT(pace) && pace[i].status <= way; i++) {
        if (pace[i].status == PARTIALLY_SHIPPING && way != PARTIALLY_SHIPPING)
            continue;
        times.updated = earlier(created + pace[i].after, latest);
        note_time(&times, pace[i].event, times.updated);
    }
    if (status == CANCELLED) {
        times.updated = earlier(created + 2 * pace[1].after, latest);
        note_time(&times, CANCEL, times.updated);
    }
    return times;
}

bool life_is_open(enum order_status status)
{
    return status <= PARTIALLY_SHIPPING;
}

bool life_shows_address(enum order_status status)
{
    return status != UNPAID && status != ON_HOLD;
}
