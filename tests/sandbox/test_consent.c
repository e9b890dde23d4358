/* The consent page and the token addresses, over HTTP.  Covers: consent.c, tokens.c, page.c, home.c
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static struct process *sandbox;

static void start(void)
{
    static const char *const settings[] = {
        "SAMPAN_SANDBOX_REDIRECT_URL=http://127.0.0.1:9/back?from=shop", NULL};
    sandbox = process_start(settings);
}

static void stop(void)
{
    cr_assert_eq(process_stop(sandbox), 0);
}

TestSuite(consent, .init = start, .fini = stop);
TestSuite(tokens, .init = start, .fini = stop);
TestSuite(home, .init = start, .fini = stop);

Test(consent, shows_a_page_with_two_buttons_and_no_script)
{
    struct reply reply =
        process_get(sandbox, "/open/authorize?service_id=7172000000000000001&state=a%22%3Cb");
    cr_assert_eq(reply.status, 200);
    cr_assert(sp_text_holds(reply.body, ">Authorize</button>") &&
              sp_text_holds(reply.body, ">Cancel</button>"));
    cr_assert(sp_text_holds(reply.body, "value=\"a&quot;&lt;b\""));
    cr_assert_not(sp_text_holds(reply.body, "<script"));
    cr_assert_not(sp_text_holds(reply_header(&reply, "Content-Security-Policy"), "form-action"));
    reply = process_get(sandbox, "/oauth/authorize?app_key=demoappkey01&state=x");
    cr_assert_eq(reply.status, 200);
}

Test(consent, does_not_know_an_app_key_as_a_service)
{
    struct reply reply = process_get(sandbox, "/open/authorize?service_id=demoappkey01&state=x");
    cr_assert_eq(reply.status, 404);
    cr_assert(sp_text_holds(reply.body, "does not exist"));
    reply = process_call(sandbox, "POST", "/open/authorize", FORM, "state=x&answer=authorize");
    cr_assert_eq(reply.status, 404);
}

Test(consent, leads_back_with_code_and_state)
{
    struct reply reply =
        process_call(sandbox, "POST", "/open/authorize", FORM,
                     "service_id=7172000000000000001&state=a%26b%2Bc&answer=authorize");
    struct sp_text there = reply_header(&reply, "Location");
    cr_assert_eq(reply.status, 302);
    cr_assert(sp_text_holds(there, "http://127.0.0.1:9/back?from=shop&code="));
    cr_assert(sp_text_holds(there, "&state=a%26b%2Bc&app_key=demoappkey01"));
    cr_assert(sp_text_holds(there, "&shop_region=GB"));
}

Test(consent, leads_back_without_a_code_when_the_seller_cancels)
{
    struct reply reply = process_call(sandbox, "POST", "/open/authorize", FORM,
                                      "service_id=7172000000000000001&state=s&answer=cancel");
    struct sp_text there = reply_header(&reply, "Location");
    cr_assert_eq(reply.status, 302);
    cr_assert(sp_text_holds(there, "error=access_denied&state=s"));
    cr_assert_not(sp_text_holds(there, "code="));
}

/* ---- tokens
 * ---------------------------------------------------------------------------------------------- */

static struct reply token_call(const char *what, const char *kind, struct sp_text value)
{
    struct sp_text target = sp_arena_printf(
        sandbox->arena, "/api/v2/token/%s?app_key=%s&app_secret=%s&grant_type=%s&%s=%.*s", what,
        sandbox->app_key, sandbox->app_secret, kind,
        strcmp(what, "get") == 0 ? "auth_code" : "refresh_token", SP_FMT(value));
    return process_get(sandbox, target.data);
}

static int64_t code_of(const struct reply *reply)
{
    return sp_json_int(sp_json_get(reply->json, "code"), -1);
}

Test(tokens, are_given_once_for_a_code)
{
    struct sp_text code = process_consent(sandbox);
    struct reply reply = token_call("get", "authorized_code", code);
    struct sp_json data = sp_json_get(reply.json, "data");
    int64_t now = sp_now_us() / 1000000;
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(code_of(&reply), 0);
    cr_assert(
        sp_text_is(sp_json_text(sp_json_get(reply.json, "message"), sandbox->arena), "success"));
    cr_assert(sp_json_int(sp_json_get(data, "access_token_expire_in"), 0) > now + 6 * 86400);
    cr_assert(sp_json_int(sp_json_get(data, "refresh_token_expire_in"), 0) > now + 300 * 86400);
    cr_assert(sp_text_holds(sp_json_get(data, "granted_scopes").raw, "seller.order.info"));
    reply = token_call("get", "authorized_code", code);
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(code_of(&reply), 36004004);
}

Test(tokens, are_refreshed_with_either_name_of_the_grant)
{
    process_authorize(sandbox);
    struct reply reply = token_call("refresh", "refresh_token", sandbox->refresh_token);
    cr_assert_eq(code_of(&reply), 0);
    struct reply old = token_call("refresh", "refresh_token", sandbox->refresh_token);
    cr_assert_eq(code_of(&old), 36004005);
    struct sp_text fresh =
        sp_json_text(sp_json_get(sp_json_get(reply.json, "data"), "refresh_token"), sandbox->arena);
    cr_assert_not(sp_text_equal(fresh, sandbox->refresh_token));
    reply = token_call("refresh", "authorized_code", fresh);
    cr_assert_eq(code_of(&reply), 0);
}

