#include "services/gateway/authenticate.h"

#include <stdlib.h>

#include "services/gateway/session_store.h"

/* A request that waits for a lookup; lives in the request's arena. */
struct waiter {
    struct waiter *next;
    struct sp_http_request *request;
    gateway_next *go_on;
};

/* One session being looked up, for all requests that came with it meanwhile. */
struct session_lookup {
    struct session_lookup *next;
    struct gateway *gateway;
    struct waiter *waiters;
    struct person person;
    bool live; /* out */
};

/* A stream's session being looked up. */
struct session_check {
    struct person person;
    bool live;
    void (*done)(void *context, bool live);
    void *context;
};

/* ---- on a worker --------------------------------------------------------------------------------
 */

static enum sp_result find_live(struct sp_ctx *ctx, struct person *person, bool *live, bool *touch)
{
    struct session_times times;
    bool found = false;
    enum sp_result result =
        store_find_session(sp_ctx_db(ctx), sp_ctx_error(ctx), person, &times, &found);
    *live =
        result == SP_OK && found && session_is_live(times.now_us, times.started_us, times.seen_us);
    *touch = *live && session_wants_touch(times.now_us, times.seen_us);
    return result;
}

static enum sp_result look_up(struct sp_ctx *ctx, void *context)
{
    struct session_lookup *lookup = context;
    bool touch;
    enum sp_result result = find_live(ctx, &lookup->person, &lookup->live, &touch);
    if (result != SP_OK || !touch)
        return result;
    return store_touch_session(sp_ctx_db(ctx), sp_ctx_error(ctx), &lookup->person.token);
}

static enum sp_result check(struct sp_ctx *ctx, void *context)
{
    struct session_check *one = context;
    bool touch;
    return find_live(ctx, &one->person, &one->live, &touch);
}

/* ---- on the loop
 * ---------------------------------------------------------------------------------- */

static void unlink_lookup(struct session_lookup *lookup)
{
    struct session_lookup **link = &lookup->gateway->lookups;
    while (*link != lookup)
        link = &(*link)->next;
    *link = lookup->next;
    lookup->gateway->lookup_count--;
}

static void looked_up(void *context, enum sp_result result)
{
    struct session_lookup *lookup = context;
    struct gateway *gateway = lookup->gateway;
    unlink_lookup(lookup);
    if (result == SP_OK && lookup->live)
        session_cache_put(gateway->sessions, &lookup->person, sp_monotonic_us());
    for (struct waiter *waiter = lookup->waiters; waiter != NULL;) {
        struct waiter *next = waiter->next; /* answering may end the request and its arena */
        if (result == SP_OK)
            waiter->go_on(gateway, waiter->request, lookup->live ? &lookup->person : NULL);
        else
            sp_http_problem(waiter->request, 503, "SERVICE_AWAY", "The database is away.");
        waiter = next;
    }
    free(lookup);
}

static struct session_lookup *lookup_of(struct gateway *gateway, const struct token_hash *token)
{
    for (struct session_lookup *at = gateway->lookups; at != NULL; at = at->next)
        if (token_hash_equal(&at->person.token, token))
            return at;
    if (gateway->lookup_count >= GATEWAY_LOOKUPS)
        return NULL;
    struct session_lookup *lookup = sp_alloc(sizeof *lookup);
    *lookup = (struct session_lookup){.gateway = gateway, .next = gateway->lookups};
    lookup->person.token = *token;
    gateway->lookups = lookup;
    gateway->lookup_count++;
    return lookup;
}

static void wait_for_lookup(struct gateway *gateway, const struct token_hash *token,
                            struct sp_http_request *request, gateway_next *go_on)
{
    struct session_lookup *lookup = lookup_of(gateway, token);
    if (lookup == NULL) {
        sp_http_problem(request, 503, "TRY_AGAIN", "Too many people at once: try again.");
        return;
    }
    struct waiter *waiter = sp_arena_alloc(request->arena, sizeof *waiter);
    bool first = lookup->waiters == NULL;
    *waiter = (struct waiter){.next = lookup->waiters, .request = request, .go_on = go_on};
    lookup->waiters = waiter;
    if (first)
        sp_app_work(gateway->app, look_up, looked_up, lookup);
}

bool authenticate_token(const struct gateway *gateway, const struct sp_http_request *request,
                        struct token_hash *token)
{
    return token_read(sp_http_cookie(request, session_cookie_name(gateway->secure)), token);
}

void authenticate(struct gateway *gateway, struct sp_http_request *request, gateway_next *next)
{
    struct token_hash token;
    if (!authenticate_token(gateway, request, &token)) {
        next(gateway, request, NULL);
        return;
    }
    const struct person *person = session_cache_find(gateway->sessions, &token, sp_monotonic_us());
    if (person != NULL) {
        struct person copy = *person; /* what follows may put others in its place */
        next(gateway, request, &copy);
        return;
    }
    wait_for_lookup(gateway, &token, request, next);
}

static void checked(void *context, enum sp_result result)
{
    struct session_check *one = context;
    one->done(one->context, result != SP_OK || one->live);
    free(one);
}

void authenticate_check(struct gateway *gateway, const struct token_hash *token,
                        void (*done)(void *context, bool live), void *context)
{
    struct session_check *one = sp_alloc(sizeof *one);
    *one = (struct session_check){.done = done, .context = context};
    one->person.token = *token;
    sp_app_work(gateway->app, check, checked, one);
}
