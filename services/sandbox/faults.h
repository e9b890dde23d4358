/* Faults that a test orders for the next calls of a path. */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include "common/base.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_TOO_MANY, /* 429, with Retry-After when one is given */
    FAULT_INTERNAL, /* 500 */
    FAULT_TIMEOUT,  /* not carried out; no answer for a long time */
    FAULT_HTML,     /* not carried out; a web page instead of JSON */
    FAULT_DROP,     /* carried out, and the answer is lost */
    FAULT_KINDS,
};

enum faults_limits { FAULTS = 64, FAULT_PATH_BYTES = 200, FAULT_MOST = 1000000 };

struct fault {
    char path[FAULT_PATH_BYTES + 1]; /* what the path begins with */
    enum fault_kind kind;
    int64_t count;         /* calls still to be hit; 0: an empty place */
    int64_t retry_after_s; /* FAULT_TOO_MANY only; 0: no header */
};

struct faults {
    struct fault places[FAULTS];
    uint64_t by_kind[FAULT_KINDS]; /* how many calls were hit */
};

enum fault_kind faults_kind_of(struct sp_text name); /* FAULT_NONE when unknown */
const char *faults_kind_name(enum fault_kind kind);

/* False when there is no place left. */
bool faults_add(struct faults *faults, const struct fault *fault) SP_MUST_USE;
/* The fault of the call that begins now: of those that fit, the one ordered first. */
struct fault faults_take(struct faults *faults, struct sp_text path);
void faults_clear(struct faults *faults);

#endif
