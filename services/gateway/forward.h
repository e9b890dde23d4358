/* From a request to an ask, and from its answer to the browser, unparsed. */
#ifndef GATEWAY_FORWARD_H
#define GATEWAY_FORWARD_H

#include "common/service.h"
#include "services/gateway/gateway.h"
#include "services/gateway/request_rules.h"

enum { FORWARD_PARAMS = 64, FORWARD_NAME_BYTES = 64, FORWARD_VALUE_BYTES = 65536 };

/* The handler of every route that is a plain ask. */
sp_http_handler forward_request;

/* Its route in gateway_routes. */
const struct gateway_route *forward_route(const struct sp_http_request *request);
struct request_facts forward_facts(const struct sp_http_request *request);

/* Whether the request comes from our own pages, and with a body as its route wants it; answers it
 * when not. */
bool forward_origin_ok(const struct gateway *gateway, struct sp_http_request *request) SP_MUST_USE;
bool forward_body_ok(struct sp_http_request *request) SP_MUST_USE;
/* Whether somebody is signed in and may do this; answers the request when not. */
bool forward_person_ok(struct sp_http_request *request, const struct person *person) SP_MUST_USE;

/* The ask for `service`: names, path and query parameters, the person's session where the route
 * wants it, the person's rights; texts in the request's arena.  Query parameters cannot stand in
 * for the others.  SP_REJECT when there are too many or too long ones. */
enum sp_result forward_ask(const struct sp_http_request *request, const char *service,
                           const struct person *person, struct sp_ask *ask) SP_MUST_USE;

/* 401 with `set_up`, so that the dashboard knows which page to show. */
void forward_signed_out(const struct gateway *gateway, struct sp_http_request *request);
/* Passes an answer on; an empty 503 or 504 becomes a problem. */
void forward_answer(struct sp_http_request *request, int status, struct sp_text body);

#endif
