/* The small HTTP port that every process has for its operators: /healthz, /readyz, /metrics. */
#ifndef SAMPAN_ADMIN_H
#define SAMPAN_ADMIN_H

#include "common/base.h"
#include "common/loop.h"

enum sp_admin_limits {
    SP_ADMIN_CHECKS = 24,
    SP_ADMIN_HEALTHY_MS = 5000, /* the loop must have turned within */
    SP_ADMIN_PROBE_MS = 3000,
};

/* One thing that must be true for a process to be ready. */
struct sp_check {
    const char *check; /* "database": static text */
    bool ok;
    int64_t age_ms; /* since this was last looked at */
    char detail[160];
};

struct sp_checks {
    struct sp_check list[SP_ADMIN_CHECKS];
    size_t count;
};

/* Adds one; what is more than SP_ADMIN_CHECKS counts only when it failed: it takes the last place.
 */
void sp_checks_add(struct sp_checks *checks, const char *check, bool ok, int64_t age_ms,
                   const char *detail, ...) SP_PRINTF(5, 6);
bool sp_checks_ok(const struct sp_checks *checks); /* every one of them */

/* Fills in the checks as they stand; called on the loop's thread for each /readyz, must not block.
 */
typedef void sp_admin_ready(void *context, struct sp_checks *checks);

struct sp_admin_options {
    const char *bind; /* "127.0.0.1:7101" */
    sp_admin_ready *ready;
    void *context;
};

struct sp_admin;

/* SP_RETRY with the address in the text when the port is taken. */
enum sp_result sp_admin_open(struct sp_admin **admin, struct sp_loop *loop,
                             const struct sp_admin_options *options,
                             struct sp_error *err) SP_MUST_USE;
void sp_admin_close(struct sp_admin **admin);
uint16_t sp_admin_port(const struct sp_admin *admin); /* the real one when port 0 was asked */

/* Asks the process that listens on `bind` whether it is ready, prints what it says to stdout, and
 * returns the exit code: 0 ready, 1 not ready or not there.  Blocks up to SP_ADMIN_PROBE_MS. */
int sp_admin_probe(const char *bind);

#endif
