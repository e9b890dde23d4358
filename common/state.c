#include "common/state.h"

bool sp_state_next(const struct sp_machine *machine, int from, int event, int *to)
{
    for (size_t i = 0; i < machine->step_count; i++) {
        const struct sp_step *step = &machine->steps[i];
        if (step->from == from && step->event == event) {
            *to = step->to;
            return true;
        }
    }
    return false;
}

int sp_state_of(const struct sp_machine *machine, struct sp_text name)
{
    for (size_t i = 0; i < machine->state_count; i++) {
        if (machine->states[i] != NULL && sp_text_is(name, machine->states[i]))
            return (int)i;
    }
    return -1;
}
