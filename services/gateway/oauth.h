/* The seller's return from the marketplace's consent page: only in the session that began. */
#ifndef GATEWAY_OAUTH_H
#define GATEWAY_OAUTH_H

#include "common/arena.h"
#include "common/http_server.h"

sp_http_handler on_consent_return;

/* Where the browser goes next, in the arena: to the connection, or to the shops with what went
 * wrong. `body` is the connector's answer. */
struct sp_text oauth_location(struct sp_arena *arena, int status, struct sp_text body);

#endif
