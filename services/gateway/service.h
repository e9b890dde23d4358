/* The gateway's tables for the skeleton. */
#ifndef GATEWAY_SERVICE_H
#define GATEWAY_SERVICE_H

#include "common/service.h"

extern const struct sp_route gateway_message_routes[];
extern const struct sp_ask_route gateway_asks[];
extern const struct sp_job gateway_jobs[];

#endif
