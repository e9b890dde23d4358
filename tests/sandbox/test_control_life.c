/* Clock and life by command, over HTTP.  Covers: control_life.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

static struct process *sandbox;
static struct ear *ear;

static void start(void)
{
    static char address[80];
    ear = ear_open(0);
    (void)snprintf(address, sizeof address, "SAMPAN_SANDBOX_WEBHOOK_URL=http://127.0.0.1:%d/hook",
                   ear->port);
    const char *const settings[] = {"SAMPAN_SANDBOX_PRODUCTS=30", address, NULL};
    sandbox = process_start(settings);
}

static void stop(void)
{
    cr_assert_eq(process_stop(sandbox), 0);
}

TestSuite(control_life, .init = start, .fini = stop);

static int64_t real_now(void)
{
    return sp_now_us() / 1000000;
}

Test(control_life, moves_the_clock)
{
    struct reply reply = process_get(sandbox, "/sandbox/clock");
    cr_assert_eq(rig_int(reply.json, "speed"), 1);
    cr_assert(llabs(rig_int(reply.json, "now") - real_now()) <= 2);
    reply = process_post(sandbox, "/sandbox/clock", "{\"advance\":\"PT48H\"}");
    cr_assert(llabs(rig_int(reply.json, "now") - real_now() - 172800) <= 2);
    reply = process_post(sandbox, "/sandbox/clock", "{\"advance\":3600,\"speed\":0}");
    int64_t stands = rig_int(reply.json, "now");
    cr_assert(llabs(stands - real_now() - 176400) <= 2);
    (void)usleep(1200000);
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/clock").json, "now"), stands);
    (void)process_post(sandbox, "/sandbox/clock", "{\"speed\":10000}");
    (void)usleep(500000);
    cr_assert(rig_int(process_get(sandbox, "/sandbox/clock").json, "now") >= stands + 2000);
}

Test(control_life, switches_rules_on_and_off)
{
    struct reply reply = process_get(sandbox, "/sandbox/life");
    cr_assert_eq(rig_int(reply.json, "pay.percent"), 0);
    cr_assert_eq(rig_int(reply.json, "unpaid.after"), 172800);
    reply = process_post(sandbox, "/sandbox/life",
                         "{\"pay\":{\"percent\":50,\"after\":\"5m\"},\"collect\":true,"
                         "\"orders_per_hour\":12,\"grant_notices\":true}");
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(rig_int(reply.json, "pay.percent"), 50);
    cr_assert_eq(rig_int(reply.json, "pay.after"), 300);
    cr_assert_eq(rig_int(reply.json, "collect.percent"), 100);
    cr_assert_eq(rig_int(reply.json, "deliver.percent"), 0);
    cr_assert_eq(rig_int(reply.json, "orders_per_hour"), 12);
    reply = process_post(sandbox, "/sandbox/life", "{\"all\":true,\"pay\":false}");
    cr_assert_eq(rig_int(reply.json, "pay.percent"), 0);
    cr_assert_eq(rig_int(reply.json, "deliver.percent"), 100);
    cr_assert_eq(rig_int(reply.json, "ship.percent"), 0);
}

Test(control_life, says_what_is_wrong)
{
    static const struct {
        const char *target, *body, *detail;
    } cases[] = {
        {"/sandbox/clock", "{\"speed\":-1}", "speed must be"},
        {"/sandbox/clock", "{\"advance\":\"soon\"}", "advance must be a span"},
        {"/sandbox/clock", "{\"advance\":-5}", "advance must be a span"},
        {"/sandbox/clock", "{\"advance\":\"401d\"}", "at most 400 days"},
        {"/sandbox/life", "{\"colour\":1}", "unknown member"},
        {"/sandbox/life", "{\"pay\":7}", "pay must be true, false"},
        {"/sandbox/life", "{\"pay\":{\"percent\":101}}", "percent must be"},
        {"/sandbox/life", "{\"pay\":{\"after\":\"x\"}}", "after must be a span"},
        {"/sandbox/life", "{\"late\":{\"after\":\"5m\"}}", "late has no"},
        {"/sandbox/life", "{\"collect\":true,\"orders_per_hour\":-1}", "orders_per_hour must be"},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct reply reply = process_post(sandbox, cases[i].target, cases[i].body);
        cr_assert_eq(reply.status, 422, "%s", cases[i].body);
        cr_assert(sp_text_holds(reply.body, cases[i].detail), "%.*s", SP_FMT(reply.body));
    }
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/life").json, "collect.percent"), 0);
}

Test(control_life, cancels_an_unpaid_order_and_tells_of_it_in_the_callers_time)
{
    process_authorize(sandbox);
    (void)process_post(sandbox, "/sandbox/life", "{\"unpaid\":true}");
    (void)process_post(sandbox, "/sandbox/orders", "{\"status\":\"UNPAID\"}");
    (void)process_post(sandbox, "/sandbox/clock", "{\"advance\":\"48h\"}");
    cr_assert_eq(ear_wait(ear, 3), 3); /* placed; cancelled, and the cancellation */
    size_t cancelled = 0;
    for (size_t i = 1; i < 3; i++) {
        struct sp_json body;
        cr_assert_eq(sp_json_parse(sp_text_of(ear->heard[i].body), &body, NULL), SP_OK);
        if (rig_int(body, "type") != 1)
            continue;
        cr_assert(sp_text_is(rig_text(body, "data.order_status", sandbox->arena), "CANCEL"));
        cr_assert(rig_int(body, "data.update_time") <= real_now());
        cancelled++;
    }
    cr_assert_eq(cancelled, 1);
    struct reply found = process_signed(sandbox, "POST", "/order/202309/orders/search",
                                        "page_size=10", "{\"order_status\":\"CANCELLED\"}");
    cr_assert_eq(rig_int(found.json, "data.total_count"), 1);
    cr_assert(rig_int(found.json, "data.orders.0.cancel_time") <= real_now());
}

