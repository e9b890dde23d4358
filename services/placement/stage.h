/* The stages of an order and what moves it from one to the next. */
#ifndef SAMPAN_PLACEMENT_STAGE_H
#define SAMPAN_PLACEMENT_STAGE_H

#include "common/state.h"

enum stage {
    UNSYNC,
    NOT_READY,
    TO_PURCHASE,
    PURCHASED,
    AWAITING_SHIPMENT,
    CONFIRMED,
    PACKING,
    PACKED,
    AWAITING_PICKUP,
    IN_TRANSIT,
    DONE,
    CANCELLING,
    CANCELLED,
    RETURNING,
    RETURNED,
    ELSEWHERE,
    DELETED,
    STAGE_COUNT,
};

enum stage_event {
    LINES_OPEN,         /* evaluated: a line is not complete */
    LINES_COMPLETE,     /* evaluated: all lines are */
    PLACE,              /* by hand or auto */
    PLACE_TO_PURCHASE,  /* the same, goods are to be bought */
    FULFILMENT_REFUSED, /* inventory will not serve it */
    GOODS_PURCHASED,
    GOODS_INSPECTED, /* received and inspected */
    SHIPMENT_ARRANGED,
    LABEL_PRINTED,
    PACK_CHECKED,
    READY_FOR_PICKUP,  /* by hand */
    CHANNEL_COLLECTED, /* the marketplace says it is on its way */
    CHANNEL_DELIVERED,
    CHANNEL_CANCELLED, /* before collection */
    CHANNEL_RETURNING, /* cancelled after collection */
    UNPLACE,           /* by a person */
    CANCEL_CONFIRMED,  /* inventory has answered, the marketplace had cancelled */
    UNPLACE_CONFIRMED, /* inventory has answered, a person had un-placed */
    RETURN_RECEIVED,
    DELETE_DRAFT,
    RESTORE_DRAFT,
    STAGE_EVENT_COUNT,
};

extern const struct sp_machine stage_machine;

bool stage_is_draft(int stage);      /* UNSYNC, NOT_READY */
bool stage_is_to_process(int stage); /* placed, not shipped yet */

#endif
