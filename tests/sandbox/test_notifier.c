/* Webhooks of the running program, heard by an ear of our own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "services/sandbox/notifier.h"
#include "services/sandbox/signature.h"
#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

struct both {
    struct ear *ear;
    struct process *sandbox;
};

static struct both start(int refuse)
{
    char url[80];
    struct both both = {.ear = ear_open(refuse)};
    (void)snprintf(url, sizeof url, "SAMPAN_SANDBOX_WEBHOOK_URL=http://127.0.0.1:%d/hook",
                   both.ear->port);
    const char *const settings[] = {url, "SAMPAN_SANDBOX_WEBHOOK_RETRY=50ms",
                                    "SAMPAN_SANDBOX_HOLD=1s", NULL};
    both.sandbox = process_start(settings);
    process_authorize(both.sandbox);
    return both;
}

static struct sp_json parse(const struct heard *heard)
{
    struct sp_json value;
    cr_assert_eq(sp_json_parse(sp_text_of(heard->body), &value, NULL), SP_OK);
    return value;
}

static void check_signature(const struct both *both, const struct heard *heard)
{
    struct sp_text right = signature_of_webhook(sp_text_of(both->sandbox->app_secret),
                                                sp_text_of(both->sandbox->app_key),
                                                sp_text_of(heard->body), both->sandbox->arena);
    cr_assert(sp_text_is(right, heard->authorization));
}

static struct reply post(const struct both *both, const char *target, const char *body)
{
    return process_call(both->sandbox, "POST", target, NULL, body);
}

Test(notifier, tells_of_creation_and_of_each_change_signed)
{
    struct both both = start(0);
    struct reply placed = post(&both, "/sandbox/orders", "{\"status\":\"UNPAID\"}");
    struct sp_text id = rig_text(placed.json, "ids.0", both.sandbox->arena);
    struct sp_text path =
        sp_arena_printf(both.sandbox->arena, "/sandbox/orders/%.*s/status", SP_FMT(id));
    cr_assert_eq(ear_wait(both.ear, 1), 1);
    (void)post(&both, path.data, "{\"status\":\"ON_HOLD\"}");
    cr_assert_eq(ear_wait(both.ear, 2), 2);
    static const char *const words[] = {"UNPAID", "ON_HOLD"};
    for (size_t i = 0; i < 2; i++) {
        struct sp_json body = parse(&both.ear->heard[i]);
        check_signature(&both, &both.ear->heard[i]);
        cr_assert_eq(rig_int(body, "type"), 1);
        cr_assert(sp_text_equal(rig_text(body, "data.order_id", both.sandbox->arena), id));
        cr_assert(sp_text_is(rig_text(body, "data.order_status", both.sandbox->arena), words[i]));
        cr_assert(rig_int(body, "data.update_time") > 0);
        cr_assert_eq(rig_at(body, "data.is_on_hold_order").kind, SP_JSON_BOOL);
    }
    cr_assert_str_neq(both.ear->heard[0].body, both.ear->heard[1].body);
    (void)process_stop(both.sandbox);
}

/* Those heard from the second on, in whichever order they came. */
static struct sp_json heard_of_type(const struct both *both, int64_t type)
{
    for (size_t i = 1; i < both->ear->count; i++) {
        struct sp_json body = parse(&both->ear->heard[i]);
        if (rig_int(body, "type") == type)
            return rig_at(body, "data");
    }
    return (struct sp_json){0};
}

static struct sp_json tell_of(const struct both *both, const char *order, const char *what,
                              size_t count, int64_t type)
{
    struct sp_arena *arena = both->sandbox->arena;
    struct sp_text body = sp_arena_printf(arena, "{\"status\":\"%s\"}", order);
    struct reply placed = post(both, "/sandbox/orders", body.data);
    struct sp_text id = rig_text(placed.json, "ids.0", arena);
    cr_assert_eq(ear_wait(both->ear, 1), 1);
    struct sp_text path = sp_arena_printf(arena, "/sandbox/orders/%.*s/%s", SP_FMT(id), what);
    cr_assert_eq(post(both, path.data, "{}").status, 200);
    cr_assert_eq(ear_wait(both->ear, 1 + count), 1 + count);
    struct sp_json data = heard_of_type(both, type);
    cr_assert(sp_text_equal(rig_text(data, "order_id", arena), id));
    return data;
}

