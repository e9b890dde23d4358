/* The marketplace's notices: taken in only when the connector has committed them. */
#ifndef GATEWAY_WEBHOOK_H
#define GATEWAY_WEBHOOK_H

#include "common/http_server.h"

sp_http_handler on_webhook;

/* What the marketplace is told for the connector's status: 200 and 401 pass, everything else is
 * 503, so that it repeats the notice. */
int webhook_status(int connector_status);

#endif
