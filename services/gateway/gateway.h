/* The gateway's running state.  All of it belongs to the loop's thread; work on other threads gets
 * what it needs in a struct of its own. */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "common/app.h"
#include "common/http_server.h"
#include "services/gateway/design_store.h"
#include "services/gateway/session.h"
#include "services/gateway/session_cache.h"

enum {
    GATEWAY_LOOKUPS = 256,  /* sessions being looked up at a time */
    GATEWAY_PASSWORDS = 16, /* passwords waiting to be looked at: each costs 0.3 s and 64 MiB */
    GATEWAY_WEBHOOKS = 512, /* webhooks waiting for the connector */
    GATEWAY_STREAMS = 500,  /* open event streams */
    GATEWAY_ACCOUNT_STREAMS = 100, /* of one account */
    GATEWAY_CONNECTIONS = 1200,    /* all of these, and people */
    GATEWAY_JOB_WORKERS = 4,       /* all but one may wait for the store of print files */
};

struct session_lookup;
struct event_hub;
struct password_place;

struct gateway {
    struct sp_app *app;
    struct sp_http_server *server; /* NULL: not open yet, or closed */
    struct sp_http_route *routes;
    struct session_cache *sessions;
    struct session_lookup *lookups; /* pending */
    size_t lookup_count;
    struct event_hub *events;
    const char *web_dir;         /* "": no dashboard here */
    struct design_store designs; /* its folder "": no print files are taken */
    unsigned sweep_round;        /* which share of them is looked at next */
    bool sweeping;
    struct sp_text origin; /* of the public address */
    const char *public_url;
    const char *proxies; /* addresses whose X-Forwarded-For is believed */
    bool secure;         /* the public address is https */
    bool set_up;         /* somebody can sign in; never false again */
    struct password_place *passwords_first, *passwords_last; /* the first is in hand */
    size_t password_count;
    size_t webhook_count;
};

#endif
