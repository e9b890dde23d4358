/* From a request's cookie to the person behind it, without a transaction for each request. */
#ifndef GATEWAY_AUTHENTICATE_H
#define GATEWAY_AUTHENTICATE_H

#include "services/gateway/gateway.h"

/* Goes on with the request, now or later.  `person` is NULL when nobody is signed in, else valid
 * during the call only. */
typedef void gateway_next(struct gateway *gateway, struct sp_http_request *request,
                          const struct person *person);

/* Calls `next` once, unless the database is away: then the request is answered 503. */
void authenticate(struct gateway *gateway, struct sp_http_request *request, gateway_next *next);

/* Whether the session still lives, without counting as a sign of life: for open streams.  `done` is
 * called once on the loop's thread; an unreachable database counts as living. */
void authenticate_check(struct gateway *gateway, const struct token_hash *token,
                        void (*done)(void *context, bool live), void *context);

/* The cookie's token; false when there is none that could be one. */
bool authenticate_token(const struct gateway *gateway, const struct sp_http_request *request,
                        struct token_hash *token) SP_MUST_USE;

#endif
