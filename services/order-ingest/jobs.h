/* What order-ingest does without being asked. */
#ifndef INGEST_JOBS_H
#define INGEST_JOBS_H

#include "common/service.h"

extern const struct sp_job ingest_jobs[];

/* Runs the work in a transaction of its own.  SP_OK and SP_AGAIN are the work's own answer, once it
 * is committed; after any other nothing of it is left. */
enum sp_result ingest_committed(struct sp_ctx *ctx,
                                enum sp_result (*work)(struct sp_ctx *)) SP_MUST_USE;

/* jobs_return.c: people are told of what they should answer before its deadline. */
enum sp_result warn_returns(struct sp_ctx *ctx);

#endif
