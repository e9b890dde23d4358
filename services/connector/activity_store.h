/* What happened to shops, in the database: the routine part, and the list that people see. */
#ifndef SAMPAN_CONNECTOR_ACTIVITY_STORE_H
#define SAMPAN_CONNECTOR_ACTIVITY_STORE_H

#include "services/connector/shop_store.h"

/* Something that happens again and again.  One of the three names the shop, or the shops. */
struct activity {
    int64_t account_id; /* with the first two */
    int64_t shop_id, grant_id;
    struct sp_text channel_shop_id;
    const char *event;
    int64_t items;         /* how many orders, listings, quantities */
    struct sp_text detail; /* what went wrong; empty: nothing */
};

enum { ACTIVITIES = 64 /* at once */ };

/* Queues.  The same event with the same detail within an hour is the same row; the oldest rows of a
 * shop make room. */
void store_note_activities(struct sp_ctx *ctx, const struct activity activities[], size_t count);

/* A page of a shop's history, newest first, from before event `before`.  SP_REJECT: no such shop.
 */
enum sp_result store_activity_document(struct sp_ctx *ctx, struct shop_key shop, int64_t before,
                                       int64_t most, struct sp_buffer *document) SP_MUST_USE;

/* Likewise of the notices that are kept with what they said: those of a kind we do not know, and of
 * a kind whose content is of use.  `before` is the number of a notice. */
enum sp_result store_notices_document(struct sp_ctx *ctx, struct shop_key shop, int64_t before,
                                      int64_t most, struct sp_buffer *document) SP_MUST_USE;

#endif