Test(tokens, say_which_parameter_is_wrong)
{
    struct reply reply = process_get(sandbox, "/api/v2/token/get?app_key=other");
    cr_assert_eq(code_of(&reply), 98001004);
    cr_assert(sp_text_holds(reply.body, "app_key"));
    reply = token_call("get", "authorization_code", SP_TEXT("x"));
    cr_assert(sp_text_holds(reply.body, "grant_type"));
    sandbox->app_secret = "wrong";
    reply = token_call("refresh", "refresh_token", SP_TEXT("x"));
    cr_assert(sp_text_holds(reply.body, "app_secret"));
    cr_assert_not(sp_text_holds(reply.body, "demo-secret"));
}

Test(tokens, end_with_the_grant)
{
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/grants", NULL, "{\"expire\":\"grant\"}");
    struct reply reply = token_call("refresh", "refresh_token", sandbox->refresh_token);
    cr_assert_eq(code_of(&reply), 36004001);
}

/* ---- the page for people
 * ------------------------------------------------------------------------------- */

static struct sp_text text_at(const struct reply *reply, const char *path)
{
    return rig_text(reply->json, path, sandbox->arena);
}

Test(home, is_a_page_with_its_style_and_script)
{
    struct reply reply = process_get(sandbox, "/");
    cr_assert(sp_text_holds(reply_header(&reply, "Content-Type"), "text/html"));
    cr_assert(sp_text_holds(reply.body, "Buy</button>"));
    reply = process_get(sandbox, "/sandbox/page.css");
    cr_assert(sp_text_holds(reply_header(&reply, "Content-Type"), "text/css"));
    reply = process_get(sandbox, "/sandbox/page.js");
    cr_assert(sp_text_holds(reply_header(&reply, "Content-Type"), "text/javascript"));
    cr_assert(sp_text_holds(reply.body, "/sandbox/view"));
}

Test(home, shows_orders_of_a_status_their_kind_and_what_is_asked_of_them)
{
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"kind\":\"sample\"}");
    struct reply reply =
        process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"status\":\"DELIVERED\"}");
    struct sp_text path = sp_arena_printf(sandbox->arena, "/sandbox/orders/%.*s/return",
                                          SP_FMT(text_at(&reply, "ids.0")));
    (void)process_call(sandbox, "POST", path.data, NULL, "{}");
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{}");
    reply = process_get(sandbox, "/sandbox/view?status=DELIVERED");
    cr_assert_eq(sp_json_count(rig_at(reply.json, "orders")), 1);
    cr_assert(
        sp_text_is(text_at(&reply, "orders.0.return.status"), "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert_eq(rig_at(reply.json, "orders.0.cancellation").kind, SP_JSON_NONE);
    reply = process_get(sandbox, "/sandbox/view?status=AWAITING_SHIPMENT");
    cr_assert_eq(sp_json_count(rig_at(reply.json, "orders")), 2);
    cr_assert(sp_text_is(text_at(&reply, "orders.0.kind"), ""));
    cr_assert(sp_text_is(text_at(&reply, "orders.1.kind"), "sample"));
}

Test(home, shows_everything_at_one_look)
{
    struct reply reply = process_get(sandbox, "/sandbox/view");
    cr_assert_not(sp_json_bool(rig_at(reply.json, "grant.live")));
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":60}");
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"status\":\"UNPAID\"}");
    (void)process_call(sandbox, "POST", "/sandbox/faults", NULL,
                       "{\"next\":[{\"path\":\"/order\",\"kind\":\"500\"}]}");
    (void)process_signed(sandbox, "GET", "/order/202309/orders", "ids=1", NULL);
    (void)process_signed(sandbox, "GET", "/product/202309/products/1729382256910270001", "", NULL);
    reply = process_get(sandbox, "/sandbox/view");
    cr_assert(sp_json_bool(rig_at(reply.json, "grant.live")));
    cr_assert_eq(rig_int(reply.json, "clock.speed"), 1);
    cr_assert_eq(rig_int(reply.json, "shops.0.by_status.AWAITING_SHIPMENT"), 60);
    cr_assert_eq(sp_json_count(rig_at(reply.json, "orders")), 25);
    cr_assert(sp_text_is(text_at(&reply, "orders.0.status"), "UNPAID"));
    cr_assert_eq(rig_int(reply.json, "webhooks.failed_tries"), 0);
    cr_assert_eq(sp_json_count(rig_at(reply.json, "tries")), 0);
    cr_assert_eq(rig_int(reply.json, "faults.struck.500"), 1);
    cr_assert_eq(rig_int(reply.json, "life.pay.percent"), 0);
    cr_assert(sp_text_is(text_at(&reply, "scenario.state"), "none"));
    cr_assert(
        sp_text_holds(reply.body, "{\"path\":\"/order/202309/orders\",\"count\":1,\"failed\":1}"));
    cr_assert(sp_text_holds(reply.body, "\"path\":\"/product/202309/products/{id}\",\"count\":1"));
}