Test(control_life, warns_at_midnight_of_a_grant_that_ends)
{
    process_authorize(sandbox);
    (void)process_post(sandbox, "/sandbox/life", "{\"grant_notices\":true}");
    (void)process_post(sandbox, "/sandbox/clock", "{\"advance\":\"334d\"}");
    cr_assert_eq(ear_count_later(ear), 0);
    (void)process_post(sandbox, "/sandbox/clock", "{\"advance\":\"3d\"}");
    size_t heard = ear_count_later(ear);
    cr_assert(heard == 2 || heard == 3, "%zu", heard);
    struct sp_json body;
    cr_assert_eq(sp_json_parse(sp_text_of(ear->heard[0].body), &body, NULL), SP_OK);
    cr_assert_eq(rig_int(body, "type"), 7);
    cr_assert_eq(rig_at(body, "data.expiration_time").kind, SP_JSON_STRING);
    int64_t ends = rig_int(body, "data.expiration_time");
    cr_assert(ends > real_now() + 27 * 86400 && ends < real_now() + 31 * 86400);
}

Test(control_life, ends_a_token_by_the_clock)
{
    process_authorize(sandbox);
    (void)process_post(sandbox, "/sandbox/clock", "{\"advance\":\"7d\"}");
    struct reply reply = process_signed(sandbox, "GET", "/logistics/202309/warehouses", "", NULL);
    cr_assert_eq(rig_int(reply.json, "code"), 105002);
}

Test(control_life, gives_tokens_the_lives_it_is_told)
{
    struct reply reply =
        process_post(sandbox, "/sandbox/grants", "{\"token_life\":\"10m\",\"grant_life\":\"2d\"}");
    cr_assert_eq(reply.status, 200);
    struct sp_text code = process_consent(sandbox);
    struct sp_text path = sp_arena_printf(
        sandbox->arena,
        "/api/v2/token/get?app_key=%s&app_secret=%s&auth_code=%.*s&grant_type=authorized_code",
        sandbox->app_key, sandbox->app_secret, SP_FMT(code));
    reply = process_get(sandbox, path.data);
    cr_assert(llabs(rig_int(reply.json, "data.access_token_expire_in") - real_now() - 600) <= 2);
    cr_assert(llabs(rig_int(reply.json, "data.refresh_token_expire_in") - real_now() - 172800) <=
              2);
    reply = process_post(sandbox, "/sandbox/grants", "{\"token_life\":\"0s\"}");
    cr_assert_eq(reply.status, 422);
}

/* ---- scenarios
 * ----------------------------------------------------------------------------------------- */

static bool is_state(const char *state)
{
    struct reply reply = process_get(sandbox, "/sandbox/scenario");
    return sp_text_is(rig_text(reply.json, "state", sandbox->arena), state);
}

Test(control_life, runs_a_scenario_that_it_is_sent)
{
    cr_assert(is_state("none"));
    struct reply reply = process_post(sandbox, "/sandbox/scenario",
                                      "order as=A\n+00:00:01 ship A\n"
                                      "+00:00:02 expect A IN_TRANSIT\n");
    cr_assert_eq(reply.status, 202);
    cr_assert_eq(rig_int(reply.json, "events"), 3);
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders"), 1);
    cr_assert_eq(process_post(sandbox, "/sandbox/scenario", "order\n").status, 409);
    for (int i = 0; i < 100 && is_state("running"); i++)
        (void)usleep(50000);
    reply = process_get(sandbox, "/sandbox/scenario");
    cr_assert(is_state("failed"));
    cr_assert_eq(rig_int(reply.json, "done"), 3);
    cr_assert_eq(rig_int(reply.json, "failures.0.line"), 3);
    cr_assert(sp_text_holds(reply.body, "is AWAITING_COLLECTION, not IN_TRANSIT"));
}

Test(control_life, refuses_and_stops_scenarios)
{
    struct reply reply = process_post(sandbox, "/sandbox/scenario", "order\nlaugh\n");
    cr_assert_eq(reply.status, 422);
    cr_assert(sp_text_holds(reply.body, "line 2: "));
    cr_assert_eq(rig_int(process_get(sandbox, "/sandbox/truth").json, "orders"), 0);
    (void)process_post(sandbox, "/sandbox/scenario", "+10:00:00 order\n");
    cr_assert(is_state("running"));
    cr_assert_eq(process_call(sandbox, "DELETE", "/sandbox/scenario", NULL, NULL).status, 200);
    cr_assert(is_state("none"));
}

Test(control_life, begins_with_the_scenario_of_its_settings)
{
    static const char *const settings[] = {
        "SAMPAN_SANDBOX_PRODUCTS=30",
        "SAMPAN_SANDBOX_SCENARIO=" SANDBOX_DATA "/everything-goes-wrong.txt", NULL};
    struct process *own = process_start(settings);
    int64_t done = 0;
    for (int i = 0; i < 100 && done < 7; i++) {
        (void)usleep(50000);
        done = rig_int(process_call(own, "GET", "/sandbox/scenario", NULL, NULL).json, "done");
    }
    struct reply faults = process_call(own, "GET", "/sandbox/faults", NULL, NULL);
    cr_assert_eq(sp_json_count(rig_at(faults.json, "next")), 3);
    cr_assert_eq(sp_json_count(rig_at(faults.json, "webhooks")), 3);
    cr_assert_eq(process_stop(own), 0);
}