Test(notifier, tells_of_cancellations_beside_their_orders)
{
    struct both both = start(0);
    struct sp_arena *arena = both.sandbox->arena;
    struct sp_json data = tell_of(&both, "UNPAID", "cancellation", 2, 11);
    cr_assert(sp_text_is(rig_text(data, "cancel_status", arena), "CANCELLATION_REQUEST_COMPLETE"));
    cr_assert(sp_text_is(rig_text(data, "cancellations_role", arena), "BUYER"));
    cr_assert(rig_text(data, "cancel_id", arena).size > 0);
    cr_assert(rig_int(data, "create_time") > 0);
    struct sp_json order = heard_of_type(&both, 1);
    cr_assert(sp_text_is(rig_text(order, "order_status", arena), "CANCEL"));
    (void)process_stop(both.sandbox);
}

Test(notifier, tells_of_returns)
{
    struct both both = start(0);
    struct sp_arena *arena = both.sandbox->arena;
    struct sp_json data = tell_of(&both, "DELIVERED", "return", 1, 12);
    cr_assert(
        sp_text_is(rig_text(data, "return_status", arena), "RETURN_OR_REFUND_REQUEST_PENDING"));
    cr_assert(sp_text_is(rig_text(data, "return_type", arena), "RETURN_AND_REFUND"));
    cr_assert(sp_text_is(rig_text(data, "return_role", arena), "BUYER"));
    cr_assert(rig_text(data, "return_id", arena).size > 0);
    cr_assert(rig_int(data, "update_time") > 0);
    (void)process_stop(both.sandbox);
}

Test(notifier, tells_of_an_address_that_changed_while_the_parcel_is_here)
{
    struct both both = start(0);
    struct sp_arena *arena = both.sandbox->arena;
    struct sp_json data = tell_of(&both, "AWAITING_SHIPMENT", "address", 1, 3);
    cr_assert(rig_int(data, "update_time") > 0);
    struct sp_text id = rig_text(data, "order_id", arena);
    struct sp_text query = sp_arena_printf(arena, "ids=%.*s", SP_FMT(id));
    struct reply shown =
        process_signed(both.sandbox, "GET", "/order/202309/orders", query.data, NULL);
    cr_assert(sp_text_is(rig_text(shown.json, "data.orders.0.has_updated_recipient_address", arena),
                         "true"));
    struct sp_text street =
        rig_text(shown.json, "data.orders.0.recipient_address.address_line1", arena);
    cr_assert_not_null(memmem(street.data, street.size, ", flat 1", 8));
    struct reply sent = post(&both, "/sandbox/orders", "{\"status\":\"IN_TRANSIT\"}");
    struct sp_text path = sp_arena_printf(arena, "/sandbox/orders/%.*s/address",
                                          SP_FMT(rig_text(sent.json, "ids.0", arena)));
    cr_assert_eq(post(&both, path.data, "{}").status, 409);
    (void)process_stop(both.sandbox);
}

Test(notifier, says_whatever_it_is_told_to)
{
    struct both both = start(0);
    struct sp_arena *arena = both.sandbox->arena;
    struct reply reply =
        post(&both, "/sandbox/notices", "{\"type\":36,\"data\":{\"order_ids\":[\"5\"]}}");
    cr_assert_eq(reply.status, 200);
    cr_assert_eq(ear_wait(both.ear, 1), 1);
    struct sp_json body = parse(&both.ear->heard[0]);
    check_signature(&both, &both.ear->heard[0]);
    cr_assert_eq(rig_int(body, "type"), 36);
    cr_assert(sp_text_is(rig_text(body, "data.order_ids.0", arena), "5"));
    cr_assert_eq(post(&both, "/sandbox/notices", "{\"type\":36}").status, 422);
    cr_assert_eq(post(&both, "/sandbox/notices", "{\"data\":{}}").status, 422);
    (void)process_stop(both.sandbox);
}

Test(notifier, tells_of_products_by_a_number)
{
    struct both both = start(0);
    struct sp_arena *arena = both.sandbox->arena;
    struct reply found = process_signed(both.sandbox, "POST", "/product/202502/products/search",
                                        "page_size=1", "{}");
    struct sp_text id = rig_text(found.json, "data.products.0.id", arena);
    struct sp_text path = sp_arena_printf(arena, "/sandbox/products/%.*s/event", SP_FMT(id));
    cr_assert_eq(post(&both, path.data, "{\"event\":\"turn-off\"}").status, 200);
    cr_assert_eq(ear_wait(both.ear, 1), 1);
    struct sp_json body = parse(&both.ear->heard[0]);
    cr_assert_eq(rig_int(body, "type"), 5);
    cr_assert_eq(rig_at(body, "data.product_id").kind, SP_JSON_NUMBER);
    cr_assert(sp_text_equal(rig_text(body, "data.product_id", arena), id));
    cr_assert(sp_text_is(rig_text(body, "data.status", arena), "PRODUCT_STATUS_CHANGED"));
    cr_assert_eq(post(&both, path.data, "{\"event\":\"turn-off\"}").status, 409);
    cr_assert_eq(post(&both, path.data, "{\"event\":\"fly\"}").status, 422);
    struct reply locked = post(&both, path.data, "{\"price_locked\":true}");
    cr_assert(sp_text_is(rig_text(locked.json, "price_locked", arena), "true"));
    cr_assert_eq(post(&both, "/sandbox/products/5/event", "{}").status, 404);
    (void)process_stop(both.sandbox);
}

