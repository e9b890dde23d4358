/* Every way in, as one table: method, pattern, who answers, which right it needs. */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include "common/base.h"
#include "common/http_server.h"

enum route_flags {
    ROUTE_PUBLIC = 1,            /* nobody needs to be signed in */
    ROUTE_COMMAND = 2,           /* changes something at a service: Idempotency-Key on POST */
    ROUTE_SHEET = 4,             /* the body is a table, CSV or XLSX, passed on as it is */
    ROUTE_RAW = 8,               /* neither origin nor body is looked at: signed by the caller */
    ROUTE_SERVICE_IN_QUERY = 16, /* ?service=… says who answers; `ask` is the verb alone */
    ROUTE_SERVICE_IN_BODY = 32,  /* {"service": …} says it */
    ROUTE_SESSION = 64,          /* the ask carries a name of the session, as `session` */
    ROUTE_FILE = 128,            /* the body is a file of any kind, kept out of memory */
};

enum {
    ROUTE_BODY_BYTES = 1024 * 1024, /* a list of things to do */
    ROUTE_SMALL_BYTES = 16 * 1024,  /* what a person types into a form */
    ROUTE_WEBHOOK_BYTES = 256 * 1024,
    ROUTE_SHEET_BYTES = 16 * 1024 * 1024, /* what an ask carries at most */
    ROUTE_FILE_BYTES = 50 * 1024 * 1024,
    ROUTE_TIMEOUT_MS = 9000, /* longer than any statement may take, so its end is known */
};

struct gateway_route {
    const char *method, *pattern;
    const char *service; /* who answers; NULL: the gateway itself, by `handle`, or see flags */
    const char *ask;
    const char *permission; /* NULL: everybody who is signed in */
    unsigned flags;
    size_t max_body;
    sp_http_handler *handle; /* NULL: forward_request */
};

/* The table, ended by a zero entry. */
extern const struct gateway_route gateway_routes[];

/* The services that may be asked, NULL-terminated, the gateway included. */
extern const char *const gateway_services[];
/* One of gateway_services, or NULL. */
const char *gateway_service_of(struct sp_text name);

/* The table as the server wants it: each route, then each pattern with any method (405), then what
 * is no file (404), then the dashboard's files.  The caller frees it. */
struct sp_http_route *routes_for_server(void);

/* Whether its bodies are files, kept out of memory. */
bool route_is_of_files(const struct sp_http_route *route);

/* The name of the index-th {parameter} of a pattern; empty when there are fewer. */
struct sp_text route_param_name(const char *pattern, size_t index);

#endif
