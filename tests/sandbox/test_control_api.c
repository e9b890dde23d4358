/* What the control side tells and orders about the Open API.  Covers: control_api.c */
#include <criterion/criterion.h>

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
    cr_assert_eq(rig_count(routes), count);
    cr_assert(sp_text_is(rig_text(routes, "0.method", sandbox->arena), "GET"));
    cr_assert(sp_text_is(rig_text(routes, "0.path", sandbox->arena), api_routes[0].path));
    cr_assert(sp_text_is(rig_text(routes, "0.scope", sandbox->arena), "seller.authorization.info"));
    cr_assert_not(sp_json_bool(rig_at(routes, "0.cipher")));
    cr_assert(sp_json_bool(rig_at(routes, "2.cipher")));
}
