/* What placement does without being asked: evaluates drafts anew, prunes what live screens no
 * longer need. */
#ifndef SAMPAN_PLACEMENT_JOBS_H
#define SAMPAN_PLACEMENT_JOBS_H

#include "common/service.h"

extern const struct sp_job placement_jobs[];

#endif
