/* The incarnation of a service's database: the high bits of all revisions it emits. */
#ifndef SAMPAN_INCARNATION_H
#define SAMPAN_INCARNATION_H

#include "common/base.h"

/* After a restore: from now on the database's revisions begin above all it had emitted, those
 * emitted since the backup too.  `*raised` is what was stored.  Services that run keep the old one
 * until they connect again. */
enum sp_result sp_incarnation_raise(const char *url, int64_t *raised,
                                    struct sp_error *err) SP_MUST_USE;

#endif
