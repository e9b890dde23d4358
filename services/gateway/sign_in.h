/* Signing in and out, and who is signed in. */
#ifndef GATEWAY_SIGN_IN_H
#define GATEWAY_SIGN_IN_H

#include "services/gateway/gateway.h"

sp_http_handler on_sign_in;
sp_http_handler on_sign_out;
sp_http_handler on_me;

/* The JSON of GET /api/v1/me. */
void me_write(const struct person *person, struct sp_buffer *json);

/* Answers 201 with the person and the cookie, and remembers the session. */
void answer_signed_in(struct gateway *gateway, struct sp_http_request *request,
                      const struct person *person, struct sp_text token);

#endif
