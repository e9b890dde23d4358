/* What happens in a shop: orders are placed and move on.  Keeps book, stock, schedule, webhooks and
 * truth log in step; nothing else changes an order. */
#ifndef SANDBOX_TRADE_H
#define SANDBOX_TRADE_H

#include "services/sandbox/sandbox.h"

enum trade_notice { TRADE_SILENT, TRADE_TELLS };

/* A buyer orders.  Returns the order's position. */
uint32_t trade_place(struct sandbox *sandbox, struct shop *shop, const struct order_draft *draft,
                     enum trade_notice notice);
/* Something happens to an order.  SP_REJECT when its state does not allow it. */
enum sp_result trade_happen(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            enum order_event event, struct sp_error *err) SP_MUST_USE;
/* … a cancellation of all that is left, by somebody, which gets its record among the cases. */
enum sp_result trade_cancel(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            enum order_initiator initiator, struct sp_error *err) SP_MUST_USE;
/* The same without a record: there is one already. */
enum sp_result trade_end(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                         enum order_initiator initiator, struct sp_error *err) SP_MUST_USE;

/* Something about an order has changed, but not its status: no webhook. */
void trade_touch(struct sandbox *sandbox, struct shop *shop, uint32_t at);
/* The buyer gives another address.  SP_REJECT: the parcel is on its way. */
enum sp_result trade_move(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                          struct sp_error *err) SP_MUST_USE;

/* Some orders of each shop change: their update_time, and with it their place in a walk. */
void trade_stir(struct sandbox *sandbox);
/* Orders that are due by their rate are placed; called every few ms. */
void trade_drip(struct sandbox *sandbox, int64_t now_us);

#endif
