/* What happens with returns and refunds: asked for by buyers, answered by the seller, and what the
 * passing of time does. */
#ifndef SANDBOX_RETURNS_H
#define SANDBOX_RETURNS_H

#include "services/sandbox/api_error.h"
#include "services/sandbox/return_life.h"
#include "services/sandbox/sandbox.h"

struct return_wish {
    uint32_t order;
    struct unit_set units;
    int reason;
    enum return_type type;
    enum order_initiator role;
    int64_t asked_minor; /* 0: all that can be refunded for the units */
    bool by_buyer_arranged, by_pickup;
    uint8_t images; /* that the buyer shows */
};

/* Whether an order in its state may have a return of the type. */
bool returns_allowed(const struct order *order, enum return_type type);

enum api_error returns_begin(struct sandbox *sandbox, struct shop *shop,
                             const struct return_wish *wish, uint32_t *which);

struct return_step {
    enum return_event event;
    enum order_initiator who;
    struct sp_text note;     /* the seller's comment */
    const char *reason_text; /* may be NULL */
    int64_t part_minor;      /* with OFFER_PART */
    bool keeps_item;         /* with AGREE_RETURN: a refund without the goods */
};

/* API_CASE_STATUS when its state does not allow it; then nothing has changed. */
enum api_error returns_happen(struct sandbox *sandbox, struct shop *shop, uint32_t which,
                              const struct return_step *step);

/* What time brings, when it is due: the next step of one that nobody has answered. */
void returns_go_on(struct sandbox *sandbox, struct shop *shop, uint32_t which);

#endif
