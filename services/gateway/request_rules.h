/* What a request must bring before anybody is asked: origin, content type, idempotency key, JSON.
 * Pure. */
#ifndef GATEWAY_REQUEST_RULES_H
#define GATEWAY_REQUEST_RULES_H

#include "common/base.h"
#include "services/gateway/routes.h"

/* The headers and body that the rules look at; empty when absent. */
struct request_facts {
    struct sp_text origin, host, fetch_site;
    struct sp_text content_type, idempotency_key, accept_language;
    struct sp_text body;
};

/* What is wrong, as a problem to answer. */
struct request_fault {
    int status;
    const char *code, *detail;
};

/* NULL when the request comes from the dashboard itself or from no browser.  Browsers say so by
 * Sec-Fetch-Site and Origin; an origin is ours when it is `public_origin` or names the host asked
 * for. */
const struct request_fault *rules_origin(const struct gateway_route *route,
                                         const struct request_facts *facts,
                                         struct sp_text public_origin);

/* NULL when the key is there where the route wants one, and the body is of the kind it takes. */
const struct request_fault *rules_body(const struct gateway_route *route,
                                       const struct request_facts *facts);

/* "scheme://host[:port]" of a URL, without the path. */
struct sp_text rules_origin_of(struct sp_text url);

/* The first language of Accept-Language that we speak, else `otherwise`: "vi", "th", "zh", "en". */
const char *rules_language(struct sp_text accept_language, const char *otherwise);
/* One of ours, or NULL. */
const char *rules_language_of(struct sp_text name);

/* Whose address counts: the peer's, or, when the peer is one of our proxies (addresses by comma),
 * the last one in X-Forwarded-For, which that proxy has put there itself. */
struct sp_text rules_client(struct sp_text peer, struct sp_text forwarded_for,
                            struct sp_text proxies);

#endif
