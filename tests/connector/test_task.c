/* Tasks: asked once, looked at when nobody knows.  Covers: task.c */
#include <criterion/criterion.h>

#include "services/connector/task.h"

static struct task a_task(enum task_kind kind, int state)
{
    return (struct task){.kind = kind, .state = state, .key = SP_TEXT("action/7")};
}

static struct task_end after(const struct task *task, enum task_word word)
{
    struct task_answer answer = {word, .problem = SP_TEXT("why"), .complete = true};
    return task_decide(task, &answer, 0);
}

static bool changes_something(enum task_kind kind)
{
    return kind != TASK_DOCUMENT && kind != TASK_PRICE && kind != TASK_LISTING;
}

Test(task, whose_answer_is_lost_is_never_asked_again_without_a_look)
{
    for (int kind = 0; kind < TASK_KINDS; kind++) {
        struct task task = a_task((enum task_kind)kind, TASK_WANTED);
        task.decision = SP_TEXT("REFUND");
        if (!changes_something(task.kind))
            continue;
        cr_assert_not(task_looks(&task));
        struct task_end end = after(&task, TASK_NO_ANSWER);
        cr_assert_eq(end.state, TASK_ASKED, "%s", task_kind_names[kind]);
        cr_assert_null(end.tell);
        cr_assert_eq(end.refusal.size, 0);
        task.state = end.state;
        cr_assert(task_looks(&task));
        cr_assert_eq(after(&task, TASK_NO_ANSWER).state, TASK_ASKED);
        cr_assert_eq(after(&task, TASK_NOT_ASKED).state, TASK_ASKED);
        cr_assert_eq(after(&task, TASK_OPEN).state, TASK_WANTED, "not done: asked again");
        end = after(&task, TASK_YES);
        cr_assert_eq(end.state, TASK_DONE);
        cr_assert_str_eq(end.tell, kind == TASK_SHIP ? "LABELLED" : "ACCEPTED");
    }
}

Test(task, a_refusal_is_believed_when_a_look_agrees)
{
    struct task task = a_task(TASK_SHIP, TASK_WANTED);
    struct task_end end = after(&task, TASK_NO);
    cr_assert_eq(end.state, TASK_ASKED);
    cr_assert_eq(end.wait_ms, 0, "looked into at once");
    cr_assert_null(end.tell);
    cr_assert(sp_text_is(end.refusal, "why"));
    task.state = end.state;
    task.refusal = end.refusal;
    end = after(&task, TASK_NO_ANSWER);
    cr_assert_eq(end.state, TASK_ASKED);
    cr_assert(sp_text_is(end.refusal, "why"), "kept until somebody has looked");
    end = after(&task, TASK_YES);
    cr_assert_eq(end.state, TASK_DONE, "it had been done before");
    end = after(&task, TASK_OPEN);
    cr_assert_eq(end.state, TASK_REFUSED);
    cr_assert_str_eq(end.tell, "REFUSED");
    cr_assert(sp_text_is(end.problem, "why"));
    task.refusal = (struct sp_text){0};
    end = after(&task, TASK_NO);
    cr_assert_eq(end.state, TASK_REFUSED, "it can be done no more");
}

Test(task, what_did_not_get_there_is_wanted_as_before)
{
    struct task task = a_task(TASK_CANCEL, TASK_WANTED);
    struct task_answer answer = {TASK_NOT_ASKED, .problem = SP_TEXT("busy"), .wait_ms = 1234};
    struct task_end end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_WANTED);
    cr_assert_eq(end.wait_ms, 1234);
    cr_assert_not(end.counts);
    cr_assert(sp_text_is(end.problem, "busy"));
    cr_assert_null(end.tell);
}

