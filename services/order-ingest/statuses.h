/* What may be changed in a status table.  Pure. */
#ifndef INGEST_STATUSES_H
#define INGEST_STATUSES_H

#include "common/arena.h"
#include "common/json.h"

enum { STATUS_CHANGES = 100 }; /* rules in one change, at most */

struct status_change {
    struct sp_text channel_status, cause;
    struct sp_text hub_status, status_group; /* both empty: the default again */
};

/* {"rules": [{"channel_status", "cause", "hub_status", "status_group"}, …]}; a rule without
 * hub_status takes the default back.  Room for STATUS_CHANGES.  SP_REJECT says what is wrong. */
enum sp_result ingest_read_statuses(struct sp_json body, struct sp_arena *arena,
                                    struct status_change changes[], size_t *count,
                                    struct sp_error *err) SP_MUST_USE;

/* The words that a rule may use; NULL-terminated. */
extern const char *const ingest_hub_statuses[];
extern const char *const ingest_status_groups[];

#endif
