/* Goods issues: the machine against its table in the README, and what a decision does to the
 * order's parts. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "services/inventory/goods_issue.h"

static void put_matrix(char *text, size_t size)
{
    const struct sp_machine *machine = &goods_issue_machine;
    size_t at = 0;
    for (size_t state = 0; state < machine->state_count; state++) {
        at += (size_t)snprintf(text + at, size - at, "| %s |", machine->states[state]);
        for (size_t event = 0; event < machine->event_count; event++) {
            int to;
            bool is = sp_state_next(machine, (int)state, (int)event, &to);
            at += (size_t)snprintf(text + at, size - at, " %s |", is ? machine->states[to] : "-");
        }
        at += (size_t)snprintf(text + at, size - at, "\n");
    }
}

Test(goods_issue, moves_as_the_readme_says)
{
    char matrix[2048], readme[16384];
    put_matrix(matrix, sizeof matrix);
    FILE *file = fopen(SOURCE_DIR "/services/inventory/README.md", "r");
    cr_assert_not_null(file);
    size_t size = fread(readme, 1, sizeof readme - 1, file);
    readme[size] = '\0';
    (void)fclose(file);
    cr_assert_not_null(strstr(readme, matrix), "the README lacks:\n%s", matrix);
}

static struct kept_part kept[2];
static const struct issue_part parts[] = {{1, 10, 2}, {2, 11, 1}};

static struct issue_case wanted_case(void)
{
    kept[0] = (struct kept_part){1, 10, 5, .reserved = 2};
    kept[1] = (struct kept_part){2, 11, 5, .reserved = 3};
    return (struct issue_case){.account_id = 1,
                               .warehouse_id = 5,
                               .warehouse_gives = true,
                               .wanted = true,
                               .parts = parts,
                               .part_count = 2,
                               .state = ISSUE_NONE,
                               .order_known = true,
                               .standing = {.takes = true, .may_issue = true},
                               .kept = kept,
                               .kept_count = 2};
}

Test(goods_issue, accepted_moves_what_is_held_from_reserved_to_the_issue)
{
    struct issue_case issue = wanted_case();
    cr_assert_eq(issue_decide(&issue, NULL), 0, "no figure of the stock changes");
    cr_assert_eq(issue.state, ISSUE_AWAITING);
    cr_assert_eq(kept[0].reserved, 0);
    cr_assert_eq(kept[0].issuing, 2);
    cr_assert_eq(kept[0].awaiting, 2);
    cr_assert_eq(kept[1].reserved, 2);
}

Test(goods_issue, written_as_accepted_is_decided_as_if_it_were_not)
{
    struct issue_case issue = wanted_case();
    kept[0] = (struct kept_part){1, 10, 5, .issuing = 2, .awaiting = 2};
    kept[1] = (struct kept_part){2, 11, 5, .reserved = 2, .issuing = 1, .awaiting = 1};
    issue.counted = true;
    cr_assert_eq(issue_decide(&issue, NULL), 0);
    cr_assert_eq(issue.state, ISSUE_AWAITING);
    cr_assert_eq(kept[0].awaiting, 2);
    kept[1].reserved = -1; /* nothing was held: one piece on the issue is one too many */
    issue.state = ISSUE_NONE;
    cr_assert_eq(issue_decide(&issue, NULL), 0);
    cr_assert_eq(issue.state, ISSUE_REFUSED);
    cr_assert_eq(kept[0].reserved, 2);
    cr_assert_eq(kept[1].reserved, 0);
    cr_assert_eq(kept[1].issuing, 0);
}

static void assert_refused(struct issue_case issue, const char *reason)
{
    struct stock_effect effects[2];
    cr_assert_eq(issue_decide(&issue, effects), 0);
    cr_assert_eq(issue.state, ISSUE_REFUSED);
    cr_assert_str_eq(issue.reason, reason);
}

Test(goods_issue, is_refused_with_a_reason)
{
    struct issue_case issue = wanted_case();
    issue.order_known = false;
    assert_refused(issue, "ORDER_UNKNOWN");
    issue = wanted_case();
    issue.standing.may_issue = false;
    assert_refused(issue, "ORDER_CLOSED");
    issue = wanted_case();
    issue.warehouse_gives = false;
    assert_refused(issue, "WAREHOUSE_NOT_APPROVED");
    issue = wanted_case();
    issue.warehouse_id = 6;
    assert_refused(issue, "GOODS_NOT_KEPT");
    issue = wanted_case();
    kept[1].reserved = 0;
    assert_refused(issue, "GOODS_NOT_KEPT");
    cr_assert_eq(kept[0].reserved, 2, "nothing is taken of a request that is refused");
}