Test(notifier, tells_again_under_the_same_id_until_it_is_heard)
{
    struct both both = start(2);
    (void)post(&both, "/sandbox/orders", "{}");
    cr_assert_eq(ear_wait(both.ear, 3), 3);
    cr_assert_str_eq(both.ear->heard[0].body, both.ear->heard[1].body);
    cr_assert_str_eq(both.ear->heard[0].body, both.ear->heard[2].body);
    cr_assert_eq(ear_count_later(both.ear), 3); /* and no more */
    struct reply state = process_call(both.sandbox, "GET", "/sandbox", NULL, NULL);
    cr_assert_eq(rig_int(state.json, "webhooks.delivered"), 1);
    cr_assert_eq(rig_int(state.json, "webhooks.failed_tries"), 2);
    cr_assert_eq(rig_int(state.json, "webhooks.waiting"), 0);
    struct reply view = process_get(both.sandbox, "/sandbox/view");
    static const int64_t answers[] = {200, 500, 500}; /* the last one first */
    for (int i = 0; i < 3; i++) {
        struct sp_json one =
            rig_at(view.json, sp_arena_printf(both.sandbox->arena, "tries.%d", i).data);
        cr_assert_eq(rig_int(one, "try"), 3 - i);
        cr_assert_eq(rig_int(one, "status"), answers[i]);
        cr_assert_eq(rig_int(one, "body.type"), 1);
    }
    (void)process_stop(both.sandbox);
}

Test(notifier, tells_when_a_hold_ends_by_itself)
{
    struct both both = start(0);
    (void)post(&both, "/sandbox/orders", "{\"status\":\"ON_HOLD\"}");
    cr_assert_eq(ear_wait(both.ear, 2), 2);
    struct sp_json body = parse(&both.ear->heard[1]);
    cr_assert(
        sp_text_is(rig_text(body, "data.order_status", both.sandbox->arena), "AWAITING_SHIPMENT"));
    cr_assert(sp_json_bool(rig_at(body, "data.is_on_hold_order")));
    (void)process_stop(both.sandbox);
}

Test(notifier, is_silent_when_asked_to_or_without_a_grant)
{
    struct both both = start(0);
    (void)post(&both, "/sandbox/orders", "{\"count\":5,\"webhook\":false}");
    (void)post(&both, "/sandbox/grants", "{\"revoke\":true}");
    cr_assert_eq(ear_wait(both.ear, 1), 1); /* that the grant ends */
    cr_assert_eq(rig_int(parse(&both.ear->heard[0]), "type"), 6);
    (void)post(&both, "/sandbox/orders", "{\"count\":5}");
    cr_assert_eq(ear_count_later(both.ear), 1);
    (void)process_stop(both.sandbox);
}

Test(notifier, prefers_the_address_a_shop_has_registered)
{
    struct both both = start(0);
    struct ear *own = ear_open(0);
    struct sp_text body = sp_arena_printf(
        both.sandbox->arena,
        "{\"event_type\":\"ORDER_STATUS_CHANGE\",\"address\":\"http://127.0.0.1:%d/own\"}",
        own->port);
    (void)process_signed(both.sandbox, "PUT", "/event/202309/webhooks", "", body.data);
    (void)post(&both, "/sandbox/orders", "{\"count\":20}");
    cr_assert_eq(ear_wait(own, 20), 20);
    cr_assert_eq(both.ear->count, 0);
    (void)process_stop(both.sandbox);
}

Test(notifier, waits_longer_after_each_failure)
{
    static const int64_t wanted[] = {2000, 30000, 180000, 720000};
    for (int i = 0; i < NOTICE_RETRIES; i++)
        cr_assert_eq(notifier_retry_after(2000, i + 1), wanted[i]);
    cr_assert_eq(notifier_retry_after(2000, NOTICE_RETRIES + 1), -1);
    cr_assert_eq(notifier_retry_after(2000, 0), -1);
}

