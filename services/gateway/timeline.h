/* An order's way through the services, from what each of them keeps of it. */
#ifndef GATEWAY_TIMELINE_H
#define GATEWAY_TIMELINE_H

#include "common/http_server.h"
#include "services/gateway/gather.h"

sp_http_handler on_timeline;

/* The JSON of GET /api/v1/orders/{id}/timeline: the hops of all parts, latest emitted first, and
 * who did not answer. */
void timeline_write(struct sp_buffer *json, const struct gather_part parts[], size_t count);

#endif
