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
    return sp_text_among(name, machine->states, machine->state_count);
}
