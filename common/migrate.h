/* Migrations compiled into the binary: forward only, checksummed, one transaction each. */
#ifndef SAMPAN_MIGRATE_H
#define SAMPAN_MIGRATE_H

#include "common/base.h"
#include "common/service.h"

extern const struct sp_migration sp_common_migrations[]; /* generated: the bus's tables */

/* Applies what is missing of the common migrations, then of the service's (may be NULL), under an
 * advisory lock, as the owner `url` names.  When that role is called X_owner, role X gets its
 * rights on everything; a line "-- append-only: T" in a migration leaves X only SELECT and INSERT
 * on T. `report` is called for each file applied; may be NULL. SP_RETRY: the database is away.
 * SP_REJECT: a file failed (nothing of it is kept), or one that was applied before has changed
 * since. */
enum sp_result sp_migrate(const char *url, const struct sp_migration migrations[],
                          void (*report)(const char *name), struct sp_error *err) SP_MUST_USE;

/* SP_OK when the database is at this binary's level or beyond; SP_REJECT names the first file
 * missing. */
enum sp_result sp_migrate_check(struct sp_db *db, const struct sp_migration migrations[],
                                struct sp_error *err) SP_MUST_USE;

#endif
