/* Which orders may be put away. */
#include <criterion/criterion.h>

#include "services/order-ingest/deletion_rules.h"

static const char *refused(const char *stage, const char *status, bool overridden)
{
    const char *code = deletion_refusal(sp_text_of(stage), sp_text_of(status), overridden);
    return code == NULL ? "" : code;
}

Test(deletion_rules, takes_drafts_that_the_marketplace_cancelled)
{
    cr_expect_str_eq(refused("UNSYNC", "CANCELLED", false), "");
    cr_expect_str_eq(refused("NOT_READY", "CANCELLED", false), "");
    cr_expect_str_eq(refused("CANCELLED", "CANCELLED", false), "");
}

Test(deletion_rules, wants_a_word_for_what_is_not_cancelled)
{
    cr_expect_str_eq(refused("NOT_READY", "AWAITING_SHIPMENT", false), "NOT_CANCELLED");
    cr_expect_str_eq(refused("UNSYNC", "NEVER_HEARD", false), "NOT_CANCELLED");
    cr_expect_str_eq(refused("NOT_READY", "AWAITING_SHIPMENT", true), "");
}

Test(deletion_rules, leaves_alone_what_was_placed_or_is_not_known_yet)
{
    static const char *const stages[] = {"",           "TO_PURCHASE", "AWAITING_SHIPMENT",
                                         "PACKED",     "IN_TRANSIT",  "DONE",
                                         "CANCELLING", "RETURNED",    "ELSEWHERE"};
    for (size_t i = 0; i < SP_COUNT(stages); i++)
        cr_expect_str_eq(refused(stages[i], "CANCELLED", true), "NOT_A_DRAFT", "%s", stages[i]);
}