Test(goods_issue, one_line_cannot_be_asked_for_twice_in_a_request)
{
    struct issue_case issue = wanted_case();
    static const struct issue_part twice[] = {{1, 10, 1}, {1, 10, 2}};
    issue.parts = twice;
    assert_refused(issue, "GOODS_NOT_KEPT");
}

Test(goods_issue, of_nothing_from_stock_is_accepted)
{
    struct issue_case issue = wanted_case();
    issue.part_count = 0;
    issue.warehouse_id = 0;
    issue.warehouse_gives = false;
    cr_assert_eq(issue_decide(&issue, NULL), 0);
    cr_assert_eq(issue.state, ISSUE_AWAITING);
}

Test(goods_issue, cancelled_gives_back_to_the_reservation_while_the_order_lives)
{
    struct issue_case issue = wanted_case();
    struct stock_effect effects[2];
    (void)issue_decide(&issue, effects);
    issue.wanted = false;
    cr_assert_eq(issue_decide(&issue, effects), 0, "it is held as before");
    cr_assert_eq(issue.state, ISSUE_CANCELLED);
    cr_assert_eq(kept[0].reserved, 2);
    cr_assert_eq(kept[0].awaiting, 0);
    cr_assert_eq(kept[0].issuing, 0);
}

Test(goods_issue, cancelled_sets_free_when_the_order_is_over)
{
    struct issue_case issue = wanted_case();
    struct stock_effect effects[2];
    (void)issue_decide(&issue, effects);
    issue.wanted = false;
    issue.standing.takes = false;
    cr_assert_eq(issue_decide(&issue, effects), 2);
    cr_assert_eq(effects[0].held, -2);
    cr_assert_eq(effects[0].on_hand, 0);
    cr_assert_eq(kept[0].reserved, 0);
    cr_assert_eq(kept[0].awaiting, 0);
}

Test(goods_issue, issued_takes_off_on_hand_and_stays)
{
    struct issue_case issue = wanted_case();
    struct stock_effect effects[2];
    (void)issue_decide(&issue, effects);
    cr_assert(issue_issue(&issue, effects));
    cr_assert_eq(effects[0].on_hand, -2);
    cr_assert_eq(effects[0].held, -2);
    cr_assert_eq(kept[0].issuing, 2, "the line is served: nothing is taken for it again");
    cr_assert_eq(kept[0].awaiting, 0);
    cr_assert_not(issue_issue(&issue, effects));
    issue.wanted = false;
    cr_assert_eq(issue_decide(&issue, effects), 0);
    cr_assert_eq(issue.state, ISSUE_ISSUED);
}

Test(goods_issue, withdrawn_before_it_was_asked_for_is_cancelled)
{
    struct issue_case issue = wanted_case();
    issue.wanted = false;
    cr_assert_eq(issue_decide(&issue, NULL), 0);
    cr_assert_eq(issue.state, ISSUE_CANCELLED);
    issue.wanted = true;
    cr_assert_eq(issue_decide(&issue, NULL), 0);
    cr_assert_eq(issue.state, ISSUE_CANCELLED);
}

Test(goods_issue, issued_takes_the_goods_out)
{
    struct issue_case issue = wanted_case();
    struct stock_effect effects[2];
    (void)issue_decide(&issue, effects);
    cr_assert(issue_issue(&issue, effects));
    cr_assert_eq(issue.state, ISSUE_ISSUED);
    cr_assert_str_empty(issue.reason);
    cr_assert_eq(effects[0].on_hand, -2);
    cr_assert_not(issue_issue(&issue, effects), "they leave once");
    cr_assert_str_eq(issue.reason, "NOT_AWAITING");
}

Test(goods_issue, is_not_issued_while_goods_may_not_leave_for_the_order)
{
    struct issue_case issue = wanted_case();
    struct stock_effect effects[2];
    (void)issue_decide(&issue, effects);
    issue.standing.may_issue = false;
    cr_assert_not(issue_issue(&issue, effects));
    cr_assert_eq(issue.state, ISSUE_AWAITING);
    cr_assert_str_eq(issue.reason, "ORDER_CLOSED");
    issue.standing.may_issue = true;
    issue.order_known = false;
    cr_assert_not(issue_issue(&issue, effects));
    cr_assert_str_eq(issue.reason, "ORDER_UNKNOWN");
}
