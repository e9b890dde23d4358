/* How all services are, in one answer. */
#ifndef GATEWAY_SYSTEM_H
#define GATEWAY_SYSTEM_H

#include "common/http_server.h"
#include "common/json.h"

enum { SYSTEM_ASK_MS = 2000 };

sp_http_handler on_system;

/* What one service answered to <service>.system; `body` is its JSON. */
struct system_part {
    const char *service;
    int status;
    struct sp_text body;
};

/* The JSON of GET /api/v1/system.  Who did not answer is there with ready false and why. */
void system_write(struct sp_buffer *json, const struct system_part parts[], size_t count,
                  int64_t now_us);

#endif
