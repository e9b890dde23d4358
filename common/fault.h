/* Faults on purpose, in builds made for the fault suite only (SAMPAN_FAULTS); elsewhere they cost
 * nothing.
 *
 * SAMPAN_FAULT_PARCELS="drop=3,twice=3,lose-ack=3,later=3,slow=3": how many of a hundred parcels
 * are not sent, sent twice, have their acknowledgement lost, or go behind those that wait; and how
 * many batches stand still for a while between their claim and their decision, so that a newer
 * revision comes to another worker.  SAMPAN_FAULT_SEED makes the choice repeatable.
 * SAMPAN_FAULT_WHILE names a file: without it nothing happens. */
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
