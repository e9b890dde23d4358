/* One request put to several services: their answers, together. */
#ifndef GATEWAY_GATHER_H
#define GATEWAY_GATHER_H

#include "common/service.h"
#include "services/gateway/gateway.h"

enum { GATHER_MS = 2000 };

/* What one of them answered; 503 or 504 and no body when it did not. */
struct gather_part {
    const char *service;
    int status;
    struct sp_text body;
};

typedef void gather_write(struct sp_buffer *json, const struct gather_part parts[], size_t count);

struct gather_question {
    const char *const *services; /* NULL-terminated */
    const char *verb;            /* of <service>.<verb> */
    gather_write *write;
};

/* Asks each of the services with the request's parameters, and answers the request with what
 * `write` makes of it, when the last has answered or is late. */
void gather(struct gateway *gateway, struct sp_http_request *request, const struct person *person,
            const struct gather_question *question);

#endif
