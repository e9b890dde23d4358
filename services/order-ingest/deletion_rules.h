/* Whether an order may be put away.  Pure. */
#ifndef INGEST_DELETION_RULES_H
#define INGEST_DELETION_RULES_H

#include "common/base.h"

enum { DELETION_ORDERS = 500, DELETION_REASON_BYTES = 500 };

/* NULL: it may be.  Else why not: NOT_A_DRAFT, or NOT_CANCELLED unless a person overrides that the
 * marketplace still wants it shipped. */
const char *deletion_refusal(struct sp_text stage, struct sp_text channel_status, bool overridden);

#endif
