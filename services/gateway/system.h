/* How all services are, in one answer. */
#ifndef GATEWAY_SYSTEM_H
#define GATEWAY_SYSTEM_H

#include "common/http_server.h"
#include "services/gateway/gather.h"

sp_http_handler on_system;

/* The JSON of GET /api/v1/system.  `parts` are the answers to
 * <service>.system; who did not answer is there with ready false and why. */
void system_write(struct sp_buffer *json, const struct gather_part parts[], size_t count,
                  int64_t now_us);

#endif
