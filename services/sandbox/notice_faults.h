/* What may go wrong with webhooks on their way, for the next so many or for a share of them. */
#ifndef SANDBOX_NOTICE_FAULTS_H
#define SANDBOX_NOTICE_FAULTS_H

#include "common/base.h"

enum notice_fault_kind {
    NOTICE_LOST,
    NOTICE_DOUBLED,
    NOTICE_DELAYED,   /* by delay_ms */
    NOTICE_REORDERED, /* held back for up to delay_ms, so that later ones overtake it */
    NOTICE_FORGED,    /* a second one comes along whose signature is wrong */
    NOTICE_FAULT_KINDS,
};

enum notice_faults_limits {
    NOTICE_FAULT_DELAY_MS = 3000, /* unless another is given */
    NOTICE_FAULT_LONGEST_MS = 3600 * 1000,
};

struct notice_fault {
    int64_t count;   /* notices still to be hit, or FAULT_ENDLESS; 0: off */
    int64_t percent; /* 0: all */
    int64_t delay_ms;
};

/* All zero: nothing goes wrong. */
struct notice_faults {
    uint64_t seed, drawn;
    struct notice_fault kinds[NOTICE_FAULT_KINDS];
};

const char *notice_fault_name(enum notice_fault_kind kind);
int notice_fault_of(struct sp_text name); /* -1 when unknown */

/* Whether it happens to the notice that begins its way now. */
bool notice_faults_take(struct notice_faults *faults, enum notice_fault_kind kind) SP_MUST_USE;
/* How long that notice is held back, in ms; mostly 0. */
int64_t notice_faults_delay(struct notice_faults *faults);

#endif
