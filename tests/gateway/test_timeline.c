/* Hops of several services, in one list. */
/* Covers: timeline.c, gather.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/gateway/timeline.h"

static const char *written(const struct gather_part parts[], size_t count)
{
    static struct sp_buffer json;
    sp_buffer_reset(&json);
    timeline_write(&json, parts, count);
    sp_buffer_put(&json, "", 1);
    return json.data;
}

Test(timeline, puts_the_latest_hop_first)
{
    const struct gather_part parts[] = {
        {"order-ingest", 200,
         SP_TEXT("{\"hops\":[{\"fact\":\"order.staged\",\"emitted_at\":\"2026-11-21T22:30:00.3Z\"},"
                 "{\"fact\":\"channel.order\",\"emitted_at\":\"2026-11-21T22:30:00.1Z\"}]}")},
        {"inventory", 200,
         SP_TEXT("{\"hops\":[{\"fact\":\"order.mapped\",\"emitted_at\":\"2026-11-21T22:30:00.2Z\"},"
                 "{\"fact\":\"of old\",\"emitted_at\":null}]}")},
        {"connector", 200,
         SP_TEXT("{\"hops\":[{\"fact\":\"unsaid\",\"emitted_at\":null,"
                 "\"committed_at\":\"2026-11-21T22:30:00.4Z\"}]}")},
    };
    const char *json = written(parts, 3);
    const char *staged = strstr(json, "order.staged"), *mapped = strstr(json, "order.mapped");
    const char *order = strstr(json, "channel.order"), *old = strstr(json, "of old");
    cr_assert(staged != NULL && mapped != NULL && order != NULL && old != NULL, "%s", json);
    cr_expect(staged < mapped && mapped < order && order < old, "%s", json);
    const char *unsaid = strstr(json, "unsaid");
    cr_assert(unsaid != NULL, "%s", json);
    cr_expect(unsaid < staged, "by when it was stored: %s", json);
    cr_expect(strstr(json, "\"silent\":[]") != NULL);
}

Test(timeline, says_who_did_not_answer)
{
    const struct gather_part parts[] = {{"order-ingest", 504, {0}},
                                        {"inventory", 200, SP_TEXT("{\"hops\":[]}")},
                                        {"placement", 200, SP_TEXT("nonsense")}};
    cr_expect_str_eq(written(parts, 3),
                     "{\"hops\":[],\"silent\":[\"order-ingest\",\"placement\"]}");
}
