/* What the sandbox tells by webhook, and to whom. */
#ifndef SANDBOX_WEBHOOK_H
#define SANDBOX_WEBHOOK_H

#include "services/sandbox/sandbox.h"

/* Topics an address can be registered for. */
enum webhook_event {
    EVENT_ORDER_STATUS,
    EVENT_RECIPIENT_ADDRESS,
    EVENT_PACKAGE,
    EVENT_PRODUCT_STATUS,
    EVENT_DEAUTHORIZATION,
    EVENT_EXPIRATION,
    EVENT_CANCELLATION,
    EVENT_RETURN,
    EVENT_PRODUCT_INFORMATION,
    EVENT_PRODUCT_CREATION,
    EVENT_PRODUCT_CATEGORY,
    EVENT_INVOICE,
    EVENT_PRODUCT_AUDIT,
    WEBHOOK_EVENTS,
};

const char *webhook_event_name(enum webhook_event event);
int webhook_event_of(struct sp_text name); /* -1 when unknown */

/* Type 1.  Nothing is told while the app has no grant, or when nobody gave an address. */
void webhook_order_changed(struct sandbox *sandbox, const struct shop *shop,
                           const struct order *order);
/* Which packages are new or other than before, and why. */
struct webhook_packages {
    const char *what, *role; /* "SPLIT", "ROLE_SELLER" … */
    const uint32_t *packages;
    size_t count;
};
/* Type 3. */
void webhook_address_changed(struct sandbox *sandbox, const struct shop *shop,
                             const struct order *order);
/* Type 4. */
void webhook_packages_changed(struct sandbox *sandbox, const struct shop *shop,
                              const struct webhook_packages *change);
/* Types 11 and 12: a cancellation or return, by its position. */
void webhook_cancellation_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t which);
void webhook_return_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t which);
/* Type 7: the grant ends soon. */
void webhook_expiring(struct sandbox *sandbox, const struct shop *shop);
/* Type 5. */
void webhook_product_changed(struct sandbox *sandbox, const struct shop *shop, uint32_t product);
/* Type 6, before the grant ends by revocation. */
void webhook_deauthorized(struct sandbox *sandbox, const struct shop *shop);
/* Of any type, with whatever data: what the sandbox does not live through itself.  False: nobody is
 * to be told. */
bool webhook_say(struct sandbox *sandbox, const struct shop *shop, int type, struct sp_json data);

#endif
