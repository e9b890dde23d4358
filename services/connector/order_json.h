/* An order as the marketplace writes it, to the fact the pipeline reads. */
#ifndef SAMPAN_CONNECTOR_ORDER_JSON_H
#define SAMPAN_CONNECTOR_ORDER_JSON_H

#include "common/json.h"
#include "proto/messages.h"
#include "services/connector/value.h"

/* One order, read.  Texts are views of the answer or live in the arena. */
struct tiktok_order {
    struct channel_order
        fact; /* all but its head, buyer_sealed and buyer_note: what a buyer wrote is sealed */
    struct sp_text buyer; /* JSON: note, name, phone, mail, address; empty when there is none.  To
                           * be sealed,      never to be logged */
};

/* Reads one element of `orders`.  What the marketplace leaves out is empty or 0; words it has not
 * used before pass through; texts are cut to the fact's limits.  SP_REJECT: it is no object, or has
 * no usable id or update time, so there is nothing to keep it under. */
enum sp_result tiktok_read_order(struct sp_json json, struct sp_arena *arena,
                                 struct tiktok_order *order, struct sp_error *err) SP_MUST_USE;

#endif
