/* What order-ingest does without being asked. */
#ifndef INGEST_JOBS_H
#define INGEST_JOBS_H

#include "common/service.h"

extern const struct sp_job ingest_jobs[];

/* jobs_return.c: people are told of what they should answer before its deadline. */
enum sp_result warn_returns(struct sp_ctx *ctx);

#endif
