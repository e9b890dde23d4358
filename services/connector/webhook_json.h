/* A webhook's body: a hint that something changed, never the thing itself. */
#ifndef SAMPAN_CONNECTOR_WEBHOOK_JSON_H
#define SAMPAN_CONNECTOR_WEBHOOK_JSON_H

#include "common/json.h"

enum { WEBHOOK_ORDERS = 100 }; /* orders that one notice may name; the rest is left to the sweep */

enum webhook_effect {
    WEBHOOK_NOTHING, /* known, and nothing of ours (chats, invoices) */
    WEBHOOK_ORDER,   /* fetch the orders it names */
    WEBHOOK_LISTING, /* look at the listings */
    WEBHOOK_GRANT,   /* look at the grant */
    WEBHOOK_UNKNOWN, /* a kind we do not know and that names no order: kept and flagged */
};

struct webhook_notice {
    int64_t type;
    enum webhook_effect effect;
    struct sp_text notification_id; /* empty: an old kind without one */
    struct sp_text channel_shop_id;
    int64_t updated_at; /* what it says of the order's update time; 0: nothing */
    struct sp_text orders[WEBHOOK_ORDERS];
    size_t order_count;
    struct sp_text fields; /* names of the members of `data`, for the unknown; never their values */
};

/* Reads a body whose signature has been verified.  SP_REJECT: not the envelope of a notice.  Texts
 * are views of `raw` or in the arena. */
enum sp_result tiktok_read_webhook(struct sp_text raw, struct sp_arena *arena,
                                   struct webhook_notice *notice, struct sp_error *err) SP_MUST_USE;

#endif
