/* Trouble by command: faulty answers, a grant that ends, a fresh start. */
#include <string.h>

#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/webhook.h"

enum { MOST_RETRY_AFTER_S = 3600, MOST_BYTES_PER_S = 1000000, USUAL_BYTES_PER_S = 1000 };

/* ---- faults
 * -------------------------------------------------------------------------------------------- */

/* An endless one has no count. */
static void put_extent(struct sp_json_writer *json, int64_t count, int64_t percent)
{
    if (count != FAULT_ENDLESS)
        sp_json_put_int(json, "count", count);
    sp_json_put_int(json, "percent", percent == 0 ? 100 : percent);
}

static void put_fault(struct sp_json_writer *json, const struct fault *fault)
{
    sp_json_open_object(json, NULL);
    sp_json_put_cstring(json, "path", fault->path);
    sp_json_put_cstring(json, "kind", faults_kind_name(fault->kind));
    put_extent(json, fault->count, fault->percent);
    if (fault->kind == FAULT_SLOW)
        sp_json_put_int(json, "bytes_per_second", fault->bytes_per_s);
    sp_json_close_object(json);
}

static void put_notice_faults(struct sp_json_writer *json, const struct notice_faults *faults)
{
    sp_json_open_array(json, "webhooks");
    for (int i = 0; i < NOTICE_FAULT_KINDS; i++) {
        const struct notice_fault *fault = &faults->kinds[i];
        if (fault->count == 0)
            continue;
        sp_json_open_object(json, NULL);
        sp_json_put_cstring(json, "kind", notice_fault_name((enum notice_fault_kind)i));
        put_extent(json, fault->count, fault->percent);
        if (i == NOTICE_DELAYED || i == NOTICE_REORDERED)
            sp_json_put_int(json, "delay_ms", fault->delay_ms);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

void control_put_faults(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    const struct faults *faults = &sandbox->faults;
    struct notice_faults notices = {0};
    if (sandbox->notifier != NULL)
        notices = notifier_faults(sandbox->notifier);
    sp_json_open_array(json, "next");
    for (size_t i = 0; i < FAULTS && faults->places[i].count > 0; i++)
        put_fault(json, &faults->places[i]);
    sp_json_close_array(json);
    put_notice_faults(json, &notices);
    sp_json_open_object(json, "struck");
    for (int kind = FAULT_NONE + 1; kind < FAULT_KINDS; kind++)
        sp_json_put_int(json, faults_kind_name((enum fault_kind)kind),
                        (int64_t)faults->by_kind[kind]);
    sp_json_close_object(json);
}

void control_list_faults(struct sp_http_request *request, void *context)
{
    control_show(request, context, control_put_faults);
}

/* The next `count` of them, a share of all, or a share until so many were hit; the next one when
 * nothing is said. */
static bool read_extent(struct sp_http_request *request, struct sp_json from, int64_t *count,
                        int64_t *percent)
{
    struct control_range percents = {1, 100, 0}, counts = {1, FAULT_MOST, 1};
    if (!control_int(request, from, "percent", percents, percent))
        return false;
    if (*percent != 0)
        counts.otherwise = FAULT_ENDLESS;
    return control_int(request, from, "count", counts, count);
}

static bool read_fault(struct sp_http_request *request, struct sp_json from, struct fault *fault)
{
    struct control_range delays = {1, MOST_RETRY_AFTER_S, 0};
    struct control_range rates = {2, MOST_BYTES_PER_S, USUAL_BYTES_PER_S};
    struct sp_text path = sp_json_text(sp_json_get(from, "path"), request->arena);
    fault->kind = faults_kind_of(sp_json_text(sp_json_get(from, "kind"), request->arena));
    if (fault->kind == FAULT_NONE) {
        control_refuse(request, 422,
                       "kind must be 429, 500, timeout, html, drop, slow, repeat, omit or change");
        return false;
    }
    if (path.size == 0 || path.size > FAULT_PATH_BYTES || path.data[0] != '/') {
        control_refuse(request, 422, "path must begin with / and have at most %d bytes",
                       FAULT_PATH_BYTES);
        return false;
    }
    memcpy(fault->path, path.data, path.size);
    return read_extent(request, from, &fault->count, &fault->percent) &&
           control_int(request, from, "retry_after", delays, &fault->retry_after_s) &&
           control_int(request, from, "bytes_per_second", rates, &fault->bytes_per_s);
}

static bool read_faults(struct sp_http_request *request, struct sp_json list, struct faults *faults)
{
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json from;
    while (sp_json_next(&walk, NULL, &from)) {
        struct fault fault = {0};
        if (!read_fault(request, from, &fault))
            return false;
        if (faults_add(faults, &fault))
            continue;
        control_refuse(request, 409, "at most %d faults can wait", FAULTS);
        return false;
    }
    return true;
}

static bool read_notice_faults(struct sp_http_request *request, struct sp_json list,
                               struct notice_faults *faults)
{
    struct control_range delays = {1, NOTICE_FAULT_LONGEST_MS, NOTICE_FAULT_DELAY_MS};
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json from;
    while (sp_json_next(&walk, NULL, &from)) {
        int kind = notice_fault_of(sp_json_text(sp_json_get(from, "kind"), request->arena));
        if (kind < 0) {
            control_refuse(request, 422,
                           "webhooks: kind must be lose, double, delay, reorder or forge");
            return false;
        }
        struct notice_fault *fault = &faults->kinds[kind];
        if (!read_extent(request, from, &fault->count, &fault->percent) ||
            !control_int(request, from, "delay_ms", delays, &fault->delay_ms))
            return false;
    }
    return true;
}

void control_order_faults(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"next", "webhooks", NULL};
    struct edge *edge = context;
    struct sandbox *sandbox = edge->sandbox;
    struct sp_json body;
    if (!control_read(request, known, &body))
        return;
    struct faults wanted = sandbox->faults; /* all or none of them */
    struct notice_faults notices = notifier_faults(sandbox->notifier);
    if (!read_faults(request, sp_json_get(body, "next"), &wanted) ||
        !read_notice_faults(request, sp_json_get(body, "webhooks"), &notices))
        return;
    sandbox->faults = wanted;
    notifier_set_faults(sandbox->notifier, &notices);
    control_list_faults(request, context);
}

void control_clear_faults(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    sandbox_clear_faults(edge->sandbox);
    control_list_faults(request, context);
}

/* ---- a webhook of any kind
 * ----------------------------------------------------------------------------- */

void control_say(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"type", "shop", "data", NULL};
    struct sandbox *sandbox = ((struct edge *)context)->sandbox;
    struct control_range types = {0, INT32_MAX, -1}, shops = {1, sandbox->shop_count, 1};
    struct sp_json body;
    int64_t type, shop;
    if (!control_read(request, known, &body) || !control_int(request, body, "type", types, &type) ||
        !control_int(request, body, "shop", shops, &shop))
        return;
    struct sp_json data = sp_json_get(body, "data");
    if (type < 0 || data.kind != SP_JSON_OBJECT)
        control_refuse(request, 422, "type must be a number and data an object");
    else if (!webhook_say(sandbox, &sandbox->shops[shop - 1], (int)type, data))
        control_refuse(request, 409, "nobody is to be told");
    else
        control_state(request, context);
}

