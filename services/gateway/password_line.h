/* Passwords are looked at one after the other: each costs a tenth of a second and 64 MiB, and
 * whoever tries many must not hold up the sessions of all others. */
#ifndef GATEWAY_PASSWORD_LINE_H
#define GATEWAY_PASSWORD_LINE_H

#include "services/gateway/gateway.h"

/* What a place in the line is for. */
struct password_task {
    enum sp_result (*work)(struct sp_ctx *ctx, void *context); /* on a worker */
    void (*done)(void *context, enum sp_result result);        /* on the loop */
    void *context;
};

/* Takes a place for the request's task.  When GATEWAY_PASSWORDS are waiting already the request is
 * answered 503 and nothing else happens. */
void password_line_join(struct gateway *gateway, struct sp_http_request *request,
                        struct password_task task);

#endif
