/* What the marketplace says of a task. */
#include "services/connector/task_json.h"

#include <string.h>

#include "common/text.h"

enum { PROBLEM_MAX = 500, RESULT_MAX = 2048 };

/* ---- what was said ------------------------------------------------------------------ */

static struct sp_text text_of(struct sp_json object, const char *name, struct sp_arena *arena)
{
    return sp_json_text(sp_json_get(object, name), arena);
}

/* Errors of single packages inside a code 0. */
static struct task_answer read_shipped(struct sp_json data, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(data, "errors"));
    struct sp_json error;
    while (!walk.object && sp_json_next(&walk, NULL, &error)) {
        struct sp_text package = text_of(sp_json_get(error, "detail"), "package_id", arena);
        struct sp_text message = text_of(error, "message", arena);
        struct sp_text problem =
            sp_arena_printf(arena, "package %.*s: %lld %.*s", SP_FMT(package),
                            (long long)sp_json_int(sp_json_get(error, "code"), 0), SP_FMT(message));
        return (struct task_answer){TASK_NO, .problem = sp_text_fit(problem, PROBLEM_MAX, arena)};
    }
    return (struct task_answer){.word = TASK_YES};
}

static struct task_answer read_marked(const struct task *task, struct sp_json data,
                                      struct sp_arena *arena)
{
    struct task_answer answer = {TASK_YES, .complete = true};
    answer.packages = sp_arena_alloc(arena, sizeof *answer.packages);
    answer.packages[0] = (struct channel_package){.package_id = text_of(data, "package_id", arena),
                                                  .tracking = task->shipment.tracking};
    answer.package_count = answer.packages[0].package_id.size > 0;
    return answer;
}

/* A package as its line items show it. */
struct seen_package {
    bool is_there, shipped, cancelled;
    struct sp_text tracking, carrier;
};

static bool is_shipped(struct sp_text status)
{
    return sp_text_is(status, "PROCESSING") || sp_text_is(status, "FULFILLING") ||
           sp_text_is(status, "COMPLETED");
}

static struct seen_package see_package(struct sp_json order, struct sp_text package_id,
                                       struct sp_arena *arena)
{
    struct seen_package seen = {.is_there = false};
    struct sp_json_walk walk = sp_json_each(sp_json_get(order, "line_items"));
    struct sp_json item;
    while (sp_json_next(&walk, NULL, &item)) {
        if (package_id.size > 0 && !sp_text_equal(text_of(item, "package_id", arena), package_id))
            continue;
        struct sp_text status = text_of(item, "package_status", arena);
        seen.is_there = true;
        seen.shipped = seen.shipped || is_shipped(status);
        seen.cancelled = seen.cancelled || sp_text_is(status, "CANCELLED");
        if (seen.tracking.size == 0) {
            seen.tracking = text_of(item, "tracking_number", arena);
            seen.carrier = text_of(item, "shipping_provider_name", arena);
        }
    }
    return seen;
}

static struct task_answer see_shipment(const struct task *task, struct sp_json order,
                                       struct sp_arena *arena)
{
    size_t count = task->shipment.packages_count;
    struct task_answer answer = {TASK_YES, .complete = true};
    answer.packages = sp_arena_array(arena, count, sizeof *answer.packages);
    for (size_t i = 0; i < count; i++) {
        struct sp_text id = task->shipment.packages[i].package_id;
        struct seen_package seen = see_package(order, id, arena);
        answer.complete = answer.complete && seen.tracking.size > 0;
        if (seen.shipped)
            answer.packages[answer.package_count++] =
                (struct channel_package){id, seen.tracking, seen.carrier};
        else if (seen.is_there && !seen.cancelled)
            answer.word = answer.word == TASK_NO ? TASK_NO : TASK_OPEN;
        else
            answer = (struct task_answer){
                TASK_NO,
                .problem = sp_arena_printf(
                    arena, seen.cancelled ? "PACKAGE_CANCELLED %.*s" : "PACKAGE_GONE %.*s",
                    SP_FMT(id)),
                .packages = answer.packages, .package_count = answer.package_count};
    }
    return answer;
}

static bool is_among(const struct action_requested *action, struct sp_text id)
{
    for (size_t i = 0; i < action->units_count; i++) {
        if (sp_text_equal(action->units[i].id, id))
            return true;
    }
    return false;
}

/* Whether the units that were to be cancelled are; never when it was the whole order. */
static bool are_cancelled(const struct action_requested *action, struct sp_json order,
                          struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(order, "line_items"));
    struct sp_json item;
    size_t cancelled = 0;
    while (sp_json_next(&walk, NULL, &item)) {
        if (sp_text_is(text_of(item, "display_status", arena), "CANCELLED") &&
            is_among(action, text_of(item, "id", arena)))
            cancelled++;
    }
    return action->units_count > 0 && cancelled == action->units_count;
}

static struct task_answer see_order(const struct task *task, struct sp_json data,
                                    struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(data, "orders"));
    struct sp_json order;
    if (!sp_json_next(&walk, NULL, &order))
        return (struct task_answer){TASK_NO_ANSWER, .problem = SP_TEXT("ORDER_NOT_FOUND")};
    struct sp_text status = text_of(order, "status", arena);
    bool cancelled = sp_text_is(status, "CANCELLED");
    if (task->kind == TASK_CANCEL)
        return (struct task_answer){
            cancelled || are_cancelled(&task->action, order, arena) ? TASK_YES : TASK_OPEN,
            .complete = true};
    if (cancelled)
        return (struct task_answer){TASK_NO, .problem = SP_TEXT("ORDER_CANCELLED")};
    if (task->kind == TASK_SHIP)
        return see_shipment(task, order, arena);
    struct seen_package seen = see_package(order, (struct sp_text){0}, arena);
    return (struct task_answer){seen.shipped ? TASK_YES : TASK_OPEN, .complete = true};
}

