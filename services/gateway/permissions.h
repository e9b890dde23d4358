/* Roles and what they may do: one table.  The gateway looks here; the owning service checks again
 * what the gateway sends along. */
#ifndef GATEWAY_PERMISSIONS_H
#define GATEWAY_PERMISSIONS_H

#include "common/arena.h"
#include "common/base.h"

enum role { ROLE_OWNER, ROLE_MANAGER, ROLE_PACKER, ROLE_FINANCE, ROLE_VIEWER, ROLE_COUNT };

/* "OWNER" and so on, as stored and shown; -1 when unknown. */
int role_of(struct sp_text name);
const char *role_name(enum role role);

/* Whether the role has the permission.  NULL: everybody who is signed in.  Unknown ones: nobody. */
bool role_may(enum role role, const char *permission);

/* All permissions of a role, in the table's order; `*count` of them, in the arena. */
const struct sp_text *role_permissions(enum role role, struct sp_arena *arena, size_t *count);

#endif
