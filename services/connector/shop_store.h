/* Shops in the database: their state, what is counted of them, what happened to them. */
#ifndef SAMPAN_CONNECTOR_SHOP_STORE_H
#define SAMPAN_CONNECTOR_SHOP_STORE_H

#include "common/service.h"
#include "proto/messages.h"

struct shop_key {
    int64_t account_id, shop_id;
};

/* Queues the claim of account.saved. */
int store_claim_accounts(struct sp_ctx *ctx, const struct account_saved accounts[], size_t count);

/* Raises the revisions of shops and reads them as facts, ready to be emitted; within a transaction.
 * Texts live until the end of the unit of work. */
enum sp_result store_say_shops(struct sp_ctx *ctx, const struct shop_key shops[], size_t count,
                               struct shop_saved **facts, size_t *fact_count) SP_MUST_USE;

/* Queues: `event` happened to the shop; person and detail may be empty. */
void store_shop_event(struct sp_ctx *ctx, struct shop_key shop, const char *event,
                      struct sp_text person, struct sp_text detail);
/* Queues: an import run ended, with a problem or without one. */
void store_import_event(struct sp_ctx *ctx, struct shop_key shop, int64_t orders,
                        struct sp_text problem);
struct shop_more {
    int64_t orders, listings; /* never seen before */
    bool has_news;
    int64_t delay_ms; /* of the news that took longest, from the marketplace's change to here */
};
/* Queues: so much more of a shop. */
void store_count_more(struct sp_ctx *ctx, struct shop_key shop, const struct shop_more *more);

/* Replaces the shop's list of the marketplace's warehouses.  True in `changed` when it was another.
 */
enum sp_result store_save_warehouses(struct sp_ctx *ctx, struct shop_key shop,
                                     const struct channel_warehouse warehouses[], size_t count,
                                     bool *changed) SP_MUST_USE;

/* CONNECTING becomes CONNECTED once listings and the first history are in.  True: it just did. */
enum sp_result store_finish_connecting(struct sp_ctx *ctx, struct shop_key shop,
                                       bool *connected) SP_MUST_USE;

/* Switches the automatic import.  SP_REJECT: no such connected shop. */
enum sp_result store_switch_pull(struct sp_ctx *ctx, struct shop_key shop, bool on) SP_MUST_USE;

/* Disconnects: state, waiting fetches and pulls, and the grant's tokens when no other shop uses it.
 * SP_REJECT: no such connected shop. */
enum sp_result store_disconnect(struct sp_ctx *ctx, struct shop_key shop) SP_MUST_USE;

/* JSON for people: the connected shops, or those that were; and connections that only wait for the
 * seller's choice. */
enum sp_result store_shops_document(struct sp_ctx *ctx, int64_t account_id, bool disconnected,
                                    struct sp_buffer *document) SP_MUST_USE;
/* SP_REJECT: no such shop. */
enum sp_result store_shop_document(struct sp_ctx *ctx, struct shop_key shop,
                                   struct sp_buffer *document) SP_MUST_USE;
enum sp_result store_changes_document(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                      int64_t since_us, struct sp_buffer *document) SP_MUST_USE;

#endif
