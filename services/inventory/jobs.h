/* What inventory does without being asked: serves the line, tells levels, decides again after a
 * shop changed. */
#ifndef SAMPAN_INVENTORY_JOBS_H
#define SAMPAN_INVENTORY_JOBS_H

#include "common/service.h"

extern const struct sp_job inventory_jobs[];

#endif