/* ---- on purpose
 * ---------------------------------------------------------------------------------------- */

static void order_faults(const struct both *both, const char *list)
{
    struct sp_text body = sp_arena_printf(both->sandbox->arena, "{\"webhooks\":[%s]}", list);
    cr_assert_eq(post(both, "/sandbox/faults", body.data).status, 200);
}

static int64_t count_of(const struct both *both, const char *path)
{
    return rig_int(process_call(both->sandbox, "GET", "/sandbox", NULL, NULL).json, path);
}

Test(notifier, loses_and_doubles_when_told_to)
{
    struct both both = start(0);
    order_faults(&both, "{\"kind\":\"lose\",\"count\":2},{\"kind\":\"double\",\"count\":1}");
    (void)post(&both, "/sandbox/orders", "{\"count\":4}");
    cr_assert_eq(ear_count_later(both.ear), 3);
    cr_assert_str_eq(both.ear->heard[0].body, both.ear->heard[1].body);
    cr_assert_str_neq(both.ear->heard[0].body, both.ear->heard[2].body);
    cr_assert_eq(count_of(&both, "webhooks.lost"), 2);
    (void)process_stop(both.sandbox);
}

Test(notifier, forges_a_notice_beside_the_true_one)
{
    struct both both = start(0);
    order_faults(&both, "{\"kind\":\"forge\"}");
    (void)post(&both, "/sandbox/orders", "{}");
    cr_assert_eq(ear_count_later(both.ear), 2);
    cr_assert_str_eq(both.ear->heard[0].body, both.ear->heard[1].body);
    cr_assert_str_neq(both.ear->heard[0].authorization, both.ear->heard[1].authorization);
    cr_assert_eq(strlen(both.ear->heard[1].authorization), SIGNATURE_HEX);
    cr_assert_eq(count_of(&both, "webhooks.forged_taken"), 1); /* our ear takes anything */
    (void)process_stop(both.sandbox);
}

Test(notifier, does_not_repeat_a_forged_notice)
{
    struct both both = start(4);
    order_faults(&both, "{\"kind\":\"lose\"},{\"kind\":\"forge\"}");
    (void)post(&both, "/sandbox/orders", "{}");
    cr_assert_eq(ear_count_later(both.ear), 1);
    cr_assert_eq(count_of(&both, "webhooks.forged"), 1);
    cr_assert_eq(count_of(&both, "webhooks.forged_taken"), 0);
    cr_assert_eq(count_of(&both, "webhooks.waiting"), 0);
    (void)process_stop(both.sandbox);
}

Test(notifier, lets_later_ones_overtake)
{
    struct both both = start(0);
    order_faults(&both, "{\"kind\":\"delay\",\"delay_ms\":1000}");
    int64_t began_us = sp_monotonic_us();
    (void)post(&both, "/sandbox/orders", "{\"status\":\"UNPAID\"}");
    (void)post(&both, "/sandbox/orders", "{\"status\":\"AWAITING_SHIPMENT\"}");
    cr_assert_eq(ear_wait(both.ear, 2), 2);
    cr_assert(sp_monotonic_us() - began_us >= 1000000);
    cr_assert_not_null(strstr(both.ear->heard[0].body, "AWAITING_SHIPMENT"));
    cr_assert_not_null(strstr(both.ear->heard[1].body, "UNPAID"));
    order_faults(&both, "{\"kind\":\"reorder\",\"percent\":100,\"delay_ms\":300}");
    (void)post(&both, "/sandbox/orders", "{\"count\":50}");
    cr_assert_eq(ear_wait(both.ear, 52), 52);
    int64_t before = 0, steps_back = 0;
    for (size_t i = 2; i < 52; i++) {
        struct sp_json body = parse(&both.ear->heard[i]);
        int64_t id = rig_int(body, "tts_notification_id");
        steps_back += id < before;
        before = id;
    }
    cr_assert(steps_back > 5);
    (void)process_stop(both.sandbox);
}

Test(notifier, forgets_what_it_holds_back_when_it_stops)
{
    struct both both = start(0);
    order_faults(&both, "{\"kind\":\"delay\",\"percent\":100,\"delay_ms\":60000}");
    (void)post(&both, "/sandbox/orders", "{\"count\":9}");
    cr_assert_eq(count_of(&both, "webhooks.waiting"), 9);
    cr_assert_eq(process_stop(both.sandbox), 0);
    cr_assert_eq(both.ear->count, 0);
}
