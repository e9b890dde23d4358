/* Webhook addresses over the Open API.  Covers: api_events.c */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sandbox/rig.h"

TestSuite(api_events, .init = rig_begin, .fini = rig_finish);

static struct rig_answer call(const char *method, const char *body)
{
    return rig_call(
        rig.sandbox, rig.arena,
        &(struct rig_call){.method = method, .path = "/event/202309/webhooks", .body = body});
}

#define ORDERS "\"event_type\":\"ORDER_STATUS_CHANGE\""

Test(api_events, keep_one_address_for_each_topic)
{
    cr_assert_eq(rig_int(call("GET", NULL).data, "total_count"), 0);
    cr_assert_eq(call("PUT", "{" ORDERS ",\"address\":\"https://a.example/x\"}").code, 0);
    cr_assert_eq(call("PUT", "{" ORDERS ",\"address\":\"https:\\/\\/b.example\"}").code, 0);
    struct rig_answer answer = call("GET", NULL);
    cr_assert_eq(rig_int(answer.data, "total_count"), 1);
    cr_assert(
        sp_text_is(rig_text(answer.data, "webhooks.0.address", rig.arena), "https://b.example"));
    cr_assert(sp_text_is(rig_text(answer.data, "webhooks.0.event_type", rig.arena),
                         "ORDER_STATUS_CHANGE"));
}

Test(api_events, are_deleted_whether_there_or_not)
{
    cr_assert_eq(call("DELETE", "{" ORDERS "}").code, 0);
    cr_assert_eq(call("PUT", "{" ORDERS ",\"address\":\"https://a.example\"}").code, 0);
    cr_assert_eq(call("DELETE", "{" ORDERS "}").code, 0);
    cr_assert_eq(rig_int(call("GET", NULL).data, "total_count"), 0);
}

Test(api_events, say_what_is_missing_or_wrong)
{
    struct rig_answer answer = call("PUT", "{" ORDERS "}");
    cr_assert_eq(answer.code, 36009004);
    cr_assert(sp_text_is(answer.message, "param body.address is missing"));
    cr_assert(sp_text_is(call("PUT", "{\"address\":\"https://a.example\"}").message,
                         "param body.event_type is missing"));
    cr_assert_eq(call("PUT", "{" ORDERS ",\"address\":\"ftp://a\"}").code, 36009004);
    cr_assert_eq(call("DELETE", "{\"event_type\":\"NEWS\"}").code, 36009004);
    cr_assert_eq(call("POST", "{}").code, 36009010);
    struct sp_buffer body = {0};
    sp_buffer_put_string(&body, "{" ORDERS ",\"address\":\"https://");
    for (int i = 0; i < 255; i++)
        sp_buffer_put_string(&body, "a");
    sp_buffer_put(&body, "\"}", 3);
    cr_assert_eq(call("PUT", body.data).code, 36009004);
    sp_buffer_free(&body);
}