Test(task, a_return_is_looked_at_for_what_it_waits_for)
{
    struct task task = a_task(TASK_DECLINE_RETURN, TASK_WANTED);
    cr_assert(task_looks(&task));
    struct task_answer answer = {TASK_OPEN, .decision = SP_TEXT("RECEIVED_PACKAGE")};
    struct task_end end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_WANTED);
    cr_assert(sp_text_is(end.decision, "RECEIVED_PACKAGE"));
    cr_assert_eq(end.wait_ms, 0);
    task.decision = end.decision;
    cr_assert_not(task_looks(&task));
    task.decision = (struct sp_text){0};
    cr_assert_eq(after(&task, TASK_NO_ANSWER).state, TASK_WANTED, "a look has changed nothing");
    end = after(&task, TASK_NO);
    cr_assert_eq(end.state, TASK_REFUSED);
}

Test(task, a_label_may_come_later)
{
    struct task task = a_task(TASK_SHIP, TASK_ASKED);
    struct task_answer answer = {TASK_YES, .complete = false};
    struct task_end end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_LABEL);
    cr_assert_str_eq(end.tell, "ACCEPTED");
    task.state = TASK_LABEL;
    end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_LABEL);
    cr_assert_null(end.tell, "told once");
    cr_assert_gt(end.wait_ms, 0);
    answer.complete = true;
    end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_DONE);
    cr_assert_str_eq(end.tell, "LABELLED");
    answer.complete = false;
    task.tries = 100;
    end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_DONE, "nobody waits for ever");
    cr_assert_null(end.tell);
    cr_assert_eq(after(&task, TASK_NO).state, TASK_DONE);
}

Test(task, a_file_is_asked_for_a_while)
{
    struct task task = a_task(TASK_DOCUMENT, TASK_WANTED);
    cr_assert_eq(after(&task, TASK_NO).state, TASK_WANTED);
    cr_assert_eq(after(&task, TASK_NO_ANSWER).state, TASK_WANTED);
    task.tries = 7;
    struct task_end end = after(&task, TASK_NO);
    cr_assert_eq(end.state, TASK_REFUSED);
    cr_assert_null(end.tell);
    struct task_answer answer = {TASK_YES, .complete = true, .result = SP_TEXT("http://file")};
    end = task_decide(&task, &answer, 0);
    cr_assert_eq(end.state, TASK_DONE);
    cr_assert(sp_text_is(end.result, "http://file"));
}

Test(task, a_price_is_asked_again_until_there_is_an_answer)
{
    struct task task = a_task(TASK_PRICE, TASK_WANTED);
    cr_assert_eq(after(&task, TASK_NO_ANSWER).state, TASK_WANTED);
    cr_assert_eq(after(&task, TASK_YES).state, TASK_DONE);
    struct task_end end = after(&task, TASK_NO);
    cr_assert_eq(end.state, TASK_REFUSED, "a refusal stands");
    cr_assert(sp_text_is(end.problem, "why"));
    cr_assert_null(end.tell);
}

Test(task, that_stays_unknown_is_told_once)
{
    int told = 0;
    struct task task = a_task(TASK_ACCEPT_CANCEL, TASK_ASKED);
    for (task.tries = 0; task.tries < 50; task.tries++) {
        struct task_end end = after(&task, TASK_NO_ANSWER);
        cr_assert_eq(end.state, TASK_ASKED);
        told += end.tell != NULL && strcmp(end.tell, "UNKNOWN") == 0;
    }
    cr_assert_eq(told, 1);
}

/* Every state that a job takes has a step for every word, of every kind: nothing is stuck. */
Test(task, every_answer_leads_somewhere)
{
    for (int kind = 0; kind < TASK_KINDS; kind++) {
        for (int state = TASK_WANTED; state <= TASK_LABEL; state++) {
            for (int word = TASK_YES; word <= TASK_NOT_ASKED; word++) {
                struct task task = a_task((enum task_kind)kind, state);
                struct task_end end = after(&task, (enum task_word)word);
                cr_assert(end.state >= TASK_WANTED && end.state <= TASK_REFUSED);
                bool open = end.state <= TASK_LABEL;
                cr_assert(!open || end.wait_ms <= 11 * 60 * 1000);
            }
        }
    }
}

Test(task, knows_its_order)
{
    cr_assert(sp_text_is(task_order_of(SP_TEXT("7-5001/2")), "7-5001"));
    cr_assert(sp_text_is(task_order_of(SP_TEXT("7-5001")), "7-5001"));
}
