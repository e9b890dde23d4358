/* Faults on purpose, in builds made for the fault suite only (SAMPAN_FAULTS); elsewhere they cost
 * nothing.
 *
 * SAMPAN_FAULT_PARCELS="drop=3,twice=3,lose-ack=3,later=3": how many of a hundred parcels are not
 * sent, sent twice, have their acknowledgement lost, or go behind those that wait.
 * SAMPAN_FAULT_SEED makes the choice repeatable. */
#ifndef SAMPAN_FAULT_H
#define SAMPAN_FAULT_H

#include "common/base.h"

#ifdef SAMPAN_FAULTS
/* True as often as the environment says for this kind. */
bool sp_fault(const char *kind);
#else
static inline bool sp_fault(const char *kind)
{
    (void)kind;
    return false;
}
#endif

/* Protocols that are wrong on purpose: the suite must catch them (docs/faults.md). */
#ifndef SAMPAN_MUTANT
#define SAMPAN_MUTANT 0
#endif
enum sp_mutant {
    SP_MUTANT_NONE = 0,
    SP_MUTANT_ACK_FIRST = 1,        /* acknowledges before the commit */
    SP_MUTANT_IGNORE_REVISIONS = 2, /* takes whatever comes last for the newest */
    SP_MUTANT_CLAIM_LAST = 3,       /* loads, decides and saves, and claims behind it */
};

#endif
