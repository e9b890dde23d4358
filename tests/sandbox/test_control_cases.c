/* Buyers who change their minds, over HTTP.  Covers: control_cases.c, webhook.c */
#include <criterion/criterion.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

static struct process *sandbox;

static void start(void)
{
    static const char *const settings[] = {"SAMPAN_SANDBOX_PRODUCTS=30", NULL};
    sandbox = process_start(settings);
}

static void stop(void)
{
    cr_assert_eq(process_stop(sandbox), 0);
}

TestSuite(control_cases, .init = start, .fini = stop);

static const char *place(const char *status)
{
    struct sp_text body = sp_arena_printf(
        sandbox->arena, "{\"status\":\"%s\",\"skus_per_order\":1,\"units_per_sku\":2}", status);
    struct reply reply = process_post(sandbox, "/sandbox/orders", body.data);
    cr_assert_eq(reply.status, 201);
    struct sp_text id = rig_text(reply.json, "ids.0", sandbox->arena);
    return sp_arena_printf(sandbox->arena, "%.*s", SP_FMT(id)).data;
}

static struct reply post_to(const char *kind, struct sp_text id, const char *what, const char *body)
{
    struct sp_text target =
        sp_arena_printf(sandbox->arena, "/sandbox/%s/%.*s/%s", kind, SP_FMT(id), what);
    return process_post(sandbox, target.data, body);
}

static bool status_is(const struct reply *reply, const char *status)
{
    return reply->status == 200 &&
           sp_text_is(rig_text(reply->json, "status", sandbox->arena), status);
}

Test(control_cases, buyers_ask_for_cancellation_and_take_it_back)
{
    struct sp_text order = sp_text_of(place("AWAITING_SHIPMENT"));
    struct reply reply = post_to("orders", order, "cancellation", "{}");
    cr_assert(status_is(&reply, "CANCELLATION_REQUEST_PENDING"));
    struct sp_text id = rig_text(reply.json, "id", sandbox->arena);
    cr_assert_eq(post_to("orders", order, "cancellation", "{}").status, 409);
    reply = post_to("cancellations", id, "withdraw", NULL);
    cr_assert(status_is(&reply, "CANCELLATION_REQUEST_CANCELLED"));
    cr_assert_eq(post_to("cancellations", id, "withdraw", NULL).status, 409);
    cr_assert_eq(post_to("cancellations", SP_TEXT("5"), "withdraw", NULL).status, 404);
    cr_assert_eq(post_to("orders", order, "cancellation", "{\"reason\":\"moon\"}").status, 422);
    order = sp_text_of(place("ON_HOLD"));
    reply = post_to("orders", order, "cancellation",
                    "{\"reason\":\"ecom_order_to_ship_canceled_reason_better_price\"}");
    cr_assert(status_is(&reply, "CANCELLATION_REQUEST_SUCCESS"));
    cr_assert_eq(post_to("orders", SP_TEXT("5"), "cancellation", "{}").status, 404);
}

Test(control_cases, buyers_return_goods_and_send_them)
{
    struct sp_text order = sp_text_of(place("DELIVERED"));
    struct reply reply =
        post_to("orders", order, "return", "{\"type\":\"REFUND\",\"pickup\":true}");
    cr_assert(status_is(&reply, "RETURN_OR_REFUND_REQUEST_PENDING"));
    struct sp_text id = rig_text(reply.json, "id", sandbox->arena);
    cr_assert_eq(post_to("returns", id, "event", "{\"event\":\"send\"}").status, 409);
    cr_assert_eq(post_to("returns", id, "event", "{\"event\":\"receive\"}").status, 422);
    reply = post_to("returns", id, "event", "{\"event\":\"withdraw\"}");
    cr_assert(status_is(&reply, "RETURN_OR_REFUND_REQUEST_CANCEL"));
    cr_assert_eq(post_to("orders", order, "return", "{\"type\":\"HUG\"}").status, 422);
    cr_assert_eq(post_to("orders", order, "return", "{\"images\":10}").status, 422);
    cr_assert_eq(post_to("orders", order, "return", "{\"reason\":\"moon\"}").status, 422);
    order = sp_text_of(place("AWAITING_SHIPMENT"));
    cr_assert_eq(post_to("orders", order, "return", "{}").status, 409);
    cr_assert_eq(post_to("returns", SP_TEXT("5"), "event", "{\"event\":\"send\"}").status, 404);
}
