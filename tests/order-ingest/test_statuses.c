/* What may be changed in a status table. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "services/order-ingest/statuses.h"

static enum sp_result read_rules(const char *text, size_t *count)
{
    static struct status_change changes[STATUS_CHANGES];
    struct sp_arena *arena = sp_arena_open();
    struct sp_json body;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &body, NULL), SP_OK, "%s", text);
    enum sp_result result = ingest_read_statuses(body, arena, changes, count, NULL);
    sp_arena_close(&arena);
    return result;
}

#define RULE(status, cause, hub, phase)                                                            \
    "{\"channel_status\":\"" status "\",\"cause\":\"" cause "\",\"hub_status\":\"" hub             \
    "\",\"status_group\":\"" phase "\"}"

Test(statuses, takes_known_words_for_any_channel_status)
{
    size_t count;
    cr_expect_eq(read_rules("{\"rules\":[" RULE("ON_THE_MOON", "", "NEW", "NEW") "," RULE(
                                "CANCELLED", "BUYER", "CANCELLED", "CANCELLED") "]}",
                            &count),
                 SP_OK);
    cr_expect_eq(count, 2);
    cr_expect_eq(read_rules("{\"rules\":[{\"channel_status\":\"UNPAID\"}]}", &count), SP_OK,
                 "the default again");
}

Test(statuses, refuses_words_that_mean_nothing)
{
    static const char *const bad[] = {
        "{}",
        "{\"rules\":[]}",
        "{\"rules\":[" RULE("", "", "NEW", "NEW") "]}",
        "{\"rules\":[" RULE("UNPAID", "", "BLUE", "NEW") "]}",
        "{\"rules\":[" RULE("UNPAID", "", "NEW", "BLUE") "]}",
        "{\"rules\":[" RULE("UNPAID", "", "NEW", "") "]}",
        "{\"rules\":[" RULE("UNPAID", "", "", "NEW") "]}",
        "{\"rules\":[" RULE("UNPAID", "BUYER", "NEW", "NEW") "]}",
        "{\"rules\":[" RULE("CANCELLED", "MOON", "NEW", "NEW") "]}",
        "{\"rules\":[" RULE("UNPAID", "", "NEW", "NEW") "," RULE("UNPAID", "", "SUCCESS",
                                                                 "NEW") "]}",
    };
    size_t count;
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_expect_eq(read_rules(bad[i], &count), SP_REJECT, "%s", bad[i]);
}
