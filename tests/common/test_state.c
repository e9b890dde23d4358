/* Machines as tables: the one door, and names. */
#include "common/state.h"

#include <criterion/criterion.h>

enum state { AWAITING, ISSUED, CANCELLED, STATES };
enum event { ISSUE, CANCEL, EVENTS };

static const struct sp_step steps[] = {
    {AWAITING, ISSUE, ISSUED},
    {AWAITING, CANCEL, CANCELLED},
};
static const char *const states[] = {"AWAITING", "ISSUED", "CANCELLED"};
static const char *const events[] = {"ISSUE", "CANCEL"};
static const struct sp_machine machine = {"goods issue", steps,  SP_COUNT(steps), states,
                                          STATES,        events, EVENTS};

Test(state, only_steps_of_the_table_are_taken)
{
    static const int expected[STATES][EVENTS] = {{ISSUED, CANCELLED}, {-1, -1}, {-1, -1}};
    for (int from = 0; from < STATES; from++) {
        for (int event = 0; event < EVENTS; event++) {
            int to = -1;
            bool taken = sp_state_next(&machine, from, event, &to);
            cr_assert_eq(taken, expected[from][event] >= 0, "%s × %s", states[from], events[event]);
            cr_assert_eq(to, expected[from][event], "%s × %s", states[from], events[event]);
        }
    }
}

Test(state, what_is_no_state_or_event_goes_nowhere)
{
    int to = 7;
    cr_assert_not(sp_state_next(&machine, -1, ISSUE, &to));
    cr_assert_not(sp_state_next(&machine, AWAITING, 99, &to));
    cr_assert_eq(to, 7);
}

Test(state, names_lead_to_states)
{
    for (int i = 0; i < STATES; i++)
        cr_assert_eq(sp_state_of(&machine, sp_text_of(states[i])), i);
    cr_assert_eq(sp_state_of(&machine, SP_TEXT("issued")), -1);
    cr_assert_eq(sp_state_of(&machine, SP_TEXT("")), -1);
    cr_assert_eq(sp_state_of(&machine, SP_TEXT("ISSUED ")), -1);
}
