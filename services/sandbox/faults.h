/* Faults that a test orders for the calls of a path: for the next so many, or for a share of them.
 */
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
    FAULT_SLOW,     /* carried out; the answer comes so many bytes a second */
    FAULT_REPEAT,   /* a later page: the walk begins anew instead of going on */
    FAULT_OMIT,     /* one item of the page is left out, this time */
    FAULT_CHANGE,   /* a later page: before it is made, some orders change */
    FAULT_KINDS,
};

enum faults_limits {
    FAULTS = 64,
    FAULT_PATH_BYTES = 200,
    FAULT_MOST = 1000000,
    FAULT_ENDLESS = FAULT_MOST + 1, /* a count that never comes to its end */
};

struct fault {
    char path[FAULT_PATH_BYTES + 1]; /* what the path begins with */
    enum fault_kind kind;
    int64_t count;         /* calls still to be hit, or FAULT_ENDLESS; 0: an empty place */
    int64_t percent;       /* of the calls that fit; 0: all */
    int64_t retry_after_s; /* FAULT_TOO_MANY only; 0: no header */
    int64_t bytes_per_s;   /* FAULT_SLOW only */
};

struct faults {
    uint64_t seed, drawn;
    struct fault places[FAULTS];
    uint64_t by_kind[FAULT_KINDS]; /* how many calls were hit */
};

enum fault_kind faults_kind_of(struct sp_text name); /* FAULT_NONE when unknown */
const char *faults_kind_name(enum fault_kind kind);

/* False when there is no place left. */
bool faults_add(struct faults *faults, const struct fault *fault) SP_MUST_USE;
/* The fault of the call that begins now: of those that fit and come to be, the one ordered first.
 * `later`: the call asks for a later page. */
struct fault faults_take(struct faults *faults, struct sp_text path, bool later);
void faults_clear(struct faults *faults);

#endif
