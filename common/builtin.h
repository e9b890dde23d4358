/* What every service answers and does without saying so in its own tables. */
#ifndef SAMPAN_BUILTIN_H
#define SAMPAN_BUILTIN_H

#include "common/service.h"

/* <service>.system, <service>.dead-letters, <service>.replay, <service>.hops; NULL for other names.
 */
const struct sp_ask_route *sp_builtin_ask(const struct sp_service *service, struct sp_text name);

/* Counts what waits in the service's tables, for /metrics. */
enum sp_result sp_job_gauges(struct sp_ctx *ctx);

/* The places this service may send messages to, each once; at most `room`; returns how many. */
size_t sp_destinations(const struct sp_service *service, const char *dests[], size_t room);

#endif
