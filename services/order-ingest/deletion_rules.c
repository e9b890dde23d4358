/* Whether an order may be put away. */
#include "services/order-ingest/deletion_rules.h"

const char *deletion_refusal(struct sp_text stage, struct sp_text channel_status, bool overridden)
{
    static const char *const drafts[] = {"UNSYNC", "NOT_READY", "CANCELLED"};
    if (sp_text_among(stage, drafts, SP_COUNT(drafts)) < 0)
        return "NOT_A_DRAFT";
    return overridden || sp_text_is(channel_status, "CANCELLED") ? NULL : "NOT_CANCELLED";
}
