/* What product-mapper does without being asked. */
#ifndef MAPPER_JOBS_H
#define MAPPER_JOBS_H

#include "common/service.h"

extern const struct sp_job mapper_jobs[];

#endif
