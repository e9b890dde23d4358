/* What the control side tells and orders about the Open API.  Covers: control_api.c */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/api_routes.h"
#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

static struct process *sandbox;

static void open_process(void)
{
    sandbox = process_start(NULL);
    process_authorize(sandbox);
}

static void close_process(void)
{
    cr_assert_eq(process_stop(sandbox), 0);
}

TestSuite(control_api, .init = open_process, .fini = close_process);

Test(control_api, lists_every_address_with_what_it_wants)
{
    struct reply reply = process_call(sandbox, "GET", "/sandbox/routes", NULL, NULL);
    struct sp_json routes = sp_json_get(reply.json, "routes");
    size_t count = 0;
    while (api_routes[count].path != NULL)
        count++;
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(sp_json_count(routes), count);
    cr_assert(sp_text_is(rig_text(routes, "0.method", sandbox->arena), "GET"));
    cr_assert(sp_text_is(rig_text(routes, "0.path", sandbox->arena), api_routes[0].path));
    cr_assert(sp_text_is(rig_text(routes, "0.scope", sandbox->arena), "seller.authorization.info"));
    cr_assert_not(sp_json_bool(rig_at(routes, "0.cipher")));
    cr_assert(sp_json_bool(rig_at(routes, "2.cipher")));
}

static struct reply set_limits(const char *limits)
{
    struct sp_text body = sp_arena_printf(sandbox->arena, "{\"limits\":[%s]}", limits);
    return process_call(sandbox, "PUT", "/sandbox/limits", NULL, body.data);
}

static struct reply ask_warehouses(void)
{
    return process_signed(sandbox, "GET", "/logistics/202309/warehouses", "", NULL);
}

Test(control_api, limits_calls_and_says_when_to_come_back_or_does_not)
{
    static const struct {
        const char *advice, *header;
    } cases[] = {{"none", ""}, {"seconds", "60"}, {"date", " GMT"}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_text limit = sp_arena_printf(
            sandbox->arena, "{\"path\":\"/logistics\",\"per_minute\":1,\"retry_after\":\"%s\"}",
            cases[i].advice);
        cr_assert_eq(set_limits(limit.data).status, 200);
        cr_assert_eq(ask_warehouses().status, 200);
        struct reply reply = ask_warehouses();
        struct sp_text header = reply_header(&reply, "Retry-After");
        cr_assert_eq(reply.status, 429);
        cr_assert_eq(rig_int(reply.json, "code"), 36009002);
        cr_assert_eq(header.size == 0, cases[i].header[0] == '\0');
        cr_assert(header.size == 0 ||
                  memmem(header.data, header.size, cases[i].header, strlen(cases[i].header)));
    }
    struct reply reply = process_call(sandbox, "GET", "/sandbox/limits", NULL, NULL);
    cr_assert_eq(rig_int(reply.json, "refused"), 3);
    cr_assert_eq(rig_int(reply.json, "limits.0.per_minute"), 1);
    cr_assert_eq(set_limits("").status, 200);
    cr_assert_eq(ask_warehouses().status, 200);
    cr_assert_eq(ask_warehouses().status, 200);
}

Test(control_api, says_what_is_wrong_with_a_limit)
{
    static const char *const wrongs[] = {
        "{\"path\":\"order\"}",
        "{\"path\":\"/\",\"per_minute\":0}",
        "{\"path\":\"/\",\"burst\":\"many\"}",
        "{\"path\":\"/\",\"retry_after\":\"soon\"}",
    };
    for (size_t i = 0; i < SP_COUNT(wrongs); i++)
        cr_assert_eq(set_limits(wrongs[i]).status, 422, "%s", wrongs[i]);
}
