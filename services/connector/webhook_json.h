/* A webhook's body: a hint that something changed, never the thing itself. */
#ifndef SAMPAN_CONNECTOR_WEBHOOK_JSON_H
#define SAMPAN_CONNECTOR_WEBHOOK_JSON_H

#include "common/json.h"

enum { WEBHOOK_ORDERS = 100 }; /* orders that one notice may name; the rest is left to the sweep */

enum webhook_effect {
    WEBHOOK_NOTHING,    /* known, and nothing of ours (chats) */
    WEBHOOK_ORDER,      /* fetch the orders it names */
    WEBHOOK_CANCEL,     /* the same, and look at cancellations */
    WEBHOOK_RETURN,     /* the same, and look at returns */
    WEBHOOK_REVERSE,    /* the same, and look at both: it does not say which */
    WEBHOOK_LISTING,    /* look at the listings */
    WEBHOOK_GRANT,      /* the grant ends soon: look at it, warn */
    WEBHOOK_TAKEN_BACK, /* the seller took the grant back: make sure, then disconnect */
    WEBHOOK_UNKNOWN,    /* a kind we do not know and that names neither order nor product */
};

struct webhook_notice {
    int64_t type;
    enum webhook_effect effect;
    struct sp_text notification_id; /* empty: an old kind without one */
    int64_t content_hash;           /* of shop, number, kind and what it says */
    struct sp_text channel_shop_id;
    int64_t updated_at; /* what it says of the order's update time; 0: nothing */
    int64_t ends_s;     /* what it says of the grant's end; 0: nothing */
    struct sp_text orders[WEBHOOK_ORDERS];
    size_t order_count;
    bool known;
    struct sp_text fields;  /* of an unknown kind: names of the members of `data`, never values */
    struct sp_text content; /* of a kind that later work is about: JSON of its numbers and states */
};

/* Reads a body whose signature has been verified.  SP_REJECT: not the envelope of a notice.  Texts
 * are views of `raw` or in the arena. */
enum sp_result tiktok_read_webhook(struct sp_text raw, struct sp_arena *arena,
                                   struct webhook_notice *notice, struct sp_error *err) SP_MUST_USE;

/* The orders it names are to be fetched. */
bool webhook_names_orders(const struct webhook_notice *notice);
/* Listings, cancellations or returns are to be looked at. */
bool webhook_wants_lists(const struct webhook_notice *notice);

#endif