/* The words of both worlds: CANCELLATION_REQUEST_PENDING, …_SUCCESS, …_COMPLETE, …_CANCEL or
 * …_CANCELLED; RETURN_OR_REFUND_REQUEST_…, REPLACEMENT_REQUEST_…, AWAITING_BUYER_SHIP and so on. */
static struct task_answer judge(const struct task *task, struct sp_text status,
                                struct sp_arena *arena)
{
    bool accepts = task->kind == TASK_ACCEPT_CANCEL || task->kind == TASK_ACCEPT_RETURN;
    bool accepted = sp_text_holds(status, "SUCCESS") || sp_text_holds(status, "COMPLETE") ||
                    sp_text_is(status, "AWAITING_BUYER_SHIP");
    bool declined = sp_text_holds(status, "REJECT") || sp_text_holds(status, "_CANCEL");
    if ((accepts && accepted) || (!accepts && declined))
        return (struct task_answer){TASK_YES, .complete = true};
    return (struct task_answer){TASK_NO,
                                .problem = sp_arena_printf(arena, "ALREADY %.*s", SP_FMT(status))};
}

/* "SELLER_RESPOND_REFUND" → "REFUND"; empty when it is none that can be answered. */
static struct sp_text decision_of(struct sp_text action)
{
    static const struct {
        const char *action, *decision;
    } words[] = {{"SELLER_RESPOND_REFUND", "REFUND"},
                 {"SELLER_RESPOND_RETURN", "RETURN"},
                 {"SELLER_RESPOND_RECEIVE_PACKAGE", "RECEIVED_PACKAGE"},
                 {"SELLER_RESPOND_REPLACEMENT", "REPLACEMENT"},
                 {"SELLER_RESPOND_CANCEL", "CANCEL"}};
    for (size_t i = 0; i < SP_COUNT(words); i++) {
        if (sp_text_is(action, words[i].action))
            return sp_text_of(words[i].decision);
    }
    return (struct sp_text){0};
}

/* What the marketplace waits for the seller to do. */
static struct sp_text awaited(struct sp_json found, struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(found, "seller_next_action_response"));
    struct sp_json next;
    struct sp_text decision = {0};
    while (decision.size == 0 && sp_json_next(&walk, NULL, &next))
        decision = decision_of(text_of(next, "action", arena));
    return decision;
}

/* Open while the marketplace awaits the same decision as when it was asked, and before that the one
 * that a person answered. */
static struct task_answer see_case(const struct task *task, struct sp_json data, bool is_return,
                                   struct sp_arena *arena)
{
    struct sp_json_walk walk =
        sp_json_each(sp_json_get(data, is_return ? "return_orders" : "cancellations"));
    struct sp_json found;
    while (sp_json_next(&walk, NULL, &found)) {
        if (!sp_text_equal(text_of(found, is_return ? "return_id" : "cancel_id", arena),
                           task->action.subject_id))
            continue;
        struct sp_text status =
            text_of(found, is_return ? "return_status" : "cancel_status", arena);
        struct sp_text decision = awaited(found, arena);
        bool pending = is_return ? decision.size > 0 : sp_text_holds(status, "PENDING");
        bool asked = task->decision.size > 0;
        struct sp_text meant = asked ? task->decision : decision_of(task->action.wants);
        if (pending && (meant.size == 0 || sp_text_equal(meant, decision)))
            return (struct task_answer){TASK_OPEN, .decision = decision};
        if (pending && !asked)
            return (struct task_answer){TASK_NO, .problem = SP_TEXT("OTHER_ANSWER")};
        if (pending) /* it has moved on to the next question */
            return (struct task_answer){TASK_YES, .complete = true};
        return judge(task, status, arena);
    }
    return (struct task_answer){TASK_NO, .problem = SP_TEXT("CASE_UNKNOWN")};
}

static struct task_answer read_document(struct sp_json data, struct sp_arena *arena)
{
    struct sp_text url = text_of(data, "doc_url", arena);
    if (url.size == 0 || url.size > RESULT_MAX)
        return (struct task_answer){TASK_NO, .problem = SP_TEXT("NO_FILE")};
    return (struct task_answer){TASK_YES, .complete = true, .result = url};
}

struct task_answer task_read(const struct task *task, struct sp_json data, struct sp_arena *arena)
{
    bool looks = task_looks(task);
    switch (task->kind) {
    case TASK_SHIP:
        return looks ? see_order(task, data, arena) : read_shipped(data, arena);
    case TASK_MARK_SHIPPED:
        return looks ? see_order(task, data, arena) : read_marked(task, data, arena);
    case TASK_CANCEL:
        if (looks)
            return see_order(task, data, arena);
        break;
    case TASK_ACCEPT_CANCEL:
    case TASK_DECLINE_CANCEL:
        if (looks)
            return see_case(task, data, false, arena);
        break;
    case TASK_ACCEPT_RETURN:
    case TASK_DECLINE_RETURN:
        if (looks)
            return see_case(task, data, true, arena);
        break;
    case TASK_PRICE:
    case TASK_LISTING:
        break;
    case TASK_DOCUMENT:
        return read_document(data, arena);
    case TASK_KINDS:
        break;
    }
    return (struct task_answer){TASK_YES, .complete = true};
}
