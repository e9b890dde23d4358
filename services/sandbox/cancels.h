/* What happens with cancellations: asked for by buyers, answered or begun by the seller, and what
 * the passing of time does. */
#ifndef SANDBOX_CANCELS_H
#define SANDBOX_CANCELS_H

#include "services/sandbox/api_error.h"
#include "services/sandbox/sandbox.h"

enum { CANCEL_ANSWER_S = 48 * 3600, CANCEL_REFUND_S = 3600 };

struct cancel_wish {
    uint32_t order;
    struct unit_set units;
    int reason;
};

/* A seller's cancellation is carried out at once; `which` is its position.  Parts of an order only
 * where the marketplace has that, and for want of stock. */
enum api_error cancels_by_seller(struct sandbox *sandbox, struct shop *shop,
                                 const struct cancel_wish *wish, uint32_t *which);
/* A buyer's as well before the hold is over; later it is a request. */
enum api_error cancels_by_buyer(struct sandbox *sandbox, struct shop *shop,
                                const struct cancel_wish *wish, uint32_t *which);
/* A request is answered by the seller … */
enum api_error cancels_approve(struct sandbox *sandbox, struct shop *shop, uint32_t which);
enum api_error cancels_reject(struct sandbox *sandbox, struct shop *shop, uint32_t which);
/* … or taken back by the buyer. */
enum api_error cancels_withdraw(struct sandbox *sandbox, struct shop *shop, uint32_t which);

/* Whether the order, or parts of it, may be cancelled by somebody in its state. */
bool cancels_allowed(const struct shop *shop, const struct order *order, enum order_initiator who);
bool cancels_parts_allowed(const struct shop *shop);

/* What was left of an order was cancelled, with no word why: it gets its record. */
struct cancel_record {
    struct unit_set units;
    enum order_initiator who;
    enum order_status before;
};
void cancels_record(struct sandbox *sandbox, struct shop *shop, uint32_t order,
                    const struct cancel_record *record);
/* … and one that enters the book cancelled. */
void cancels_record_past(struct shop *shop, uint32_t order);
/* An order that its buyer wanted cancelled has gone on: nothing is to be answered any more. */
void cancels_close_request(struct sandbox *sandbox, struct shop *shop, uint32_t order);

/* What time brings, when it is due: a request that nobody answered is approved, a refund is paid.
 */
void cancels_go_on(struct sandbox *sandbox, struct shop *shop, uint32_t which);

const char *cancel_status_name(enum cancel_status status);
/* -1 when unknown; the marketplace's two words for a closed one both count. */
int cancel_status_of(struct sp_text name);

#endif
