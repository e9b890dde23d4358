/* Every address of the Open API is guarded alike, whoever adds it: signature, token, scope, shop,
 * rate. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/api_routes.h"
#include "tests/sandbox/rig.h"

enum { PATH = 200 };

TestSuite(guards, .init = rig_begin, .fini = rig_finish);

/* A call of the address that is right but for its contents: 1 in place of each {}. */
static struct rig_call call_of(const struct api_route *route)
{
    char *path = sp_arena_alloc(rig.arena, PATH);
    size_t size = 0;
    SP_ASSERT(strlen(route->path) < PATH);
    for (const char *at = route->path; *at != '\0'; at++) {
        if (*at != '}')
            path[size++] = *at == '{' ? '1' : *at;
    }
    return (struct rig_call){.method = route->method,
                             .path = path,
                             .without_cipher = (route->wants & CIPHER_FORBIDDEN) != 0};
}

static void expect(const struct rig_call *call, int status, int64_t code)
{
    struct rig_answer answer = rig_call(rig.sandbox, rig.arena, call);
    cr_assert_eq(answer.code, code, "%s %s: %.*s", call->method, call->path,
                 SP_FMT(answer.message));
    cr_assert_eq(answer.status, status, "%s %s", call->method, call->path);
    cr_assert_gt(answer.message.size, 0);
    cr_assert_eq(rig_text(answer.whole, "request_id", rig.arena).size, 34);
    cr_assert_eq(answer.data.kind, SP_JSON_NONE);
}

Test(guards, want_a_signature_and_a_living_token)
{
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct rig_call call = call_of(route);
        call.sign = "";
        expect(&call, 401, 36009004);
        call.sign = "00";
        expect(&call, 401, 106001);
        call.sign = NULL;
        call.token = "ROW_unknown";
        expect(&call, 401, 36009004);
    }
    grants_expire_access(&rig.sandbox->grants, sandbox_clock(rig.sandbox));
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct rig_call call = call_of(route);
        expect(&call, 401, 105002);
    }
}

Test(guards, want_the_scope_of_the_address)
{
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct rig_call call = call_of(route);
        cr_assert_neq(route->scope, SCOPE_NONE, "%s", route->path);
        rig.sandbox->grants.scopes = SCOPE_ALL & ~(unsigned)route->scope;
        expect(&call, 403, 105005);
    }
}

Test(guards, want_the_shop_or_none)
{
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct rig_call call = call_of(route);
        bool forbidden = (route->wants & CIPHER_FORBIDDEN) != 0;
        call.without_cipher = !forbidden;
        expect(&call, 400, forbidden ? 36009004 : 106013);
        call.without_cipher = false;
        call.cipher = "ROW_somebody_elses";
        expect(&call, forbidden ? 400 : 403, forbidden ? 36009004 : 101000);
    }
}

Test(guards, count_the_calls_of_every_address)
{
    struct limit rule = {.path = "/", .per_minute = 1, .burst = 1};
    limits_set(&rig.sandbox->limits, &rule, 1);
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        struct rig_call call = call_of(route);
        cr_assert_neq(rig_call(rig.sandbox, rig.arena, &call).code, 36009002, "%s", route->path);
        expect(&call, 429, 36009002);
    }
}

/* Contents that make no sense are refused, with an envelope and never with a crash. */
Test(guards, stand_contents_of_any_kind)
{
    static const char *const bodies[] = {
        NULL,    "[]",       "{}", "{\"skus\":1,\"product_ids\":{},\"order_status\":[1]}",
        "[[[[]", "{\"a\":}", "0",  "{\"skus\":[null,1,\"x\",[],{}],\"update_time_ge\":\"x\"}",
    };
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        for (size_t i = 0; i < SP_COUNT(bodies); i++) {
            struct rig_call call = call_of(route);
            call.body = bodies[i];
            struct rig_answer answer = rig_call(rig.sandbox, rig.arena, &call);
            cr_assert_geq(answer.code, 0, "%s %s", route->path, bodies[i]);
            cr_assert(answer.code == 0 || answer.data.kind == SP_JSON_NONE, "%s", route->path);
        }
    }
}