/* ---- the grant
 * ----------------------------------------------------------------------------------------- */

/* False: a problem was answered. */
static bool change_scopes(struct sp_http_request *request, struct sp_json body,
                          struct grants *grants)
{
    struct sp_json scopes = sp_json_get(body, "scopes"), value;
    if (scopes.kind == SP_JSON_NONE)
        return true;
    struct sp_json_walk walk = sp_json_each(scopes);
    unsigned wanted = 0;
    while (sp_json_next(&walk, NULL, &value)) {
        enum grant_scope scope = grants_scope_of(sp_json_text(value, request->arena));
        if (scope == SCOPE_NONE) {
            control_refuse(request, 422, "scopes: one of them is unknown");
            return false;
        }
        wanted |= (unsigned)scope;
    }
    grants->scopes = wanted;
    return true;
}

void control_change_grant(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"expire",     "revoke",      "scopes", "token_life",
                                        "grant_life", "new_ciphers", NULL};
    struct edge *edge = context;
    struct sandbox *sandbox = edge->sandbox;
    struct sp_json body;
    if (!control_read(request, known, &body))
        return;
    struct control_range lives_range = {1, LIFE_LONGEST, 0};
    struct sp_text expire = sp_json_text(sp_json_get(body, "expire"), request->arena);
    if (expire.size > 0 && !sp_text_is(expire, "access") && !sp_text_is(expire, "grant")) {
        control_refuse(request, 422, "expire must be access or grant");
        return;
    }
    struct grant_lives lives = sandbox->grants.lives;
    if (!control_span(request, body, "token_life", lives_range, &lives.access) ||
        !control_span(request, body, "grant_life", lives_range, &lives.grant) ||
        !change_scopes(request, body, &sandbox->grants))
        return;
    sandbox->grants.lives = lives;
    if (sp_text_is(expire, "access"))
        grants_expire_access(&sandbox->grants, sandbox_clock(sandbox));
    if (sp_text_is(expire, "grant"))
        grants_expire_grant(&sandbox->grants, sandbox_clock(sandbox));
    bool renews = sp_json_bool(sp_json_get(body, "new_ciphers"));
    for (uint32_t i = 0; renews && i < sandbox->shop_count; i++)
        shop_renew_cipher(&sandbox->shops[i]);
    if (sp_json_bool(sp_json_get(body, "revoke")))
        sandbox_revoke(sandbox);
    control_state(request, context);
}

/* ---- a fresh start
 * --------------------------------------------------------------------------------------- */

void control_reset(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {NULL};
    struct edge *edge = context;
    struct sp_json body;
    struct sp_error err;
    if (!control_read(request, known, &body))
        return;
    if (sandbox_reset(edge->sandbox, &err) != SP_OK) {
        control_refuse(request, 409, "%s", err.text);
        return;
    }
    control_state(request, context);
}
