/* What happens to products, and who is told. */
#ifndef SANDBOX_PRODUCTS_H
#define SANDBOX_PRODUCTS_H

#include "services/sandbox/sandbox.h"

/* False, and nothing changes, when its state does not allow it. */
bool products_happen(struct sandbox *sandbox, struct shop *shop, uint32_t product,
                     enum product_event event) SP_MUST_USE;
/* An audit whose time is over ends well. */
void products_end_audit(struct sandbox *sandbox, struct shop *shop, uint32_t product);

#endif
