/* What may be changed in a status table. */
#include "services/order-ingest/statuses.h"

enum { STATUS_BYTES = 48 }; /* as in channel.order */

const char *const ingest_hub_statuses[] = {"NEW",
                                           "ON_HOLD",
                                           "AWAITING_CONFIRMATION",
                                           "PARTLY_CONFIRMED",
                                           "CONFIRMED",
                                           "IN_TRANSIT",
                                           "SUCCESS",
                                           "RETURNING",
                                           "CANCELLED",
                                           "CUSTOMER_CANCELLED",
                                           "SYSTEM_CANCELLED",
                                           NULL};
const char *const ingest_status_groups[] = {"NEW",       "PROCESSING", "PACKING",   "DELIVERING",
                                            "COMPLETED", "CANCELLED",  "RETURNING", NULL};
static const char *const causes[] = {"", "COLLECTED", "SELLER", "BUYER", "SYSTEM", NULL};

static bool is_one_of(struct sp_text word, const char *const words[])
{
    for (; *words != NULL; words++) {
        if (sp_text_is(word, *words))
            return true;
    }
    return false;
}

static enum sp_result read_change(struct sp_json rule, struct sp_arena *arena,
                                  struct status_change *change, struct sp_error *err)
{
    *change = (struct status_change){
        .channel_status = sp_json_text(sp_json_get(rule, "channel_status"), arena),
        .cause = sp_json_text(sp_json_get(rule, "cause"), arena),
        .hub_status = sp_json_text(sp_json_get(rule, "hub_status"), arena),
        .status_group = sp_json_text(sp_json_get(rule, "status_group"), arena),
    };
    if (change->channel_status.size == 0 || change->channel_status.size > STATUS_BYTES)
        return sp_fail(err, SP_REJECT, "a channel status has 1 to %d bytes", STATUS_BYTES);
    if (!is_one_of(change->cause, causes) ||
        (change->cause.size > 0 && !sp_text_is(change->channel_status, "CANCELLED")))
        return sp_fail(err, SP_REJECT, "%.*s is not cancelled by %.*s",
                       SP_FMT(change->channel_status), SP_FMT(change->cause));
    if (change->hub_status.size == 0 && change->status_group.size == 0)
        return SP_OK;
    if (!is_one_of(change->hub_status, ingest_hub_statuses))
        return sp_fail(err, SP_REJECT, "there is no status %.*s", SP_FMT(change->hub_status));
    if (!is_one_of(change->status_group, ingest_status_groups))
        return sp_fail(err, SP_REJECT, "there is no group %.*s", SP_FMT(change->status_group));
    return SP_OK;
}

static bool is_there(const struct status_change changes[], size_t count,
                     const struct status_change *change)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(changes[i].channel_status, change->channel_status) &&
            sp_text_equal(changes[i].cause, change->cause))
            return true;
    }
    return false;
}

enum sp_result ingest_read_statuses(struct sp_json body, struct sp_arena *arena,
                                    struct status_change changes[], size_t *count,
                                    struct sp_error *err)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "rules"));
    struct sp_json rule;
    *count = 0;
    while (sp_json_next(&walk, NULL, &rule)) {
        if (*count == STATUS_CHANGES)
            return sp_fail(err, SP_REJECT, "at most %d rules at once", STATUS_CHANGES);
        if (read_change(rule, arena, &changes[*count], err) != SP_OK)
            return SP_REJECT;
        if (is_there(changes, *count, &changes[*count]))
            return sp_fail(err, SP_REJECT, "%.*s is there twice",
                           SP_FMT(changes[*count].channel_status));
        ++*count;
    }
    return *count > 0 ? SP_OK : sp_fail(err, SP_REJECT, "no rule is changed");
}
