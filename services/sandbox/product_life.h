/* The life of a product: its states, what may happen in each, what the audit says of it. */
#ifndef SANDBOX_PRODUCT_LIFE_H
#define SANDBOX_PRODUCT_LIFE_H

#include "common/base.h"
#include "common/state.h"

enum product_status {
    PRODUCT_ACTIVE, /* 0, so that a product is live unless somebody says otherwise */
    PRODUCT_DRAFT,
    PRODUCT_PENDING, /* in audit */
    PRODUCT_FAILED,
    PRODUCT_SELLER_OFF,
    PRODUCT_PLATFORM_OFF,
    PRODUCT_FROZEN,
    PRODUCT_DELETED,
    PRODUCT_STATUSES,
};

enum product_event {
    PRODUCT_ACTIVATE,
    PRODUCT_PASS, /* the audit's answers */
    PRODUCT_FAIL,
    PRODUCT_DEACTIVATE,
    PRODUCT_DELETE,
    PRODUCT_RECOVER,
    PRODUCT_TURN_OFF, /* the marketplace's doing, and the next two */
    PRODUCT_FREEZE,
    PRODUCT_UNFREEZE,
};

enum { PRODUCT_AUDIT_S = 60 };

extern const struct sp_machine product_life;

const char *product_status_name(enum product_status status);
/* What the detail calls `product_status`, which knows of no audit. */
const char *product_shown_status(enum product_status status);
const char *product_audit_name(enum product_status status);
/* Its detail can be read and its stock set. */
bool product_is_shown(enum product_status status);

#endif
