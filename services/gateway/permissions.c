#include "services/gateway/permissions.h"

#include <string.h>

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_OWNER] = "OWNER",     [ROLE_MANAGER] = "MANAGER", [ROLE_PACKER] = "PACKER",
    [ROLE_FINANCE] = "FINANCE", [ROLE_VIEWER] = "VIEWER",
};

enum {
    O = 1 << ROLE_OWNER,
    M = 1 << ROLE_MANAGER,
    P = 1 << ROLE_PACKER,
    F = 1 << ROLE_FINANCE,
    V = 1 << ROLE_VIEWER,
};

/* Packers see no money and no settings; money is moved by the owner and by finance. */
static const struct {
    const char *name;
    unsigned roles;
} permissions[] = {
    {"shops.read", O | M | P | F | V},
    {"shops.write", O | M},
    {"orders.read", O | M | P | F | V},
    {"orders.write", O | M},
    {"orders.place", O | M},
    {"products.read", O | M | P | F | V},
    {"products.write", O | M},
    {"stock.read", O | M | P | F | V},
    {"stock.write", O | M},
    {"money.read", O | M | F},
    {"money.write", O | F},
    {"settings.read", O | M | F | V},
    {"settings.write", O | M},
    {"pii.read", O}, /* buyers' names, addresses, phone numbers */
    {"system.read", O | M},
    {"system.write", O},
};

int role_of(struct sp_text name)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        if (sp_text_is(name, role_names[role]))
            return role;
    return -1;
}

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_may(enum role role, const char *permission)
{
    if (permission == NULL)
        return true;
    for (size_t i = 0; i < SP_COUNT(permissions); i++)
        if (strcmp(permissions[i].name, permission) == 0)
            return (permissions[i].roles & (1U << role)) != 0;
    return false;
}

const struct sp_text *role_permissions(enum role role, struct sp_arena *arena, size_t *count)
{
    struct sp_text *names = sp_arena_array(arena, SP_COUNT(permissions), sizeof *names);
    *count = 0;
    for (size_t i = 0; i < SP_COUNT(permissions); i++)
        if ((permissions[i].roles & (1U << role)) != 0)
            names[(*count)++] = sp_text_of(permissions[i].name);
    return names;
}
