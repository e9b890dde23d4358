#include "services/connector/task.h"

#include "services/connector/budget.h"

enum {
    WAIT_MAX_MS = 10 * 60 * 1000,
    LABEL_TRIES = 20,   /* some two hours */
    DOCUMENT_TRIES = 8, /* a label may lag behind its shipment by minutes */
    UNKNOWN_AFTER = 3,  /* looks that learnt nothing, until somebody is told */
};

const char *const task_kind_names[TASK_KINDS] = {
    "SHIP",          "MARK_SHIPPED",   "CANCEL", "ACCEPT_CANCEL", "DECLINE_CANCEL",
    "ACCEPT_RETURN", "DECLINE_RETURN", "PRICE",  "DOCUMENT",      "LISTING"};

static const struct sp_step steps[] = {
    {TASK_WANTED, TASK_SUCCEEDED, TASK_DONE},   {TASK_WANTED, TASK_SHIPPED, TASK_LABEL},
    {TASK_WANTED, TASK_UNSURE, TASK_ASKED},     {TASK_WANTED, TASK_FOUND_OPEN, TASK_WANTED},
    {TASK_WANTED, TASK_GAVE_UP, TASK_REFUSED},  {TASK_ASKED, TASK_SUCCEEDED, TASK_DONE},
    {TASK_ASKED, TASK_SHIPPED, TASK_LABEL},     {TASK_ASKED, TASK_UNSURE, TASK_ASKED},
    {TASK_ASKED, TASK_FOUND_OPEN, TASK_WANTED}, {TASK_ASKED, TASK_GAVE_UP, TASK_REFUSED},
    {TASK_LABEL, TASK_SUCCEEDED, TASK_DONE},    {TASK_LABEL, TASK_SHIPPED, TASK_LABEL},
    {TASK_LABEL, TASK_UNSURE, TASK_LABEL},      {TASK_LABEL, TASK_FOUND_OPEN, TASK_LABEL},
    {TASK_LABEL, TASK_GAVE_UP, TASK_DONE},
};
static const char *const state_names[] = {"WANTED", "ASKED",   "LABEL",
                                          "DONE",   "REFUSED", "WITHDRAWN"};
static const char *const event_names[] = {"SUCCEEDED", "SHIPPED", "UNSURE", "FOUND_OPEN",
                                          "GAVE_UP"};

const struct sp_machine task_machine = {.name = "task",
                                        .steps = steps,
                                        .step_count = SP_COUNT(steps),
                                        .states = state_names,
                                        .state_count = SP_COUNT(state_names),
                                        .events = event_names,
                                        .event_count = SP_COUNT(event_names)};

static bool is_of_return(const struct task *task)
{
    return task->kind == TASK_ACCEPT_RETURN || task->kind == TASK_DECLINE_RETURN;
}

bool task_is_repeatable(const struct task *task)
{
    return task->kind == TASK_PRICE || task->kind == TASK_DOCUMENT || task->kind == TASK_LISTING;
}

bool task_looks(const struct task *task)
{
    return task->state != TASK_WANTED || (is_of_return(task) && task->decision.size == 0);
}

/* A YES without all tracking numbers is the end of asking, not of the task. */
static int event_of_yes(const struct task *task, const struct task_answer *answer)
{
    bool waits = task->kind == TASK_SHIP && !answer->complete;
    return waits && task->tries < LABEL_TRIES ? TASK_SHIPPED : TASK_SUCCEEDED;
}

/* A refusal is believed once somebody has looked; of a file or a price there is nothing to look at.
 */
static int event_of_no(const struct task *task)
{
    if (task->kind == TASK_DOCUMENT)
        return task->tries + 1 < DOCUMENT_TRIES ? TASK_FOUND_OPEN : TASK_GAVE_UP;
    return task_is_repeatable(task) || task_looks(task) ? TASK_GAVE_UP : TASK_UNSURE;
}

static int event_of(const struct task *task, const struct task_answer *answer)
{
    bool nothing_changed = task_is_repeatable(task) || task_looks(task);
    switch (answer->word) {
    case TASK_YES:
        return event_of_yes(task, answer);
    case TASK_NO:
        return event_of_no(task);
    case TASK_OPEN:
        return task->refusal.size > 0 ? TASK_GAVE_UP : TASK_FOUND_OPEN;
    case TASK_NO_ANSWER:
        return task->state == TASK_WANTED && nothing_changed ? TASK_FOUND_OPEN : TASK_UNSURE;
    case TASK_NOT_ASKED:
        break;
    }
    return task->state == TASK_WANTED ? TASK_FOUND_OPEN : TASK_UNSURE;
}

static const char *what_to_tell(const struct task *task, const struct task_end *end,
                                const struct task_answer *answer)
{
    bool is_shipment = task->kind == TASK_SHIP || task->kind == TASK_MARK_SHIPPED;
    if (task_is_repeatable(task))
        return NULL;
    if (end->state == TASK_REFUSED)
        return "REFUSED";
    if (end->state == TASK_DONE && task->kind == TASK_SHIP && answer->complete)
        return "LABELLED";
    if ((end->state == TASK_DONE || end->state == TASK_LABEL) && task->state != TASK_LABEL)
        return "ACCEPTED";
    bool lost = task->state == TASK_ASKED && end->state == TASK_ASKED;
    return lost && !is_shipment && task->tries + 1 == UNKNOWN_AFTER ? "UNKNOWN" : NULL;
}

/* At once: a refusal is looked into, and what the first look found open is asked for. */
static int64_t wait_of(const struct task *task, const struct task_end *end,
                       const struct task_answer *answer, uint32_t random)
{
    if (answer->wait_ms > 0)
        return answer->wait_ms;
    if (end->refusal.size > 0 && task->refusal.size == 0)
        return 0;
    if (answer->word == TASK_OPEN && task->tries == 0)
        return 0;
    return budget_backoff_ms(task->tries + 1, 0, WAIT_MAX_MS, random);
}

/* Why it is not done, for people. */
static struct sp_text problem_of(const struct task *task, const struct task_end *end,
                                 const struct task_answer *answer)
{
    if (end->state == TASK_DONE || end->state == TASK_LABEL)
        return (struct sp_text){0};
    return end->state == TASK_REFUSED && answer->word == TASK_OPEN ? task->refusal
                                                                   : answer->problem;
}

struct task_end task_decide(const struct task *task, const struct task_answer *answer,
                            uint32_t random)
{
    struct task_end end = {.task = task,
                           .decision = task->decision,
                           .result = answer->result,
                           .counts = answer->word != TASK_NOT_ASKED,
                           .packages = answer->packages,
                           .package_count = answer->package_count};
    bool known = sp_state_next(&task_machine, task->state, event_of(task, answer), &end.state);
    SP_ASSERT(known); /* the table has every event in every state that is taken */
    if (answer->word == TASK_OPEN)
        end.decision = answer->decision;
    if (end.state == TASK_ASKED)
        end.refusal = answer->word == TASK_NO ? answer->problem : task->refusal;
    end.problem = problem_of(task, &end, answer);
    end.wait_ms = wait_of(task, &end, answer, random);
    end.tell = what_to_tell(task, &end, answer);
    return end;
}

struct sp_text task_order_of(struct sp_text shipment_key)
{
    size_t size = shipment_key.size;
    while (size > 0 && shipment_key.data[size - 1] != '/')
        size--;
    return (struct sp_text){shipment_key.data, size > 0 ? size - 1 : shipment_key.size};
}
