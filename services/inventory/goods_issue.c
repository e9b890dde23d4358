#include "services/inventory/goods_issue.h"

#include <stdlib.h>

static const struct sp_step steps[] = {
    {ISSUE_NONE, ISSUE_ACCEPT, ISSUE_AWAITING},      {ISSUE_NONE, ISSUE_REFUSE, ISSUE_REFUSED},
    {ISSUE_NONE, ISSUE_CANCEL, ISSUE_CANCELLED},     {ISSUE_AWAITING, ISSUE_ISSUE, ISSUE_ISSUED},
    {ISSUE_AWAITING, ISSUE_CANCEL, ISSUE_CANCELLED}, {ISSUE_REFUSED, ISSUE_ACCEPT, ISSUE_AWAITING},
    {ISSUE_REFUSED, ISSUE_REFUSE, ISSUE_REFUSED},    {ISSUE_REFUSED, ISSUE_CANCEL, ISSUE_CANCELLED},
};

static const char *const state_names[] = {"NONE", "AWAITING_ISSUE", "ISSUED", "CANCELLED",
                                          "REFUSED"};
static const char *const event_names[] = {"ACCEPT", "REFUSE", "ISSUE", "CANCEL"};

const struct sp_machine goods_issue_machine = {.name = "goods issue",
                                               .steps = steps,
                                               .step_count = SP_COUNT(steps),
                                               .states = state_names,
                                               .state_count = SP_COUNT(state_names),
                                               .events = event_names,
                                               .event_count = SP_COUNT(event_names)};

/* The order's part that a part of the issue is of; NULL: there is none. */
static struct kept_part *kept_for(const struct issue_case *issue, const struct issue_part *part)
{
    struct kept_part wanted = {.line = part->line, .variant_id = part->variant_id};
    if (issue->kept_count == 0)
        return NULL;
    return bsearch(&wanted, issue->kept, issue->kept_count, sizeof wanted, kept_part_compare);
}

/* Whether all parts are kept in the warehouse.  One line and variant comes once in a request. */
static bool is_all_kept(const struct issue_case *issue)
{
    for (size_t i = 0; i < issue->part_count; i++) {
        const struct issue_part *part = &issue->parts[i];
        const struct kept_part *kept = kept_for(issue, part);
        if (part->pieces <= 0 || kept == NULL || kept->warehouse_id != issue->warehouse_id ||
            kept->reserved < part->pieces)
            return false;
        if (i > 0 && issue->parts[i - 1].line == part->line &&
            issue->parts[i - 1].variant_id == part->variant_id)
            return false;
    }
    return true;
}

/* Why goods may not leave for its order; NULL: they may. */
static const char *objection_of_order(const struct issue_case *issue)
{
    if (!issue->order_known)
        return "ORDER_UNKNOWN";
    return issue->standing.may_issue ? NULL : "ORDER_CLOSED";
}

/* Why it cannot be accepted; NULL: it can. */
static const char *objection_to(const struct issue_case *issue)
{
    const char *objection = objection_of_order(issue);
    if (objection != NULL)
        return objection;
    if (issue->part_count > 0 && !issue->warehouse_gives)
        return "WAREHOUSE_NOT_APPROVED";
    if (!is_all_kept(issue))
        return "GOODS_NOT_KEPT";
    return NULL;
}

/* From reserved to the issue, or with `times` = -1 back: held for the order before and after, so
 * that no figure of the stock changes. */
static void move_to_issue(struct issue_case *issue, int64_t times)
{
    for (size_t i = 0; i < issue->part_count; i++) {
        const struct issue_part *part = &issue->parts[i];
        struct kept_part *kept = kept_for(issue, part);
        if (kept == NULL)
            continue;
        kept->reserved -= part->pieces * times;
        kept->issuing += part->pieces * times;
        kept->awaiting += part->pieces * times;
    }
}

/* Back to reserved while the order lives, else free. */
static size_t cancel(struct issue_case *issue, struct stock_effect effects[])
{
    size_t count = 0;
    for (size_t i = 0; i < issue->part_count; i++) {
        const struct issue_part *part = &issue->parts[i];
        struct kept_part *kept = kept_for(issue, part);
        bool goes_back = kept != NULL && issue->standing.takes;
        if (kept != NULL) {
            kept->issuing -= part->pieces;
            kept->awaiting -= part->pieces;
        }
        if (goes_back)
            kept->reserved += part->pieces;
        else
            effects[count++] = (struct stock_effect){.account_id = issue->account_id,
                                                     .variant_id = part->variant_id,
                                                     .warehouse_id = issue->warehouse_id,
                                                     .held = -part->pieces};
    }
    return count;
}

size_t issue_decide(struct issue_case *issue, struct stock_effect effects[])
{
    bool holds_goods = issue->state == ISSUE_AWAITING;
    if (issue->counted)
        move_to_issue(issue, -1);
    const char *objection = issue->wanted ? objection_to(issue) : NULL;
    int event = !issue->wanted ? ISSUE_CANCEL : objection == NULL ? ISSUE_ACCEPT : ISSUE_REFUSE;
    issue->reason = "";
    if (!sp_state_next(&goods_issue_machine, issue->state, event, &issue->state))
        return 0;
    if (event == ISSUE_REFUSE)
        issue->reason = objection;
    if (event == ISSUE_ACCEPT)
        move_to_issue(issue, 1);
    return event == ISSUE_CANCEL && holds_goods ? cancel(issue, effects) : 0;
}

bool issue_issue(struct issue_case *issue, struct stock_effect effects[])
{
    int issued;
    issue->reason = "";
    if (!sp_state_next(&goods_issue_machine, issue->state, ISSUE_ISSUE, &issued))
        issue->reason = "NOT_AWAITING";
    else if (objection_of_order(issue) != NULL)
        issue->reason = objection_of_order(issue);
    if (issue->reason[0] != '\0')
        return false;
    issue->state = issued;
    for (size_t i = 0; i < issue->part_count; i++) {
        const struct issue_part *part = &issue->parts[i];
        struct kept_part *kept = kept_for(issue, part);
        if (kept != NULL)
            kept->awaiting -= part->pieces;
        effects[i] = (struct stock_effect){.account_id = issue->account_id,
                                           .variant_id = part->variant_id,
                                           .warehouse_id = issue->warehouse_id,
                                           .on_hand = -part->pieces,
                                           .held = -part->pieces};
    }
    return true;
}
