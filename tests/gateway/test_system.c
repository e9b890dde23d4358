/* How all services are, in one answer. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/system.h"

static struct sp_json written(const struct gather_part parts[], size_t count)
{
    static struct sp_buffer json;
    struct sp_json value;
    sp_buffer_reset(&json);
    system_write(&json, parts, count, INT64_C(1795300200) * 1000000);
    cr_assert_eq(sp_json_parse(sp_buffer_text(&json), &value, NULL), SP_OK, "%.*s",
                 SP_FMT(sp_buffer_text(&json)));
    return value;
}

static struct sp_json service(struct sp_json system, size_t index)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(system, "services"));
    struct sp_json one;
    do
        cr_assert(sp_json_next(&walk, NULL, &one));
    while (index-- > 0);
    return one;
}

static bool is(struct sp_json object, const char *member, const char *text)
{
    return sp_text_is(sp_json_text(sp_json_get(object, member), NULL), text);
}

Test(system, passes_on_what_each_service_says)
{
    struct gather_part parts[] = {
        {"inventory", 200,
         SP_TEXT("{\"ready\":true,\"service\":\"x\",\"uptime_s\":7,\"outbox\":{\"placement\":{"
                 "\"depth\":2}}}")},
    };
    struct sp_json system = written(parts, 1), one = service(system, 0);
    cr_expect(sp_json_bool(sp_json_get(system, "ready")));
    cr_expect(is(system, "as_of", "2026-11-21T22:30:00Z"));
    cr_expect(is(one, "service", "inventory"), "by its own name, not by what it says");
    cr_expect(sp_json_bool(sp_json_get(one, "ready")));
    cr_expect_eq(sp_json_get(one, "reason").kind, SP_JSON_NULL);
    cr_expect_eq(sp_json_int(sp_json_get(one, "uptime_s"), 0), 7);
    cr_expect_eq(sp_json_get(one, "outbox").kind, SP_JSON_OBJECT);
}

Test(system, shows_who_did_not_answer_and_why)
{
    struct gather_part parts[] = {
        {"gateway", 200, SP_TEXT("{\"ready\":true}")},
        {"connector", 503, {0}},
        {"inventory", 504, {0}},
        {"placement", 200, SP_TEXT("<html>")},
        {"order-ingest", 200, SP_TEXT("{\"ready\":false}")},
        {"product-mapper", 500, SP_TEXT("{\"code\":\"INTERNAL\"}")},
    };
    static const char *const reasons[] = {NULL,
                                          "not reachable",
                                          "no answer in time",
                                          "gave an answer without sense",
                                          "says it is not ready",
                                          "gave an answer without sense"};
    struct sp_json system = written(parts, SP_COUNT(parts));
    cr_expect_not(sp_json_bool(sp_json_get(system, "ready")));
    for (size_t i = 1; i < SP_COUNT(parts); i++) {
        struct sp_json one = service(system, i);
        cr_expect(is(one, "service", parts[i].service));
        cr_expect_not(sp_json_bool(sp_json_get(one, "ready")));
        cr_expect_eq(sp_json_get(one, "code").kind, SP_JSON_NONE);
        if (i != 3)
            cr_expect(is(one, "reason", reasons[i]), "%zu", i);
    }
}
