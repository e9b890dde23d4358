/* What order-ingest does without being asked. */
#ifndef INGEST_JOBS_H
#define INGEST_JOBS_H

#include "common/service.h"

extern const struct sp_job ingest_jobs[];

#endif
