#include "services/sandbox/product_life.h"

static const struct sp_step steps[] = {
    {PRODUCT_ACTIVE, PRODUCT_DEACTIVATE, PRODUCT_SELLER_OFF},
    {PRODUCT_ACTIVE, PRODUCT_TURN_OFF, PRODUCT_PLATFORM_OFF},
    {PRODUCT_ACTIVE, PRODUCT_FREEZE, PRODUCT_FROZEN},
    {PRODUCT_ACTIVE, PRODUCT_DELETE, PRODUCT_DELETED},
    {PRODUCT_DRAFT, PRODUCT_DELETE, PRODUCT_DELETED},
    {PRODUCT_PENDING, PRODUCT_PASS, PRODUCT_ACTIVE},
    {PRODUCT_PENDING, PRODUCT_FAIL, PRODUCT_FAILED},
    {PRODUCT_FAILED, PRODUCT_DELETE, PRODUCT_DELETED},
    {PRODUCT_SELLER_OFF, PRODUCT_ACTIVATE, PRODUCT_PENDING},
    {PRODUCT_SELLER_OFF, PRODUCT_DELETE, PRODUCT_DELETED},
    {PRODUCT_PLATFORM_OFF, PRODUCT_ACTIVATE, PRODUCT_PENDING},
    {PRODUCT_PLATFORM_OFF, PRODUCT_DELETE, PRODUCT_DELETED},
    {PRODUCT_FROZEN, PRODUCT_UNFREEZE, PRODUCT_ACTIVE},
    {PRODUCT_DELETED, PRODUCT_RECOVER, PRODUCT_SELLER_OFF},
};

static const char *const status_names[] = {
    [PRODUCT_ACTIVE] = "ACTIVATE",
    [PRODUCT_DRAFT] = "DRAFT",
    [PRODUCT_PENDING] = "PENDING",
    [PRODUCT_FAILED] = "FAILED",
    [PRODUCT_SELLER_OFF] = "SELLER_DEACTIVATED",
    [PRODUCT_PLATFORM_OFF] = "PLATFORM_DEACTIVATED",
    [PRODUCT_FROZEN] = "FREEZE",
    [PRODUCT_DELETED] = "DELETED",
};

static const char *const event_names[] = {
    [PRODUCT_ACTIVATE] = "activate", [PRODUCT_PASS] = "pass",
    [PRODUCT_FAIL] = "fail",         [PRODUCT_DEACTIVATE] = "deactivate",
    [PRODUCT_DELETE] = "delete",     [PRODUCT_RECOVER] = "recover",
    [PRODUCT_TURN_OFF] = "turn-off", [PRODUCT_FREEZE] = "freeze",
    [PRODUCT_UNFREEZE] = "unfreeze",
};

const struct sp_machine product_life = {
    .name = "product",
    .steps = steps,
    .step_count = SP_COUNT(steps),
    .states = status_names,
    .state_count = SP_COUNT(status_names),
    .events = event_names,
    .event_count = SP_COUNT(event_names),
};

const char *product_status_name(enum product_status status)
{
    return status_names[status];
}

const char *product_shown_status(enum product_status status)
{
    bool audited = status == PRODUCT_PENDING || status == PRODUCT_FAILED;
    return status_names[audited ? PRODUCT_SELLER_OFF : status];
}

const char *product_audit_name(enum product_status status)
{
    if (status == PRODUCT_DRAFT)
        return "NONE";
    if (status == PRODUCT_PENDING)
        return "AUDITING";
    return status == PRODUCT_FAILED ? "FAILED" : "APPROVED";
}

bool product_is_shown(enum product_status status)
{
    return status != PRODUCT_FROZEN && status != PRODUCT_DELETED;
}
