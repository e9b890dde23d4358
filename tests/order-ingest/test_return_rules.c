/* Cancellations, returns and refunds: what is believed, the order of answering, who may answer. */
#include "services/order-ingest/return_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "tests/order-ingest/orders.h"

static struct channel_return a_return(void)
{
    return (struct channel_return){.head = {.account_id = 1, .key = SP_TEXT("7-900"), .rev = 1},
                                   .shop_id = 7,
                                   .return_id = SP_TEXT("900"),
                                   .channel_order_id = SP_TEXT("5001"),
                                   .updated_at = 1700000000};
}

Test(return_rules, believes_what_does_not_contradict_itself)
{
    struct sp_error why;
    struct channel_return fact = a_return();
    cr_assert_eq(return_check(&fact, &why), SP_OK);
    fact.return_id = SP_TEXT("901");
    cr_assert_eq(return_check(&fact, &why), SP_REJECT);
    fact = a_return();
    fact.channel_order_id = (struct sp_text){0};
    cr_assert_eq(return_check(&fact, &why), SP_REJECT);
    fact = a_return();
    fact.deadline_at = -1;
    cr_assert_eq(return_check(&fact, &why), SP_REJECT);
    struct return_line line = {.units = -1};
    fact = a_return();
    fact.lines = &line;
    fact.lines_count = 1;
    cr_assert_eq(return_check(&fact, &why), SP_REJECT);
    line.units = 1000001;
    cr_assert_eq(return_check(&fact, &why), SP_REJECT);
    cr_assert_eq(return_units(&fact), 0, "what is refused counts nothing before it is refused");
    line.units = 1000000;
    cr_assert_eq(return_check(&fact, &why), SP_OK);
    cr_assert_eq(return_units(&fact), 1000000);
}

Test(return_rules, puts_first_what_must_be_answered_first)
{
    struct channel_return soon = a_return(), later = a_return(), any_time = a_return(),
                          newest = a_return(), oldest = a_return();
    soon.wants = later.wants = any_time.wants = SP_TEXT("SELLER_RESPOND_REFUND");
    soon.deadline_at = 1700000100;
    later.deadline_at = 1700000200;
    newest.updated_at = 1700000900;
    newest.deadline_at = 1700000001; /* of a question that is over */
    oldest.updated_at = 1600000000;
    const struct channel_return *wanted[] = {&soon, &later, &any_time, &newest, &oldest};
    for (size_t i = 1; i < SP_COUNT(wanted); i++)
        cr_assert_lt(return_position(wanted[i - 1]), return_position(wanted[i]), "%zu", i);
}

Test(return_rules, writes_what_is_shown_as_json)
{
    static const struct refusal refusals[] = {{LITERAL("packed"), LITERAL("It \"is\" packed")}};
    struct return_line lines[] = {{.sku_id = SP_TEXT("s1"), .units = 2, .refund_minor = 1290}};
    struct channel_return fact = a_return();
    fact.lines = lines;
    fact.lines_count = 1;
    fact.refusals = refusals;
    fact.refusals_count = 1;
    fact.refund_goods_minor = 1200;
    fact.tracking = SP_TEXT("RT1");
    struct sp_buffer out = {0};
    return_write_document(&fact, &out);
    struct sp_json document;
    struct sp_error why;
    cr_assert_eq(sp_json_parse(sp_buffer_text(&out), &document, &why), SP_OK, "%s", why.text);
    cr_assert(sp_text_holds(sp_buffer_text(&out),
                            "{\"sku_id\":\"s1\",\"units\":2,\"refund_minor\":1290}"));
    cr_assert(sp_text_holds(sp_buffer_text(&out), "\"name\":\"packed\""));
    cr_assert(sp_text_holds(sp_buffer_text(&out), "\"goods_minor\":1200"));
    cr_assert(!sp_text_holds(sp_buffer_text(&out), "tax_minor"), "what is 0 is left out");
    cr_assert(!sp_text_holds(sp_buffer_text(&out), "carrier"), "what is empty is left out");
    sp_buffer_free(&out);
}

/* ---- answering
 * ----------------------------------------------------------------------------------------- */

static struct return_answer an_answer(bool accept)
{
    return (struct return_answer){.state = SP_TEXT("TO_ANSWER"),
                                  .wants = SP_TEXT("SELLER_RESPOND_RETURN"),
                                  .answers = SP_TEXT("SELLER_RESPOND_RETURN"),
                                  .accept = accept,
                                  .reason = SP_TEXT("packed"),
                                  .reason_offered = true};
}

Test(return_rules, asks_for_what_is_waited_for)
{
    struct return_answer accept = an_answer(true), decline = an_answer(false);
    cr_assert_eq(return_judge(&accept), RETURN_ASK);
    cr_assert_eq(return_judge(&decline), RETURN_ASK);
    accept.reason_offered = decline.reason_offered = false;
    cr_assert_eq(return_judge(&accept), RETURN_ASK, "who accepts needs no reason");
    cr_assert_eq(return_judge(&decline), RETURN_REASON);
}

Test(return_rules, never_answers_the_next_question_with_the_answer_to_this_one)
{
    struct return_answer answer = an_answer(true);
    answer.wants = SP_TEXT("SELLER_RESPOND_RECEIVE_PACKAGE");
    cr_assert_eq(return_judge(&answer), RETURN_NOT_WAITING);
    answer.wants = answer.answers = (struct sp_text){0};
    cr_assert_eq(return_judge(&answer), RETURN_NOT_WAITING);
    answer = an_answer(true);
    answer.state = SP_TEXT("OVERDUE");
    cr_assert_eq(return_judge(&answer), RETURN_NOT_WAITING, "the marketplace has decided");
}

Test(return_rules, answers_once)
{
    struct return_answer accept = an_answer(true), decline = an_answer(false);
    accept.action_kind = decline.action_kind = SP_TEXT("ACCEPT_RETURN");
    cr_assert_eq(return_judge(&accept), RETURN_ASKED);
    cr_assert_eq(return_judge(&decline), RETURN_OTHER);
    accept.is_cancellation = true;
    accept.action_kind = SP_TEXT("ACCEPT_CANCEL");
    cr_assert_eq(return_judge(&accept), RETURN_ASKED);
}

Test(return_rules, names_an_action_by_nothing_but_what_it_is_about)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_text key =
        return_action_key(arena, SP_TEXT("7-900"), SP_TEXT("SELLER_RESPOND_RETURN"), 2);
    cr_assert(sp_text_is(key, "7-900/SELLER_RESPOND_RETURN/2"));
    cr_assert(sp_text_is(return_channel_id(SP_TEXT("7-900")), "900"));
    cr_assert(sp_text_is(return_answer_kind(true, true), "ACCEPT_CANCEL"));
    cr_assert(sp_text_is(return_answer_kind(true, false), "DECLINE_CANCEL"));
    cr_assert(sp_text_is(return_answer_kind(false, true), "ACCEPT_RETURN"));
    cr_assert(sp_text_is(return_answer_kind(false, false), "DECLINE_RETURN"));
    sp_arena_close(&arena);
}
